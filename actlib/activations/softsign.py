"""Softsign: f(x) = x / (|x| + 1).

f′(x) = 1 / (1 + |x|)².

Elliott, "A better activation function for artificial neural networks", University of Maryland,
1993. Turian, Bergstra & Bengio, "Quadratic features and deep architectures for chunking", NAACL
2009.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, any_nan
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula


def value(x: Array) -> Array:
    y = x / (ONE + np.abs(x))
    if not any_nan(y):
        return y
    return np.where(np.isinf(x), np.sign(x), y)  # inf / inf is NaN where the limits are -1 and 1


def derivative(x: Array) -> Array:
    # (1 + |x|)² overflows long before its inverse is 0: invert first.
    return (ONE / (ONE + np.abs(x))) ** 2


# Infinity by infinity: what the formula gives where the limits are -1, 1 and 0.
VALUES = {"f(-inf)": math.nan, "f(inf)": math.nan}
SLOPES = {"f'(-inf)": math.nan, "f'(inf)": math.nan}


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=x / (sp.Abs(x) + 1),
        range=(-1, 1),
    )


softsign = Activation(
    name="softsign",
    title="Softsign",
    aliases=("Elliott function",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("elliott1993better", "turian2009quadratic", "glorot2010understanding"),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.softsign", deviates=VALUES | SLOPES),
        "Keras": Equivalent(
            "keras.activations.softsign",
            deviates=VALUES,
            depends={"on JAX": SLOPES, "on PyTorch": SLOPES},
        ),
        "JAX": Equivalent("jax.nn.soft_sign", deviates=VALUES | SLOPES),
        "TensorFlow": Equivalent("tf.nn.softsign", deviates=VALUES),
        "ONNX": Equivalent("Softsign", deviates=VALUES),
    },
)
