"""Softmax: f(z)_i = exp(z_i / T) / Σ_k exp(z_k / T), a point of the simplex; T = 1 by default.

Jacobian: df_i/dz_j = f_i (δ_ij − f_j) / T.
Vector-Jacobian product: Σ_i u_i df_i/dz_j = f_j (u_j − Σ_i u_i f_i) / T.

Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_product, row_sum
from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import rows_kernel
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.parameter import Parameter

temperature = Parameter(
    name="temperature",
    default=1.0,
    meaning="What the logits are divided by: heat levels the outputs, cold sharpens them.",
    domain=Domain(above=0),
)


def shifted(z: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    """(z − max z) / temperature as an unevaluated sum shift + carry.

    The quotient rounds as the difference does, and what it leaves is divided once more. The power
    of two is taken out of the temperature first: of a large one before the difference is taken,
    which could overflow, of a small one afterwards.
    """
    if temperature == 1:
        return _differences(z)
    mantissa, exponent = math.frexp(temperature)
    before = max(exponent, 0)
    difference, carry = _differences(np.ldexp(z, -before))
    difference, carry = (np.ldexp(part, before - exponent) for part in (difference, carry))
    shift = difference / mantissa
    product, missing = exact_product(shift, mantissa)
    left = (difference - product) - missing + carry
    return shift, np.where(np.isfinite(left), left / mantissa, 0.0)


def power_and_divisor(temperature: float) -> tuple[float, float]:
    """temperature = divisor / power, exactly: a power of two to scale by before there is a sum, and

    a number between 1/2 and 1 to divide by at the end, if the temperature is within 2^±500.
    """
    mantissa, exponent = math.frexp(temperature)
    most = max(-500, min(exponent, 500))
    return 2.0**-most, math.ldexp(mantissa, exponent - most)


def _differences(z: Array) -> tuple[Array, Array]:
    """z − max z, which keeps exp from overflowing, as an unevaluated sum shift + carry.

    The subtraction rounds, and exp turns that absolute error into a relative one: 512 ulp at a
    spread of 700. Knuth's TwoSum gives the error exactly. Where the maximum is infinite and not
    alone there is no limit, and the shift is NaN.
    """
    top = z.max(axis=-1, keepdims=True)
    shift, carry = exact_addition(z, -top)
    limit = np.isfinite(top) | (np.count_nonzero(z == top, axis=-1, keepdims=True) == 1)
    return np.where(limit, np.where(z == top, 0.0, shift), np.nan), carry


def exponentials(shift: Array, carry: Array) -> Array:
    """exp(shift + carry)."""
    e = np.exp(shift)
    e += e * carry
    return e


def denominator(total: Array, lost: Array, divisor: float) -> tuple[Array, Array]:
    """(total + lost)² · divisor in two floats: every division more would cost half an ulp."""
    square, missing = exact_product(total, total)
    below, left = exact_product(square, divisor)
    return below, left + (missing + 2 * lost * total) * divisor


def in_two(shift: Array, carry: Array) -> tuple[Array, Array]:
    """exp(shift + carry) as a product of two, of which the second is 1 down to exp(−700).

    Below, the exponential loses its digits before its product with a larger number does.
    """
    high = exponentials(np.maximum(shift, -700.0), carry)
    return high, np.exp(np.minimum(shift + 700.0, 0.0))


def sum_of_smaller(values: Array) -> Array:
    """The sum of all but the largest."""
    smaller = values.copy()
    np.put_along_axis(smaller, _largest(values), 0.0, axis=-1)
    return row_sum(smaller)


def sums_of_others(values: Array, rest: Array) -> Array:
    """For each value the sum of all others, from `rest`, the sum of all but the largest.

    Total less value would cancel for the largest, of which there the sum is rest itself.
    """
    largest = _largest(values)
    others = (rest - values) + np.take_along_axis(values, largest, axis=-1)
    np.put_along_axis(others, largest, rest, axis=-1)
    return others


def _largest(values: Array) -> NDArray[np.intp]:
    """Where the largest is, in absolute value."""
    return np.abs(values).argmax(axis=-1, keepdims=True)


@rows_kernel
def value(z: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    e = exponentials(*shifted(z, temperature))
    f = e / (1 + sum_of_smaller(e))
    return f, f


@value.exact
def exact_value(e: Any, place: Any) -> Any:
    (i,) = place
    return e[i], e.total


@rows_kernel
def jacobian(z: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    # f_i (1 - f_i) on the diagonal cancels where f_i is close to 1: 1 - f_i is others_i / total.
    high, low = in_two(*shifted(z, temperature))
    total, lost = exact_addition(sum_of_smaller(high * low), 1.0)
    power, divisor = power_and_divisor(temperature)
    scaled = power * high * low
    others = sums_of_others(scaled, sum_of_smaller(scaled))
    below, left = denominator(total, lost, divisor)
    columns, diagonals = ((part / below) * (1 - left / below) for part in (power * high, others))
    size = high[..., :, None] * columns[..., None, :] * (low[..., :, None] * low[..., None, :])
    diagonal = np.arange(z.shape[-1])
    size[..., diagonal, diagonal] = -high * diagonals * low
    return -size, np.abs(size)


@jacobian.exact
def exact_jacobian(e: Any, place: Any) -> Any:
    i, j = place
    return e[i] * (e.number(i == j) * e.total - e[j]), e.temperature * e.total * e.total


@rows_kernel
def vjp(z: Array, upstream: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    # Σ_i f_i is 1, so a constant may be taken from every u_i: that of the largest f, whose slope is
    # then a sum of small terms. f_j (u_j - Σ_i u_i f_i), with u_j f_j taken out of both terms. What
    # the total and the centred u lose in rounding is put back: that keeps this below 4 ulp.
    high, low = in_two(*shifted(z, temperature))
    e = high * low
    rest = sum_of_smaller(e)
    others = sums_of_others(e, rest)
    total, lost = exact_addition(rest, 1.0)
    power, divisor = power_and_divisor(temperature)
    largest = e.argmax(axis=-1, keepdims=True)
    top = np.take_along_axis(upstream, largest, axis=-1)
    centred, missing = exact_addition(upstream, -top)
    weighted = power * high * centred * low
    pull = power * centred * others - (row_sum(weighted) - weighted - power * missing * others)
    terms = power * np.abs(centred) * others + np.abs(weighted).sum(axis=-1, keepdims=True)
    below, left = denominator(total, lost, divisor)
    slope, size = (high * (part / below) * low for part in (pull, terms))
    return slope - slope * (left / below), size


@vjp.exact
def exact_vjp(e: Any, place: Any, upstream: Any) -> Any:
    (j,) = place
    return e[j] * (upstream[j] * e.total - e.dot(upstream)), e.temperature * e.total * e.total


def definition(z: Sequence[Any], temperature: Any = 1) -> Any:
    import sympy as sp

    total = sum(sp.exp(z_k / temperature) for z_k in z)
    return sp.Matrix([sp.exp(z_i / temperature) / total for z_i in z])


# Infinity less infinity, where the limit is 1 for that component and 0 for the others.
ONE_INFINITE = {"f(inf, 0, 1)": (math.nan,) * 3}

softmax = VectorActivation(
    name="softmax",
    title="Softmax",
    aliases=("softargmax", "normalized exponential", "softmax2d"),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    parameters=(temperature,),
    samples=({"temperature": 0.3}, {"temperature": 2.5}),
    infinities="One infinite component gives the limit; where no limit exists (two at +inf, all at "
    "-inf) the vector is NaN.",
    bounds=(0, 1),
    references=("bridle1990probabilistic",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.softmax",
            "warns unless dim is given",
            arguments={"dim": -1},
            deviates=ONE_INFINITE,
        ),
        "Keras": Equivalent("keras.activations.softmax", deviates=ONE_INFINITE),
        "JAX": Equivalent("jax.nn.softmax", deviates=ONE_INFINITE),
        "TensorFlow": Equivalent("tf.nn.softmax", deviates=ONE_INFINITE),
        "SciPy": Equivalent(
            "scipy.special.softmax",
            "axis=None by default",
            arguments={"axis": -1},
            deviates=ONE_INFINITE,
        ),
        "ONNX": Equivalent("Softmax", deviates=ONE_INFINITE),
    },
)
