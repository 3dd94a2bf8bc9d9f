"""Exponential: f(x) = exp(x).

f′(x) = exp(x).

The inverse of the link with which Nelder & Wedderburn, "Generalized linear models", Journal of the
Royal Statistical Society A 135, 1972, model counts.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula


def value(x: Array) -> Array:
    return np.exp(x)


def derivative(x: Array) -> Array:
    return np.exp(x)


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.exp(x),
        range=(0, sp.oo),
    )


exponential = Activation(
    name="exponential",
    title="Exponential",
    aliases=("exp",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("nelder1972generalized",),
    equivalents={
        "PyTorch": Equivalent("torch.exp"),
        "Keras": Equivalent("keras.activations.exponential"),
        "JAX": Equivalent("jax.numpy.exp"),
        "TensorFlow": Equivalent("tf.math.exp"),
        "NumPy": Equivalent("numpy.exp"),
        "ONNX": Equivalent("Exp"),
    },
)
