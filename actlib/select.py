"""Choices that cost as little as sums.

np.where tests each element and jumps; where signs are mixed the processor guesses half the jumps
wrong, and a choice costs more than an exponential. Here the bits of both are kept or cleared.
"""

import numpy as np
from numpy.typing import NDArray

from actlib.rounding import Array


def where(test: NDArray[np.bool_], yes: Array | float, no: Array | float) -> Array:
    """`yes` where the test holds, else `no`: arrays of one dtype, or numbers."""
    dtype = next((v.dtype for v in (yes, no) if isinstance(v, np.ndarray)), np.dtype(np.float64))
    bits = np.dtype(f"i{dtype.itemsize}")
    ones = np.negative(test.view(np.int8)).astype(bits)
    chosen, other = (np.asarray(v, dtype).view(bits) for v in (yes, no))
    ones &= chosen ^ other
    ones ^= other
    return ones.view(dtype)


def positive(x: Array) -> Array:
    """max(x, 0): np.clip has a vector instruction for it where np.maximum, on float64, has none."""
    return np.clip(x, 0, np.inf)
