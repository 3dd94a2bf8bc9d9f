"""What a real number rounds to in float16, bfloat16 or float32, and how large an ulp is.

In units of its ulp, a number of the type is a whole number. So rounding is to the nearest integer,
ties to even, which NumPy's rint does; and the division by an ulp, a power of two, is exact.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FORMS = {"float64": (53, -1022), "float32": (24, -126), "float16": (11, -14), "bfloat16": (8, -126)}
"""Significant bits, and the exponent of the smallest normal number."""

BIAS, FRACTION = 1023, 52  # of float64
EXPONENT = 0x7FF << FRACTION


def unit(value: Array, dtype: np.dtype[Any]) -> Array:
    """The ulp of a type at each value: the gap between its numbers in that binade.

    Below the smallest normal number, and beyond the largest, it is that of the next binade.
    """
    if dtype == np.float64:
        return np.spacing(np.abs(value))
    digits, lowest = FORMS[dtype.name]
    highest = 1 - lowest
    exponents = (value.view(np.int64) & EXPONENT).clip(
        (lowest + BIAS) << FRACTION, (highest + BIAS) << FRACTION
    )
    exponents -= (digits - 1) << FRACTION
    return exponents.view(np.float64)


def smallest_normal(dtype: np.dtype[Any]) -> float:
    """Below it, numbers have fewer digits."""
    return float(2.0 ** FORMS[dtype.name][1])


def nearest(value: Array, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The values rounded once."""
    if dtype.name != "bfloat16":
        return value.astype(dtype)
    units = unit(value, dtype)  # the cast of ml_dtypes would round to float32 on the way
    return (np.rint(value / units) * units).astype(dtype)


def doubtful(value: Array, dtype: np.dtype[Any], error: float) -> NDArray[np.intp]:
    """Where the truth, so close to a value relatively, may round to another number than it."""
    steps = value / unit(value, dtype)
    away = np.rint(steps)
    away -= steps
    np.abs(away, out=away)
    np.abs(steps, out=steps)
    steps *= error
    away += steps
    return np.flatnonzero(away >= 0.5)


def around(value: Array, dtype: np.dtype[Any]) -> tuple[Array, Array, Array, Array]:
    """The numbers of the type next to each value: below, above; between them, and the even one."""
    units = unit(value, dtype)
    steps = np.floor(value / units)
    even = steps + (steps % 2 != 0)
    return steps * units, (steps + 1) * units, (steps + 0.5) * units, even * units
