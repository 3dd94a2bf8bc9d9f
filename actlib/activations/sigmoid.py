"""Sigmoid, the logistic function: f(x) = 1 / (1 + exp(−x)).

f′(x) = f(x) (1 − f(x)) = exp(−x) / (1 + exp(−x))².

Verhulst, "Recherches mathématiques sur la loi d'accroissement de la population", 1845.
"""

import numpy as np
import sympy as sp

from actlib.framework import Equivalent
from actlib.rounding import Array
from actlib.select import where
from actlib.spec import Activation, X


def value(x: Array) -> Array:
    # exp is asked for nothing above exp(0): it cannot overflow, and both tails keep their digits.
    # With u = f(-|x|), f is 1 - u on the right and t (1 - u) on the left: a small u rounds little.
    tail = np.exp(-np.abs(x))
    small = tail / (1 + tail)
    whole = where(x < 0, tail, 1.0)
    return whole - whole * small


def derivative(x: Array) -> Array:
    # f (1 - f) cancels where f is close to 1. f′ is even, so the left tail serves both sides.
    tail = np.exp(-np.abs(x))
    small = tail / (1 + tail)
    return small - small * small


sigmoid = Activation(
    name="sigmoid",
    title="Sigmoid",
    aliases=("logistic function", "expit"),
    doc=__doc__,
    definition=1 / (1 + sp.exp(-X)),
    value_kernel=value,
    derivative_kernel=derivative,
    range=(sp.Integer(0), sp.Integer(1)),
    references=("verhulst1845loi",),
    equivalents={
        "PyTorch": Equivalent("torch.sigmoid"),
        "Keras": Equivalent("keras.activations.sigmoid"),
        "JAX": Equivalent("jax.nn.sigmoid"),
        "TensorFlow": Equivalent("tf.math.sigmoid"),
        "SciPy": Equivalent("scipy.special.expit"),
        "ONNX": Equivalent("Sigmoid"),
    },
)
