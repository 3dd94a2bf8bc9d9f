"""SELU, the scaled exponential linear unit: f(x) = scale · elu(x, alpha) with two fixed constants.

f′(x) = scale for x ≥ 0, scale · alpha exp(x) for x < 0.

Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks", NIPS 2017,
arXiv:1706.02515.
"""

import numpy as np
import sympy as sp

from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import negative, positive
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.kink import Kink
from actlib.formula.setting import X

# To 32 digits, as the paper's code and the post have them: the function is defined by these.
ALPHA = sp.Rational("1.6732632423543772848170429916717")
SCALE = sp.Rational("1.0507009873554804934193349852946")

# Each product is rounded once here, not once more in every call.
scale, scale_alpha = np.array(float(SCALE)), np.array(float(SCALE * ALPHA))
excess = np.array(scale_alpha - scale)


def value(x: Array) -> Array:
    # As in elu: exp(x) - 1 cancels near 0, and expm1 does not.
    return scale * positive(x) + scale_alpha * np.expm1(negative(x))


def derivative(x: Array) -> Array:
    # On the right the exponential is 1, and what is too much is taken off: an exact difference.
    return scale_alpha * np.exp(negative(x)) - (x >= 0) * excess


selu = Activation(
    name="selu",
    title="SELU",
    aliases=("scaled exponential linear unit", "self-normalizing unit"),
    doc=__doc__,
    definition=sp.Piecewise((SCALE * ALPHA * (sp.exp(X) - 1), X < 0), (SCALE * X, True)),
    value_kernel=value,
    derivative_kernel=derivative,
    kinks=(
        Kink(
            at=sp.Integer(0),
            frameworks={
                "PyTorch": SCALE * ALPHA,
                "Keras": SCALE,
                "JAX": SCALE * ALPHA,
                "TensorFlow": SCALE,
            },
        ),
    ),
    range=(-SCALE * ALPHA, sp.oo),
    references=("klambauer2017selfnormalizing",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.selu", deviates={"f'(nan)": float(SCALE)}),
        "Keras": Equivalent("keras.activations.selu", deviates={"f'(nan)": float(SCALE)}),
        "JAX": Equivalent("jax.nn.selu"),
        "TensorFlow": Equivalent("tf.nn.selu", deviates={"f'(nan)": float(SCALE)}),
        "ONNX": Equivalent("Selu"),
    },
)
