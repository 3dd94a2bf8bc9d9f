"""Snake: f(x) = x + sin²(alpha x) / alpha.

f′(x) = 1 + sin(2 alpha x) = 2 sin²(alpha x + π/4).

Ziyin, Hartwig & Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix It", NeurIPS
2020, arXiv:2006.08195.
"""

from typing import Any

import numpy as np

from actlib.activations.sine import REACH, WAVE
from actlib.arithmetic.angle import is_exact, sine_with_eighth
from actlib.arithmetic.exact import exact_product, two_sum
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
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
SMALL = 2.0**-3  # of 1 + sin: where three bits are lost
LEAST, MOST = 0.35, 16.0  # of |alpha x|: between them a swing is of the size of x


@kernel(takes=OWN)
def value(x: Array, alpha: Number) -> Array:
    wide = x.astype(np.float64)
    if not is_exact(alpha, x):
        return _to_the_last_digit(wide, alpha)
    f = alpha * wide
    np.sin(f, out=f)
    f *= f
    f /= alpha
    f += wide
    endless = np.isinf(wide)  # whose sine is none
    f[endless] = wide[endless]
    return f


def _to_the_last_digit(x: Array, alpha: Number) -> Array:
    """Where x and the swing are of one size, what one takes from the other magnifies its errors."""
    y, lost = exact_product(alpha, x)
    size = np.abs(y)
    # The exact product, whose last digits are whole turns far out.
    f = np.sin(y) * np.cos(lost) + np.cos(y) * np.sin(lost)
    f *= f
    f /= alpha
    f += x
    beyond = ~(size < BEYOND)
    f[beyond] = x[beyond]
    alike = (size >= LEAST) & (size < MOST)
    if np.count_nonzero(alike):
        alpha = alpha[alike] if isinstance(alpha, np.ndarray) else alpha
        f[alike] = _by_cosine(alpha, y[alike], lost[alike])
    return f


def _by_cosine(alpha: Number, y: Array, lost: Array) -> Array:
    """(y + ½ − ½ cos 2y) / alpha of the exact product y + lost, its numerator in two floats.

    The cosine brings in a third of the error that sin² does.
    """
    total, rest = two_sum(y, 0.5)
    total, missing = two_sum(total, -0.5 * np.cos(2 * y))
    rest += missing + lost * (1 + np.sin(2 * y))
    f = (total + rest) / alpha
    product, error = exact_product(alpha, f)
    missing = ((total - product) - error + rest) / alpha
    missing[np.isinf(f)] = 0
    return f + missing


@kernel(takes=OWN)
def derivative(x: Array, alpha: Number) -> Array:
    """1 + sin(2 alpha x), which loses its digits next to its zeros: there, a square."""
    wide = x.astype(np.float64)
    if not is_exact(alpha, x):
        return _squared(wide, alpha)
    f = (2 * alpha) * wide
    np.sin(f, out=f)
    f += 1
    small = np.flatnonzero(f < SMALL)
    f[small] = _squared(wide[small], alpha)
    return f


def _squared(x: Array, alpha: Number) -> Array:
    sine = sine_with_eighth(alpha, x)
    sine *= sine
    sine *= 2
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
