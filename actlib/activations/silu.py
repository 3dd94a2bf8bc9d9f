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
from actlib.arithmetic.select import ONE, always, at_least, minus_abs, with_sign_of
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
VANISHED = 2000.0  # exp(−VANISHED) is 0, even times the square of the largest float
TWO = np.array(2.0)
FAR = 700.0  # exp(−FAR) is a normal number, and so is x exp(−FAR) where results are


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
    if always(beta, 1):
        if x.dtype != np.float64:
            return narrow_derivative(x)
        left = left_derivative(minus_abs(x), 0.0)
    else:
        x = x.astype(np.float64)
        y, lost = exact_product(beta, np.clip(x, -VANISHED / beta, VANISHED / beta))
        left = left_derivative(minus_abs(y), np.where(y < 0, lost, -lost))
    slope = (~np.signbit(x)).astype(np.float64)  # of 0 too it is the bit that counts
    slope -= with_sign_of(x, left)  # f′(x) + f′(−x) is 1
    return slope


def left_derivative(y: Array, lost: Number) -> Array:
    """(1 + z + e) / (e + 2 + 1/e) with e = exp(z), z = y + lost < 0."""
    near = np.flatnonzero(np.abs(y - ROOT.nearest) < 0.15)
    at_root = numerator(y[near], lost[near] if isinstance(lost, np.ndarray) else lost)
    far = not y.min() >= -FAR
    if far:
        y = at_least(-VANISHED, y)
    slope = y + ONE
    e = np.exp(at_least(-FAR, y) if far else y)
    inverse = ONE / e
    slope += e if always(lost, 0) else e + (e * lost + lost)
    slope[near] = at_root
    if not always(lost, 0):
        inverse += (e - inverse) * lost
    inverse += e
    inverse += TWO
    slope /= inverse
    return slope * beyond(-y) if far else slope


def narrow_derivative(x: NDArray[Any]) -> Array:
    """exp(x) (1 + x + exp(x)) / (1 + exp(x))², whose tails end in 0 and 1."""
    x = np.clip(x, x.dtype.type(-200), x.dtype.type(40))
    near = np.flatnonzero(np.abs(x - x.dtype.type(ROOT.nearest)) < 0.0625)
    slope = x.astype(np.float64)
    e = np.exp(slope)
    at_root = numerator(slope[near], 0.0)
    slope += ONE
    slope += e
    slope[near] = at_root
    slope *= e
    e += ONE
    e *= e
    slope /= e
    return slope


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


def swish(name: str, **rest: Any) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}
    return Equivalent(name, deviates=lost, **rest)


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
    presets=(Preset(name="quick_gelu", title="Quick GELU", setting={"beta": 1.702}),),
    references=("hendrycks2016gaussian", "elfwing2018sigmoid", "ramachandran2017searching"),
    equivalents={
        "PyTorch": swish("torch.nn.functional.silu"),
        "Keras": swish("keras.activations.silu"),
        "JAX": swish("jax.nn.silu"),
        "TensorFlow": swish("tf.nn.silu"),
        "ONNX": Equivalent("Swish", "alpha is beta here", deviates={"f(-inf)": math.nan}),
    },
)
