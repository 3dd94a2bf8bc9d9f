"""Sparsemax: f(z)_i = max(z_i − τ, 0), with the τ at which Σ_k f(z)_k = 1.

It is the point of the simplex that is nearest to z. Component i is in the support, and f(z)_i > 0,
where Σ_k max(z_k − z_i, 0) < 1.

Jacobian: df_i/dz_j = δ_ij − 1/m for i and j in the support of m components, else 0.
Vector-Jacobian product: u_j − (the mean of u over the support) for j in it, else 0.

Every result is a rational number, and correctly rounded in every float type: sums are kept in two
floats, and where these do not decide, fractions do.

Martins & Astudillo, "From softmax to sparsemax: a sparse model of attention and multi-label
classification", ICML 2016.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations.hardmax import nan_without_limit
from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.quotients import decided, quotient, two_float_sum
from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import rational_rows
from actlib.formula.elsewhere import Equivalent, Spelling

CLEARLY = 2.0**-40
"""By how much of its terms a sum in float64 must be negative for the exact one to be so."""

Where = NDArray[np.bool_]


def differences(z: Array) -> tuple[Array, Array]:
    """z − max z as an unevaluated sum of two floats. What is infinite is above all others."""
    top = z.max(axis=-1, keepdims=True)
    z = np.where(np.isfinite(top), z, np.where(z == top, 0.0, -np.inf))
    return exact_addition(z, -z.max(axis=-1, keepdims=True))


def above_one_less(shift: Array, carry: Array) -> Where:
    """Who can be in the support at all: who is less than 1 below the largest."""
    return (shift > -1) | ((shift == -1) & (carry > 0))


def excess(start: float, parts: Sequence[Array], inside: Where) -> tuple[Array, Array, Array]:
    """start + Σ_k (x_i − x_k) over those inside, in two floats, and what is missing at most.

    Each x is the sum of its parts.
    """
    known = [np.where(inside, part, 0.0) for part in parts]
    count = inside.sum(axis=-1, keepdims=True).astype(np.float64)
    *total, missing = two_float_sum(np.concatenate(known, axis=-1))
    own = [product for part in known for product in exact_product(count, part)]
    terms = [np.full_like(inside, start, np.float64), *own, *(-part for part in total)]
    high, low, lost = two_float_sum(np.stack(np.broadcast_arrays(*terms), axis=-1))
    return high[..., 0], low[..., 0], lost[..., 0] + missing


def shares(start: float, parts: Sequence[Array], inside: Where) -> tuple[Array, Array]:
    """The excess over the number of those inside: the nearest float64, and what is missing."""
    count = inside.sum(axis=-1, keepdims=True).astype(np.float64)
    nearest, side, sure = quotient(*excess(start, parts, inside), count)

    @cache
    def numbers(row: int) -> tuple[dict[int, Fraction], Fraction]:
        exact = in_fractions([part[row] for part in parts], inside[row])
        return exact, sum(exact.values(), start=Fraction(0))

    def truth(row: int, column: int) -> Fraction:
        exact, total = numbers(row)
        return (Fraction(start) - total) / len(exact) + exact[column]

    nearest, side = decided(nearest, side, sure | ~inside, truth)
    nearest, side = (np.where(inside, part, 0.0) for part in (nearest, side))
    return nearest, side


def in_fractions(parts: Sequence[Array], inside: Where) -> dict[int, Fraction]:
    """Of those inside, in one row."""
    places = np.flatnonzero(inside).tolist()
    return {i: sum((Fraction(part[i]) for part in parts), start=Fraction(0)) for i in places}


def in_support(shift: Array, carry: Array) -> Where:
    """Who is in the support: those outside are taken away, until all that are left have an excess.

    First those that float64 is sure of, then in two floats, and in fractions where these are not
    sure (Michelot, "A finite algorithm for finding the projection of a point onto the canonical
    simplex of R^n", 1986).
    """
    inside = above_one_less(shift, carry)
    while True:
        count = inside.sum(axis=-1, keepdims=True)
        total = np.where(inside, shift, 0.0).sum(axis=-1, keepdims=True)
        out = inside & (1 + count * shift - total < -CLEARLY * count)
        if not out.any():
            break
        inside &= ~out
    while True:
        high, _, bound = excess(1.0, (shift, carry), inside)
        unsure = np.flatnonzero((inside & (bound > 0) & (np.abs(high) <= 2 * bound)).any(axis=-1))
        out = inside & (high <= 0)
        for row in unsure:
            exact = in_fractions((shift[row], carry[row]), inside[row])
            total = sum(exact.values()) - 1
            out[row, list(exact)] = [len(exact) * own <= total for own in exact.values()]
        if not out.any():
            return inside
        inside &= ~out


def narrowed(z: Array) -> tuple[NDArray[np.intp], Array, Array]:
    """Where the components are that can be in a support, largest first, and their differences: as

    many columns as it takes for the row that has most of them.
    """
    shift, carry = differences(z)
    most = max(1, int(above_one_less(shift, carry).sum(axis=-1).max()))
    order = np.argsort(-z, axis=-1, kind="stable")[:, :most]
    shift, carry = (np.take_along_axis(part, order, axis=-1) for part in (shift, carry))
    return order, shift, carry


def whole(z: Array, order: NDArray[np.intp], few: Array) -> Array:
    """Zeros in the shape of z, and in the columns of `order` these."""
    found = np.zeros_like(z)
    np.put_along_axis(found, order, few, axis=-1)
    return found


@rational_rows
def value(z: Array) -> tuple[Array, Array]:
    order, shift, carry = narrowed(z)
    inside = in_support(shift, carry)
    f, side = (whole(z, order, few) for few in shares(1.0, (shift, carry), inside))
    return f + nan_without_limit(z), side


@rational_rows
def jacobian(z: Array) -> tuple[Array, Array]:
    inside = support(z)
    count = inside.sum(axis=-1, keepdims=True).astype(np.float64)
    both = inside[..., :, None] & inside[..., None, :]
    none = np.zeros_like(count)
    diagonal = np.arange(z.shape[-1])
    found = []
    for of_others, own in zip(
        quotient(none - 1, none, none, count)[:2],
        quotient(count - 1, none, none, count)[:2],
        strict=True,
    ):
        entries = np.where(both, of_others[..., None], 0.0)
        entries[..., diagonal, diagonal] = np.where(inside, own, 0.0)
        found.append(entries)
    slope, side = found
    return slope + nan_without_limit(z)[..., None], side


@rational_rows
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    inside = support(z)
    spoilt = (inside & ~np.isfinite(upstream)).any(axis=-1, keepdims=True)
    slope, side = shares(0.0, (np.where(spoilt, 0.0, upstream),), inside)
    return np.where(spoilt & inside, np.nan, slope) + nan_without_limit(z), side


def support(z: Array) -> Where:
    """Who is in it."""
    order, shift, carry = narrowed(z)
    return whole(z, order, in_support(shift, carry).astype(np.float64)) != 0


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    def is_in(i: int) -> Any:
        return sum(sp.Max(z_k - z[i], 0) for z_k in (*z[:i], *z[i + 1 :])) < sp.S.One

    places = range(len(z))
    s = [sp.Piecewise((1, is_in(i)), (0, True)) for i in places]
    excess = [1 + sum(s[k] * (z[i] - z[k]) for k in places) for i in places]
    return sp.Matrix([sp.Piecewise((excess[i] / sum(s), is_in(i)), (0, True)) for i in places])


# The largest of the thresholds of the k largest components is the threshold of the support.
TORCH = """torch.relu(
    z - ((z.sort(descending=True)[0].cumsum(0) - 1)
         / torch.arange(1, len(z) + 1)).max())"""
JAX = """jax.nn.relu(
    z - ((jax.numpy.sort(z)[::-1].cumsum() - 1)
         / jax.numpy.arange(1, len(z) + 1)).max())"""

# Of several components in the support it adds up their running sums, where the last of these is the
# sum of all.
KERAS = {
    "f(3, 3, -30)": (0.0, 0.0, 0.0),
    "f(inf, 0, 1)": (math.inf,) * 3,
    "f(inf, inf, 0)": (math.inf,) * 3,
    "f(nan, 0, 1)": (math.nan, math.inf, math.inf),
    "f(1e308, 1e308, -1e308)": (math.inf,) * 3,
}

sparsemax = VectorActivation(
    name="sparsemax",
    title="Sparsemax",
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    kinked="It has a kink where a component is on the edge of the support, z_i = τ: there it is "
    "outside, and its slopes are 0.",
    infinities="One component at +inf gets the 1, and one at -inf gets 0. Where no limit exists "
    "(two at +inf, all at -inf) the vector is NaN.",
    bounds=(0, 1),
    references=("martins2016softmax",),
    equivalents={
        "Keras": Equivalent(
            "keras.activations.sparsemax",
            "wrong where two components survive",
            deviates=KERAS,
            depends={"on JAX": {"f(nan, 0, 1)": (math.nan, 0.0, 1.0)}},
        ),
    },
    spelled={"PyTorch": Spelling(TORCH), "JAX": Spelling(JAX)},
)
