"""Softmax: f(z)_i = exp(z_i) / Σ_k exp(z_k), a point of the simplex.

Jacobian: df_i/dz_j = f_i (δ_ij − f_j).
Vector-Jacobian product: Σ_i u_i df_i/dz_j = f_j (u_j − Σ_i u_i f_i).

Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, row_sum
from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import rows_kernel
from actlib.formula.elsewhere import Equivalent


def shifted(z: Array) -> tuple[Array, Array]:
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
def value(z: Array) -> tuple[Array, Array]:
    e = exponentials(*shifted(z))
    f = e / (1 + sum_of_smaller(e))
    return f, f


@value.exact
def exact_value(e: Any, place: Any) -> Any:
    (i,) = place
    return e[i], e.total


@rows_kernel
def jacobian(z: Array) -> tuple[Array, Array]:
    # f_i (1 - f_i) on the diagonal cancels where f_i is close to 1: 1 - f_i is others_i / total.
    e = exponentials(*shifted(z))
    rest = sum_of_smaller(e)
    f = e / (1 + rest)
    size = f[..., :, None] * f[..., None, :]
    diagonal = np.arange(z.shape[-1])
    size[..., diagonal, diagonal] = -f * (sums_of_others(e, rest) / (1 + rest))
    return -size, np.abs(size)


@jacobian.exact
def exact_jacobian(e: Any, place: Any) -> Any:
    i, j = place
    return e[i] * (e.number(i == j) * e.total - e[j]), e.total * e.total


@rows_kernel
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    # Σ_i f_i is 1, so a constant may be taken from every u_i: that of the largest f, whose slope is
    # then a sum of small terms. f_j (u_j - Σ_i u_i f_i), with u_j f_j taken out of both terms. What
    # the total and the centred u lose in rounding is put back: that keeps this below 4 ulp.
    e = exponentials(*shifted(z))
    rest = sum_of_smaller(e)
    others = sums_of_others(e, rest)
    total, lost = exact_addition(rest, 1.0)
    largest = e.argmax(axis=-1, keepdims=True)
    top = np.take_along_axis(upstream, largest, axis=-1)
    centred, missing = exact_addition(upstream, -top)
    weighted = e * centred
    pull = centred * others - (row_sum(weighted) - weighted - missing * others)
    slope = (e / total) * (pull / total)
    terms = np.abs(centred) * others + np.abs(weighted).sum(axis=-1, keepdims=True)
    return slope - slope * (2 * lost / total), (e / total) * (terms / total)


@vjp.exact
def exact_vjp(e: Any, place: Any, upstream: Any) -> Any:
    (j,) = place
    return e[j] * (upstream[j] * e.total - e.dot(upstream)), e.total * e.total


def definition(z: Sequence[sp.Expr]) -> sp.Matrix:
    return sp.Matrix([sp.exp(z_i) / sum(sp.exp(z_k) for z_k in z) for z_i in z])


# Infinity less infinity, where the limit is 1 for that component and 0 for the others.
ONE_INFINITE = {"f(inf, 0, 1)": (math.nan,) * 3}

softmax = VectorActivation(
    name="softmax",
    title="Softmax",
    aliases=("softargmax", "normalized exponential"),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    range=(sp.Integer(0), sp.Integer(1)),
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
