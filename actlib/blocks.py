"""The block driver: any array in, float64 blocks through a kernel, rounded once.

A kernel is a NumPy expression on a block of float64 values. It knows nothing of dtypes, shapes,
strides or byte order: all of that is settled here, for every activation at once.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import rounding, ziv
from actlib.rounding import Array, Kernel

Operand = NDArray[Any] | tuple[NDArray[Any], ...]
"""One parameter: an array, or for a stacked one an array for each of its numbers."""

Definition = Callable[..., Any]
"""From the values of the parameters: the SymPy expression, in x alone, that a kernel computes."""

# Readable kernels make temporaries. About 16,000 float64 values keep each one below the 128 KiB
# from which malloc asks the system for fresh pages, and inside the processor's cache.
BLOCK = 16_000


def elementwise(
    kernel: Kernel,
    definition: Definition,
    x: NDArray[np.generic],
    parameters: Sequence[Operand],
    out: NDArray[np.generic],
) -> None:
    """Fill `out` with kernel(x, *parameters), all broadcast to the shape of `out`.

    Each block goes to float64 on the way in and is rounded once, to the dtype of `out`, on the way
    back. Where that could go to the wrong side, the result is found a second time. A kernel that
    rounds at most once itself computes in the dtype of x, unless a parameter needs more digits.
    Where `out` shares memory with an input the iterator works on a copy.
    """
    dtype = _working_dtype(kernel, x, parameters, out)
    narrows = dtype.itemsize > out.dtype.itemsize
    looks_again = narrows and rounding.needs_second_look(kernel)
    with np.errstate(all="ignore"):
        for x_block, values, out_block in _blocks(x, parameters, out, dtype):
            result = np.asarray(kernel(x_block, *values))
            rounding.store(result, out_block)
            if looks_again:
                _look_again(kernel, definition, x_block, values, result, out_block)
            # NaN gives NaN: said once here, so that no kernel has to think of it.
            missing = np.isnan(x_block)
            if np.count_nonzero(missing):
                np.copyto(out_block, np.nan, where=missing)


def _blocks(
    x: NDArray[Any], parameters: Sequence[Operand], out: NDArray[Any], dtype: np.dtype[Any]
) -> Iterator[tuple[NDArray[Any], list[Any], NDArray[Any]]]:
    """x, the parameters and `out`, block by block; all but `out` in this dtype."""
    arrays = [p for operand in parameters for p in _each(operand) if p.ndim]
    flat = x.flags.c_contiguous and out.flags.c_contiguous and x.shape == out.shape
    if flat and not arrays and not np.may_share_memory(x, out):
        values = [_block(operand, iter(())) for operand in parameters]
        x, out = x.reshape(-1), out.reshape(-1)
        for start in range(0, x.size, BLOCK):
            part = slice(start, start + BLOCK)
            block = x[part].astype(dtype, copy=False)
            block.flags.writeable = False
            yield block, values, out[part]
        return
    flags: list[Any] = [["readonly", "overlap_assume_elementwise"]] * (1 + len(arrays))
    iterator = np.nditer(
        [x, *arrays, out],
        flags=["buffered", "external_loop", "zerosize_ok", "copy_if_overlap"],
        op_flags=[*flags, ["writeonly", "no_broadcast"]],
        op_dtypes=[dtype] * (1 + len(arrays)) + [out.dtype.newbyteorder("=")],
        casting="same_kind",
        buffersize=BLOCK,
    )
    with iterator:
        for x_block, *array_blocks, out_block in iterator:
            left = iter(array_blocks)
            yield x_block, [_block(operand, left) for operand in parameters], out_block


def _working_dtype(
    kernel: Kernel, x: NDArray[Any], parameters: Sequence[Operand], out: NDArray[Any]
) -> np.dtype[Any]:
    wide = np.dtype(np.float64)
    if x.dtype != out.dtype or out.dtype.kind != "f" or out.dtype == wide:
        return wide
    numbers = tuple(float(p) for p in parameters if isinstance(p, np.ndarray) and not p.ndim)
    alone = len(numbers) == len(parameters) and rounding.is_single(kernel, numbers)
    fits = alone and all(float(out.dtype.type(number)) == number for number in numbers)
    return x.dtype if fits else wide


def _look_again(
    kernel: Kernel,
    definition: Definition,
    x: Array,
    values: list[Any],
    result: Array,
    out: NDArray[Any],
) -> None:
    """Round each doubtful result again, from the right side of the midpoint next to it."""
    where = rounding.doubtful(result, out)
    if not where.size:
        return
    few = [_entries(value, where) for value in values]
    middle = rounding.midpoints(result[where], out.dtype)
    side = rounding.side(kernel)
    if side is not None:
        sides = side(middle, x[where], *few)
    else:
        expressions = [definition(*(_entry(value, i) for value in few)) for i in range(len(where))]
        sides = ziv.sides(expressions, x[where], middle)
    rounded = np.empty(where.shape, out.dtype)
    rounding.store(rounding.beside(middle, np.asarray(sides)), rounded)
    out[where] = rounded


def _entries(value: Any, where: NDArray[np.intp]) -> Any:
    """A parameter at some places of a block."""
    if isinstance(value, list):
        return [_entries(each, where) for each in value]
    return value[where] if isinstance(value, np.ndarray) else value


def _entry(value: Any, i: int) -> Any:
    """A parameter at one place: a float, or a tuple of them."""
    if isinstance(value, list):
        return tuple(_entry(each, i) for each in value)
    return float(value[i]) if isinstance(value, np.ndarray) else value


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
            values = kernel(*(a[block].astype(np.float64) for a in arrays))
            rounding.store(np.asarray(values), out[block])
