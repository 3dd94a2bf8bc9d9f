"""Softplus, a smooth ReLU: f(x) = log(1 + exp(x)).

f′(x) = 1 / (1 + exp(−x)), the sigmoid.

Dugas, Bengio, Bélisle, Nadeau & Garcia, "Incorporating second-order functional knowledge for
better option pricing", NIPS 2000.
"""

import numpy as np
import sympy as sp

from actlib.activations import sigmoid
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import at_most
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.setting import X


def value(x: Array) -> Array:
    # On the left 1 + exp(x) rounds to 1, whose log is 0: log1p keeps exp(x). On the right exp(x)
    # would overflow; f lies nowhere below x, and beyond 40 it is x to the last bit.
    return np.maximum(x, np.log1p(np.exp(at_most(40, x))))


softplus = Activation(
    name="softplus",
    title="Softplus",
    aliases=("SmoothReLU", "log1pexp"),
    doc=__doc__,
    definition=sp.log(1 + sp.exp(X)),
    value_kernel=value,
    derivative_kernel=sigmoid.value,
    range=(sp.Integer(0), sp.oo),
    references=("dugas2000incorporating",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.softplus", "beta=1, threshold=20"),
        "Keras": Equivalent("keras.activations.softplus"),
        "JAX": Equivalent("jax.nn.softplus"),
        "TensorFlow": Equivalent("tf.math.softplus"),
        "ONNX": Equivalent("Softplus"),
    },
)
