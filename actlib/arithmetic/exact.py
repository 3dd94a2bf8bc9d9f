"""Sums and products of floats without an error: what is lost is kept beside the result."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array, to_odd

Number = Array | float

SPLITTER = 2.0**27 + 1
LEADING = np.int64(-(2**27))  # keeps 26 of the 53 bits of a float64


def difference(a: Number, b: Number) -> Array:
    """a − b, rounded to odd."""
    return to_odd(*exact_addition(np.asarray(a), np.negative(b)))


def slope_times_difference(slope: Number, a: Number, b: Array) -> list[Array]:
    """slope · (a − b) as four numbers that add up to it exactly."""
    nearest, missing = exact_addition(-b, a)
    return [*exact_product(slope, nearest), *exact_product(slope, missing)]


def exact_product(a: Number, b: Number) -> tuple[Array, Array]:
    """a · b as two numbers that add up to it exactly (Dekker's product of Veltkamp's halves)."""
    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    product = np.multiply(a, b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, _finite(error)


def exact_square(a: Array) -> tuple[Array, Array]:
    """a² as its nearest float64 and what is missing from that, to 25 more bits.

    In half the time of `exact_product`: a is halved once, by its bits. Neither number may overflow,
    or be subnormal.
    """
    square, high = a * a, leading(a)
    return square, (high * high - square) + (a - high) * (a + high)


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
    total = to_odd(*exact_addition(leading, sum(small, start=np.zeros(()))))
    return total if np.isfinite(total).all() else _without_overflow(total, parts)


def _without_overflow(total: Array, parts: Sequence[Number]) -> Array:
    """The total, where it is not finite added up anew: it may be that only a part of it is not."""
    total, *parts = (np.array(a) for a in np.broadcast_arrays(total, *parts))
    for place in map(tuple, np.argwhere(~np.isfinite(total))):
        terms = [part[place].item() for part in parts]
        if all(map(math.isfinite, terms)):
            total[place] = odd(sum(map(Fraction, terms), start=Fraction(0)))
    return total


def odd(number: Fraction) -> float:
    """A fraction as a float64, rounded to odd; beyond the largest float infinity."""
    try:
        nearest = float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
    missing = number - Fraction(nearest)
    sign = float(missing > 0) - float(missing < 0)
    return float(to_odd(np.array(nearest), np.array(sign)))


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
    total, missing = two_sum(a, b)
    return total, _finite(missing)


def two_sum(a: Number, b: Number) -> tuple[Any, Any]:
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def halves(a: Number) -> tuple[Number, Number]:
    """a as the sum of its 26 leading bits and the rest: products of halves are exact."""
    high = a * SPLITTER
    high = high - (high - a)
    return high, a - high


def leading(a: Array) -> Array:
    """a in its 26 leading bits: products of two such are exact, and so is a − leading(a)."""
    return (a.view(np.int64) & LEADING).view(np.float64)


def _finite(error: Number) -> Array:
    """Where a result is infinite, or so large that its halves overflow, nothing is corrected."""
    return np.where(np.isfinite(error), error, 0.0)
