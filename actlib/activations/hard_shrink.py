"""Hard shrink: f(x) = x for |x| > lambd, 0 elsewhere; with a bias also x − sign(x) bias.

f(x) = x + bias for x < −lambd; x − bias for x > lambd; 0 between. f′(x) = 1, 1 and 0 on the same
pieces.

Donoho & Johnstone, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 81, 1994. With a
bias: ONNX, operator Shrink, 2019.
"""

import math
from typing import Any

import numpy as np

from actlib.activations import soft_shrink
from actlib.arithmetic.exact import exact_sum
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import always, where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

lambd = Parameter(
    name="lambd", default=0.5, domain=Domain(least=0), meaning="Up to which size x becomes 0."
)
bias = Parameter(
    name="bias",
    default=0.0,
    meaning="How far what is left is moved towards 0; lambd makes it soft shrink.",
)

Number = Array | float


def round_once(dtype: np.dtype[Any], lambd: float, bias: float) -> bool:
    """Are the numbers that are compared with x, and added to it, of this dtype?"""
    return fits(dtype, lambd, bias)


def meet_exactly(dtype: np.dtype[Any], lambd: float, bias: float) -> bool:
    """Are the points where pieces meet numbers of this dtype?"""
    return fits(dtype, lambd)


@kernel(takes=OWN, gives=ROUNDED, when=round_once)
def value(x: Array, lambd: Number, bias: Number) -> Array:
    moved = x if always(bias, 0) else x - bias * np.copysign(1.0, x)
    return where(np.abs(x) <= lambd, 0.0, moved)


@value.second_look
def side(middle: Array, x: Array, lambd: Number, bias: Number) -> Array:
    return exact_sum([x, -bias * np.copysign(1.0, x), -middle])  # what is 0 is no midpoint


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(x: Array, lambd: Number, bias: Number) -> Array:
    return soft_shrink.derivative(x, lambd)


def formula(x: Any, lambd: Any, bias: Any) -> Formula:
    import sympy as sp

    flat = {"PyTorch": 0, "Keras": 0}
    there = (lambd > 0) | sp.Ne(bias, 0)
    return Formula(
        definition=sp.Piecewise(
            (x + bias, x < -lambd), (x - bias, x > lambd), (0, lambd > 0), (x, True)
        ),
        range=(-sp.oo, sp.oo),
        kinks=(
            Kink(at=-lambd, when=there, frameworks=flat),
            Kink(at=lambd, when=there, frameworks=flat),
        ),
    )


hard_shrink = Activation(
    name="hard_shrink",
    title="Hard shrink",
    aliases=("hardshrink", "shrink", "hard thresholding"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(lambd, bias),
    samples=(
        {"lambd": 0.3},
        {"lambd": 0.0},
        {"lambd": 1.5, "bias": 1.5},
        {"lambd": 0.7, "bias": -0.3},
        {"lambd": 0.0, "bias": 0.1},
    ),
    references=("donoho1994ideal",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.hardshrink",
            deviates={"f'(nan)": 1.0},
            depends={"in a long array": {"f'(nan)": 0.0}},
        ),
        "Keras": Equivalent(
            "keras.activations.hard_shrink",
            renames={"threshold": "lambd"},
            deviates={"f(nan)": 0.0, "f'(nan)": 0.0},
            depends={"on PyTorch": {"f(nan)": math.nan, "f'(nan)": 1.0}},
        ),
        "ONNX": Equivalent("Shrink", "alone has the bias", deviates={"f(nan)": 0.0}),
    },
    spelled={"JAX": Spelling("jax.numpy.where(abs(x) > 0.5, x, 0)")},
)
