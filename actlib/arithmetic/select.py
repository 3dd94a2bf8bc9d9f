"""Choices that cost as little as sums.

np.where tests each element and jumps; where signs are mixed the processor guesses half the jumps
wrong, and a choice costs more than an exponential. Here the bits of both are kept or cleared.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.rounding import Array

Number = Array | float

WIDE = np.dtype(np.float64)
BITS = {size: np.dtype(f"i{size}") for size in (2, 4, 8)}
SIGN = {size: np.array(np.iinfo(bits).min, bits) for size, bits in BITS.items()}

ONE, HALF = np.array(1.0), np.array(0.5)
"""Arrays already: to make one of a number takes NumPy half as long as to add a thousand."""


def always(parameter: Number, number: float) -> bool:
    """Is it one number for all, and this one?"""
    return not isinstance(parameter, np.ndarray) and parameter == number


def any_nan(x: NDArray[Any]) -> bool:
    """Is there a NaN? It is the largest to argmax, which takes a quarter of the time of max.

    (Of a read-only array argmax makes a copy first, which takes longer than max.)
    """
    return math.isnan(x[x.argmax()])


def where(
    test: NDArray[np.bool_], yes: Number, no: Number, like: NDArray[Any] | None = None
) -> Any:
    """`yes` where the test holds, else `no`: arrays of one dtype, or numbers.

    Numbers are rounded, once, to the dtype of the arrays; two numbers to that of `like`.
    """
    if yes is no:
        return no
    if always(yes, 0):
        test, yes, no = ~test, no, yes
    if isinstance(yes, np.ndarray) or isinstance(no, np.ndarray):
        dtype = yes.dtype if isinstance(yes, np.ndarray) else np.asarray(no).dtype
        bits = BITS[dtype.itemsize]
        other = _bits(no, dtype, bits)
        difference = _bits(yes, dtype, bits) ^ other
    else:
        dtype = WIDE if like is None else like.dtype
        bits = BITS[dtype.itemsize]
        if yes == no:
            return yes
        factor = dtype.type(yes)
        if no == 0 and math.isfinite(factor):
            chosen = test.astype(dtype)
            if yes != 1:
                chosen *= factor
            return chosen
        difference, other = _of_numbers(dtype, bits, yes, no)
    ones = np.negative(test.view(np.int8)).astype(bits)
    ones &= difference
    ones ^= other
    return ones.view(dtype)


def _bits(value: Number, dtype: np.dtype[Any], bits: np.dtype[Any]) -> Any:
    return (value if isinstance(value, np.ndarray) else dtype.type(value)).view(bits)


@lru_cache(maxsize=1024)
def _of_numbers(dtype: np.dtype[Any], bits: np.dtype[Any], yes: float, no: float) -> Any:
    other = _bits(no, dtype, bits)
    return _bits(yes, dtype, bits) ^ other, other


def positive(x: Array) -> Array:
    """max(x, 0)."""
    return at_least(0.0, x)


def negative(x: Array) -> Array:
    """min(x, 0)."""
    return at_most(0.0, x)


def at_most(level: float, x: Array) -> Array:
    """min(x, level)."""
    return np.minimum(x, _filled(x.shape, level, x.dtype))


def at_least(level: float, x: Array) -> Array:
    """max(x, level)."""
    return np.maximum(x, _filled(x.shape, level, x.dtype))


@lru_cache(maxsize=16)
def _filled(shape: tuple[int, ...], number: float, dtype: np.dtype[Any]) -> Array:
    """Beside an array NumPy has a vector instruction for max and min, beside a number none."""
    filled = np.full(shape, number, dtype)
    filled.flags.writeable = False
    return filled


def minus_abs(x: Array) -> Array:
    """−|x| in one pass: the bit of its sign is set."""
    size = x.dtype.itemsize
    return (x.view(BITS[size]) | SIGN[size]).view(x.dtype)
