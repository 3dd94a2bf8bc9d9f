"""Hardmax: f(z)_i = 1 for the first of the largest components, and 0 for all others.

Jacobian: 0 wherever f is continuous, which is where the largest component is alone.
Vector-Jacobian product: 0.

ONNX, "Hardmax", Open Neural Network Exchange, operator set 13, 2021.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import exact_rows
from actlib.formula.elsewhere import Equivalent, Spelling


def nan_without_limit(z: Array) -> Array:
    """0 where the largest component is finite, or infinite and alone; else NaN."""
    top = z.max(axis=-1, keepdims=True)
    alone = np.count_nonzero(z == top, axis=-1, keepdims=True) == 1
    return np.where(np.isfinite(top) | alone, 0.0, np.nan)


@exact_rows
def value(z: Array) -> tuple[Array, Array]:
    f = np.zeros_like(z)
    np.put_along_axis(f, z.argmax(axis=-1, keepdims=True), 1.0, axis=-1)
    return f + nan_without_limit(z), np.zeros_like(z)


@exact_rows
def jacobian(z: Array) -> tuple[Array, Array]:
    slope = np.zeros((*z.shape, z.shape[-1])) + nan_without_limit(z)[..., None]
    return slope, np.zeros_like(slope)


@exact_rows
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    return np.zeros_like(z) + nan_without_limit(z), np.zeros_like(z)


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    def first_of_the_largest(i: int) -> Any:
        before, after = z[:i], z[i + 1 :]
        return sp.And(*(z[i] > z_j for z_j in before), *(z[i] >= z_j for z_j in after))

    return sp.Matrix([sp.Piecewise((1, first_of_the_largest(i)), (0, True)) for i in range(len(z))])


# Where two components are infinite none of them need be the larger one, and there is no limit.
ENDLESS = {
    "f(inf, inf, 0)": (1.0, 0.0, 0.0),
    "f(-inf, -inf, -inf)": (1.0, 0.0, 0.0),
    "f(nan, 0, 1)": (1.0, 0.0, 0.0),
}

hardmax = VectorActivation(
    name="hardmax",
    title="Hardmax",
    aliases=("one-hot argmax",),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    kinked="It jumps where two components are the largest: there the first of them gets the 1, and "
    "the slope is 0 as everywhere.",
    infinities="One component at +inf gets the 1. Where no limit exists (two at +inf, all at -inf) "
    "the vector is NaN.",
    bounds=(0, 1),
    references=("onnx2021hardmax",),
    equivalents={
        "ONNX": Equivalent("Hardmax", "before operator set 13 other axes", deviates=ENDLESS)
    },
    spelled={
        "PyTorch": Spelling("torch.nn.functional.one_hot(z.argmax(-1), len(z)).to(z)"),
        "JAX": Spelling("jax.nn.one_hot(z.argmax(-1), len(z))"),
    },
)
