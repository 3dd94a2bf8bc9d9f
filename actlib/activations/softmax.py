"""Softmax: f(z)_i = exp(z_i) / Σ_k exp(z_k), a point of the simplex.

Jacobian: df_i/dz_j = f_i (δ_ij − f_j).
Vector-Jacobian product: Σ_i u_i df_i/dz_j = f_j (u_j − Σ_i u_i f_i).

Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
"""

from collections.abc import Sequence

import numpy as np
import sympy as sp

from actlib.framework import Equivalent
from actlib.products import exact_addition, row_sum
from actlib.rounding import Array
from actlib.vector import VectorActivation


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


def exponentials(shift: Array, carry: Array) -> tuple[Array, Array, Array]:
    """exp(shift + carry), the sum of all but the largest, and for each that of all others."""
    e = np.exp(shift)
    e += e * carry
    rest, others = sums_of_others(e)
    return e, rest, others


def sums_of_others(values: Array) -> tuple[Array, Array]:
    """The sum of all but the largest, and for each the sum of all others.

    Total less value would cancel for the largest, of which there the sum is rest itself.
    """
    largest = np.abs(values).argmax(axis=-1, keepdims=True)
    smaller = values.copy()
    np.put_along_axis(smaller, largest, 0.0, axis=-1)
    rest = row_sum(smaller)
    others = (rest - values) + np.take_along_axis(values, largest, axis=-1)
    np.put_along_axis(others, largest, rest, axis=-1)
    return rest, others


def value(z: Array) -> Array:
    e, rest, _ = exponentials(*shifted(z))
    return e / (1 + rest)


def jacobian(z: Array) -> Array:
    # f_i (1 - f_i) on the diagonal cancels where f_i is close to 1: 1 - f_i is others_i / total.
    e, rest, others = exponentials(*shifted(z))
    f = e / (1 + rest)
    matrix = -f[..., :, None] * f[..., None, :]
    diagonal = np.arange(z.shape[-1])
    matrix[..., diagonal, diagonal] = f * (others / (1 + rest))
    return matrix


def vjp(z: Array, upstream: Array) -> Array:
    # Σ_i f_i is 1, so a constant may be taken from every u_i: that of the largest f, whose slope is
    # then a sum of small terms. f_j (u_j - Σ_i u_i f_i), with u_j f_j taken out of both terms. What
    # the total and the centred u lose in rounding is put back: that keeps this below 4 ulp.
    e, rest, others = exponentials(*shifted(z))
    total, lost = exact_addition(rest, 1.0)
    largest = e.argmax(axis=-1, keepdims=True)
    top = np.take_along_axis(upstream, largest, axis=-1)
    centred, missing = exact_addition(upstream, -top)
    weighted = e * centred
    pull = centred * others - (row_sum(weighted) - weighted - missing * others)
    slope = (e / total) * (pull / total)
    return slope - slope * (2 * lost / total)


def definition(z: Sequence[sp.Expr]) -> sp.Matrix:
    return sp.Matrix([sp.exp(z_i) / sum(sp.exp(z_k) for z_k in z) for z_i in z])


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
        "PyTorch": Equivalent("torch.nn.functional.softmax", "dim", arguments={"dim": -1}),
        "Keras": Equivalent("keras.activations.softmax"),
        "JAX": Equivalent("jax.nn.softmax"),
        "TensorFlow": Equivalent("tf.nn.softmax"),
        "SciPy": Equivalent(
            "scipy.special.softmax", "axis=None by default", arguments={"axis": -1}
        ),
        "ONNX": Equivalent("Softmax"),
    },
)
