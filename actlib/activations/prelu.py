"""PReLU, the parametric rectified linear unit: f(x) = x for x ≥ 0, alpha x for x < 0.

f′(x) = 1 for x ≥ 0, alpha for x < 0. alpha is learned: df/dalpha = min(x, 0).
One alpha per channel is an array that broadcasts against x: shape (C, 1, 1) for (N, C, H, W).

He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, arXiv:1502.01852.
"""

import math
from typing import Any

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.lines import bent, line_side
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import negative, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

alpha = Parameter(
    name="alpha",
    default=0.25,
    learned=True,
    meaning="The slope of the negative side; 0.25 is the paper's initial value.",
)


@kernel(takes=OWN, gives=ROUNDED)
def value(x: Array, alpha: Array | float) -> Array:
    return bent(alpha, x)


@value.second_look
def side(middle: Array, x: Array, alpha: Array | float) -> Array:
    return line_side(middle, x, alpha)  # x itself is no midpoint: it lies on the left


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def derivative(x: Array, alpha: Array | float) -> Array:
    return where(x < 0, alpha, 1.0, like=x)


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def alpha_derivative(x: Array, alpha: Array | float) -> Array:
    return negative(x)


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((alpha * x, x < 0), (x, True)),
        range=(sp.Piecewise((-sp.oo, alpha > 0), (0, True)), sp.oo),
        kinks=(
            Kink(
                at=0,
                when=sp.Ne(alpha, 1),
                frameworks={"PyTorch": alpha, "Keras": alpha},
            ),
        ),
    )


prelu = Activation(
    name="prelu",
    title="PReLU",
    aliases=("parametric rectified linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(alpha,),
    parameter_kernels={"alpha": alpha_derivative},
    samples=({"alpha": 0.0}, {"alpha": 0.3}, {"alpha": 1.0}, {"alpha": -0.5}),
    references=("he2015delving",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.PReLU",
            "weight, starts at 0.25; one for all unless num_parameters is given",
            deviates={"f'(nan)": 0.25},
        ),
        "Keras": Equivalent(
            "keras.layers.PReLU",
            "alpha, starts at 0; one per element unless shared_axes is given",
            setting={"alpha": 0.0},
            deviates={"f(-inf)": math.nan, "f'(nan)": 0.0},
            depends={"on PyTorch": {"f'(nan)": 1.0}},
        ),
        "ONNX": Equivalent(
            "PRelu",
            "asks for it",
            renames={"slope": "alpha"},
            arguments={"slope": (0.25,)},
        ),
    },
    spelled={
        "PyTorch": Spelling("torch.nn.functional.prelu(x, torch.full_like(x, 0.25))"),
        "JAX": Spelling("jax.numpy.where(x < 0, 0.25 * x, x)"),
    },
)
