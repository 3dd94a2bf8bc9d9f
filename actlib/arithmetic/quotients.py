"""Sums of floats over a whole number: the nearest float64, and on which side of it they lie."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.rounding import Array

SMALL = 2.0**-900
"""Below it a product of floats may lose what it should keep."""

ROOM = 1 - 2.0**-30
"""How close to the middle between two floats, in half their distance, is not too close to tell."""

Where = NDArray[np.bool_]


def two_float_sum(values: Array) -> tuple[Array, Array, Array]:
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


def quotient(high: Array, low: Array, bound: Array, count: Array) -> tuple[Array, Array, Where]:
    """(high + low) / count, of a sum that may be off by `bound`: the nearest float64, a number of

    the sign of what is missing from it, and where both are sure.
    """
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
    in_reach = (np.abs(nearest) > SMALL) | (is_exact & (high == 0))
    return nearest, left, (inside | tie) & in_reach


def _left(high: Array, low: Array, quotient: Array, count: Array) -> tuple[Array, Array]:
    """high + low − quotient · count, and what is missing from that."""
    product, missing = exact_product(quotient, count)
    found: tuple[Array, Array] = exact_addition((high - product) - missing, low)
    return found


def decided(
    nearest: Array, side: Array, sure: Where, exact: Callable[..., Fraction]
) -> tuple[Array, Array]:
    """The same, in fractions where it is not sure: `exact` is asked for the one at a place."""
    for place in map(tuple, np.argwhere(~sure)):
        truth = exact(*place)
        try:
            nearest[place] = float(truth)
        except OverflowError:
            nearest[place], side[place] = math.inf if truth > 0 else -math.inf, 0.0
            continue
        beyond = truth - Fraction(float(nearest[place]))
        side[place] = float(beyond > 0) - float(beyond < 0)
    return nearest, side
