"""LiSHT, the linearly scaled hyperbolic tangent: f(x) = x · tanh(x).

f′(x) = tanh(x) + x / cosh(x)².

Roy, Manna, Dubey & Chaudhuri, "LiSHT: non-parametric linearly scaled hyperbolic tangent activation
function for neural networks", 2019, arXiv:1901.05894.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula
from actlib.formula.place import Turn

FAR = 350.0  # beyond it the slope is 1, and cosh 2x soon no number
NEAR = 2.0**-26  # below it x⁴ is less than the last bit of x², of an x of 24 bits


@kernel()
def value(x: Array) -> Array:
    # Far out too: tanh is 1 or −1 there, and the product is |x|, infinity included.
    f = np.tanh(x)
    f *= x
    return f


@value.second_look
def side(middle: Array, x: Array) -> Array:
    # f = x² − x⁴/3 + …: next to 0 a little less than x², which is exact here and may be the middle.
    return np.where(np.abs(x) < NEAR, np.where(x * x > middle, 1.0, -1.0), np.nan)


@kernel(takes=OWN)
def derivative(x: NDArray[Any]) -> Array:
    # x (1 − tanh²) loses what 1 − tanh² has lost. With y = 2x the slope is a quotient of sums, each
    # of two terms of one sign: (sinh y + y) / (cosh y + 1).
    if not (x.min() >= -FAR and x.max() <= FAR):  # or one is NaN
        x = at_most(FAR, at_least(-FAR, x))
    if x.dtype != np.float64:
        return narrow_slope(x)
    y = x + x
    f = np.sinh(y)
    f += y
    np.cosh(y, out=y)
    y += ONE
    f /= y
    return f


def narrow_slope(x: NDArray[Any]) -> Array:
    """tanh(x) + x (1 − tanh²(x)): what 1 − tanh² has lost is little beside the sum."""
    x = x.astype(np.float64)
    f = np.tanh(x)
    gap = f * f
    np.subtract(ONE, gap, out=gap)
    gap *= x
    f += gap
    return f


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=x * sp.tanh(x),
        range=(0, sp.oo),
        turns=(Turn(at=0),),
    )


lisht = Activation(
    name="lisht",
    title="LiSHT",
    aliases=("linearly scaled hyperbolic tangent",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("roy2019lisht",),
    equivalents={},
    spelled={
        "PyTorch": Spelling("x * torch.tanh(x)"),
        "JAX": Spelling("x * jax.numpy.tanh(x)"),
    },
)
