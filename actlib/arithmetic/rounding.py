"""To round once: what is done where rounding a float64 again could go the wrong way.

A kernel's float64 is rounded to float32, float16 or bfloat16. Only where it lies next to the
midpoint of two of those does its own error matter: one result in millions, by chance, but every
ninth of a line of slope 11/48. Only there is it asked on which side of the midpoint the value is:
Ziv's idea ("Fast evaluation of elementary mathematical functions with correctly rounded last bit",
ACM TOMS 17, 1991). The answer is the float64 beside the midpoint, which is never taken for a tie.

Sums that are exact but for their last step are rounded to odd instead: an inexact one gets an odd
last bit and is no midpoint either (Boldo & Melquiond, "Emulation of a FMA and correctly rounded
sums: proved algorithms using rounding to odd", IEEE Transactions on Computers 57, 2008).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FORMS = {("f", 4): (24, -126), ("f", 2): (11, -14), ("V", 2): (8, -126)}
"""By kind and size: significant bits, and the exponent of the smallest normal number.

bfloat16 is of kind V to NumPy. (The name of a dtype would say more, but takes 2 µs to ask for.)
"""

ERROR = 2.0**-48
"""The relative error that a kernel may have: 16 ulp of float64. They are held to 4."""

LESS, MORE = np.array(1 - ERROR), np.array(1 + 2 * ERROR)
"""To the ends of the interval. (NumPy takes 0.2 µs longer to multiply by a float.)"""

NOWHERE = np.empty(0, np.intp)


def fits(dtype: np.dtype[Any], *numbers: float) -> bool:
    """Are they numbers of this dtype?"""
    return all(float(dtype.type(number)) == number for number in numbers)


def doubtful(
    value: Array, dtype: np.dtype[Any], out: NDArray[Any] | None = None
) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The values rounded to a dtype; and where a kernel's error may decide to which number.

    There the two ends of the interval in which the truth lies are rounded to different numbers.
    """
    end = value * LESS
    below = rounded(end, dtype, out)
    end *= MORE  # in its place: the processor still has it at hand
    differ = rounded(end, dtype) != below
    if not np.count_nonzero(differ):
        return below, NOWHERE
    found = np.flatnonzero(differ)
    return below, found[~np.isnan(value[found])]


def midpoints(value: Array, dtype: np.dtype[Any]) -> Array:
    """The midpoint next to each doubtful result."""
    digits, lowest = FORMS[dtype.kind, dtype.itemsize]
    half = 1 << (52 - digits)
    normal = ((value.view(np.int64) & -(2 * half)) | half).view(np.float64)
    small = np.abs(value) < 2.0**lowest
    if np.count_nonzero(small):
        unit = 2.0 ** (lowest - digits)
        return np.where(small, np.rint(value / unit) * unit, normal)
    return normal


def rounded(
    value: NDArray[Any], dtype: np.dtype[Any], out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """The values rounded once to a dtype: in `out`, or in a new array."""
    if dtype.kind == "V":
        value = _odd_float32(value)  # the cast of ml_dtypes would round to float32 on the way
    if out is None:
        return value.astype(dtype)
    out[...] = value
    return out


def beside(middle: Array, side: Array) -> Array:
    """The middle itself where the side is 0, else a float64 close to it on that side."""
    return middle + np.sign(side) * np.abs(middle) * 2.0**-50


def to_odd(rounded: Array, error: Array) -> Array:
    """The sum of a nearest float64 and what is missing from it, rounded to odd.

    What is too large by its last bit, or by less, is made smaller by it; then the last bit is set.
    """
    inexact = (error != 0) & (rounded != 0)
    too_large = inexact & ((error > 0) != (rounded > 0))
    return ((rounded.view(np.int64) - too_large) | inexact).view(np.float64)


def _odd_float32(value: Array) -> NDArray[np.float32]:
    """The nearest float32, or where that is inexact and even, the odd one beside it."""
    nearest = value.astype(np.float32)
    turn = (nearest != value) & (nearest.view(np.int32) % 2 == 0) & np.isfinite(nearest)
    towards = np.where(value > nearest, np.float32(np.inf), np.float32(-np.inf))
    return np.where(turn, np.nextafter(nearest, towards), nearest)
