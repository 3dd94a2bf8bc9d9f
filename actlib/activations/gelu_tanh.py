"""GELU in its tanh form: f(x) = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.

f′(x) = s + x v′ s (1 − s) with s = 1 / (1 + exp(−v)) and v = 2 √(2/π) (x + 0.044715 x³).

Hendrycks & Gimpel, "Gaussian error linear units (GELUs)", 2016, arXiv:1606.08415, which offers
it as an approximation of x Φ(x).
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations.silu import FAR, beyond, held
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.roots import Root
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.place import Turn

VANISHED = 22.0  # exp(v(−VANISHED)) is 0
NARROW = 12.0  # from here on the left all that is narrow is 0
CLOSE = -2.5  # from here on to the left v is asked for with more digits, if x is narrow
ENOUGH = 10.0  # from here on the gate is 1, and so is the slope
LARGEST = float(np.finfo(np.float64).max)
TWO = np.array(2.0)

# v = c x + k x³. Of c and k the leading 22 and 16 bits, and what is missing from them: products of
# these with numbers of 12 bits, and with their cubes, are exact.
LINEAR, CUBIC = 1.5957691216057308, 0.07135481627260025
LINEAR_HIGH, LINEAR_LOW = 1.595768928527832, 1.930778986805098e-07
CUBIC_HIGH, CUBIC_LOW = 0.07135391235351562, 9.039190846237764e-07
GRID = 1.5 * 2.0**45  # what is added to it is rounded to a multiple of 2^−7

# Where the slope is 0; what exp(v) and v′ are there, and the slope of 1 + x v′ + exp(v).
ROOT = Root(-0.7524614220710163, 3.635560509207687e-17)
AT_ROOT, RISING, STEEPNESS = 0.29195521191476714, 1.716972025434726, 2.4606567646302393


@kernel(takes=OWN)
def value(x: Array) -> Array:
    """x / (1 + exp(−v)). What the sum loses is put back."""
    if x.dtype != np.float64:
        return narrow_value(x)
    x = at_least(-VANISHED, x)
    y, lost = exponent(at_most(ENOUGH, x))
    far = not y.min() >= -FAR
    e = np.exp(-(at_least(-FAR, y) if far else y))
    below = e + ONE
    missing = ONE - (below - e)  # all of it on the left, where it weighs
    lost *= e
    missing -= lost
    missing /= below
    f = x / below
    missing *= at_most(LARGEST, f)  # infinity times 0 is no number
    f -= missing
    return f * beyond(-y) if far else f


def narrow_value(x: NDArray[Any]) -> Array:
    """x exp(v) / (1 + exp(v))."""
    x = at_least(-NARROW, x)
    e = narrow_exponential(at_most(ENOUGH, x).astype(np.float64))
    below = e + ONE
    e *= x
    e /= below
    return e


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    """(1 + x v′ + exp(v)) / (exp(v) + 2 + exp(−v)), where x v′ is v + 2 k x³."""
    if x.dtype != np.float64:
        return narrow_slope(held(x, -NARROW, ENOUGH).astype(np.float64))
    x = held(x, -VANISHED, ENOUGH)
    y, lost = exponent(x)
    far = not y.min() >= -FAR
    below = np.exp(-(at_least(-FAR, y) if far else y))
    e = ONE / below
    f = x * x
    f *= x
    f *= 2 * CUBIC
    f += lost
    f += e + e * lost
    f += ONE
    f += y
    near = np.flatnonzero(np.abs(x - ROOT.nearest) < 0.25)
    f[near] = numerator(x[near])
    lost *= e - below
    e += lost
    e += TWO
    below += e
    f /= below
    return f * beyond(-y) if far else f


def narrow_slope(x: Array) -> Array:
    """The same to fewer digits: exp(v) (1 + x v′ + exp(v)) / (1 + exp(v))²."""
    e = narrow_exponential(x)
    f = x * x
    f *= 3 * CUBIC
    f += LINEAR
    f *= x
    f += ONE
    f += e
    near = np.flatnonzero(np.abs(x - ROOT.nearest) < 0.0625)
    f[near] = numerator(x[near])
    f *= e
    e += ONE
    e *= e
    f /= e
    return f


def narrow_exponential(x: Array) -> Array:
    """exp(v), to all digits only where v is so large that its rounding counts."""
    e = x * x
    e *= CUBIC
    e += LINEAR
    e *= x
    np.exp(e, out=e)
    left = np.flatnonzero(x < CLOSE)
    y, lost = exponent(x[left])
    e[left] = np.exp(y) * (1 + lost)
    return e


def numerator(x: Array) -> Array:
    """1 + x v′ + exp(v) next to its root r: d = x − r times a sum of which little is rounded.

    v − v(r) is g = d (v′(r) + k e) with e = d (3 r + d), and exp(v) is exp(v(r)) (1 + expm1(g)).
    """
    d = ROOT.before(x)
    more = CUBIC * d * (3 * ROOT.nearest + d)
    gap = d * (RISING + more)
    rate = np.expm1(gap) / gap
    return d * (STEEPNESS + (3 * more + AT_ROOT * (more * rate + RISING * (rate - 1))))


def exponent(x: Array) -> tuple[Array, Array]:
    """v as its nearest float64 and what is missing from that, for |x| ≤ VANISHED.

    An error of v is one of exp(v), times v. x = near + rest, with 12 bits in `near`.
    """
    near = x + GRID
    near -= GRID
    rest = x - near
    square = near * near
    low = x + near  # x³ − near³ is rest (near² + x (x + near))
    low *= x
    low += square
    low *= CUBIC
    low += LINEAR
    low *= rest
    square *= near
    high = LINEAR_HIGH * near
    high += CUBIC_HIGH * square
    near *= LINEAR_LOW
    square *= CUBIC_LOW
    low += near
    low += square
    total = high + low
    high -= total
    low += high
    return total, low


def tanh_form(name: str, note: str = "", **rest: Any) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}
    return Equivalent(name, note, deviates=lost, **rest)


def formula(x: Any) -> Formula:
    import sympy as sp

    inside = sp.sqrt(2 / sp.pi) * (x + sp.Rational("0.044715") * x**3)
    lowest = sp.Rational("-0.17004075057125405063906742798756")
    return Formula(
        definition=x * (1 + sp.tanh(inside)) / 2,
        range=(lowest, sp.oo),
        turns=(Turn(at=sp.Rational("-0.75246142207101625848795444328892")),),
    )


gelu_tanh = Activation(
    name="gelu_tanh",
    title="GELU, tanh form",
    aliases=("gelu_new", "gelu_pytorch_tanh", "tanh approximation of GELU"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("hendrycks2016gaussian",),
    equivalents={
        "PyTorch": tanh_form(
            "torch.nn.functional.gelu",
            'approximate="tanh"',
            arguments={"approximate": "tanh"},
            depends={"in a long array": {"f(-7.2)": 0.0, "f'(-7.2)": 0.0}},
        ),
        "Keras": tanh_form(
            "keras.activations.gelu",
            "approximate=True; keras.ops.gelu has it by default",
            arguments={"approximate": True},
            also=(tanh_form("keras.ops.gelu"),),
        ),
        "JAX": tanh_form("jax.nn.gelu", "by default"),
        "TensorFlow": tanh_form("tf.nn.gelu", "approximate=True", arguments={"approximate": True}),
        "ONNX": Equivalent(
            "Gelu",
            'approximate="tanh"',
            arguments={"approximate": "tanh"},
            deviates={"f(-inf)": math.nan},
        ),
    },
)
