"""Exponentials of which the largest are 1 and the others next to nothing, in NumPy, all at once.

Let m logits be equal to the largest, and ε the largest of the other exponentials. A result is then
c₀ + c₁ ε + O(ε²). c₀ is a rational number, kept exactly, and it decides on which side of a midpoint
the result lies; where it is the midpoint itself c₁ does, and where nothing but it is left, it is a
tie. What even c₁ leaves open is NaN here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.exact import row_sum
from actlib.arithmetic.rounding import Array
from actlib.call.rows_kernel import Exact

Integers = NDArray[np.object_]

FAR = 30.0
"""How far below the largest the others must be: ε < 2^−43. Nearer, they are seen in a float64."""

ERROR = 2.0**-38
"""How large the error of c₁ may be, against its terms; of shifts up to 745 exp loses 2^−43."""

LEAST = 2.0**-900
"""Below it nothing is said of c₁: what underflowed on the way is smaller by far."""

LOG_2 = math.log(2)

EXPONENTS = 300
"""Rows hold numbers between 2^−300 and 2^300, so that no c₀ of them is too large for a float64."""


@dataclass(frozen=True)
class Leading:
    """Numbers integer · 2^scale + first · ε + O(ε²)."""

    integer: Integers
    scale: int
    first: Array
    size: Array  # of the terms of which first is a sum; infinite where nothing is known
    second: Array  # what the last term cannot exceed, over ε²

    def __add__(self, other: "Leading") -> "Leading":
        scale = min(self.scale, other.scale)
        return Leading(
            self._at(scale) + other._at(scale),
            scale,
            self.first + other.first,
            self.size + other.size,
            self.second + other.second,
        )

    def __neg__(self) -> "Leading":
        return Leading(-self.integer, self.scale, -self.first, self.size, self.second)

    def __sub__(self, other: "Leading") -> "Leading":
        return self + -other

    def __mul__(self, other: "Leading") -> "Leading":
        a, b = self.leading, other.leading
        over_a, over_b = self.size + self.second, other.size + other.second
        return Leading(
            self.integer * other.integer,
            self.scale + other.scale,
            _product(a, other.first) + _product(b, self.first),
            _product(abs(a), other.size) + _product(abs(b), self.size),
            _product(abs(a), other.second)
            + _product(abs(b), self.second)
            + _product(over_a, over_b),
        )

    def __getitem__(self, at: Any) -> "Leading":
        fields = (self.first[at], self.size[at], self.second[at])
        return Leading(self.integer[at], self.scale, *fields)

    def log(self) -> "Leading":
        """Of 1 + first · ε + … the same without the 1, since log(1 + t) = t + O(t²)."""
        one = self.leading == 1
        unknown = np.where(one, 0.0, np.inf)
        second = self.second + (self.size + self.second) ** 2
        nothing = np.zeros_like(self.integer)
        return Leading(nothing, 0, self.first, self.size + unknown, second + unknown)

    def sum(self) -> "Leading":
        """Along the last axis."""
        first = row_sum(self.first)[..., 0]
        sizes = (self.size.sum(axis=-1), self.second.sum(axis=-1))
        return Leading(self.integer.sum(axis=-1), self.scale, first, *sizes)

    @cached_property
    def leading(self) -> Array:
        """c₀, rounded."""
        return np.ldexp(self.integer.astype(np.float64), self.scale)

    def log_rest(self, log_epsilon: Array) -> Array:
        """The logarithm, to base 2, of a bound of all that is added to c₀."""
        log_epsilon = log_epsilon / LOG_2
        return np.logaddexp2(
            np.log2(self.size) + log_epsilon, np.log2(self.second) + 2 * log_epsilon
        )

    def sign(self, log_epsilon: Array) -> Array:
        """NaN where it is not sure."""
        rest = self.log_rest(log_epsilon)
        bits = np.array([n.bit_length() for n in self.integer.tolist()], np.float64)
        exact, first = bits > 0, np.abs(self.first)
        clear = (first > LEAST) & (first > ERROR * self.size)
        clear &= np.log2(first) > np.log2(self.second) + log_epsilon / LOG_2 + 1
        by_first = np.where(clear, np.sign(self.first), np.where(rest == -np.inf, 0.0, np.nan))
        by_exact = np.where(self.integer < 0, -1.0, 1.0)
        return np.where(exact, np.where(bits - 2 + self.scale > rest, by_exact, np.nan), by_first)

    def _at(self, scale: int) -> Integers:
        return self.integer << (self.scale - scale) if scale < self.scale else self.integer


def exactly(numbers: NDArray[Any]) -> Leading:
    """Floats, as integers of one scale."""
    mantissas, exponents = np.frexp(np.asarray(numbers, np.float64))
    integers, exponents = (mantissas * 2.0**53).astype(np.int64), exponents.astype(np.int64) - 53
    odd = integers & -integers  # the lowest bit, which all of these are multiples of
    zeros = np.frexp(np.maximum(odd, 1).astype(np.float64))[1] - 1
    integers, exponents = integers >> zeros, exponents + zeros
    scale = int(exponents[integers != 0].min(initial=0))
    shifts = np.where(integers != 0, exponents - scale, 0)
    nothing = np.zeros(integers.shape)
    shifted = integers.astype(object) << shifts.astype(object)
    return Leading(shifted, scale, nothing, nothing, nothing)


class Numbers(Protocol):
    """An array of numbers of some kind."""

    def __getitem__(self, at: Any) -> Self: ...

    def __mul__(self, other: Self) -> Self: ...

    def sum(self) -> Self:
        """Along the last axis."""
        ...


N = TypeVar("N", bound=Numbers)


class Row(Generic[N]):
    """Rows, and for each look the one to which it goes."""

    def __init__(self, numbers: N, row: NDArray[np.intp]) -> None:
        self.numbers, self.row = numbers, row

    def __getitem__(self, k: NDArray[np.intp]) -> N:
        return self.numbers[self.row, k]

    @cached_property
    def total(self) -> N:
        """Of each row the sum."""
        return self.numbers.sum()[self.row]

    def dot(self, other: "Row[N]") -> N:
        """Σ_k self_k other_k."""
        return (self.numbers * other.numbers).sum()[self.row]


class LeadingExponentials(Row[Leading]):
    """exp(shift_k) with shift_k = (z_k − max z) / temperature, for vectors z."""

    def __init__(self, z: Array, row: NDArray[np.intp], temperature: float) -> None:
        top = z.max(axis=-1, keepdims=True)
        tied = z == top
        others = ~tied & np.isfinite(z) & np.isfinite(top)  # the rest are 1, or 0 exactly
        next_to_top = np.where(others, z, -np.inf).max(axis=-1, keepdims=True)
        first = np.where(others, np.exp((z - next_to_top) / temperature), 0.0)
        floor = np.where(others, 2.0**-1000, 0.0)  # what may have underflowed
        has_others = others.any(axis=-1)
        log_epsilon = (next_to_top - top)[:, 0] / temperature
        self.log_epsilon = np.where(has_others, log_epsilon, -np.inf)[row]
        self.temperature = exactly(np.full(row.shape, temperature))
        self.top = exactly(np.where(np.isfinite(top), top, 0.0)[row, 0])
        shift = exactly(np.where(others, z, 0.0)) - exactly(np.where(others, top, 0.0))
        unknown = np.zeros(z.shape) if temperature == 1 else np.full(z.shape, np.inf)
        self.shift = Row(replace(shift, size=unknown), row)
        ones = replace(exactly(tied), first=first, size=first + floor)
        super().__init__(ones, row)

    def number(self, numbers: Any) -> Leading:
        """Floats, exactly: one for each look."""
        return exactly(np.broadcast_to(numbers, self.row.shape))


def beside_midpoints(
    exact: Exact,
    rows: Sequence[Array],
    row: NDArray[np.intp],
    place: tuple[NDArray[np.intp], ...],
    dtype: np.dtype[Any],
    temperature: float,
) -> Array:
    """For each look, at a row and a place in it, what `split.beside_midpoints` finds; or NaN."""
    z, *others = rows
    if not moderate(temperature):
        return np.full(row.shape, np.nan)
    inside = np.ones(len(z), bool)
    for other in others:
        inside &= moderate(other).all(axis=-1)
    known = [np.where(inside[:, None], other, 0.0) for other in others]
    e = LeadingExponentials(z, row, temperature)
    numerator, below = exact(e, place, *(Row(exactly(u), row) for u in known))
    found = _next_to_rational(e, numerator, below, dtype)
    nothing = numerator.leading == 0
    found[nothing] = _next_to_nothing(e, numerator, below, dtype)[nothing]
    return np.where(inside[row] & (e.log_epsilon < -FAR), found, np.nan)


def _next_to_rational(
    e: LeadingExponentials, numerator: Leading, below: Leading, dtype: np.dtype[Any]
) -> Array:
    """Where c₀ is not 0: beside the midpoint next to it."""
    middle = rounding.midpoints(numerator.leading / below.leading, dtype)
    gap = numerator - e.number(middle) * below
    # Only where the rest is small enough is the midpoint next to c₀ the one next to the result.
    small = gap.log_rest(e.log_epsilon) < np.log2(np.abs(numerator.leading)) - 30
    return np.where(small, rounding.beside(middle, gap.sign(e.log_epsilon)), np.nan)


def _next_to_nothing(
    e: LeadingExponentials, numerator: Leading, below: Leading, dtype: np.dtype[Any]
) -> Array:
    """Where c₀ is 0: c₁ ε, unless its error decides to which number it is rounded."""
    epsilon = np.exp(e.log_epsilon)
    first = numerator.first
    value = first * (epsilon / below.leading)
    relative = (ERROR * numerator.size + epsilon * numerator.second) / np.abs(first)
    relative += ERROR + epsilon * (below.size + below.second) / below.leading
    low, high = (rounding.rounded(value * (1 + sign * relative), dtype) for sign in (-1, 1))
    sure = (relative < 1 / 2) & (np.abs(first) > LEAST) & (low == high)
    return np.where(
        sure, value, np.where(numerator.log_rest(e.log_epsilon) == -np.inf, 0.0, np.nan)
    )


def moderate(numbers: Any) -> Any:
    """Are their exponents small enough?"""
    sizes = np.abs(numbers)
    return (sizes == 0) | ((sizes > 2.0**-EXPONENTS) & (sizes < 2.0**EXPONENTS))


def _product(a: Array, b: Array) -> Array:
    """0 times anything is 0."""
    return np.where((a == 0) | (b == 0), 0.0, a * b)
