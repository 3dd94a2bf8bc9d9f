"""The block driver: any array in, float64 blocks through a kernel, rounded once.

A kernel is a NumPy expression on a block of float64 values. It knows nothing of dtypes, shapes,
strides or byte order: all of that is settled here, for every activation at once.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kernel = Callable[..., Array | float]
Operand = NDArray[Any] | tuple[NDArray[Any], ...]
"""One parameter: an array, or for a stacked one an array for each of its numbers."""

# Readable kernels make temporaries. About 12,000 float64 values keep each one below the 128 KiB
# from which malloc asks the system for fresh pages, and inside the processor's cache.
BLOCK = 12_000


def elementwise(
    kernel: Kernel,
    x: NDArray[np.generic],
    parameters: Sequence[Operand],
    out: NDArray[np.generic],
) -> None:
    """Fill `out` with kernel(x, *parameters), all broadcast to the shape of `out`.

    The iterator casts each block to float64 on the way in and rounds it once, to the dtype of
    `out`, on the way back. Where `out` shares memory with an input it works on a copy.
    """
    arrays = [p for operand in parameters for p in _each(operand) if p.ndim]
    flags: list[Any] = [["readonly", "overlap_assume_elementwise"]] * (1 + len(arrays))
    iterator = np.nditer(
        [x, *arrays, out],
        flags=["buffered", "external_loop", "zerosize_ok", "copy_if_overlap"],
        op_flags=[*flags, ["writeonly", "no_broadcast"]],
        op_dtypes=[np.float64] * (2 + len(arrays)),
        casting="same_kind",
        buffersize=BLOCK,
    )
    with np.errstate(all="ignore"), iterator:
        for x_block, *array_blocks, out_block in iterator:
            blocks = iter(array_blocks)
            out_block[...] = kernel(x_block, *(_block(operand, blocks) for operand in parameters))
            # NaN gives NaN: said once here, so that no kernel has to think of it.
            np.copyto(out_block, x_block, where=np.isnan(x_block))


def _each(operand: Operand) -> tuple[NDArray[Any], ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def _block(operand: Operand, blocks: Iterator[Array]) -> Any:
    """What the kernel gets for a parameter: a number where one is shared, else the next block."""
    if isinstance(operand, tuple):
        return [_block(each, blocks) for each in operand]
    return next(blocks) if operand.ndim else float(operand)


def rows(kernel: Kernel, arrays: Sequence[NDArray[np.generic]], out: NDArray[np.generic]) -> None:
    """Fill `out[i]` with kernel(*(a[i] for a in arrays)), many rows i to a block.

    Each array has shape (N, K); `out` has N as its first axis. The kernel works along the last
    axis of its blocks, in float64; what it returns is rounded once, to the dtype of `out`.
    """
    if arrays[0].shape[-1] == 0:
        out[...] = 0  # the empty sum
        return
    step = max(1, BLOCK // max(1, out[:1].size))
    with np.errstate(all="ignore"):
        for start in range(0, len(out), step):
            block = slice(start, start + step)
            out[block] = kernel(*(a[block].astype(np.float64) for a in arrays))
