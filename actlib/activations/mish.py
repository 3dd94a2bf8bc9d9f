"""Mish: f(x) = x tanh(log(1 + exp(x))).

f′(x) = u (4 (x + 1) + (4x + 6) u + 4 u² + u³) / (u² + 2u + 2)² with u = exp(x).

Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020, arXiv:1908.08681.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations.silu import FAR, VANISHED, beyond, held
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.roots import Root
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import HALF, ONE, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.place import Turn

NARROW = 200.0  # from here on the left all that is narrow is 0
ENOUGH = 40.0  # from here on the gate is 1, and so is the slope
LARGEST = float(np.finfo(np.float64).max)
FOUR, SIX, EIGHT = map(np.array, (4.0, 6.0, 8.0))

# Where u³ + 4 u² + (4x + 6) u + 4 (x + 1) is 0.
ROOT = Root.of(
    lambda x: (3 * x).exp() + 4 * (2 * x).exp() + (4 * x + 6) * x.exp() + 4 * (x + 1), near=-1.192
)
AT_ROOT = math.exp(ROOT.nearest)


@kernel(takes=OWN)
def value(x: Array) -> Array:
    if x.dtype != np.float64:
        return narrow_value(x)
    if x.min() >= -FAR:
        return gated(x, np.exp(-x))
    x = at_least(-VANISHED, x)
    return gated(x, np.exp(-at_least(-FAR, x))) * beyond(-x)


def gated(x: Array, w: Array) -> Array:
    """x / (w + 1/2 + 1/(2 (1 + 2w))) with w = exp(−x): one exponential, no tanh, no logarithm.

    What the last sum loses is put back.
    """
    half = w + w
    half += ONE
    np.divide(HALF, half, out=half)
    half += HALF
    more, lost = np.maximum(w, half), np.minimum(w, half)
    total = more + lost
    more -= total
    lost += more
    f = x / total
    lost *= at_most(LARGEST, f)  # infinity times 0 is no number
    lost /= total
    f -= lost
    return f


def narrow_value(x: NDArray[Any]) -> Array:
    """x u (u + 2) / (u (u + 2) + 2) with u = exp(x)."""
    x = at_least(-NARROW, x)
    u = at_most(ENOUGH, x).astype(np.float64)
    np.exp(u, out=u)
    f = u + 2
    f *= u
    below = f + 2
    f *= x
    f /= below
    return f


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    if x.dtype != np.float64:
        return slope(held(x, -NARROW, ENOUGH).astype(np.float64))
    x = held(x, -VANISHED, ENOUGH)
    if x.min() >= -FAR:
        return slope(x)
    return slope(x) * beyond(-x)


def slope(x: Array) -> Array:
    """(u³ + 4 u² + (4x + 6) u + 4x + 4) / (u³ + 4 u² + 8u + 8 + 4/u), u = exp(x)."""
    u = np.exp(x if x.min() >= -FAR else at_least(-FAR, x))
    near = np.flatnonzero(np.abs(x - ROOT.nearest) < 0.15)
    at_root = numerator(x[near], u[near])
    f = u + FOUR
    f *= u
    below = f + EIGHT
    below *= u
    below += EIGHT
    below += FOUR / u
    line = FOUR * x
    f += line + SIX
    f *= u
    line += FOUR
    f += line
    f[near] = at_root
    f /= below
    return f


def numerator(x: Array, u: Array) -> Array:
    """The same next to its root: less what it is there, with terms of one sign."""
    d = ROOT.before(x)
    m = np.expm1(d)
    linear = AT_ROOT * (4 * ROOT.nearest + 6)
    return m * (linear + 4 * AT_ROOT**2 * (m + 2) + AT_ROOT**3 * (m * (m + 3) + 3)) + 4 * d * (
        1 + u
    )


def composed(name: str, **rest: Any) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}
    return Equivalent(name, deviates=lost, **rest)


def formula(x: Any) -> Formula:
    import sympy as sp

    lowest = sp.Rational("-0.30884341301725040662876022904195")
    return Formula(
        definition=x * sp.tanh(sp.log(1 + sp.exp(x))),
        range=(lowest, sp.oo),
        turns=(Turn(at=sp.Rational("-1.1924312145154952121375883404207")),),
    )


mish = Activation(
    name="mish",
    title="Mish",
    aliases=("self-regularized non-monotonic activation",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("misra2020mish",),
    equivalents={
        "PyTorch": composed("torch.nn.functional.mish"),
        "Keras": composed("keras.activations.mish"),
        "JAX": composed("jax.nn.mish"),
        "ONNX": Equivalent("Mish", deviates={"f(-inf)": math.nan}),
    },
)
