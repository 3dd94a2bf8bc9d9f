"""Sigmoid, the logistic function: f(x) = 1 / (1 + exp(−x)).

f′(x) = f(x) (1 − f(x)) = exp(−x) / (1 + exp(−x))².

Verhulst, "Recherches mathématiques sur la loi d'accroissement de la population", 1845.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import HALF, ONE, minus_abs
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula


@kernel(takes=OWN)
def value(x: Array) -> Array:
    if x.dtype != np.float64:  # what overflows here is nearly 0 there
        return ONE / (ONE + np.exp(-x.astype(np.float64)))
    # exp is asked for nothing above exp(0): it cannot overflow, and both tails keep their digits.
    # With u = f(-|x|), f is 1 - u on the right and t (1 - u) on the left: a small u rounds little.
    tail = np.exp(minus_abs(x))
    small = tail / (ONE + tail)
    whole = np.maximum(tail, (x >= 0).astype(np.float64))
    return whole - whole * small


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    if x.dtype != np.float64:
        return (HALF / np.cosh(HALF * x.astype(np.float64))) ** 2
    # f (1 - f) cancels where f is close to 1. f′ is even, so the left tail serves both sides.
    tail = np.exp(minus_abs(x))
    small = tail / (ONE + tail)
    return small - small * small


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=1 / (1 + sp.exp(-x)),
        range=(0, 1),
    )


sigmoid = Activation(
    name="sigmoid",
    title="Sigmoid",
    aliases=("logistic function", "expit"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=(
        "verhulst1838notice",
        "verhulst1845loi",
    ),
    equivalents={
        "PyTorch": Equivalent("torch.sigmoid"),
        "Keras": Equivalent("keras.activations.sigmoid"),
        "JAX": Equivalent("jax.nn.sigmoid"),
        "TensorFlow": Equivalent("tf.math.sigmoid"),
        "SciPy": Equivalent("scipy.special.expit"),
        "ONNX": Equivalent("Sigmoid"),
    },
)
