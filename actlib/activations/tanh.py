"""Tanh, the hyperbolic tangent: f(x) = 2 / (1 + exp(−2x)) − 1.

f′(x) = 1 − f(x)² = 4 exp(−2x) / (1 + exp(−2x))².

LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998.
"""

from typing import Any

import numpy as np

from actlib.activations import sigmoid
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula


def value(x: Array) -> Array:
    # 2 / (1 + exp(-2x)) is close to 1 near 0, and subtracting 1 leaves none of the digits of x.
    return np.tanh(x)


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    if x.dtype != np.float64:  # 1 / cosh²; what overflows there is nearly 0 here
        slope = x.astype(np.float64)
        np.cosh(slope, out=slope)
        slope *= slope
        return np.divide(ONE, slope, out=slope)
    # 1 - f² cancels where f is close to 1; the slope of sigmoid, scaled, does not.
    return 4 * sigmoid.derivative(x + x)


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=2 / (1 + sp.exp(-2 * x)) - 1,
        range=(-1, 1),
    )


NARROW = 20 * 2.0**-24  # 1 − y² for y = 1 − 10 · 2^−24, the float32 next to tanh(7.5)

tanh = Activation(
    name="tanh",
    title="Tanh",
    aliases=("hyperbolic tangent",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("lecun1998efficient",),
    equivalents={
        "PyTorch": Equivalent("torch.tanh"),
        "Keras": Equivalent(
            "keras.activations.tanh",
            "on JAX in float32, whatever x is",
            depends={"on JAX": {"f'(-7.5)": NARROW, "f'(7.5)": NARROW}},
        ),
        "JAX": Equivalent("jax.numpy.tanh"),
        "TensorFlow": Equivalent("tf.math.tanh"),
        "NumPy": Equivalent("numpy.tanh"),
        "ONNX": Equivalent("Tanh"),
    },
)
