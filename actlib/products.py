"""Straight pieces, slope · x + offset: as formulas, and as exact sums for the second look."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.rounding import Array, to_odd

LEADING = np.int64(-(2**27))  # keeps 26 of the 53 bits of a float64
SPLITTER = 2.0**27 + 1

Number = Array | float


def line(slope: Number, x: Array) -> Array:
    """slope · x, and 0 where slope is 0: at infinity too, where IEEE says 0 · inf is NaN."""
    if isinstance(slope, np.ndarray):
        return np.where(slope == 0, 0.0, slope * x)
    return slope * x if slope else np.zeros_like(x)


def affine(slope: Number, x: Array, offset: Number) -> Array:
    """slope · x + offset, within 2 ulp also near its root.

    There the product nearly cancels the offset, and what its rounding lost is all that is left.
    Products of halves are exact; so are their sums with the offset, where they cancel.
    """
    high = (x.view(np.int64) & LEADING).view(np.float64)
    low = x - high
    slope_high, slope_low = _halves(slope)
    total = slope_high * high
    total += offset
    total += slope_high * low
    total += slope_low * high
    total += slope_low * low
    lost = np.isnan(total)  # x, or a product, was infinite
    return np.where(lost, slope * x + offset, total) if np.count_nonzero(lost) else total


def line_side(
    middle: Array, x: Array, slope: Number, offset: Number = 0.0, missing: Number = 0.0
) -> Array:
    """The sign of (slope + missing) · x + offset − middle, for an x of at most 24 bits.

    Its products with halves are exact. `missing` is what the slope's own rounding lost.
    """
    high, low = _halves(slope)
    gap, lost = exact_addition(-middle, offset)
    return high * x + gap + low * x + (missing * x + lost)


def through(slope: Number, x: Array, point: Number, here: NDArray[np.bool_]) -> Array:
    """point + slope · (x − point), where `here` within 2 ulp also near its root."""
    if not np.any(point):
        return line(slope, x)
    total = point + line(slope, x - point)
    close = np.flatnonzero(here & (np.abs(total) < 0.5 * np.abs(point)))
    if close.size:
        slope, point = _entries(slope, close), _entries(point, close)
        parts = slope_times_difference(np.negative(slope), point, x[close])
        total[close] = exact_sum([point, *parts])
    return total


def difference(a: Number, b: Number) -> Array:
    """a − b, rounded to odd."""
    return to_odd(*exact_addition(np.asarray(a), np.negative(b)))


def slope_times_difference(slope: Number, a: Number, b: Array) -> list[Array]:
    """slope · (a − b) as four numbers that add up to it exactly."""
    nearest, missing = exact_addition(-b, a)
    return [*exact_product(slope, nearest), *exact_product(slope, missing)]


def exact_product(a: Number, b: Number) -> tuple[Array, Array]:
    """a · b as two numbers that add up to it exactly (Dekker's product of Veltkamp's halves)."""
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    product = np.multiply(a, b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, _finite(error)


def exact_sum(parts: Sequence[Number]) -> Array:
    """The sum, rounded to odd, however much of it cancels.

    A pass of error-free sums carries the leading bits to the end and leaves behind what each step
    lost; after k passes the result is as good as in k-fold precision (Ogita, Rump & Oishi,
    "Accurate sum and dot product", SIAM Journal on Scientific Computing 26, 2005).
    """
    if len(parts) == 1:
        return np.asarray(parts[0])
    left = [np.asarray(part) for part in parts]
    for _ in range(3):
        for i in range(1, len(left)):
            left[i], left[i - 1] = exact_addition(left[i], left[i - 1])
    *small, leading = left or [np.zeros(())]
    return to_odd(*exact_addition(leading, sum(small, start=np.zeros(()))))


def row_sum(values: Array) -> Array:
    """The sum along the last axis, which stays, rounded as if it had been added up exactly.

    Pairs, pairs of pairs, and so on; what each addition loses is added at the end (Ogita, Rump &
    Oishi 2005, as above).
    """
    lost = np.zeros((*values.shape[:-1], 1))
    while values.shape[-1] > 1:
        half = values.shape[-1] // 2
        pairs, missing = exact_addition(values[..., :half], values[..., half : 2 * half])
        lost += missing.sum(axis=-1, keepdims=True)
        values = np.concatenate([pairs, values[..., 2 * half :]], axis=-1)
    return values + lost


def exact_addition(a: Number, b: Number) -> tuple[Any, Array]:
    """The nearest float64 to a + b, and what is missing (Knuth's TwoSum)."""
    total = a + b
    back = total - a
    return total, _finite((a - (total - back)) + (b - back))


def _halves(a: Number) -> tuple[Number, Number]:
    """a as the sum of its 26 leading bits and the rest: products of halves are exact."""
    high = a * SPLITTER
    high = high - (high - a)
    return high, a - high


def _entries(parameter: Number, places: NDArray[np.intp]) -> Number:
    return parameter[places] if isinstance(parameter, np.ndarray) else parameter


def _finite(error: Number) -> Array:
    """Where a result is infinite, or so large that its halves overflow, nothing is corrected."""
    return np.where(np.isfinite(error), error, 0.0)
