"""Straight pieces, slope · x + offset: as formulas, and as exact sums for the second look."""

import math
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import (
    Number,
    exact_product,
    exact_sum,
    halves,
    leading,
    slope_times_difference,
    two_sum,
)
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import always, any_nan, negative, positive

FAR = 2.0**900


def line(slope: Number, x: Array) -> Array:
    """slope · x, and 0 where slope is 0: at infinity too, where IEEE says 0 · inf is NaN.

    For a number it is rounded once, to the dtype of x.
    """
    if isinstance(slope, np.ndarray):
        return np.where(slope == 0, 0.0, slope * x)
    if slope == 0:
        return np.zeros(x.shape, x.dtype)
    if fits(x.dtype, slope):
        return x * x.dtype.type(slope)
    wide = x.astype(np.float64)
    wide *= factor(slope)
    return wide.astype(x.dtype)


def bent(slope: Number, x: Array) -> Array:
    """x where it is positive, line(slope, x) where it is negative."""
    if always(slope, 0):
        return positive(x)
    if isinstance(slope, np.ndarray):
        return positive(x) + line(slope, negative(x))
    return (np.maximum if slope <= 1 else np.minimum)(x, line(slope, x))


@lru_cache(maxsize=1024)
def factor(slope: float) -> float:
    """What to multiply an x of at most 24 bits by, in float64, for slope · x to be rounded right.

    The product is rounded to float64 and then again, to the dtype of x. Only a midpoint beside it
    can lead that astray. With x = m 2^e and the midpoint N 2^k, N/m is, but for a power of two, an
    approximation of the slope, by integers below 2^25. Two such fractions are at least
    2^-50 apart, so that only the best one can lie within 1.5 ulp (as in Brisebarre & Muller,
    "Correctly rounded multiplication by arbitrary precision constants", IEEE Transactions on
    Computers 57, 2008). A factor that is one ulp further from it than the slope keeps the product
    on its side of such a midpoint, and reaches no other.
    """
    scale = Fraction(2) ** (math.frexp(slope)[1] - 1)
    best = (Fraction(slope) / scale).limit_denominator(2**25) * scale
    if best == slope:
        return slope
    return math.nextafter(slope, math.inf if slope > best else -math.inf)


def affine(slope: Number, x: Array, offset: Number) -> Array:
    """slope · x + offset, within 2 ulp also near its root.

    There the product nearly cancels the offset, and what its rounding lost is all that is left. In
    slope · (x + offset / slope) it is the sum that cancels, which is exact there (Sterbenz); what
    the rounding of the quotient lost is added after it.
    """
    quotient = None
    if not isinstance(slope, np.ndarray) and not isinstance(offset, np.ndarray):
        quotient = _quotient(offset, slope)
    if quotient is None:
        return _sum_of_halves(slope, x, offset)
    nearest, missing = quotient
    total = x.astype(np.float64)
    total += nearest
    total += missing
    total *= slope
    return total


@lru_cache(maxsize=256)
def _quotient(a: float, b: float) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """a / b as a nearest float64 and one for the rest, if both have all their digits."""
    exact = Fraction(a) / Fraction(b)
    if exact and not 2.0**-900 < abs(exact) < 2.0**1000:
        return None
    return np.array(float(exact)), np.array(float(exact - Fraction(float(exact))))


def _sum_of_halves(slope: Number, x: Array, offset: Number) -> Array:
    """The same where the quotient is no number, or not one for all.

    Products of halves are exact; so are their sums with the offset, where they cancel.
    """
    slope_high, slope_low = halves(slope)
    if x.dtype != np.float64:  # then x is its own half
        x = x.astype(np.float64)
        total = slope_high * x
        total += offset
        total += slope_low * x
    else:
        high = leading(x)
        low = x - high
        total = slope_high * high
        total += offset
        total += slope_high * low
        total += slope_low * high
        total += slope_low * low
    if not any_nan(total):
        return total
    return np.where(np.isnan(total), slope * x + offset, total)  # x, or a product, was infinite


def reach(level: float, slope: Number, offset: Number, dtype: np.dtype[Any]) -> Any:
    """The least x of this dtype for which slope · x + offset ≥ level, if the slope is positive."""
    if isinstance(slope, np.ndarray) or isinstance(offset, np.ndarray):
        return _reach(level, slope, offset, dtype)
    return _reach_of_numbers(level, slope, offset, dtype)


def _reach(level: float, slope: Number, offset: Number, dtype: np.dtype[Any]) -> Any:
    up, down = dtype.type(np.inf), dtype.type(-np.inf)
    x = np.nextafter(np.divide(np.subtract(level, offset), slope).astype(dtype), down)
    for _ in range(3):
        product = exact_product(slope, x.astype(np.float64))
        x = np.where(exact_sum([*product, offset, -level]) < 0, np.nextafter(x, up), x)
    return x


_reach_of_numbers = lru_cache(maxsize=256)(_reach)


def line_side(
    middle: Array, x: Array, slope: Number, offset: Number = 0.0, missing: Number = 0.0
) -> Array:
    """The sign of (slope + missing) · x + offset − middle, for an x of at most 24 bits.

    Its products with halves are exact. `missing` is what the slope's own rounding lost.
    """
    high, low = halves(slope)
    gap, lost = two_sum(-middle, offset)
    if not always(missing, 0):
        lost = missing * x + lost
    return high * x + gap + low * x + lost


def leaning(slope: Number, x: Array, point: Number) -> Array:
    """slope · (x − point), even where the difference is larger than the largest float."""
    part = a_quarter(x, point)
    return line(slope, x * part - point * part) / part


def through(slope: Number, x: Array, point: Number, here: NDArray[np.bool_]) -> Array:
    """point + slope · (x − point), where `here` within 2 ulp also near its root."""
    if always(slope, 1):
        return x
    if always(point, 0):
        return line(slope, x)
    part = a_quarter(x, point)
    total = (point * part + line(slope, x * part - point * part)) / part
    total = np.where(np.equal(slope, 0), point, total)  # of which a quarter may lose digits
    close = np.flatnonzero(here & (np.abs(total) < 0.5 * np.abs(point)))
    if close.size:
        slope, point = _entries(slope, close), _entries(point, close)
        less = np.where(np.abs(point) > FAR, 2.0**-200, 1.0)  # halves of the largest overflow
        parts = slope_times_difference(np.negative(slope), point * less, x[close] * less)
        total[close] = exact_sum([point * less, *parts]) / less
    return total


def a_quarter(*lengths: Number) -> Number:
    """What to take of lengths so that sums of them do not overflow on the way: all, but far out."""
    far = reduce(np.logical_or, (np.abs(length) > FAR for length in lengths))
    return np.where(far, 0.25, 1.0) if np.any(far) else 1.0


def _entries(parameter: Number, places: NDArray[np.intp]) -> Number:
    return parameter[places] if isinstance(parameter, np.ndarray) else parameter
