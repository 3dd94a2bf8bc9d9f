"""SReLU, the S-shaped rectified linear unit: f(x) = x between t_l and t_r, a line on either side.

f(x) = t_l + a_l (x − t_l) for x ≤ t_l; x for t_l < x < t_r; t_r + a_r (x − t_r) for x ≥ t_r.
f′(x) = a_l, 1 and a_r on the same pieces. All four parameters are learned.

Jin, Xu, Feng, Wei, Xiong & Yan, "Deep learning with S-shaped rectified linear activation units",
AAAI 2016, arXiv:1512.07030.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.exact import difference, exact_sum, slope_times_difference
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.lines import bent, through
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import always, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

t_l = Parameter(name="t_l", default=0.0, learned=True, meaning="Where the left piece ends.")
a_l = Parameter(name="a_l", default=0.2, learned=True, meaning="The slope of the left piece.")
t_r = Parameter(name="t_r", default=1.0, learned=True, meaning="Where the right piece begins.")
a_r = Parameter(name="a_r", default=1.0, learned=True, meaning="The slope of the right piece.")

Number = Array | float


def meet_exactly(dtype: np.dtype[Any], t_l: float, a_l: float, t_r: float, a_r: float) -> bool:
    """Are the points where pieces meet numbers of this dtype?"""
    return fits(dtype, t_l, t_r)


def round_once(dtype: np.dtype[Any], t_l: float, a_l: float, t_r: float, a_r: float) -> bool:
    """Are besides all pieces lines through 0?"""
    return (t_l == 0 or a_l == 1) and (t_r == 0 or a_r == 1) and fits(dtype, t_l, t_r)


@kernel(takes=OWN, gives=ROUNDED, when=round_once)
def value(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    if always(t_l, 0) and always(a_r, 1):
        return bent(a_l, x)
    below, above = x <= t_l, x >= t_r
    left, right = through(a_l, x, t_l, below), through(a_r, x, t_r, above)
    return where(below, left, where(above, right, x))


@value.second_look
def side(middle: Array, x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    left = exact_sum([t_l, *slope_times_difference(np.negative(a_l), t_l, x), -middle])
    right = exact_sum([t_r, *slope_times_difference(np.negative(a_r), t_r, x), -middle])
    return where(x <= t_l, left, where(x >= t_r, right, x - middle))


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    return where(x <= t_l, a_l, where(x >= t_r, a_r, 1.0, like=x), like=x)


@kernel(gives=DECIDED)
def t_l_derivative(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    return where(x <= t_l, difference(1.0, a_l), 0.0, like=x)


@kernel(gives=DECIDED)
def a_l_derivative(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    return np.minimum(difference(x, t_l), 0)


@kernel(gives=DECIDED)
def t_r_derivative(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    return where((x >= t_r) & (x > t_l), difference(1.0, a_r), 0.0, like=x)


@kernel(gives=DECIDED)
def a_r_derivative(x: Array, t_l: Number, a_l: Number, t_r: Number, a_r: Number) -> Array:
    return np.maximum(difference(x, t_r), 0)


BENT_TWICE = {
    "t_l": -0.4,
    "a_l": 0.1,
    "t_r": 0.4,
    "a_r": 0.3,
}  # the right one is straight by default


def formula(x: Any, t_l: Any, a_l: Any, t_r: Any, a_r: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise(
            (t_l + a_l * (x - t_l), x <= t_l), (x, x < t_r), (t_r + a_r * (x - t_r), True)
        ),
        range=(
            sp.Piecewise((-sp.oo, (a_l > 0) | (a_r < 0)), (t_l, True)),
            sp.Piecewise((sp.oo, (a_r > 0) | (a_l < 0)), (t_r, True)),
        ),
        kinks=(
            Kink(at=t_l, when=(sp.Ne(a_l, 1) & (t_l < t_r)) | (sp.Ne(a_l, a_r) & sp.Eq(t_l, t_r))),
            Kink(at=t_r, when=sp.Ne(a_r, 1) & (t_l < t_r)),
        ),
    )


srelu = Activation(
    name="srelu",
    title="SReLU",
    aliases=("S-shaped rectified linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(t_l, a_l, t_r, a_r),
    ordered=(("t_l", "t_r"),),
    parameter_kernels={
        "t_l": t_l_derivative,
        "a_l": a_l_derivative,
        "t_r": t_r_derivative,
        "a_r": a_r_derivative,
    },
    samples=(
        BENT_TWICE,
        {"t_l": -1.0, "a_l": 0.0, "a_r": 0.0},
        {"t_l": 0.5, "a_l": -0.5, "t_r": 0.5, "a_r": 2.0},
    ),
    references=("jin2016srelu",),
    equivalents={
        "Keras": Equivalent(
            "keras_contrib.layers.SReLU",
            "a layer of the archived keras-contrib",
            unmeasured="it was written for Keras 2 {cite:p}`kerascontrib2019srelu`",
        )
    },
    spelled={
        "PyTorch": Spelling(
            "torch.where(x <= -0.4, -0.4 + 0.1 * (x + 0.4),\n"
            "    torch.where(x >= 0.4, 0.4 + 0.3 * (x - 0.4), x))",
            BENT_TWICE,
        ),
        "JAX": Spelling(
            "jax.numpy.where(x <= -0.4, -0.4 + 0.1 * (x + 0.4),\n"
            "    jax.numpy.where(x >= 0.4, 0.4 + 0.3 * (x - 0.4), x))",
            BENT_TWICE,
        ),
    },
)
