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
from actlib.arithmetic.exact import exact_addition
from actlib.arithmetic.quotients import decided, quotient
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.two_floats import TwoFloats
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import exact_rows
from actlib.formula.elsewhere import Equivalent, Spelling

CLEARLY = 2.0**-40
"""By how much of its terms a sum in float64 must be negative for the exact one to be so."""

ONE = TwoFloats(np.ones((1, 1)))

Where = NDArray[np.bool_]


def differences(z: Array) -> TwoFloats:
    """z − max z, exactly. What is infinite is above all others."""
    top = z.max(axis=-1, keepdims=True)
    z = np.where(np.isfinite(top), z, np.where(z == top, 0.0, -np.inf))
    return TwoFloats(*exact_addition(z, -z.max(axis=-1, keepdims=True)))


def within(lead: float, x: TwoFloats) -> Where:
    """Who is less than this below the largest, and so can be in a support at all."""
    return np.asarray((x.high > -lead) | ((x.high == -lead) & (x.low > 0)))


def lead(x: TwoFloats, inside: Where) -> TwoFloats:
    """Σ_k (x_i − x_k) over those inside."""
    known = x.only(inside)
    return number_of(inside) * known - known.sum()


def number_of(inside: Where) -> TwoFloats:
    return TwoFloats(inside.sum(axis=-1, keepdims=True).astype(np.float64))


def shares(start: float, x: TwoFloats, inside: Where) -> tuple[Array, Array]:
    """start and the lead over the number of those inside: the nearest float64, and what is

    missing.
    """
    count = number_of(inside).high
    nearest, side, sure = quotient(TwoFloats(np.full((1, 1), start)) + lead(x, inside), count)

    @cache
    def numbers(row: int) -> tuple[dict[int, Fraction], Fraction]:
        exact = in_fractions(x, inside, row)
        return exact, sum(exact.values(), start=Fraction(0))

    def truth(row: int, column: int) -> Fraction:
        exact, total = numbers(row)
        return (Fraction(start) - total) / len(exact) + exact[column]

    nearest, side = decided(nearest, side, sure | ~inside, truth)
    nearest, side = (np.where(inside, part, 0.0) for part in (nearest, side))
    return nearest, side


def in_fractions(x: TwoFloats, inside: Where, row: int) -> dict[int, Fraction]:
    """Of those inside, in one row."""
    places = np.flatnonzero(inside[row])
    parts = (part[row, places].tolist() for part in np.broadcast_arrays(x.high, x.low))
    number = cache(lambda high, low: Fraction(high) + Fraction(low))  # many may be equal
    return {i: number(*both) for i, *both in zip(places.tolist(), *parts, strict=True)}


def in_support(x: TwoFloats) -> Where:
    """Who is in the support: those outside are taken away, until all that are left have an excess.

    First those that float64 is sure of, then in two floats, and in fractions where these are not
    sure (Michelot, "A finite algorithm for finding the projection of a point onto the canonical
    simplex of R^n", 1986).
    """
    inside = within(1, x)
    while True:
        count = inside.sum(axis=-1, keepdims=True)
        total = np.where(inside, x.high, 0.0).sum(axis=-1, keepdims=True)
        out = inside & (1 + count * x.high - total < -CLEARLY * count)
        if not out.any():
            break
        inside &= ~out
    while True:
        excess = ONE + lead(x, inside)
        high, bound = excess.high, excess.missing
        unsure = inside & (bound > 0) & (np.abs(high) <= 2 * bound)
        out = inside & (high <= 0)
        for row in np.flatnonzero(unsure.any(axis=-1)).tolist():
            exact = in_fractions(x, inside, row)
            total = sum(exact.values()) - 1
            out[row, list(exact)] = [len(exact) * own <= total for own in exact.values()]
        if not out.any():
            return inside
        inside &= ~out


def narrowed(z: Array, lead: float) -> tuple[NDArray[np.intp], TwoFloats]:
    """Where the components are that are less than this below the largest, which comes first, and

    their differences: as many columns as it takes for the row that has most of them.
    """
    x = differences(z)
    most = max(1, int(within(lead, x).sum(axis=-1).max()))
    order = np.argsort(-z, axis=-1, kind="stable")[:, :most]
    return order, TwoFloats(*(np.take_along_axis(part, order, axis=-1) for part in (x.high, x.low)))


def whole(z: Array, order: NDArray[np.intp], few: Array) -> Array:
    """Zeros in the shape of z, and in the columns of `order` these."""
    found = np.zeros_like(z)
    np.put_along_axis(found, order, few, axis=-1)
    return found


@exact_rows
def value(z: Array) -> tuple[Array, Array]:
    order, x = narrowed(z, 1)
    f, side = (whole(z, order, few) for few in shares(1.0, x, in_support(x)))
    return f + nan_without_limit(z), side


@exact_rows
def jacobian(z: Array) -> tuple[Array, Array]:
    inside = support(z)
    count = number_of(inside)
    both = inside[..., :, None] & inside[..., None, :]
    diagonal = np.arange(z.shape[-1])
    found = []
    for of_others, own in zip(
        quotient(-ONE, count.high)[:2], quotient(count - ONE, count.high)[:2], strict=True
    ):
        entries = np.where(both, of_others[..., None], 0.0)
        entries[..., diagonal, diagonal] = np.where(inside, own, 0.0)
        found.append(entries)
    slope, side = found
    return slope + nan_without_limit(z)[..., None], side


@exact_rows
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    inside = support(z)
    spoilt = (inside & ~np.isfinite(upstream)).any(axis=-1, keepdims=True)
    slope, side = shares(0.0, TwoFloats(np.where(spoilt, 0.0, upstream)), inside)
    return np.where(spoilt & inside, np.nan, slope) + nan_without_limit(z), side


def support(z: Array) -> Where:
    """Who is in it."""
    order, x = narrowed(z, 1)
    return whole(z, order, in_support(x).astype(np.float64)) != 0


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
