"""ReGLU, a linear unit with a ReLU for its gate: f(value, gate) = value · max(gate, 0).

f = value · gate for gate ≥ 0, else 0. df/dvalue = max(gate, 0); df/dgate = value for gate ≥ 0,
else 0.

Shazeer, "GLU variants improve Transformer", 2020, arXiv:2002.05202.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.kernel import DECIDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import positive, where
from actlib.call.pairs import Gated
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink


@kernel(gives=DECIDED)
def value(value: Array, gate: Array) -> Array:
    # Of narrow numbers the product is exact in float64. A closed gate is asked for no product: an
    # infinite value times 0 is none.
    f: Array = where(gate < 0, 0.0, value * gate)
    return f


@kernel(gives=DECIDED)
def value_derivative(value: Array, gate: Array) -> Array:
    return positive(gate)


@kernel(gives=DECIDED)
def gate_derivative(value: Array, gate: Array) -> Array:
    # A gate that is no number is not below 0, and lets pass what is none.
    f: Array = where(gate < 0, 0.0, np.where(np.isnan(gate), gate, value))
    return f


def formula(value: Any, gate: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=value * sp.Piecewise((gate, gate >= 0), (0, True)),
        range=(-sp.oo, sp.oo),
        kinks=(Kink(at=0),),
    )


reglu = Gated(
    name="reglu",
    title="ReGLU",
    aliases=("ReLU-gated linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernels={"value": value_derivative, "gate": gate_derivative},
    infinities=(
        "An infinite value gives itself where the gate is open, 0 where it is closed, and NaN "
        "where it is exactly 0. An infinite gate gives 0 or an infinity; the value 0 with the gate "
        "inf has no limit, and it gives NaN."
    ),
    references=("shazeer2020glu",),
    equivalents={},
    spelled={
        "PyTorch": Spelling("value * torch.relu(gate)"),
        "JAX": Spelling("value * jax.nn.relu(gate)"),
    },
)
