"""SiLU, the sigmoid linear unit, or swish: f(x) = x / (1 + exp(−beta x)).

f′(x) = s + beta x s (1 − s) with s = 1 / (1 + exp(−beta x)); df/dbeta = x² s (1 − s).

Hendrycks & Gimpel, "Gaussian error linear units (GELUs)", 2016, arXiv:1606.08415. Elfwing, Uchibe &
Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement
learning", Neural Networks 107, 2018, arXiv:1702.03118. With beta: Ramachandran, Zoph & Le,
"Searching for activation functions", 2017, arXiv:1710.05941.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.roots import Root
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, always, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter
from actlib.formula.place import Turn
from actlib.formula.preset import Preset

beta = Parameter(
    name="beta",
    default=1.0,
    domain=Domain(above=0),
    learned=True,
    meaning="How steep the gate is: towards 0 f tends to x / 2, towards infinity to ReLU.",
)

Number = Array | float

ROOT = Root.of(lambda x: 1 + x + x.exp(), near=-1.278)
AT_ROOT = (-1 - ROOT.nearest) - ROOT.missing  # exp(x) there
TWO = np.array(2.0)
VANISHED = 2000.0  # exp(−VANISHED) is 0, even times the square of the largest float
FAR = 700.0  # exp(−FAR) is a normal number, and so is x exp(−FAR) where results are
NARROW = 200.0  # x exp(−NARROW) is 0 as a narrow number
ENOUGH = 45.0  # from here on the slope is 1, and exp(ENOUGH) no large number


def beyond(size: Array) -> Array:
    """By what exp(−size) is smaller than exp(−FAR), which comes last: 1 up to there."""
    return np.exp(np.minimum(FAR - size, 0))


def quotient(x: Array, e: Array, more: Array) -> Array:
    """x / (1 + e + more), rounded once: what the sum and the quotient lose is put back."""
    total, missing = exact_addition(e, 1.0)
    nearest = x / total
    product, rest = exact_product(nearest, total)
    lost = (((x - product) - rest) - nearest * (missing + more)) / total
    return nearest + np.where(np.isfinite(lost), lost, 0.0)


@kernel(takes=OWN)
def value(x: Array, beta: Number) -> Array:
    if always(beta, 1):
        if x.dtype != np.float64:
            return narrow_value(x)
        if x.min() >= -FAR:
            return x / (ONE + np.exp(-x))
        x = at_least(-VANISHED, x)
        return x / (ONE + np.exp(-at_least(-FAR, x))) * beyond(-x)
    # An error of beta x is an error of exp(beta x), times beta x: what is lost is put back.
    x = np.maximum(x.astype(np.float64), -VANISHED / beta)
    y, lost = exact_product(beta, x)
    e = np.exp(-at_least(-FAR, y))
    return np.where(y == -np.inf, 0.0, quotient(x, e, -lost * e) * beyond(-y))


def narrow_value(x: NDArray[Any]) -> Array:
    """−x / (−1 − exp(−x)): a narrow x has its sign changed, and its tail cut, in half of the time.

    It is 0 where the tail is cut.
    """
    f = (-x if x.min() >= -FAR else -at_least(-FAR, x)).astype(np.float64)
    e = np.exp(f)
    np.subtract(-ONE, e, out=e)
    f /= e
    return f


@kernel(takes=OWN)
def derivative(x: Array, beta: Number) -> Array:
    y: Array
    lost: Number
    if always(beta, 1):
        if x.dtype != np.float64:
            return narrow_slope(held(x, -NARROW, ENOUGH))
        y, lost = held(x, -VANISHED, ENOUGH), 0.0
    else:
        x = np.clip(x.astype(np.float64), -VANISHED / beta, ENOUGH / beta)
        y, lost = exact_product(beta, x)
    if y.min() >= -FAR:
        return slope(y, lost)
    return slope(y, lost) * beyond(-y)


def held(x: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """x, and its ends where it leaves them."""
    return x if low <= x.min() and x.max() <= high else at_most(high, at_least(low, x))


def slope(y: Array, lost: Number) -> Array:
    """(1 + z + e) / (e + 2 + 1/e) with z = y + lost and e = exp(z), or exp(−FAR) further out."""
    e = np.exp(y if y.min() >= -FAR else at_least(-FAR, y))
    below = ONE / e
    f = y + ONE
    if always(lost, 0):
        f += e
    else:
        below += (e - below) * lost
        f += e + (e * lost + lost)
    below += e
    below += TWO
    near = np.flatnonzero(np.abs(y - ROOT.nearest) < 0.15)
    f[near] = numerator(y[near], lost[near] if isinstance(lost, np.ndarray) else lost)
    f /= below
    return f


def narrow_slope(x: NDArray[Any]) -> Array:
    """The same to fewer digits: e (1 + x + e) / (1 + e)²."""
    near = np.flatnonzero(np.abs(x - x.dtype.type(ROOT.nearest)) < 0.0625)
    f = x.astype(np.float64)
    e = np.exp(f)
    at_root = numerator(f[near], 0.0)
    f += ONE
    f += e
    f[near] = at_root
    f *= e
    e += ONE
    e *= e
    f /= e
    return f


def numerator(y: Array, lost: Number) -> Array:
    """1 + z + exp(z), z = y + lost: next to its root two terms of one sign instead of three."""
    d = ROOT.before(y, lost)
    return d + AT_ROOT * np.expm1(d)


def beta_derivative(x: Array, beta: Number) -> Array:
    x = np.clip(x, -VANISHED / beta, VANISHED / beta)
    y, lost = exact_product(beta, x)
    lost = np.where(y < 0, -lost, lost)
    e = np.exp(-np.minimum(np.abs(y), FAR))
    f = quotient(x, e, -lost * e)
    slope = f * e * f * (1 - lost) * beyond(np.abs(y))
    return np.where(np.isinf(y), 0.0, slope)


QUICK = {"beta": 1.702}


def swish(name: str, note: str = "", **rest: Any) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}
    return Equivalent(name, note, deviates=lost, **rest)


def formula(x: Any, beta: Any) -> Formula:
    import sympy as sp

    w = sp.LambertW(sp.exp(-1))  # 1 + x + exp(x) is 0 at −1 − w, where exp(x) is w
    return Formula(
        definition=x / (1 + sp.exp(-beta * x)),
        range=(-w / beta, sp.oo),
        turns=(Turn(at=-(1 + w) / beta),),
    )


silu = Activation(
    name="silu",
    title="SiLU",
    aliases=("swish", "sigmoid linear unit", "sigmoid-weighted linear unit"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(beta,),
    parameter_kernels={"beta": beta_derivative},
    samples=({"beta": 1.702}, {"beta": 0.3}),
    presets=(
        Preset(
            name="quick_gelu",
            title="Quick GELU",
            setting=QUICK,
            equivalents={
                "TensorFlow": swish("tf.nn.silu", "beta=1.702", arguments=QUICK, setting=QUICK),
                "ONNX": Equivalent(
                    "Swish",
                    renames={"alpha": "beta"},
                    arguments={"alpha": 1.702},
                    setting=QUICK,
                    deviates={"f(-inf)": math.nan},
                ),
            },
        ),
    ),
    references=("hendrycks2016gaussian", "elfwing2018sigmoid", "ramachandran2017searching"),
    equivalents={
        "PyTorch": swish("torch.nn.functional.silu"),
        "Keras": swish("keras.activations.silu", "swish too"),
        "JAX": swish("jax.nn.silu", "swish too"),
        "TensorFlow": swish("tf.nn.silu", "swish too"),
        "ONNX": Equivalent("Swish", renames={"alpha": "beta"}, deviates={"f(-inf)": math.nan}),
    },
)
