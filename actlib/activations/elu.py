"""ELU, the exponential linear unit: f(x) = x for x ≥ 0, alpha (exp(x) − 1) for x < 0.

f′(x) = 1 for x ≥ 0, alpha exp(x) for x < 0.

Clevert, Unterthiner & Hochreiter, "Fast and accurate deep network learning by exponential
linear units (ELUs)", ICLR 2016, arXiv:1511.07289.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import always, negative, positive, where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

alpha = Parameter(
    name="alpha",
    default=1.0,
    domain=Domain(least=0),
    meaning="f tends to -alpha on the left, and leaves 0 to the left with slope alpha.",
)


def value(x: Array, alpha: Array | float) -> Array:
    # exp(x) - 1 cancels near 0, where exp(x) is close to 1: expm1 keeps those digits.
    left = np.expm1(negative(x))
    if always(alpha, 1):
        return np.maximum(x, left)  # exp(x) - 1 lies nowhere below x
    return positive(x) + alpha * left


def derivative(x: Array, alpha: Array | float) -> Array:
    left = negative(x)
    if always(alpha, 1):
        return np.exp(left)
    root = np.exp(left / 2)  # a normal number also where exp(x) is none, and alpha exp(x) is again
    return where(x < 0, alpha * root * root, 1.0)


TWO = {"alpha": 2.0}  # at 1 there is no kink


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((alpha * (sp.exp(x) - 1), x < 0), (x, True)),
        range=(-alpha, sp.oo),
        kinks=(
            Kink(
                at=0,
                when=sp.Ne(alpha, 1),
                frameworks={"PyTorch": alpha, "Keras": alpha, "JAX": alpha},
            ),
        ),
    )


LOST = {"f'(nan)": math.nan}

elu = Activation(
    name="elu",
    title="ELU",
    aliases=("exponential linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(alpha,),
    samples=({"alpha": 0.0}, {"alpha": 0.3}, {"alpha": 2.0}),
    references=("clevert2016elu",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.elu",
            kinks_at=TWO,
            deviates={"f'(nan)": 1.0},
            depends={"in a long array": LOST},
        ),
        "Keras": Equivalent(
            "keras.activations.elu",
            kinks_at=TWO,
            deviates={"f'(nan)": 1.0},
            depends={"on JAX": LOST, "by XLA": LOST},
        ),
        "JAX": Equivalent("jax.nn.elu", kinks_at=TWO),
        "TensorFlow": Equivalent(
            "tf.nn.elu", "alpha fixed at 1", deviates={"f'(nan)": 1.0}, depends={"by XLA": LOST}
        ),
        "ONNX": Equivalent("Elu"),
    },
)
