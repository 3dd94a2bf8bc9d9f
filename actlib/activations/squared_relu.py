"""Squared ReLU: f(x) = scale · max(x, 0)² + bias.

f′(x) = 2 scale · max(x, 0); df/dscale = max(x, 0)²; df/dbias = 1.

So, Mańke, Liu, Dai, Shazeer & Le, "Primer: searching for efficient transformers for language
modeling", NeurIPS 2021, arXiv:2109.08668. With scale and bias: Yu et al., "MetaFormer baselines for
vision", IEEE TPAMI 46, 2024, arXiv:2210.13452.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.exact import Number, exact_addition, exact_product, exact_sum
from actlib.arithmetic.kernel import OWN, ROUNDED, kernel
from actlib.arithmetic.lines import line, line_side
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import always, positive
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter
from actlib.formula.preset import Preset

scale = Parameter(
    name="scale", default=1.0, learned=True, meaning="What the square is multiplied by."
)
bias = Parameter(name="bias", default=0.0, learned=True, meaning="The value on the left, and at 0.")

FAR, NEAR = 2.0**900, 2.0**-900  # beyond them halves of a product overflow, or lose digits
HALF_OF_LARGEST = 2.0**1023


def is_square(dtype: np.dtype[Any], scale: float, bias: float) -> bool:
    """Is it the square and nothing else?"""
    return scale == 1 and bias == 0


@kernel(takes=OWN, gives=ROUNDED, when=is_square)
def value(x: Array, scale: Number, bias: Number) -> Array:
    y = positive(x)
    if always(scale, 1) and always(bias, 0):
        y *= y
        return y
    # Next to a root the product cancels the bias: what rounding lost of it is added at the end.
    # Half of the power of 2 in the scale goes to each x, so that x² overflows only if f does.
    factor, root = in_parts(scale)
    y *= root
    most = np.maximum(y * y, np.abs(bias))
    least: Number = 1.0
    if not (most.min() > NEAR and most.max() < FAR):
        least = np.where(most > FAR, 2.0**-64, np.where(most < NEAR, 2.0**64, 1.0))
        y *= least
    square, missing = exact_product(y, y)
    product, lost = exact_product(factor, square)
    total, rest = exact_addition(product, np.multiply(bias, least) * least)
    total += rest + (lost + factor * missing)
    return np.where(np.equal(scale, 0), bias, total / least / least)


def in_parts(scale: Number) -> tuple[Any, Any]:
    """scale = factor · root², where root is a power of 2 and the factor between 1/2 and 2."""
    part, exponent = np.frexp(scale)
    half = exponent // 2
    return np.ldexp(part, exponent - 2 * half), np.ldexp(1.0, half)


@value.second_look
def side(middle: Array, x: Array, scale: Number, bias: Number) -> Array:
    # The square of an x of 24 bits is exact. What is left beside the bias may be 0 in float64.
    y = positive(x)
    gap = exact_sum([*exact_product(scale, y * y), bias, -middle])
    return np.where((bias == middle) & (y > 0), np.sign(scale), gap)


@kernel(takes=OWN, gives=ROUNDED)
def derivative(x: Array, scale: Number, bias: Number) -> Array:
    y = positive(x)
    if np.max(np.abs(scale)) < HALF_OF_LARGEST:
        return line(np.multiply(2.0, scale)[()], y)
    return 2 * line(scale, y)


@derivative.second_look
def slope_side(middle: Array, x: Array, scale: Number, bias: Number) -> Array:
    return line_side(middle / 2, positive(x), scale)


@kernel(takes=OWN, gives=ROUNDED)
def scale_derivative(x: Array, scale: Number, bias: Number) -> Array:
    y = positive(x)
    y *= y
    return y


@kernel(takes=OWN, gives=ROUNDED)
def bias_derivative(x: Array, scale: Number, bias: Number) -> Array:
    return np.ones_like(x)


STAR = {"scale": 0.8944, "bias": -0.4472}  # about 2/√5 and −1/√5


def formula(x: Any, scale: Any, bias: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((bias, x < 0), (scale * x**2 + bias, True)),
        range=(
            sp.Piecewise((-sp.oo, scale < 0), (bias, True)),
            sp.Piecewise((sp.oo, scale > 0), (bias, True)),
        ),
    )


squared_relu = Activation(
    name="squared_relu",
    title="Squared ReLU",
    aliases=("ReLU²", "relu2"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(scale, bias),
    parameter_kernels={"scale": scale_derivative, "bias": bias_derivative},
    samples=(STAR, {"scale": -0.3, "bias": 0.7}, {"scale": 0.0, "bias": 0.3}),
    presets=(Preset(name="star_relu", title="StarReLU", setting=STAR),),
    references=("so2021primer", "yu2024metaformer"),
    equivalents={},
    spelled={
        "PyTorch": Spelling("torch.square(torch.nn.functional.relu(x))"),
        "JAX": Spelling("jax.numpy.square(jax.nn.relu(x))"),
    },
)
