"""The finite float32 numbers, all in chunks or some at random; in order, and of one sign."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

CHUNKS = 256
SIZE = 2**32 // CHUNKS
AT_ONCE = 2**18  # inputs that stay in the cache until they have been tried
STRIDE = 25_013  # a prime, so that all last bits occur; some 330 inputs of each binade
FINITE = 0x7F800000  # as many bit patterns of each sign stand for finite numbers


def inputs(chunk: int) -> NDArray[np.float32]:
    """The finite numbers whose bit patterns lie in this chunk."""
    patterns = _patterns(chunk)
    return np.arange(patterns.start, patterns.stop, dtype=np.uint32).view(np.float32)


def parts(chunk: int) -> Iterator[NDArray[np.float32]]:
    """The same, a few at a time."""
    patterns = _patterns(chunk)
    for start in patterns[::AT_ONCE]:
        stop = min(start + AT_ONCE, patterns.stop)
        yield np.arange(start, stop, dtype=np.uint32).view(np.float32)


def within(parts: Iterable[NDArray[np.float32]], reach: float) -> Iterator[NDArray[np.float32]]:
    """Those of |x| <= reach."""
    for x in parts:
        near = x[np.abs(x) <= reach]
        if near.size:
            yield near


def beyond(reach: float) -> NDArray[np.float32]:
    """Of the finite numbers of |x| > reach some, in each binade equally many; of both signs."""
    if reach == np.inf:
        return np.zeros(0, np.float32)
    first = int(np.float32(reach).view(np.uint32)) + 1
    above = np.arange(first, FINITE, STRIDE, dtype=np.uint32).view(np.float32)
    return np.concatenate([above, -above])


def _patterns(chunk: int) -> range:
    start = chunk * SIZE
    sign = start & 0x80000000
    return range(start, max(start, min(start + SIZE, sign + FINITE)))


def some(seed: int, count: int = 10**6) -> list[NDArray[np.float32]]:
    """Finite numbers of either sign, in order of |x|: each binade has its share of so many."""
    bits = np.random.default_rng(seed).integers(0, FINITE, (2, count // 2), dtype=np.uint32)
    above, below = (np.unique(row).view(np.float32) for row in bits)
    return [above, -below]
