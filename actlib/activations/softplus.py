"""Softplus, a smooth ReLU: f(x) = log(1 + exp(beta x)) / beta.

f′(x) = 1 / (1 + exp(−beta x)), the sigmoid of beta x.

Dugas, Bengio, Bélisle, Nadeau & Garcia, "Incorporating second-order functional knowledge for
better option pricing", NIPS 2000.
"""

from typing import Any

import numpy as np

from actlib.activations import sigmoid
from actlib.arithmetic.exact import exact_product
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, always, at_most, minus_abs
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.looser import Looser
from actlib.formula.parameter import Parameter

beta = Parameter(
    name="beta",
    default=1.0,
    domain=Domain(above=0),
    meaning="How sharply f bends: towards infinity it tends to ReLU.",
)

FAR = 700.0  # exp(−FAR) is a normal number


def value(x: Array, beta: Array | float) -> Array:
    # On the left 1 + exp(x) rounds to 1, whose log is 0: log1p keeps exp(x). On the right exp(x)
    # would overflow; f lies nowhere below x, and beyond 40 it is x to the last bit.
    if always(beta, 1):
        return np.maximum(x, np.log1p(np.exp(at_most(40, x))))
    # An error of beta x is an error of exp(beta x), times beta x: what is lost is put back, with
    # what the quotient loses. Below exp(−FAR) a factor that comes last keeps the digits.
    y, lost = exact_product(beta, x)
    size = np.abs(y)
    e = np.exp(-at_most(FAR, size))
    logarithm = np.log1p(e)
    nearest = logarithm / beta
    product, rest = exact_product(nearest, beta)
    missing = (logarithm - product) - rest
    missing += np.where(y < 0, lost, -lost) * e / (1 + e)
    missing /= beta
    above = nearest + np.where(np.isfinite(missing), missing, 0.0)
    return np.maximum(x, 0) + above * np.exp(at_most(0.0, FAR - size))


@kernel(takes=OWN)
def derivative(x: Array, beta: Array | float) -> Array:
    if always(beta, 1):
        slope: Array = sigmoid.value(x)
        return slope
    # As in sigmoid, with what beta x lost.
    y, lost = exact_product(beta, x.astype(np.float64))
    tail = np.exp(minus_abs(y))
    tail += tail * np.where(y < 0, lost, -lost)
    small = tail / (ONE + tail)
    whole = np.where(y < 0, tail, 1.0)
    return whole - whole * small


def formula(x: Any, beta: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.log(1 + sp.exp(beta * x)) / beta,
        range=(0, sp.oo),
        looser={"value": Looser(2.5, "the errors of exp, log1p and a sum", when=sp.Ne(beta, 1))},
    )


softplus = Activation(
    name="softplus",
    title="Softplus",
    aliases=("SmoothReLU", "log1pexp"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(beta,),
    samples=({"beta": 0.3}, {"beta": 2.0}, {"beta": 3.0}),
    references=("dugas2000incorporating",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.softplus", "beta=1, threshold=20"),
        "Keras": Equivalent("keras.activations.softplus"),
        "JAX": Equivalent("jax.nn.softplus"),
        "TensorFlow": Equivalent("tf.math.softplus"),
        "ONNX": Equivalent("Softplus"),
    },
)
