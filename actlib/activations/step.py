"""Step, the Heaviside function with 1 at 0: f(x) = 0 for x < 0, 1 for x ≥ 0.

f′(x) = 0 away from 0. At 0 the value jumps and there is no derivative; the piece that owns the
point has slope 0.

Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the
brain", 1958.
"""

import math
from typing import Any

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def value(x: Array) -> Array:
    return where(x >= 0, 1.0, 0.0, like=x)


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def derivative(x: Array) -> float:
    return 0.0


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((0, x < 0), (1, True)),
        range=(0, 1),
        kinks=(Kink(at=0, frameworks={"JAX": 0}),),
    )


step = Activation(
    name="step",
    title="Step",
    aliases=("Heaviside function", "unit step", "binary step"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("rosenblatt1958perceptron",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.heaviside",
            "asks for the value at 0",
            arguments={"values": (1.0,)},
            deviates={"f(nan)": 0.0},
            differentiable=False,
        ),
        "Keras": Equivalent(
            "keras.ops.heaviside",
            "asks for the value at 0",
            arguments={"x2": 1.0},
            deviates={"f(nan)": 1.0},
            depends={"on JAX": {"f(nan)": math.nan}, "on PyTorch": {"f(nan)": 0.0}},
            differentiable=False,
        ),
        "JAX": Equivalent(
            "jax.numpy.heaviside",
            "asks for the value at 0",
            after=(1.0,),
            deviates={"f'(nan)": 1.0},
        ),
        "NumPy": Equivalent("numpy.heaviside", "asks for the value at 0", after=(1.0,)),
    },
    spelled={"PyTorch": Spelling("torch.heaviside(x, torch.ones_like(x))")},
)
