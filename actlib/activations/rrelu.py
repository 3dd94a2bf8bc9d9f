"""RReLU, the randomised leaky ReLU: f(x) = x for x ≥ 0, and the mean slope times x for x < 0.

f′(x) = 1 for x ≥ 0, (lower + upper) / 2 for x < 0. This is the function of evaluation. In training
every element has a slope of its own from `slopes`, and the function is prelu with those slopes.

Xu, Wang, Chen & Li, "Empirical evaluation of rectified activations in convolutional network",
2015, arXiv:1505.00853.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_sum
from actlib.arithmetic.kernel import OWN, ROUNDED, kernel
from actlib.arithmetic.lines import bent, line, line_side
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import negative, positive, where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

POSITIVE = Domain(least=0)
lower = Parameter(
    name="lower", default=1 / 8, domain=POSITIVE, meaning="The smallest slope that is drawn."
)
upper = Parameter(
    name="upper", default=1 / 3, domain=POSITIVE, meaning="The largest slope that is drawn."
)


def slopes(
    generator: np.random.Generator,
    shape: int | tuple[int, ...],
    lower: float = 1 / 8,
    upper: float = 1 / 3,
) -> NDArray[Any]:
    """One slope per element, uniform from lower to upper, as float64 of the given shape.

    `prelu(x, alpha=drawn)` is RReLU in training and `prelu.derivative(x, alpha=drawn)` its slope:
    the same array in both, so that the derivative is that of the function that was computed.
    ValueError if lower > upper or either is negative, NaN or infinite.
    """
    rrelu(0.0, lower=lower, upper=upper)  # says what is wrong with them
    return generator.uniform(lower, upper, shape)


TINY = 2.0**-1000


def mean_is_exact(dtype: np.dtype[Any], lower: float, upper: float) -> bool:
    """Is the mean slope a float64?"""
    return math.fsum([lower / 2, upper / 2, -(lower / 2 + upper / 2)]) == 0


def mean_slope(lower: Array | float, upper: Array | float) -> Array | float:
    """(lower + upper) / 2: half of the smallest floats is 0, the sum of the largest infinite."""
    total = lower + upper
    if isinstance(total, np.ndarray):
        return np.where(total < 1, total / 2, lower / 2 + upper / 2)
    return total / 2 if total < 1 else lower / 2 + upper / 2


@kernel(takes=OWN, gives=ROUNDED, when=mean_is_exact)
def value(x: Array, lower: Array | float, upper: Array | float) -> Array:
    slope = mean_slope(lower, upper)
    if not isinstance(slope, np.ndarray) and (slope > TINY or lower + upper == 0):
        return bent(slope, x)
    # Of two such slopes the sum is a float, and the mean may be none.
    left = negative(x)
    return positive(x) + np.where(slope > TINY, line(slope, left), line(lower + upper, left / 2))


@value.second_look
def side(middle: Array, x: Array, lower: Array | float, upper: Array | float) -> Array:
    # The mean slope may need one bit more than a float64 has.
    slope, missing = exact_addition(lower / 2, upper / 2)
    return line_side(middle, x, slope, missing=missing)


@kernel(takes=OWN, gives=ROUNDED, when=mean_is_exact)
def derivative(x: Array, lower: Array | float, upper: Array | float) -> Array:
    return where(x < 0, mean_slope(lower, upper), 1.0, like=x)


@derivative.second_look
def derivative_side(middle: Array, x: Array, lower: Array | float, upper: Array | float) -> Array:
    return exact_sum([lower / 2, upper / 2, -middle])


def formula(x: Any, lower: Any, upper: Any) -> Formula:
    import sympy as sp

    mean = (lower + upper) / 2
    return Formula(
        definition=sp.Piecewise((mean * x, x < 0), (x, True)),
        range=(sp.Piecewise((-sp.oo, upper > 0), (0, True)), sp.oo),
        kinks=(Kink(at=0, when=sp.Ne(lower + upper, 2), frameworks={"PyTorch": mean}),),
    )


rrelu = Activation(
    name="rrelu",
    title="RReLU",
    aliases=("randomized leaky rectified linear unit", "randomized ReLU"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(lower, upper),
    ordered=(("lower", "upper"),),
    samples=(
        {"lower": 0.0, "upper": 0.0},
        {"lower": 0.25, "upper": 0.75},
        {"lower": 1.0, "upper": 1.0},
        {"lower": 0.02, "upper": 0.04},
    ),
    references=("xu2015empirical",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.rrelu", "training=False by default", deviates={"f'(nan)": 11 / 48}
        )
    },
    spelled={
        "PyTorch": Spelling(
            "torch.where(x < 0, 11 / 48 * x, x)", why="vmap refuses torch.nn.functional.rrelu"
        ),
        "JAX": Spelling("jax.numpy.where(x < 0, 11 / 48 * x, x)"),
    },
)
