"""Sums of floats over a whole number, and numbers with a square root in them: the nearest float64,

and on which side of it they lie.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.two_floats import SMALL, TwoFloats

ROOM = 1 - 2.0**-30
"""How close to the middle between two floats, in half their distance, is not too close to tell."""

Where = NDArray[np.bool_]


def quotient(total: TwoFloats, count: Array) -> tuple[Array, Array, Where]:
    """total / count: the nearest float64, a number of the sign of what is missing from it, and

    where both are sure.
    """
    high, low, bound = total.high, total.low, total.missing
    nearest = high / count
    nearest = nearest + _left(high, low, nearest, count)[0] / count
    left, missing = _left(high, low, nearest, count)
    half = np.spacing(np.abs(nearest)) * count / 2
    # Below a power of two the floats are twice as close.
    half = np.where((left < 0) & (np.frexp(np.abs(nearest))[0] == 0.5), half / 2, half)
    is_even = nearest.view(np.int64) & 1 == 0
    is_exact = (bound == 0) & (missing == 0)
    tie = is_exact & (np.abs(left) == half) & is_even
    inside = (np.abs(left) + bound < half * ROOM) & (is_exact | (np.abs(left) > 2 * bound))
    size = np.abs(nearest)
    in_reach = ((size > SMALL) & (size * count < 1 / SMALL)) | (is_exact & (high == 0))
    return nearest, left, (inside | tie) & in_reach


def _left(high: Array, low: Any, quotient: Array, count: Array) -> tuple[Array, Array]:
    """high + low − quotient · count, and what is missing from that."""
    product, missing = exact_product(quotient, count)
    found: tuple[Array, Array] = exact_addition((high - product) - missing, low)
    return found


def decided(
    nearest: Array, side: Array, sure: Where, exact: Callable[..., Fraction]
) -> tuple[Array, Array]:
    """The same, in fractions where it is not sure: `exact` is asked for the one at a place."""
    for place in map(tuple, np.argwhere(~sure).tolist()):
        truth = exact(*place)
        nearest[place] = near = in_float64(truth)
        side[place] = 0.0 if math.isinf(near) else float(truth > near) - float(truth < near)
    return nearest, side


def in_float64(number: Fraction) -> float:
    """The nearest one, which beyond the largest is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def with_root(a: Fraction, b: Fraction, radicand: Fraction) -> Fraction:
    """a + b √radicand if it is rational; else a fraction that no float64, and no middle of two,

    separates from it. It lies between two of them, and enough digits tell which.
    """
    whole, over = radicand.numerator * radicand.denominator, radicand.denominator
    root = math.isqrt(whole)
    if b == 0 or root * root == whole:
        return a + b * Fraction(root, over)
    bits = 128
    while True:
        root = math.isqrt(whole << 2 * bits)
        ends = [a + b * Fraction(end, over << bits) for end in (root, root + 1)]
        low, high = sorted(ends)
        near = in_float64(low)
        if near == in_float64(high) and not low < near < high:
            return (low + high) / 2
        bits *= 2
