"""Squareplus, a ReLU with a hyperbola for its corner: f(x) = (x + √(x² + b)) / 2.

f′(x) = (1 + x / √(x² + b)) / 2.

Barron, "Squareplus: a softplus-like algebraic rectifier", 2021, arXiv:2112.11687.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_product
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import HALF, always, positive
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter

b = Parameter(
    name="b",
    default=4.0,
    domain=Domain(above=0),
    meaning="How wide the bend is: f(0) is √b / 2, and towards 0 f tends to ReLU.",
)

Number = Array | float

FAR = 2.0**500  # beyond it u² + c is u², and may overflow
ORDINARY = 200  # exponents of such a b need no scale


class Scaled(NamedTuple):
    """f(x; b) = scale f(x / scale; b / scale²): no square of x or of a b over- or underflows."""

    u: Array  # |x| / (2 scale)
    c: Number  # b / (4 scale²)
    scale: Number


def scaled(x: Array, b: Number) -> Scaled:
    if is_ordinary(b):
        u = np.abs(x)
        u *= HALF
        return Scaled(u, np.array(b / 4), 1.0)
    _, exponent = np.frexp(b)
    half = np.where(np.abs(exponent) < ORDINARY, 0, exponent // 2)
    return Scaled(np.ldexp(np.abs(x), -1 - half), np.ldexp(b, -2 - 2 * half), np.ldexp(1.0, half))


def is_ordinary(b: Number) -> bool:
    """Is it one number for all, which needs no scale?"""
    return not isinstance(b, np.ndarray) and 2.0**-ORDINARY < b < 2.0**ORDINARY


@kernel(takes=OWN)
def value(x: NDArray[Any], b: Number) -> Array:
    # Left of 0 the sum cancels. (√(x² + b) + x) (√(x² + b) − x) is b, and one of them is a sum of
    # numbers above 0; the other side is x more.
    if x.dtype != np.float64 and is_ordinary(b):
        return narrow_value(x, b)
    x = x.astype(np.float64, copy=False)
    u, c, scale = scaled(x, b)
    square = u * u
    root = square + c
    np.sqrt(root, out=root)
    total = root + u
    f: Array = c / total
    missing = lost(square, c, root, total, u, f)
    missing *= f
    missing *= f
    missing *= 1 / c
    f -= missing
    if not u.max() < FAR:
        far = np.flatnonzero(~(u < FAR))
        f[far] = np.broadcast_to(c, u.shape)[far] / 2 / u[far]
    if not always(scale, 1):
        f *= scale
    f += positive(x)
    return f


def narrow_value(x: NDArray[Any], b: Number) -> Array:
    """The same to fewer digits: max(x, 0) + b/2 / (√(x² + b) + |x|)."""
    size = np.abs(x).astype(np.float64)
    f: Array = size * size
    f += b
    np.sqrt(f, out=f)
    f += size
    np.divide(np.array(b / 2), f, out=f)
    f += positive(x)
    return f


def lost(square: Array, c: Number, root: Array, total: Array, u: Array, f: Array) -> Array:
    """What the sum of root and u lost, and the root itself.

    With g = √c the root is too small by (square − (root − g) (root + g)) / (2 root). That weighs
    next to 0 only: there root − g is exact, and 1 / root is close to f/c.
    """
    g = np.sqrt(c)
    product, rest = exact_product(g, g)
    of_root = root - g
    of_root *= root + g
    np.subtract(square, of_root, out=of_root)
    of_root += (c - product) - rest
    of_root *= f
    of_root *= 0.5 / c
    root -= total
    root += u
    root += of_root
    return root


@kernel(takes=OWN)
def derivative(x: NDArray[Any], b: Number) -> Array:
    # (1 − u/r)/2 with r² = u² + c is c/2 divided by r (r + u), and r² is known before its root.
    if x.dtype != np.float64 and is_ordinary(b):  # here nothing overflows, and u need not be halved
        u, c, _ = Scaled(np.abs(x).astype(np.float64), np.array(b), 2.0)
    else:
        u, c, _ = scaled(x.astype(np.float64, copy=False), b)
    square = u * u
    square += c
    product = np.sqrt(square)
    product *= u
    product += square
    left: Array = np.divide(c / 2, product, out=product)
    if u.max() >= FAR:
        far = np.flatnonzero(u >= FAR)
        left[far] = np.broadcast_to(c, u.shape)[far] / 4 / u[far] / u[far]
    np.subtract(x >= 0, left, out=left)
    return np.abs(left, out=left)  # 1 - left on the right, left on the left


NOWHERE = {"f(-inf)": math.nan, "f'(-inf)": math.nan, "f'(inf)": math.nan}


def formula(x: Any, b: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=(x + sp.sqrt(x**2 + b)) / 2,
        range=(0, sp.oo),
    )


squareplus = Activation(
    name="squareplus",
    title="Squareplus",
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(b,),
    samples=({"b": 0.1}, {"b": 2.0}),
    references=("barron2021squareplus",),
    equivalents={
        "Keras": Equivalent("keras.activations.squareplus", deviates=NOWHERE),
        "JAX": Equivalent("jax.nn.squareplus", deviates=NOWHERE),
    },
    spelled={"PyTorch": Spelling("(x + torch.sqrt(x * x + 4)) / 2")},
)
