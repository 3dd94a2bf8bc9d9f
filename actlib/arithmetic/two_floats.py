"""Numbers kept in two floats, with a bound for what these miss.

What an operation loses is measured, not estimated: where it loses nothing, as it does for most
numbers of few digits, the bound stays 0, and the two floats are the number itself.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_product, two_sum
from actlib.arithmetic.rounding import Array

SMALL = 2.0**-900
"""Below it a product of floats may lose what it should keep, and so it may above 1 / SMALL."""

BELOW = 2.0**-1000
"""More than all that a product of floats can lose to underflow."""


@dataclass(frozen=True, eq=False)
class TwoFloats:
    """high + low, and what is missing from that at most."""

    high: Array
    low: Any = 0.0
    missing: Any = 0.0

    def __neg__(self) -> "TwoFloats":
        return TwoFloats(-self.high, np.negative(self.low), self.missing)

    def __add__(self, other: "TwoFloats") -> "TwoFloats":
        high, left = exact_addition(self.high, other.high)
        low, first = two_sum(self.low, other.low)
        low, second = two_sum(low, left)
        lost = 2 * (np.abs(first) + np.abs(second))
        return TwoFloats(*exact_addition(high, low), self.missing + other.missing + lost)

    def __sub__(self, other: "TwoFloats") -> "TwoFloats":
        return self + -other

    def __mul__(self, other: "TwoFloats") -> "TwoFloats":
        a, b = self.high, other.high
        product = TwoFloats(*exact_product(a, b))
        crossed = TwoFloats(*exact_product(a, other.low)) + TwoFloats(*exact_product(self.low, b))
        found = product + crossed
        lost = 2 * np.abs(np.multiply(self.low, other.low))
        lost = lost + _size(self) * other.missing + _most(other) * self.missing
        is_short = _is_short(self) & _is_short(other)
        is_none = (is_short & (np.abs(a * b) > SMALL)) | _is_none(self) | _is_none(other)
        lost = np.where(is_none, 0.0, lost + BELOW)
        # The halves of a larger one may overflow, and then nothing is known of what is lost.
        too_large = np.maximum(np.abs(a), np.abs(b)) > 1 / SMALL
        return TwoFloats(found.high, found.low, np.where(too_large, np.inf, found.missing + lost))

    def __truediv__(self, other: "TwoFloats") -> "TwoFloats":
        first = self.high / other.high
        second = (self - TwoFloats(first) * other).high / other.high
        high, low = exact_addition(first, second)
        left = self - TwoFloats(high, low) * other
        return TwoFloats(high, low, _over(2 * _most(left), _size(other) - other.missing))

    def sqrt(self) -> "TwoFloats":
        """Of numbers that are not close to 0."""
        first = np.sqrt(self.high)
        second = (self - TwoFloats(first) * TwoFloats(first)).high / (2 * first)
        found = TwoFloats(*exact_addition(first, second))
        return TwoFloats(found.high, found.low, _over(_most(self - found * found), first))

    def __getitem__(self, place: Any) -> "TwoFloats":
        parts = np.broadcast_arrays(self.high, self.low, self.missing)
        return TwoFloats(*(part[place] for part in parts))

    def only(self, where: NDArray[np.bool_]) -> "TwoFloats":
        """0 elsewhere."""
        parts = (self.high, self.low, self.missing)
        return TwoFloats(*(np.where(where, part, 0.0) for part in parts))

    def sum(self) -> "TwoFloats":
        """Along the last axis, which stays."""
        parts = np.broadcast_arrays(self.high, self.low, self.missing)
        high, low, lost = _two_float_sum(np.concatenate(parts[:2], axis=-1))
        return TwoFloats(high, low, lost + 2 * parts[2].sum(axis=-1, keepdims=True))


def _two_float_sum(values: Array) -> tuple[Array, Array, Array]:
    """The sum along the last axis, which stays: two floats, and what is missing from them at most.

    Pairs, pairs of pairs, and so on; then the same with what each addition lost. What that loses in
    its turn is 0 for most sums of narrow floats, and the two floats are the sum itself.
    """
    high, lost = _in_pairs(values)
    low, left = _in_pairs(lost)
    return *exact_addition(high, low), 2 * np.abs(left).sum(axis=-1, keepdims=True)


def _in_pairs(values: Array) -> tuple[Array, Array]:
    """The rounded sum along the last axis, and what each addition lost."""
    lost = [np.zeros((*values.shape[:-1], 1))]
    while values.shape[-1] > 1:
        half = values.shape[-1] // 2
        pairs, missing = exact_addition(values[..., :half], values[..., half : 2 * half])
        lost.append(missing)
        values = np.concatenate([pairs, values[..., 2 * half :]], axis=-1)
    return values, np.concatenate(lost, axis=-1)


def _size(number: TwoFloats) -> Array:
    """How large the two floats are, or less than a rounding larger."""
    return np.asarray(np.abs(number.high) + np.abs(number.low))


def _most(number: TwoFloats) -> Array:
    """How large it can be."""
    return np.asarray(_size(number) + number.missing)


def _is_short(number: TwoFloats) -> NDArray[np.bool_]:
    """Is it one float?"""
    return np.equal(number.low, 0) & np.equal(number.missing, 0)


def _is_none(number: TwoFloats) -> NDArray[np.bool_]:
    """Is it 0, exactly?"""
    return np.equal(number.high, 0) & np.equal(number.missing, 0)


def _over(bound: Array, number: Array) -> Array:
    """Their quotient, which is 0 for 0 alone."""
    return np.where(bound == 0, 0.0, bound / number + BELOW)
