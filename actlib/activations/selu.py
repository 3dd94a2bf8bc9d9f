"""SELU, the scaled exponential linear unit: f(x) = scale · elu(x, alpha) with two fixed constants.

f′(x) = scale for x ≥ 0, scale · alpha exp(x) for x < 0.

Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks", NIPS 2017,
arXiv:1706.02515.
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import negative, positive
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink

# To 32 digits, as the paper's code and the post have them: the function is defined by these.
ALPHA = Fraction("1.6732632423543772848170429916717")
SCALE = Fraction("1.0507009873554804934193349852946")

# Each product is rounded once here, not once more in every call.
scale, scale_alpha = np.array(float(SCALE)), np.array(float(SCALE * ALPHA))
excess = np.array(scale_alpha - scale)


def value(x: Array) -> Array:
    # As in elu: exp(x) - 1 cancels near 0, and expm1 does not.
    return scale * positive(x) + scale_alpha * np.expm1(negative(x))


def derivative(x: Array) -> Array:
    # On the right the exponential is 1, and what is too much is taken off: an exact difference.
    return scale_alpha * np.exp(negative(x)) - (x >= 0) * excess


def formula(x: Any) -> Formula:
    import sympy as sp

    scale, alpha = sp.Rational(SCALE), sp.Rational(ALPHA)
    return Formula(
        definition=sp.Piecewise((scale * alpha * (sp.exp(x) - 1), x < 0), (scale * x, True)),
        range=(-scale * alpha, sp.oo),
        kinks=(
            Kink(
                at=0,
                frameworks={
                    "PyTorch": scale * alpha,
                    "Keras": scale,
                    "JAX": scale * alpha,
                    "TensorFlow": scale,
                },
            ),
        ),
    )


LEFT = {"f'(0)": float(SCALE * ALPHA)}  # the slope of the left side
LOST = {"f'(nan)": math.nan}

selu = Activation(
    name="selu",
    title="SELU",
    aliases=("scaled exponential linear unit", "self-normalizing unit"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("klambauer2017selfnormalizing",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.selu",
            deviates={"f'(nan)": float(SCALE)},
            depends={"in a long array": LOST},
        ),
        "Keras": Equivalent(
            "keras.activations.selu",
            deviates={"f'(nan)": float(SCALE)},
            depends={"on JAX": LEFT | LOST, "on PyTorch": LEFT, "by XLA": LEFT | LOST},
        ),
        "JAX": Equivalent("jax.nn.selu"),
        "TensorFlow": Equivalent(
            "tf.nn.selu",
            deviates={"f'(nan)": float(SCALE)},
            depends={"by XLA": LEFT | LOST},
        ),
        "ONNX": Equivalent("Selu"),
    },
)
