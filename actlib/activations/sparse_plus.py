"""Sparse plus, or smooth ReLU: f(x) = (x + beta)² / (4 beta) for −beta < x < beta.

f(x) = 0 for x ≤ −beta and x for x ≥ beta. f′(x) = 0, (x + beta) / (2 beta) and 1 on the same
pieces.

Blondel, Martins & Niculae, "Learning with Fenchel-Young losses", Journal of Machine Learning
Research 21, 2020, arXiv:1901.02324, with beta = 1. With any: Shamir, Lin & Coviello, "Smooth
activations and reproducibility in deep networks", 2020, arXiv:2010.09931.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import Number, exact_addition, exact_product, exact_sum
from actlib.arithmetic.kernel import DECIDED, NEAR, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import HALF, ONE, always, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter

beta = Parameter(
    name="beta",
    default=1.0,
    domain=Domain(above=0),
    meaning="Half the width of the bend: towards 0 f tends to ReLU.",
)


def is_one(dtype: np.dtype[Any], beta: float) -> bool:
    return beta == 1


def scaled(x: Array, beta: Number) -> tuple[Array, Array, Number, Any]:
    """x + beta and what is missing from it, between 0 and 2 beta; beta itself; and the exponent by

    which all three were made smaller: no square over- or underflows then.
    """
    beta, exponent = np.frexp(beta)
    x = np.clip(np.ldexp(x, -exponent), -beta, beta)
    above, missing = exact_addition(x, beta)
    return above, missing, beta, exponent


@kernel(takes=OWN, gives=DECIDED, when=is_one, otherwise=NEAR)
def value(x: NDArray[Any], beta: Number) -> Array:
    # f lies nowhere below x. One rounding of the square lies on the right side of every midpoint of
    # narrow numbers, as `make prove` shows.
    if always(beta, 1):
        f = at_least(-1.0, at_most(1.0, x)).astype(np.float64, copy=False)
        f += ONE
        f *= HALF
        f *= f
        return np.maximum(f, x)
    above, missing, part, exponent = scaled(x, beta)
    square, rest = exact_product(above, above)
    f = square / (4 * part) + (rest + 2 * above * missing) / (4 * part)
    return np.maximum(np.ldexp(f, exponent), x)


@value.second_look
def side(middle: Array, x: Array, beta: Number) -> Array:
    products = [(2 * x, beta), (beta, beta), (-4 * middle, beta)]
    parts = [part for product in products for part in exact_product(*product)]
    return by_piece(exact_sum([x * x, *parts]), x - middle, -middle, x, beta)


@kernel(takes=OWN, gives=ROUNDED, when=is_one, otherwise=NEAR)
def derivative(x: NDArray[Any], beta: Number) -> NDArray[Any]:
    if always(beta, 1):
        slope = at_least(-1.0, at_most(1.0, x))
        slope += x.dtype.type(1)
        slope *= x.dtype.type(0.5)
        return slope
    above, missing, part, _ = scaled(x, beta)
    return (above + missing) / (2 * part)


@derivative.second_look
def slope_side(middle: Array, x: Array, beta: Number) -> Array:
    inside = exact_sum([x, beta, *exact_product(-2 * middle, beta)])
    return by_piece(inside, 1 - middle, -middle, x, beta)


def by_piece(inside: Array, right: Array, left: Array, x: Array, beta: Number) -> Array:
    """What belongs to the piece on which x lies."""
    return np.where(x > beta, right, np.where(x < -beta, left, inside))


LOST = {"f'(-inf)": math.nan, "f'(inf)": math.nan}  # 0 times infinity, in a piece not taken


def formula(x: Any, beta: Any) -> Formula:
    import sympy as sp

    middle = (x + beta) ** 2 / (4 * beta)
    return Formula(
        definition=sp.Piecewise((0, x <= -beta), (x, x >= beta), (middle, True)),
        range=(0, sp.oo),
    )


sparse_plus = Activation(
    name="sparse_plus",
    title="Sparse plus",
    aliases=("SmeLU", "smooth ReLU", "sparseplus"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(beta,),
    samples=({"beta": 0.3}, {"beta": 2.0}),
    references=("blondel2020learning", "shamir2020smooth"),
    equivalents={
        "Keras": Equivalent("keras.activations.sparse_plus", deviates=LOST),
        "JAX": Equivalent("jax.nn.sparse_plus", deviates=LOST),
    },
    spelled={"PyTorch": Spelling("torch.where(x < 1, torch.clamp(x + 1, min=0) ** 2 / 4, x)")},
)
