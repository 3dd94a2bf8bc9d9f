"""All finite float32 numbers, in chunks that are each in order and of one sign."""

import numpy as np
from numpy.typing import NDArray

CHUNKS = 256
SIZE = 2**32 // CHUNKS
FINITE = 0x7F800000  # as many bit patterns of each sign stand for finite numbers


def inputs(chunk: int) -> NDArray[np.float32]:
    """The finite numbers whose bit patterns lie in this chunk."""
    start = chunk * SIZE
    sign = start & 0x80000000
    stop = min(start + SIZE, sign + FINITE)
    return np.arange(start, max(start, stop), dtype=np.uint32).view(np.float32)
