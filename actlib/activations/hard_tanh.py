"""Hard tanh: f(x) = x between min_val and max_val, and the nearer of the two beyond.

f′(x) = 1 for min_val ≤ x ≤ max_val, 0 elsewhere.

Collobert, Weston, Bottou, Karlen, Kavukcuoglu & Kuksa, "Natural language processing (almost) from
scratch", Journal of Machine Learning Research 12, 2011, arXiv:1103.0398.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

min_val = Parameter(name="min_val", default=-1.0, meaning="The smallest value.")
max_val = Parameter(name="max_val", default=1.0, meaning="The largest value.")

Number = Array | float


def meet_exactly(dtype: np.dtype[Any], min_val: float, max_val: float) -> bool:
    """Are the points where pieces meet numbers of this dtype?"""
    return fits(dtype, min_val, max_val)


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def value(x: Array, min_val: Number, max_val: Number) -> Array:
    # An end that is no number of the dtype may be rounded first: no x lies between the two.
    return x.clip(min_val, max_val)


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(x: Array, min_val: Number, max_val: Number) -> Array:
    inside = (x >= min_val) & (x <= max_val)
    apart = np.less(min_val, max_val)
    if not apart.all():  # where both ends are one, the point between them is no piece
        inside &= apart
    return where(inside, 1.0, 0.0, like=x)


def formula(x: Any, min_val: Any, max_val: Any) -> Formula:
    import sympy as sp

    functions = {"torch.clamp": 1, "jax.numpy.clip": sp.Rational(1, 2)}
    ends = {"PyTorch": 0, "Keras": 1, "JAX": 1, "TensorFlow": 1}
    apart = min_val < max_val
    return Formula(
        definition=sp.Piecewise(
            (min_val, x < min_val), (max_val, x > max_val), (x, apart), (min_val, True)
        ),
        range=(min_val, max_val),
        kinks=(
            Kink(at=min_val, when=apart, frameworks=ends, functions=functions),
            Kink(at=max_val, when=apart, frameworks=ends, functions=functions),
        ),
    )


UNIT = {"min": -1.0, "max": 1.0}
ENDS = {"min": "min_val", "max": "max_val"}

hard_tanh = Activation(
    name="hard_tanh",
    title="Hard tanh",
    aliases=("hardtanh", "clip", "clamp"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(min_val, max_val),
    ordered=(("min_val", "max_val"),),
    samples=(
        {"min_val": 0.0, "max_val": 6.0},
        {"min_val": -0.3, "max_val": 0.7},
        {"min_val": 0.5, "max_val": 0.5},
    ),
    references=("collobert2011natural",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.hardtanh",
            "clamp has the slope 1 at both ends",
            deviates={"f'(nan)": 1.0},
            depends={"in a long array": {"f'(nan)": 0.0}},
            also=(
                Equivalent("torch.clamp", renames=ENDS, arguments=UNIT, deviates={"f'(nan)": 0.0}),
            ),
        ),
        "Keras": Equivalent(
            "keras.activations.hard_tanh",
            "the ends are fixed",
            deviates={"f'(nan)": 0.0},
            depends={
                "on JAX": {"f'(nan)": 1.0},
                "on PyTorch": {"f'(-1)": 0.0, "f'(1)": 0.0, "f'(nan)": 1.0},
            },
        ),
        "JAX": Equivalent(
            "jax.nn.hard_tanh",
            "the ends are fixed; jax.numpy.clip has the slope 1/2 there",
            deviates={"f'(nan)": 1.0},
            also=(
                Equivalent(
                    "jax.numpy.clip", renames=ENDS, arguments=UNIT, deviates={"f'(nan)": 0.0}
                ),
            ),
        ),
        "TensorFlow": Equivalent(
            "tf.clip_by_value",
            "asks for both ends",
            renames={"clip_value_min": "min_val", "clip_value_max": "max_val"},
            after=(-1.0, 1.0),
            deviates={"f'(nan)": 0.0},
        ),
        "ONNX": Equivalent(
            "Clip",
            "has no end unless it is given",
            renames=ENDS,
            arguments={"min": (-1.0,), "max": (1.0,)},
        ),
    },
    spelled={
        "PyTorch": Spelling("torch.clamp(x, -1, 1)", why="hardtanh has the slope 0 at both ends")
    },
)
