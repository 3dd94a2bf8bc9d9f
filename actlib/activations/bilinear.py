"""Bilinear gate, a linear unit whose gate is a line: f(value, gate) = value · gate.

df/dvalue = gate; df/dgate = value.

Dauphin, Fan, Auli & Grangier, "Language modeling with gated convolutional networks", ICML 2017,
arXiv:1612.08083. By this name: Shazeer, "GLU variants improve Transformer", 2020, arXiv:2002.05202.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.kernel import DECIDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.call.pairs import Gated
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula


@kernel(gives=DECIDED)
def value(value: Array, gate: Array) -> Array:
    return value * gate  # of narrow numbers it is exact in float64


@kernel(gives=DECIDED)
def value_derivative(value: Array, gate: Array) -> Array:
    return gate


@kernel(gives=DECIDED)
def gate_derivative(value: Array, gate: Array) -> Array:
    return np.where(np.isnan(gate), gate, value)  # the slope knows no gate, but NaN gives NaN


def formula(value: Any, gate: Any) -> Formula:
    import sympy as sp

    return Formula(definition=value * gate, range=(-sp.oo, sp.oo))


bilinear = Gated(
    name="bilinear",
    title="Bilinear gate",
    aliases=("bilinear layer", "bilinear unit"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernels={"value": value_derivative, "gate": gate_derivative},
    infinities=(
        "An infinity times a number gives the infinity with the sign of the product. Infinity "
        "times 0 has no limit, and gives NaN."
    ),
    references=("dauphin2017language", "shazeer2020glu"),
    equivalents={},
    spelled={
        "PyTorch": Spelling(
            "value * gate", why="torch.nn.functional.bilinear is x A y, with a weight A"
        ),
        "JAX": Spelling("value * gate"),
    },
)
