"""Rows in which all that is not largest is equal: N and D are polynomials in ε = exp(−d), exactly.

There c₁ of `leading` may cancel to nothing. For z = (0, 0, −d) and u = (a, b, b) the vjp is
(a − b) (1 + ε) / (2 + ε)²: next to (a − b)/4 by (a − b) ε²/16. The first coefficient that is not 0
decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.rounding import Array
from actlib.call.rows_kernel import Exact
from actlib.call.second_look.leading import (
    ERROR,
    LEAST,
    LOG_2,
    Integers,
    Row,
    exactly,
    moderate,
)

NEVER = -1e300
"""log ε where nothing is below the largest: 0 times it is a number."""

AWAY = 30.0
"""In bits: what is added to c₀ must be as much smaller to lead to no other midpoint."""


class LeavesThePolynomialsError(ArithmeticError):
    """A logarithm is none."""


@dataclass(frozen=True)
class Polynomial:
    """Σ_k coefficients[k] ε^k · 2^scale, in integers."""

    coefficients: Sequence[Integers]
    scale: int

    def __add__(self, other: "Polynomial") -> "Polynomial":
        scale = min(self.scale, other.scale)
        pairs = zip_longest(self._at(scale), other._at(scale), fillvalue=0)
        return Polynomial([np.asarray(a + b, object) for a, b in pairs], scale)

    def __neg__(self) -> "Polynomial":
        return Polynomial([-c for c in self.coefficients], self.scale)

    def __sub__(self, other: "Polynomial") -> "Polynomial":
        return self + -other

    def __mul__(self, other: "Polynomial") -> "Polynomial":
        a, b = self.coefficients, other.coefficients
        found: list[Any] = [0] * (len(a) + len(b) - 1)
        for i, left in enumerate(a):
            for j, right in enumerate(b):
                found[i + j] = found[i + j] + left * right
        return Polynomial(found, self.scale + other.scale)

    def __getitem__(self, at: Any) -> "Polynomial":
        return Polynomial([c[at] for c in self.coefficients], self.scale)

    def log(self) -> "Polynomial":
        raise LeavesThePolynomialsError

    def sum(self) -> "Polynomial":
        """Along the last axis."""
        return Polynomial([c.sum(axis=-1) for c in self.coefficients], self.scale)

    def float_of(self, power: int) -> Array:
        """One coefficient, rounded."""
        return np.ldexp(self.coefficients[power].astype(np.float64), self.scale)

    def at(self, log_epsilon: Array) -> tuple[Array, Array]:
        """The sum, and that of the sizes of its terms."""
        powers = range(len(self.coefficients))
        terms = np.array([self.float_of(k) * np.exp(k * log_epsilon) for k in powers])
        return terms.sum(axis=0), np.abs(terms).sum(axis=0)

    def rest(self, log_epsilon: Array) -> Array:
        """The logarithm, to base 2, of a bound of what is added to c₀, against c₀."""
        higher = list(enumerate(self.coefficients))[1:]
        sizes = [_bits(c) + k * log_epsilon / LOG_2 for k, c in higher]
        total = np.logaddexp2.reduce([np.full(log_epsilon.shape, -np.inf), *sizes])
        first = _bits(self.coefficients[0]) - 1
        return np.where(first == -np.inf, np.inf, total - np.maximum(first, 0))

    def sign(self, log_epsilon: Array) -> Array:
        """That of the first coefficient that is not 0; NaN where what follows is not smaller."""
        found, below = np.zeros(log_epsilon.shape), np.full(log_epsilon.shape, -np.inf)
        for power, coefficient in reversed(list(enumerate(self.coefficients))):
            here = coefficient != 0
            size = _bits(coefficient) + power * log_epsilon / LOG_2
            clear = np.where(size - 2 > below, np.sign(coefficient).astype(np.float64), np.nan)
            found = np.where(here, clear, found)
            below = np.maximum(below, np.where(here, size, -np.inf)) + here
        return found

    def _at(self, scale: int) -> list[Integers]:
        return [c << (self.scale - scale) for c in self.coefficients]


class Exponentials(Row[Polynomial]):
    """1 where z is largest, ε where it is not; 0 where it is infinitely far below."""

    def __init__(self, z: Array, row: NDArray[np.intp], temperature: float) -> None:
        top = z.max(axis=-1, keepdims=True)
        below = (z < top) & np.isfinite(z) & np.isfinite(top)
        parts = (_whole(z == top), _whole(below))
        self.temperature = _exactly(np.full(row.shape, temperature))
        self.top = _exactly(np.where(np.isfinite(top), top, 0.0)[row, 0])
        super().__init__(Polynomial(parts, 0), row)

    @property
    def shift(self) -> Row[Polynomial]:
        raise LeavesThePolynomialsError

    def number(self, numbers: Any) -> Polynomial:
        return _exactly(np.broadcast_to(numbers, self.row.shape))


def beside_midpoints(
    exact: Exact,
    rows: Sequence[Array],
    row: NDArray[np.intp],
    place: tuple[NDArray[np.intp], ...],
    dtype: np.dtype[Any],
    temperature: float,
) -> Array:
    """For each look, at a row and a place in it, what `split.beside_midpoints` finds; or NaN."""
    found = np.full(row.shape, np.nan)
    z, *others = rows
    level, depth = _levels(z, temperature)
    for other in others:
        level &= moderate(other).all(axis=-1)
    here = np.flatnonzero(level[row])
    if not here.size or not moderate(temperature):
        return found
    row, place = row[here], tuple(p[here] for p in place)
    known = [np.where(level[:, None], other, 0.0) for other in others]
    e = Exponentials(z, row, temperature)
    try:
        numerator, below = exact(e, place, *(Row(_exactly(u), row) for u in known))
    except LeavesThePolynomialsError:
        return found
    seen = _seen(numerator, below, dtype, depth[row])
    rational = _next_to_rational(e, numerator, below, dtype, depth[row])
    found[here] = np.where(np.isnan(seen), rational, seen)
    return found


def _next_to_rational(
    e: Exponentials, numerator: Polynomial, below: Polynomial, dtype: np.dtype[Any], depth: Array
) -> Array:
    """Beside the midpoint next to c₀, of N and of D: where that is next to the result too."""
    value = numerator.float_of(0) / below.float_of(0)
    middle = rounding.midpoints(value, dtype)
    gap = numerator - e.number(middle) * below
    sure = numerator.rest(depth) < -AWAY
    return np.where(sure, rounding.beside(middle, gap.sign(depth)), np.nan)


def _seen(numerator: Polynomial, below: Polynomial, dtype: np.dtype[Any], depth: Array) -> Array:
    """N / D, where float64 tells to which number it is rounded; 0 where N is nothing."""
    (top, size), (bottom, _) = numerator.at(depth), below.at(depth)
    value, relative = top / bottom, ERROR * (1 + size / np.abs(top))
    low, high = (rounding.rounded(value * (1 + s * relative), dtype) for s in (-1, 1))
    sure = (relative < 1 / 2) & (low == high) & (np.abs(top) > LEAST)
    nothing = ~np.any([c != 0 for c in numerator.coefficients], axis=0)
    return np.where(nothing, 0.0, np.where(sure, value, np.nan))


def _levels(z: Array, temperature: float) -> tuple[NDArray[np.bool_], Array]:
    """Is all that is finite and not largest one number? And log ε, or what stands for −∞."""
    top = z.max(axis=-1, keepdims=True)
    under = (z < top) & np.isfinite(z) & np.isfinite(top)
    high = np.where(under, z, -np.inf).max(axis=-1)
    low = np.where(under, z, np.inf).min(axis=-1)
    depth = np.where(under.any(axis=-1), (high - top[:, 0]) / temperature, NEVER)
    return low >= high, depth


def _bits(integers: Any) -> Array:
    """How many bits each has; −inf for 0."""
    bits = np.array([n.bit_length() for n in np.ravel(integers).tolist()], np.float64)
    return np.where(bits > 0, bits, -np.inf)


def _whole(values: NDArray[np.bool_]) -> Integers:
    return values.astype(np.int64).astype(object)


def _exactly(numbers: Any) -> Polynomial:
    found = exactly(numbers)
    return Polynomial([found.integer], found.scale)
