"""Log-softmax: f(z)_i = z_i − log Σ_k exp(z_k), the logarithm of softmax.

Jacobian: df_i/dz_j = δ_ij − p_j, where p = softmax(z).
Vector-Jacobian product: Σ_i u_i df_i/dz_j = u_j − p_j Σ_i u_i.

Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from actlib.activations.softmax import (
    exponentials,
    in_two,
    shifted,
    sum_of_smaller,
    sums_of_others,
)
from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import rows_kernel
from actlib.formula.elsewhere import Equivalent


@rows_kernel
def value(z: Array) -> tuple[Array, Array]:
    # The largest exponential is 1, and log1p keeps the sum of the others, too small to change it.
    shift, carry = shifted(z)
    f = shift - (np.log1p(sum_of_smaller(exponentials(shift, carry))) - carry)
    return f, np.abs(f)


@value.exact
def exact_value(e: Any, place: Any) -> Any:
    (i,) = place
    return e.shift[i] - e.total.log(), e.number(1.0)


@rows_kernel
def jacobian(z: Array) -> tuple[Array, Array]:
    # 1 - p_j cancels where p_j is close to 1: it is others_j / total.
    e = exponentials(*shifted(z))
    rest = sum_of_smaller(e)
    p = e / (1 + rest)
    slope = np.repeat(-p[..., None, :], z.shape[-1], axis=-2)
    diagonal = np.arange(z.shape[-1])
    # A NaN that stands alone has no others to be seen in: 0 p is NaN too.
    slope[..., diagonal, diagonal] = sums_of_others(e, rest) / (1 + rest) + 0 * p
    return slope, np.abs(slope)


@jacobian.exact
def exact_jacobian(e: Any, place: Any) -> Any:
    i, j = place
    return e.number(i == j) * e.total - e[j], e.total


@rows_kernel
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    # u_j - p_j Σ_i u_i, after u_j p_j has been taken out of both terms: they would cancel.
    high, low = in_two(*shifted(z))
    e = high * low
    rest = sum_of_smaller(e)
    others = sums_of_others(e, rest)
    sizes = np.abs(upstream)
    other_u, other_sizes = (sums_of_others(u, sum_of_smaller(u)) for u in (upstream, sizes))
    slope = upstream * others - high * other_u * low
    return slope / (1 + rest), (sizes * others + high * other_sizes * low) / (1 + rest)


@vjp.exact
def exact_vjp(e: Any, place: Any, upstream: Any) -> Any:
    (j,) = place
    return upstream[j] * e.total - e[j] * upstream.total, e.total


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    return sp.Matrix([z_i - sp.log(sum(sp.exp(z_k) for z_k in z)) for z_i in z])


# Infinity less infinity, where the limit is 0 for that component and -inf for the others.
ONE_INFINITE = {"f(inf, 0, 1)": (math.nan,) * 3}

log_softmax = VectorActivation(
    name="log_softmax",
    title="Log-softmax",
    aliases=("logsoftmax",),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    infinities="One component at +inf gives the limit, 0 there and -inf elsewhere; one at -inf is "
    "-inf itself. Where no limit exists (two at +inf, all at -inf) the vector is NaN.",
    bounds=(-math.inf, 0),
    references=("bridle1990probabilistic",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.log_softmax",
            "warns unless dim is given",
            arguments={"dim": -1},
            deviates=ONE_INFINITE,
        ),
        "Keras": Equivalent("keras.activations.log_softmax", deviates=ONE_INFINITE),
        "JAX": Equivalent("jax.nn.log_softmax", deviates=ONE_INFINITE),
        "TensorFlow": Equivalent("tf.nn.log_softmax", deviates=ONE_INFINITE),
        "ONNX": Equivalent("LogSoftmax", deviates=ONE_INFINITE),
    },
)
