"""CELU, a continuously differentiable ELU: f(x) = x for x ≥ 0, alpha (exp(x/alpha) − 1) for x < 0.

f′(x) = 1 for x ≥ 0, exp(x/alpha) for x < 0.

Barron, "Continuously differentiable exponential linear units", 2017, arXiv:1704.07483.
"""

import math
from typing import Any

import numpy as np

from actlib.activations import elu
from actlib.arithmetic.exact import exact_product
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import always, negative, where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter

alpha = Parameter(
    name="alpha",
    default=1.0,
    domain=Domain(above=0),
    meaning="f tends to -alpha on the left, and takes about as long a way to get there.",
)

VANISHED = -2000.0  # exp(VANISHED) is 0
TINY = -(2.0**-60)  # from here to 0 alpha (exp(y) - 1) is x to the last bit


def value(x: Array, alpha: Array | float) -> Array:
    if always(alpha, 1):
        return elu.value(x, 1.0)
    # x / alpha may be subnormal, and then has fewer digits than x: that close to 0 f is x.
    y = negative(x) / alpha
    f: Array = where(y >= TINY, x, alpha * np.expm1(y))
    return f


def derivative(x: Array, alpha: Array | float) -> Array:
    if always(alpha, 1):
        return elu.derivative(x, 1.0)
    # An error of x / alpha is an error of the exponential, x / alpha times as large: what the
    # quotient lost is put back. With an alpha between 1/2 and 1 no product over- or underflows.
    alpha, exponent = np.frexp(alpha)
    x = np.maximum(np.ldexp(negative(x), -exponent), VANISHED)
    y = x / alpha
    product, rest = exact_product(y, alpha)
    e = np.exp(y)
    return e + e * (((x - product) - rest) / alpha)


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((alpha * (sp.exp(x / alpha) - 1), x < 0), (x, True)),
        range=(-alpha, sp.oo),
    )


celu = Activation(
    name="celu",
    title="CELU",
    aliases=("continuously differentiable exponential linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(alpha,),
    samples=({"alpha": 0.3}, {"alpha": 2.0}),
    references=("barron2017celu",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.celu",
            deviates={"f'(nan)": 1.0},
            depends={"in a long array": {"f'(nan)": math.nan}},
        ),
        "Keras": Equivalent(
            "keras.activations.celu",
            deviates={"f'(0)": 2.0, "f'(nan)": 0.0},
            depends={
                "on JAX": {"f'(0)": 1.0, "f'(nan)": math.nan},
                "on PyTorch": {"f'(0)": 1.0, "f'(nan)": 1.0},
            },
        ),
        "JAX": Equivalent("jax.nn.celu"),
        "ONNX": Equivalent("Celu"),
    },
)
