"""GELU, the Gaussian error linear unit: f(x) = x Φ(x) = x (1 + erf(x / √2)) / 2.

Φ is the distribution function of the normal law, φ its density. f′(x) = Φ(x) + x φ(x).

Hendrycks & Gimpel, "Gaussian error linear units (GELUs)", 2016, arXiv:1606.08415.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import leading
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.roots import Root
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import HALF, ONE, at_most, positive, where
from actlib.arithmetic.special import FAR, NEAR, OF_CDF, excess, horner
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.place import Turn

# φ(t) M(t) is Φ(−t), with Mills' ratio M. A(t)/B(t) is M(t)/√(2π) for t from 0 to END, within
# 3e-16 of it, where narrow results are not 0. No coefficient is negative, so nothing cancels.
A = (
    0.5000000000000001,
    0.6880568746499108,
    0.46964467164358453,
    0.20134509416722213,
    0.0585966083594202,
    0.011800436435929576,
    0.0016069383824732913,
    0.00013602986399849492,
    5.547700529834111e-06,
)
B = (
    1.0,
    2.173998310102719,
    2.173889030128664,
    1.3161650476008344,
    0.5335963681441536,
    0.15087999983404687,
    0.029920288361913294,
    0.004041903071042025,
    0.00034097630593041007,
    1.39060229835785e-05,
)
END = 15.0
GONE = 16.0  # where a narrow slope is 0 on the left

# f′(−t) = φ(t) (M(t) − t), and M(t) − t = (r − t) (1 + C(t)/D(t)) with its root r, for t from 0 to
# FAR, within 3e-17 of it: a difference from the root, and a factor of which nothing cancels either.
C = (
    0.667103307431352,
    1.0809292166632547,
    0.8476214908355493,
    0.4161921953645794,
    0.14012441563639294,
    0.03347239692200057,
    0.005676945458084401,
    0.0006613887823611995,
    4.834108172649231e-05,
    1.7079365871939301e-06,
)
D = (
    1.0,
    2.2841046198514574,
    2.4201361153853305,
    1.5699938499312847,
    0.6924005608903927,
    0.21760493294290753,
    0.04954526786430557,
    0.008108810044590967,
    0.0009186875148086471,
    6.56151205980973e-05,
    2.271822082448991e-06,
)
ROOT = Root(-0.7517915246935645, 1.4956759177009883e-17)  # of f′
DENSITY = 1 / math.sqrt(2 * math.pi)  # φ(0)
C_DENSITY = tuple(DENSITY * c for c in C)
AREA = 2.5066282746310007, -1.8328579980459167e-16  # √(2π) in two floats
DEEP = 700.0  # exp(−DEEP) is a normal number, and so are its products here


@kernel(takes=OWN)
def value(x: Array) -> Array:
    if x.dtype != np.float64:
        return narrow_value(x)
    is_near = np.abs(x) < NEAR
    near, far = np.flatnonzero(is_near), np.flatnonzero(~is_near)
    f = np.empty_like(x)
    f[near] = near_value(x[near])
    if far.size:
        f[far] = far_value(x[far])
    return f


def near_value(x: Array) -> Array:
    """x/2 + x² (φ(0) + s) with Φ(x) = (1 + x)/2 + x (φ(0) − 1/2 + s), for |x| < 1.

    Where these cancel x (1 + x)/2 takes the place of x/2: then 1 + x is exact.
    """
    left = x < -0.5
    square = x * x
    series = horner(OF_CDF[1:], square)
    series *= square
    series += where(left, OF_CDF[0], OF_CDF[0] + 0.5)
    series *= square
    half = where(left, 0.5, 0.0, x)
    half *= x
    half += 0.5
    half *= x
    half += series
    return half


def far_value(x: Array) -> Array:
    """max(x, 0) − φ(t) / (1 + r/t) with t = |x| ≥ 1, where t + r is the inverse of Mills' ratio.

    What is lost of t², and of the sum that is divided by, is put back.
    """
    t = at_most(FAR, np.abs(x))
    half, lost = half_square(t)
    ratio = excess(t)
    ratio *= AREA[0]
    ratio /= t
    below = ratio + AREA[0]
    ratio -= below - AREA[0]
    ratio += AREA[1]
    ratio /= below
    ratio += lost
    f = fallen(half)
    f /= below
    ratio *= f
    f -= ratio
    return np.subtract(positive(x), vanishing(f, half), out=f)


def narrow_value(x: NDArray[Any]) -> Array:
    """max(x, 0) − t φ(t) M(t) with t = |x|. The square of a narrow number is exact."""
    t = at_most(END, np.abs(x)).astype(np.float64)
    f = horner(A, t)
    f /= horner(B, t)
    f *= t
    t *= t
    t *= -0.5
    f *= np.exp(t, out=t)
    return np.subtract(positive(x), f, out=f)


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    if x.dtype != np.float64:
        return narrow_slope(x)
    t = at_most(FAR, np.abs(x))
    factor = horner(C, t)
    factor /= horner(D, t)
    half, lost = half_square(t)
    lost += lost * factor
    factor -= lost
    factor += ONE
    np.negative(t, out=t)
    factor *= ROOT.before(t)
    factor *= fallen(half)
    factor *= DENSITY
    factor = vanishing(factor, half)
    return where(x < 0, factor, ONE - factor)  # f′(x) + f′(−x) is 1


def narrow_slope(x: NDArray[Any]) -> Array:
    """The same, where t²/2 is exact and nothing vanishes before the result does."""
    t = at_most(GONE, np.abs(x)).astype(np.float64)
    factor = horner(C_DENSITY, t)
    factor /= horner(D, t)
    factor += DENSITY
    away = -ROOT.nearest - t
    away -= ROOT.missing
    factor *= away
    t *= t
    t *= -HALF
    factor *= np.exp(t, out=t)
    return where(x < 0, factor, ONE - factor)


def half_square(t: Array) -> tuple[Array, Array]:
    """t²/2 and what is missing from that: half an ulp of it can be 500 of its exponential."""
    high = leading(t)
    rest, half = t - high, t * t
    lost = high * high
    lost -= half
    high += t
    rest *= high
    lost += rest
    lost *= HALF
    half *= HALF
    return half, lost


def fallen(half: Array) -> Array:
    """exp(−half), or exp(−DEEP) further out, so that it is a normal number."""
    e = np.negative(half)
    if not half.max() <= DEEP:
        e = np.maximum(e, -DEEP)
    return np.exp(e, out=e)


def vanishing(f: Array, half: Array) -> Array:
    """f times what `fallen` left out: it comes last, since the result may be subnormal."""
    return f if half.max() <= DEEP else f * np.exp(np.minimum(DEEP - half, 0))


def erf_form(name: str, note: str = "", **rest: Any) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}
    return Equivalent(name, note, deviates=lost, **rest)


def formula(x: Any) -> Formula:
    import sympy as sp

    lowest = sp.Rational("-0.16997120747990366169386847098243")
    return Formula(
        definition=x * (1 + sp.erf(x / sp.sqrt(2))) / 2,
        range=(lowest, sp.oo),
        turns=(Turn(at=sp.Rational("-0.75179152469356445745790494677952")),),
    )


gelu = Activation(
    name="gelu",
    title="GELU",
    aliases=("Gaussian error linear unit", "erf form of GELU"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("hendrycks2016gaussian",),
    equivalents={
        "PyTorch": erf_form("torch.nn.functional.gelu"),
        "Keras": erf_form(
            "keras.activations.gelu",
            also=(erf_form("keras.ops.gelu", arguments={"approximate": False}),),
        ),
        "JAX": erf_form(
            "jax.nn.gelu",
            "approximate=False; the default is the tanh form",
            arguments={"approximate": False},
        ),
        "TensorFlow": erf_form("tf.nn.gelu"),
        "ONNX": Equivalent(
            "Gelu",
            "the reference evaluator rounds erf to float32",
            deviates={"f(-inf)": math.nan, "f(-2.75)": -0.008194327354431152},
        ),
    },
)
