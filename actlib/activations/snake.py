"""Snake: f(x) = x + sin²(alpha x) / alpha.

f′(x) = 1 + sin(2 alpha x) = 2 sin²(alpha x + π/4).

Ziyin, Hartwig & Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix It", NeurIPS
2020, arXiv:2006.08195.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations.sine import REACH, WAVE
from actlib.arithmetic.angle import FAR, is_exact, sine_of_product
from actlib.arithmetic.exact import exact_product, exact_square, leading, two_sum
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.product import product
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, always
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Spelling
from actlib.formula.endless import NoLimit
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter
from actlib.formula.reach import Reach

alpha = Parameter(
    name="alpha",
    default=1.0,
    domain=Domain(above=0),
    meaning="How often it swings: a period is pi / alpha, and a swing 1 / alpha high.",
)

Number = Array | float

BEYOND = 2.0**60  # of |alpha x|: a swing is no half unit of x's last place
SMALL = 2.0**-7  # of the slope: where (1 + t)² loses four bits
LEAST, MOST = -1.1, -0.4  # of alpha x: between them the half ulp of a tangent weighs too much
HUGE = 2.0**900


@kernel(takes=OWN)
def value(x: Array, alpha: Number) -> Array:
    """x + t² / (alpha (1 + t²)) with t = tan(alpha x), for sin² is t² / (1 + t²)."""
    wide = x.astype(np.float64)
    if not is_exact(alpha, x):
        return _to_the_last_digit(wide, alpha)
    f = alpha * wide
    np.tan(f, out=f)
    f *= f
    below = f + ONE
    below *= alpha
    f /= below
    f += wide
    endless = np.flatnonzero(np.isinf(x))  # whose tangent is none
    f[endless] = wide[endless]
    return f


def _to_the_last_digit(x: Array, alpha: Number) -> Array:
    """Where x and the swing are of one size, what one takes from the other magnifies its errors.

    So all but the tangent is computed in two floats: t², 1 + t² times alpha, and the quotient. And
    where the tangent's own error is magnified most, a cosine is asked for.
    """
    y, lost = product(alpha, x)
    t = np.tan(y)
    square, less = exact_square(t)
    below = square + ONE
    rest = less - ((below - ONE) - square)
    t *= lost
    t += t  # sin 2y, the slope of sin² y, is 2t / (1 + t²)
    less += t
    part, power = _part_and_power(alpha)
    if not always(part, 1):
        below, missing = product(part, below)
        rest *= part
        rest += missing
    # One step of a division by hand, as in `special.quotient`.
    first = leading(square / below)
    high = leading(below)
    square -= first * high
    high -= below
    high -= rest
    high *= first
    square += high
    square += less
    square /= below
    if not always(power, 0):
        first, square = np.ldexp(first, -power), np.ldexp(square, -power)
    f, missing = two_sum(x, first)
    square += missing
    f += square
    near = np.flatnonzero((y > LEAST) & (y < MOST))
    f[near] = _by_cosine(_entries(alpha, near), y[near], lost[near])
    far = np.flatnonzero(~((np.abs(y) < FAR) & np.isfinite(f)))
    f[far] = _far_out(_entries(alpha, far), x[far])
    return f


def _part_and_power(alpha: Number) -> tuple[Number, Any]:
    """alpha = part · 2^power, where the products of `part` neither over- nor underflow."""
    usual = not isinstance(alpha, np.ndarray) and 1 / HUGE < alpha < HUGE
    return (alpha, 0) if usual else np.frexp(alpha)


def _entries(alpha: Number, places: NDArray[np.intp]) -> Number:
    return alpha[places] if isinstance(alpha, np.ndarray) else alpha


def _by_cosine(alpha: Number, y: Array, lost: Array) -> Array:
    """(y + ½ − ½ cos 2y) / alpha of the exact product y + lost, its numerator in two floats.

    The cosine brings in a third of the error that sin² does.
    """
    total, rest = two_sum(y, 0.5)
    total, missing = two_sum(total, -0.5 * np.cos(2 * y))
    t = np.tan(y)
    rest += missing + lost * (1 + t) ** 2 / (1 + t * t)
    f: Array = (total + rest) / alpha
    again, error = product(alpha, f)
    return f + ((total - again) - error + rest) / alpha


def _far_out(alpha: Number, x: Array) -> Array:
    """Where a swing is small beside x: of the exact product, whose last digits are whole turns."""
    y, lost = exact_product(alpha, x)
    f = np.sin(y) * np.cos(lost) + np.cos(y) * np.sin(lost)
    f *= f
    f /= alpha
    f += x
    return np.where(np.abs(y) < BEYOND, f, x)


@kernel(takes=OWN)
def derivative(x: Array, alpha: Number) -> Array:
    """(1 + t)² / (1 + t²) with t = tan(alpha x), which cancels next to t = −1: there a sine."""
    wide = x.astype(np.float64)
    if not is_exact(alpha, x):
        return _squared(wide, alpha)
    t = alpha * wide
    np.tan(t, out=t)
    below = t * t
    below += ONE
    t += ONE
    t *= t
    t /= below
    small = np.flatnonzero(t < SMALL)
    t[small] = _squared(wide[small], alpha)
    return t


def _squared(x: Array, alpha: Number) -> Array:
    sine = sine_of_product(alpha, x, eighths=1)
    sine *= sine
    sine += sine
    return sine


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=x + sp.sin(alpha * x) ** 2 / alpha,
        range=(-sp.oo, sp.oo),
        no_limits=(NoLimit(of="derivative", why=WAVE),),
        reach=Reach(to=1024 / alpha, why=REACH),
    )


snake = Activation(
    name="snake",
    title="Snake",
    aliases=("snake activation",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(alpha,),
    samples=({"alpha": 0.3}, {"alpha": 5.0}),
    references=("ziyin2020neural",),
    equivalents={},
    spelled={
        "PyTorch": Spelling("x + torch.sin(x) ** 2"),
        "JAX": Spelling("x + jax.numpy.sin(x) ** 2"),
    },
)
