"""Tanh shrink: f(x) = x − tanh(x).

f′(x) = tanh²(x).

No paper is known; it comes from Torch: Collobert, Kavukcuoglu & Farabet, "Torch7: a Matlab-like
environment for machine learning", BigLearn, NIPS workshop, 2011.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_product, exact_sum, leading
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import where
from actlib.arithmetic.special import horner
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula

# x³ / f(x) is nearly the line 3 + 6/5 x². It is 3 + y R(y) with y = x², up to NEAR within 5e-19 of
# itself: R is interpolated at the zeros of a Chebyshev polynomial.
R = (
    1.2,
    -0.0057142857142854156317,
    0.00025396825396079852043,
    -0.000012203669274764029828,
    5.9876596635289849164e-7,
    -2.9564183444106753976e-8,
    1.4612947496817203064e-9,
    -7.0991881388701974876e-11,
    2.8387195370109830539e-12,
)
THREE = np.array(3.0)

NEAR = 1.03  # from here on the difference is exact, and f at least a quarter: tanh is good enough
NEAR_IF_NARROW = 0.5  # where tanh leaves 2^-48 of f, which is to be rounded to fewer digits


@kernel(takes=OWN)
def value(x: NDArray[Any]) -> Array:
    narrow = x.dtype != np.float64
    near = np.flatnonzero(np.abs(x) < (NEAR_IF_NARROW if narrow else NEAR))
    x = x.astype(np.float64, copy=False)
    f = np.tanh(x)
    np.subtract(x, f, out=f)
    few = x[near]
    f[near] = of_exact_square(few) if narrow else near_zero(few)
    return f


def of_exact_square(x: Array) -> Array:
    """x³ / (3 + y R(y)), where y = x² is not rounded."""
    y = x * x
    more = horner(R, y)
    more *= y
    more += THREE
    y *= x
    y /= more
    return y


def near_zero(x: Array) -> Array:
    """The same where it is: what the square, the cube and the divisor lose is put back."""
    high, y = leading(x), x * x
    low = x - high
    lost = (high * high - y) + low * (x + high)
    more = horner(R, y)
    more *= y
    divisor = more + THREE
    more -= divisor - THREE  # exact, as the sum of 3 and less
    y_high, cube = leading(y), x * y
    lost *= x
    lost += ((high * y_high - cube) + high * (y - y_high)) + low * y
    cube /= divisor
    lost -= cube * more
    lost /= divisor
    cube += lost
    return cube


@value.second_look
def side(middle: Array, x: Array) -> Array:
    """Near 0 f is less than x³/3, by less than x⁵; far out it is more than x − 1, and hardly so."""
    size, level = np.abs(x), middle * np.sign(x)
    gap = exact_sum([*exact_product(size * size, size), -3 * level])
    near = where(gap > size**5, 1.0, where(gap <= 0, -1.0, np.nan, like=x))
    far = where(size - 1 >= level, 1.0, -1.0, like=x)
    found = where(size < 0.5, near, where(size > 20, far, np.nan))
    return found * np.sign(x)


@kernel(takes=OWN)
def derivative(x: NDArray[Any]) -> Array:
    slope = np.tanh(x.astype(np.float64, copy=False))
    slope *= slope
    return slope


@derivative.second_look
def slope_side(middle: Array, x: Array) -> Array:
    """Near 0 the slope is less than x², by less than x⁴."""
    square = x * x
    gap = square - middle  # exact, since x has 24 bits
    near = where(gap > square * square, 1.0, where(gap <= 0, -1.0, np.nan, like=x))
    return where(square < 0.25, near, np.nan)


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(definition=x - sp.tanh(x), range=(-sp.oo, sp.oo))


tanh_shrink = Activation(
    name="tanh_shrink",
    title="Tanh shrink",
    aliases=("tanhshrink",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("collobert2011torch7",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.tanhshrink"),
        "Keras": Equivalent("keras.activations.tanh_shrink"),
    },
    spelled={"JAX": Spelling("x - jax.numpy.tanh(x)")},
)
