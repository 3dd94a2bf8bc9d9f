"""1.5-entmax: f(z)_i = max(z_i/2 − τ, 0)², with the τ at which Σ_k f(z)_k = 1.

It lies between softmax and sparsemax: of Tsallis entropies, the one of order 3/2 is in the place of
that of order 1 or 2. Component i is in the support, and f(z)_i > 0, where
Σ_k max(z_k − z_i, 0)² < 4.

Jacobian: df_i/dz_j = δ_ij s_i − s_i s_j / Σ_k s_k, where s is the square root of f(z).
Vector-Jacobian product: s_j (u_j − Σ_k s_k u_k / Σ_k s_k).

Every result is a + b √c with rational a, b and c, and correctly rounded in every float type: two
floats decide nearly always, and where they do not, fractions do.

Peters, Niculae & Martins, "Sparse sequence-to-sequence models", ACL 2019.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from actlib.activations.hardmax import nan_without_limit
from actlib.activations.sparsemax import (
    ONE,
    Where,
    in_fractions,
    lead,
    narrowed,
    number_of,
    whole,
    within,
)
from actlib.arithmetic.quotients import decided, quotient, with_root
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.two_floats import TwoFloats
from actlib.call.rows import VectorActivation
from actlib.call.rows_kernel import exact_rows
from actlib.formula.elsewhere import Spelling

TWO, FOUR = ONE + ONE, ONE + ONE + ONE + ONE

DOUBT = 2.0**-48
"""How close to 4, for each of its terms, a sum in float64 may be on the wrong side of it."""


def in_support(x: TwoFloats) -> Where:
    """Who is in the support, of rows that fall: the first so many of each.

    How many is found by halves. What must be below 4 is a sum of squares, of which nothing cancels:
    float64 knows on which side it is, and next to 4 fractions do.
    """
    candidates = within(2, x)
    x = x.only(candidates)
    inside, outside = np.ones(len(candidates), int), candidates.sum(axis=-1) + 1
    while (rows := np.flatnonzero(outside - inside > 1)).size:
        middle = (inside + outside)[rows] // 2
        own = rows, middle - 1
        ahead = [part[rows] - part[own][:, None] for part in (x.high, x.low)]
        behind = np.arange(candidates.shape[-1]) >= middle[:, None]
        total = np.where(behind, 0.0, (ahead[0] + ahead[1]) ** 2).sum(axis=-1)
        is_inside = total < 4
        for i in np.flatnonzero(np.abs(total - 4) <= DOUBT * middle):
            is_inside[i] = _squares(x, rows[i], middle[i] - 1) < 4
        inside[rows] = np.where(is_inside, middle, inside[rows])
        outside[rows] = np.where(is_inside, outside[rows], middle)
    return np.asarray(candidates & (np.arange(candidates.shape[-1]) < inside[:, None]))


def _squares(x: TwoFloats, row: int, column: int) -> Fraction:
    """Σ_k (x_k − x_i)² over those before i. Equal ones are squared once: next to 4 there may be

    many of these.
    """
    before = np.stack([part[row, :column] for part in (x.high, x.low)])
    different, counts = np.unique(before, axis=1, return_counts=True)
    own = Fraction(x.high[row, column]) + Fraction(x.low[row, column])
    ahead = (Fraction(high) + Fraction(low) - own for high, low in different.T.tolist())
    squares = (count * each * each for count, each in zip(counts.tolist(), ahead, strict=True))
    return sum(squares, start=Fraction(0))


class Shares:
    """Of rows that fall: the square root of the share of each of the m in the support is

    (lead + root) / 2m.
    """

    def __init__(self, x: TwoFloats) -> None:
        self.inside = in_support(x)
        self.x = x.only(self.inside)
        self.count = number_of(self.inside)
        self.lead = lead(self.x, self.inside)  # Σ_k (x_i − x_k)
        total, squares = self.x.sum(), (self.x * self.x).sum()
        self.square = FOUR * self.count - self.count * squares + total * total  # 4 at least
        self.root = self.square.sqrt()
        self.in_row = cache(lambda row: InRow(in_fractions(self.x, self.inside, row)))


class InRow:
    """The same of one row, in fractions; what is equal is asked once, for it may be thousands."""

    def __init__(self, x: dict[int, Fraction]) -> None:
        self.x, self.count = x, len(x)
        times = Counter(x.values())
        total = sum((many * own for own, many in times.items()), start=Fraction(0))
        squares = sum((many * own * own for own, many in times.items()), start=Fraction(0))
        lead = {own: self.count * own - total for own in times}
        self.lead = {i: lead[own] for i, own in x.items()}
        self.square = 4 * self.count - self.count * squares + total * total
        self.share, self.product = cache(self._share), cache(self._product)

    def _share(self, a: Fraction) -> Fraction:
        """Of one with this lead."""
        part = Fraction(1, 4 * self.count**2)
        return with_root((a * a + self.square) * part, 2 * a * part, self.square)

    def _product(self, a: Fraction, ahead: Fraction, pull: Fraction) -> Fraction:
        """(lead + root) (ahead − pull / root) / 2m²"""
        part = Fraction(1, 2 * self.count**2)
        return with_root(
            (a * ahead - pull) * part, (ahead - a * pull / self.square) * part, self.square
        )


def rounded(
    total: TwoFloats, count: TwoFloats, inside: Where, exact: Callable[..., Fraction]
) -> tuple[Array, Array]:
    """total / count for those inside, and 0 for the others."""
    nearest, side, sure = quotient(total, count.high)
    nearest, side = decided(nearest, side, sure | ~inside, exact)
    return np.where(inside, nearest, 0.0), np.where(inside, side, 0.0)


@exact_rows
def value(z: Array) -> tuple[Array, Array]:
    order, x = narrowed(z, 2)
    s = Shares(x)
    # Multiplied out, so that of equal ones nothing is lost.
    total = s.lead * s.lead + s.square + TWO * s.lead * s.root

    def share(row: int, i: int) -> Fraction:
        exact = s.in_row(row)
        return exact.share(exact.lead[i])

    found = rounded(total, FOUR * s.count * s.count, s.inside, share)
    f, side = (whole(z, order, few) for few in found)
    return f + nan_without_limit(z), side


@exact_rows
def jacobian(z: Array) -> tuple[Array, Array]:
    order, x = narrowed(z, 2)
    s = Shares(x)
    of_i, of_j = (..., slice(None), None), (..., None, slice(None))
    itself = np.eye(x.high.shape[-1])
    both = s.inside[of_i] & s.inside[of_j]
    ahead = s.count[of_i] * TwoFloats(itself) - ONE
    total = (s.lead + s.root)[of_j] * (ahead - (s.lead / s.root)[of_i])

    def slope_of(row: int, i: int, j: int) -> Fraction:
        exact = s.in_row(row)
        return exact.product(exact.lead[j], Fraction(exact.count * (i == j) - 1), exact.lead[i])

    found = rounded(total, (TWO * s.count * s.count)[of_i], both, slope_of)
    slope, side = np.zeros((2, *z.shape, z.shape[-1]))
    rows = np.arange(len(z))[:, None, None]
    slope[rows, order[of_i], order[of_j]], side[rows, order[of_i], order[of_j]] = found
    return slope + nan_without_limit(z)[..., None], side


@exact_rows
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    order, x = narrowed(z, 2)
    s = Shares(x)
    given = np.take_along_axis(upstream, order, axis=-1)
    spoilt = (s.inside & ~np.isfinite(given)).any(axis=-1, keepdims=True)
    u = TwoFloats(np.where(spoilt, 0.0, given)).only(s.inside)
    ahead = lead(u, s.inside).only(s.inside)
    pull = (s.x * ahead).sum()

    @cache
    def in_row(row: int) -> tuple[dict[int, Fraction], Fraction]:
        exact, own = s.in_row(row), in_fractions(u, s.inside, row)
        total = sum(own.values(), start=Fraction(0))
        ahead = {i: exact.count * each - total for i, each in own.items()}
        return ahead, sum((exact.x[i] * each for i, each in ahead.items()), start=Fraction(0))

    def product(row: int, j: int) -> Fraction:
        ahead, pull = in_row(row)
        exact = s.in_row(row)
        return exact.product(exact.lead[j], ahead[j], pull)

    total = (s.lead + s.root) * (ahead - pull / s.root)
    slope, side = rounded(total, TWO * s.count * s.count, s.inside, product)
    slope = np.where(spoilt & s.inside, np.nan, slope)
    slope, side = (whole(z, order, few) for few in (slope, side))
    return slope + nan_without_limit(z), side


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    def is_in(i: int) -> Any:
        return sum(sp.Max(z_k - z[i], 0) ** 2 for z_k in (*z[:i], *z[i + 1 :])) < 4

    places = range(len(z))
    s = [sp.Piecewise((1, is_in(i)), (0, True)) for i in places]
    m = sum(s)

    def share(i: int) -> Any:
        """t², where Σ_k s_k (t − (z_i − z_k) / 2)² = 1."""
        lead = sum(s[k] * (z[i] - z[k]) for k in places)
        squares = sum(s[k] * (z[i] - z[k]) ** 2 for k in places)
        return ((lead + sp.sqrt(lead**2 + m * (4 - squares))) / (2 * m)) ** 2

    return sp.Matrix([sp.Piecewise((share(i), is_in(i)), (0, True)) for i in places])


# The support of m inputs; half of what is above twice the threshold is the root of a share.
TORCH = """(lambda s: torch.relu(
    z - s.mean() + (4 / len(s) - s.var(correction=0)).sqrt()).square() / 4
)(z[torch.relu(z - z[:, None]).square().sum(1) < 4])"""
JAX = """(lambda s: jax.nn.relu(
    z - s.mean() + (4 / len(s) - s.var()) ** 0.5) ** 2 / 4
)(z[(jax.nn.relu(z - z[:, None]) ** 2).sum(1) < 4])"""

entmax15 = VectorActivation(
    name="entmax15",
    title="1.5-entmax",
    aliases=("entmax",),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    kinked="Its slopes have a kink where a component is on the edge of the support, z_i = 2τ: "
    "there it is outside, and its slopes are 0, as they are from both sides.",
    infinities="One component at +inf gets the 1, and one at -inf gets 0. Where no limit exists "
    "(two at +inf, all at -inf) the vector is NaN.",
    bounds=(0, 1),
    references=("peters2019sparse",),
    equivalents={},
    spelled={"PyTorch": Spelling(TORCH), "JAX": Spelling(JAX)},
)
