"""Log-sum-exp: f(z) = log Σ_k exp(z_k), a smooth maximum.

Gradient: df/dz_j = p_j, where p = softmax(z).
Vector-Jacobian product: u p_j, where u is one number a vector.

It is the largest logit and a logarithm between 0 and log K, and near f = 0 these cancel. The sum is
then formed with 16 bits more: in float64 the error is at most 4 ulp of f, or, where more than that
cancels, of 2^−16 times the two terms. In narrower types every result is correctly rounded.

Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", IMA
Journal of Numerical Analysis 41, 2021.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from actlib.activations.softmax import exponentials, in_two, shifted, sum_of_smaller
from actlib.activations.softmax import value as softmax
from actlib.arithmetic.exact import exact_addition, row_sum
from actlib.arithmetic.exponential import exp_in_parts
from actlib.arithmetic.rounding import Array
from actlib.call.reductions import Reduction
from actlib.call.rows_kernel import rows_kernel
from actlib.formula.elsewhere import Equivalent

BITS = 16
"""How many are kept of those that the maximum and the logarithm take from each other."""


@rows_kernel
def value(z: Array) -> tuple[Array, Array]:
    # exp(z_k - max z) cannot overflow, and log1p keeps the sum of all but the largest, which is 1.
    top = z.max(axis=-1)
    rest = np.log1p(sum_of_smaller(exponentials(*shifted(z)))[..., 0])
    f, size = np.where(np.isinf(top), top, top + rest), np.abs(top) + rest
    cancels = np.flatnonzero(np.abs(f) < size / 2)
    if cancels.size:
        f[cancels] = near_zero(z[cancels])
        size[cancels] = np.abs(f[cancels]) + size[cancels] * 2.0**-BITS
    return f, size


def near_zero(z: Array) -> Array:
    """log(1 + d), where d = Σ_k exp(z_k) − 1: all logits are below 0, and nothing overflows."""
    first, *others = exp_in_parts(z)
    largest = first.argmax(axis=-1, keepdims=True)
    less_one, missing = exact_addition(np.take_along_axis(first, largest, axis=-1), -1.0)
    np.put_along_axis(first, largest, less_one, axis=-1)
    return np.log1p(row_sum(np.concatenate([first, *others, missing], axis=-1))[:, 0])


@value.exact
def exact_value(e: Any, place: Any) -> Any:
    return e.top + e.total.log(), e.number(1.0)


@rows_kernel
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    # What vanishes of an exponential comes last: u may be large.
    high, low = in_two(*shifted(z))
    slope = upstream * (high / (1 + sum_of_smaller(high * low))) * low
    return slope, np.abs(slope)


@vjp.exact
def exact_vjp(e: Any, place: Any, upstream: Any) -> Any:
    (j,) = place
    return upstream[0] * e[j], e.total


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    return sp.log(sum(sp.exp(z_k) for z_k in z))


def scale(z: Sequence[Any]) -> Any:
    import sympy as sp

    top = sp.Max(*z)
    terms = sp.Abs(top) + sp.log(sum(sp.exp(z_k - top) for z_k in z))
    return sp.Max(sp.Abs(definition(z)), terms / 2**BITS)


# Infinity less infinity: of one the slope is 1, and of two nothing is known, of the finite one too.
INFINITE = {
    "f'(inf, 0, 1)": (math.nan, 0.0, 0.0),
    "f'(inf, inf, 0)": (math.nan, math.nan, 0.0),
}


def of_all_axes(name: str, **rest: Any) -> Equivalent:
    """The function of a library that sums over all axes unless it is told one."""
    note = "axis=None by default: all axes"
    return Equivalent(name, note, arguments={"axis": -1}, **rest)


LARGE = {"f'(1e308, 1e308, -1e308)": (1.0, 1.0, 0.0)}

logsumexp = Reduction(
    name="logsumexp",
    title="Log-sum-exp",
    aliases=("lse", "softmaximum", "RealSoftMax"),
    doc=__doc__,
    definition=definition,
    scale=scale,
    value_kernel=value,
    jacobian_kernel=softmax,
    vjp_kernel=vjp,
    empty=-math.inf,
    infinities="A component at +inf makes the value +inf, and all at -inf make it -inf. One at "
    "+inf has the slope 1, the others 0; where no limit of the slopes exists (two at +inf, all at "
    "-inf) the gradient is NaN. The sum of no exponentials is 0: the empty vector gives -inf.",
    bounds=(-math.inf, math.inf),
    references=("blanchard2021accurately",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.logsumexp",
            "has no default for dim",
            arguments={"dim": -1},
            deviates={**INFINITE, **LARGE},
        ),
        "Keras": of_all_axes(
            "keras.ops.logsumexp", deviates=INFINITE, depends={"on PyTorch": LARGE}
        ),
        "JAX": of_all_axes("jax.nn.logsumexp", deviates=INFINITE),
        "TensorFlow": of_all_axes("tf.reduce_logsumexp", deviates=INFINITE),
        "SciPy": of_all_axes("scipy.special.logsumexp"),
        "ONNX": Equivalent(
            "ReduceLogSumExp",
            "keeps the axis, unless keepdims is 0; takes several axes",
            renames={"axes": "axis"},
            arguments={"axes": (-1,), "keepdims": 0},
            deviates={"f(-inf, -inf, -inf)": math.nan},
        ),
    },
)
