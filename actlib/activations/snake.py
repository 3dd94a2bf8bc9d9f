"""Snake: f(x) = x + sin²(alpha x) / alpha.

f′(x) = 1 + sin(2 alpha x) = 2 sin²(alpha x + π/4).

Ziyin, Hartwig & Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix It", NeurIPS
2020, arXiv:2006.08195.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.angle import sine_with_eighth
from actlib.arithmetic.exact import exact_product, two_sum
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
FROM = 0.35  # of |alpha x|: below it the square of a sine has more digits than 1 − cos


def value(x: Array, alpha: Number) -> Array:
    """x + (1 − cos(2 alpha x)) / (2 alpha), whose cosine brings in an error a third of sin²'s."""
    y, lost = exact_product(alpha, x)
    f = _by_sine(x, alpha, y, lost)
    beyond = ~(np.abs(y) < BEYOND)
    f[beyond] = x[beyond]
    wide = (np.abs(y) >= FROM) & ~beyond & np.isfinite(f)  # of an infinity nothing is missing
    if np.count_nonzero(wide):
        alpha = alpha[wide] if isinstance(alpha, np.ndarray) else alpha
        f[wide] = _by_cosine(x[wide], alpha, y[wide], lost[wide])
    return f


def _by_sine(x: Array, alpha: Number, y: Array, lost: Array) -> Array:
    sine = np.sin(y) + lost * np.cos(y)
    return x + sine * sine / alpha


def _by_cosine(x: Array, alpha: Number, y: Array, lost: Array) -> Array:
    """(y + lost + ½ − ½ cos(2 (y + lost))) / alpha, its numerator in two floats."""
    cosine, sine = np.cos(2 * y), np.sin(2 * y)
    turned = cosine * np.cos(2 * lost) - sine * np.sin(2 * lost)
    total, rest = two_sum(y, 0.5)
    total, missing = two_sum(total, -0.5 * turned)
    rest += missing + lost
    f = (total + rest) / alpha
    product, error = exact_product(alpha, f)
    return f + ((total - product) - error + rest) / alpha


def derivative(x: Array, alpha: Number) -> Array:
    sine = sine_with_eighth(alpha, x)
    sine *= sine
    sine *= 2
    return sine


REACH = (
    "It swings ever faster from one float32 to the next, and beyond this no polynomial holds for "
    "enough neighbours."
)


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=x + sp.sin(alpha * x) ** 2 / alpha,
        range=(-sp.oo, sp.oo),
        no_limits=(NoLimit(of="derivative", why="a wave has no limit"),),
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
