"""Straight pieces that can be rounded again: slope · x and slope · x + offset.

The driver rounds a kernel's float64 to float16 or float32. Where float64 had to round already, and
to the midpoint of two narrower numbers, the second rounding takes it for a tie and may go to the
wrong side: 0.3 · 5 is not 1.5, because the float64 nearest to 0.3 is a little less. Rounding to
odd prevents that. An inexact result gets an odd last bit, so it is never a midpoint (Boldo &
Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to
odd", IEEE Transactions on Computers 57, 2008). Nor is it ever mistaken for the end of a piece.

A midpoint of float32 has at most 25 bits. So only the few results that have no more than that are
computed again, exactly.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from actlib.blocks import Array

MORE_BITS = np.int64(2**28 - 1)  # set in a float64 only if it has more than 25 significant bits
SPLITTER = 2.0**27 + 1


def line(slope: Array | float, x: Array, missing: Array | float = 0.0) -> Array:
    """(slope + missing) · x, rounded so that it can be rounded again, and 0 where slope is 0.

    A flat line stays flat at infinity, where IEEE says 0 · inf is NaN. `missing` is the part of
    the slope that its own rounding lost.
    """
    product = slope * x
    doubtful = np.flatnonzero(_short(product))
    if doubtful.size and (np.any(_halves(slope)[1]) or np.any(missing)):
        nearest, error = _product(_take(slope, doubtful), x[doubtful])
        error += _finite(_take(missing, doubtful) * x[doubtful])
        product[doubtful] = to_odd(nearest, error)
    return product if np.all(slope) else np.where(slope == 0, 0.0, product)


def affine(slope: Array | float, x: Array, offset: Array | float) -> Array:
    """slope · x + offset, rounded so that it can be rounded again, and accurate near its root."""
    total = slope * x + offset
    doubtful = np.flatnonzero(_short(total) | (np.abs(total) < 0.25 * np.abs(offset)))
    if doubtful.size:
        product, missing = _product(_take(slope, doubtful), x[doubtful])
        nearest, more = _sum(product, _take(offset, doubtful))
        total[doubtful] = to_odd(*_sum(nearest, missing + more))
    return total


def through(slope: Array | float, x: Array, point: Array | float) -> Array:
    """point + slope · (x − point), rounded so that it can be rounded again, accurate everywhere."""
    difference, difference_missing = _sum(x, -point)
    product, product_missing = _product(slope, difference)
    total, sum_missing = _sum(product, point)
    missing = sum_missing + product_missing + slope * difference_missing
    result = to_odd(*_sum(total, missing))
    return result if np.all(slope) else np.where(slope == 0, point, result)


def difference(a: Array | float, b: Array | float) -> Array:
    """a − b, rounded so that it can be rounded again."""
    return to_odd(*_sum(np.asarray(a), np.negative(b)))


def slope_times_difference(slope: Array | float, a: Array | float, b: Array) -> list[Array]:
    """slope · (a − b) as four numbers that add up to it exactly."""
    nearest, missing = _sum(-b, a)
    return [*_product(slope, nearest), *_product(slope, missing)]


def exact_product(a: Array | float, b: Array | float) -> tuple[Array, Array]:
    """a · b as two numbers that add up to it exactly."""
    return _product(a, np.asarray(b))


def exact_sum(parts: Sequence[Array | float]) -> Array:
    """The sum, rounded so that it can be rounded again, however much of it cancels.

    A pass of error-free sums carries the leading bits to the end and leaves behind what each step
    lost; after k passes the result is as good as in k-fold precision (Ogita, Rump & Oishi,
    "Accurate sum and dot product", SIAM Journal on Scientific Computing 26, 2005).
    """
    left = [np.asarray(part) for part in parts]
    for _ in range(3):
        for i in range(1, len(left)):
            left[i], left[i - 1] = _sum(left[i], left[i - 1])
    *small, leading = left or [np.zeros(())]
    return to_odd(*_sum(leading, sum(small, start=np.zeros(()))))


def halfway(a: Array | float, b: Array | float) -> tuple[Array, Array]:
    """The nearest float64 to (a + b) / 2, and what is missing from it."""
    return _sum(np.asarray(a) / 2, np.asarray(b) / 2)


def to_odd(rounded: Array, error: Array) -> Array:
    """The sum of a nearest float64 and what is missing from it, rounded to odd."""
    bits = rounded.view(np.int64)
    inexact = (error != 0) & (bits % 2 == 0) & (rounded != 0)
    outwards = np.where((error > 0) == (rounded > 0), 1, -1)
    return np.where(inexact, bits + outwards, bits).view(np.float64)


def _short(result: Array) -> NDArray[np.bool_]:
    """Which results could be a midpoint, of float32 or of a narrower type."""
    return (result.view(np.int64) & MORE_BITS) == 0


def _take(parameter: Array | float, places: NDArray[np.intp]) -> Array | float:
    return parameter[places] if isinstance(parameter, np.ndarray) and parameter.ndim else parameter


def _product(a: Array | float, b: Array) -> tuple[Array, Array]:
    """The nearest float64 to a · b, and what is missing (Dekker's product of Veltkamp's halves)."""
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    product = a * b
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, _finite(error)


def _sum(a: Array, b: Array | float) -> tuple[Array, Array]:
    """The nearest float64 to a + b, and what is missing (Knuth's TwoSum)."""
    total = a + b
    back = total - a
    return total, _finite((a - (total - back)) + (b - back))


def _halves(a: Array | float) -> tuple[Array, Array]:
    """a as the sum of its 26 leading bits and the rest: products of halves are exact."""
    high = np.multiply(a, SPLITTER)
    high = high - (high - a)
    return high, a - high


def _finite(error: Array) -> Array:
    """Where a result is infinite, or so large that its halves overflow, nothing is corrected."""
    return np.where(np.isfinite(error), error, 0.0)
