"""Hard sigmoid: f(x) = slope x + offset, cut off below 0 and above 1.

f′(x) = slope where 0 ≤ slope x + offset ≤ 1, 0 elsewhere.

Courbariaux, Bengio & David, "BinaryConnect: training deep neural networks with binary weights
during propagations", NIPS 2015, arXiv:1511.00363; the defaults are those of Theano and Keras 2.
"""

from fractions import Fraction
from typing import Any

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.lines import affine, line_side, reach
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter
from actlib.formula.preset import Preset

slope = Parameter(
    name="slope",
    default=0.2,
    domain=Domain(above=0),
    meaning="The slope of the middle piece; 1/6 in Keras 3, PyTorch and JAX.",
)
offset = Parameter(name="offset", default=0.5, meaning="The value of the middle piece at 0.")


@kernel(takes=OWN)
def value(x: Array, slope: Array | float, offset: Array | float) -> Array:
    return affine(slope, x, offset).clip(0, 1)


@value.second_look
def side(middle: Array, x: Array, slope: Array | float, offset: Array | float) -> Array:
    return line_side(middle, x, slope, offset)


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def derivative(x: Array, slope: Array | float, offset: Array | float) -> Array:
    # Near the ends a rounded sum cannot tell whether it is beyond: there x itself is compared.
    first = reach(0, slope, offset, x.dtype)
    last = -reach(-1, slope, -offset, x.dtype)
    return where((x >= first) & (x <= last), slope, 0.0, like=x)


SIXTH = {"slope": Fraction(1, 6)}  # Keras 3, PyTorch and JAX: (x + 3) / 6, cut off

FLAT = {"PyTorch": 0, "Keras": 0, "JAX": 0}

HALF = {"slope": 0.5, "offset": 0.5}


def sparse(name: str, slope_at_nan: float, **rest: Any) -> Equivalent:
    """A framework's sparse sigmoid."""
    return Equivalent(name, "slope=1/2", setting=HALF, deviates={"f'(nan)": slope_at_nan}, **rest)


def formula(x: Any, slope: Any, offset: Any) -> Formula:
    import sympy as sp

    middle = slope * x + offset
    halfway = {"jax.nn.sparse_sigmoid": slope / 2}
    return Formula(
        definition=sp.Piecewise((0, middle < 0), (1, middle > 1), (middle, True)),
        range=(0, 1),
        kinks=(
            Kink(at=-offset / slope, frameworks=FLAT, functions=halfway),
            Kink(at=(1 - offset) / slope, frameworks=FLAT, functions=halfway),
        ),
    )


hard_sigmoid = Activation(
    name="hard_sigmoid",
    title="Hard sigmoid",
    aliases=("piecewise-linear sigmoid",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(slope, offset),
    samples=(HALF, {"slope": 1 / 6}, {"slope": 1.0, "offset": 0.0}, {"slope": 0.3, "offset": -0.7}),
    references=("courbariaux2015binaryconnect",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.hardsigmoid",
            "slope=1/6",
            setting=SIXTH,
            deviates={"f'(nan)": 0.0},
        ),
        "Keras": Equivalent(
            "keras.activations.hard_sigmoid",
            "slope=1/6",
            setting=SIXTH,
            deviates={"f'(nan)": 0.0},
        ),
        "JAX": Equivalent(
            "jax.nn.hard_sigmoid", "slope=1/6", setting=SIXTH, deviates={"f'(nan)": 0.0}
        ),
        "ONNX": Equivalent("HardSigmoid", renames={"alpha": "slope", "beta": "offset"}),
    },
    presets=(
        Preset(
            name="sparse_sigmoid",
            title="Sparse sigmoid",
            setting=HALF,
            equivalents={
                "Keras": sparse(
                    "keras.activations.sparse_sigmoid",
                    0.5,
                    depends={"on JAX": {"f'(-1)": 0.25, "f'(1)": 0.25, "f'(nan)": 0.0}},
                ),
                "JAX": sparse("jax.nn.sparse_sigmoid", 0.0),
                "ONNX": Equivalent(
                    "HardSigmoid", "alpha=0.5", arguments={"alpha": 0.5}, setting=HALF
                ),
            },
        ),
    ),
)
