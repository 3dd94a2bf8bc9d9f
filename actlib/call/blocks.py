"""The block driver: any array in, float64 blocks through a kernel, rounded once.

A kernel is a NumPy expression on a block of float64 values. It knows nothing of dtypes, shapes,
strides or byte order: all of that is settled here, for every activation at once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.kernel import NEAR, OWN, Function, Kernel, marked
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import any_nan
from actlib.call.operands import Operand, each, entries

if TYPE_CHECKING:  # with them comes SymPy
    from actlib.call.second_look.curve import Curve
    from actlib.call.second_look.surface import Surface

Definition = Callable[[], "Curve | Surface"]
"""What a kernel computes: made when it is first asked."""

# Readable kernels make temporaries. In blocks of 400 kB they stay near the processor, calls cost
# little beside their loops, and a call allocates less than 4 MB beyond its result.
BLOCK = 50_000  # of float64; twice as many of float32

# glibc gives freed memory back to the system as soon as it is twice the largest piece that was ever
# freed, and every block would fetch its pages anew. This piece is as large as it needs to see.
np.empty(2**22, np.uint8)

WIDE = np.dtype(np.float64)
NANS = np.array([np.nan, -np.nan])


@np.errstate(all="ignore")
def elementwise(
    kernel: Function,
    definition: Definition,
    x: NDArray[Any],
    parameters: tuple[Operand, ...],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """kernel(x, *parameters), all broadcast to a shape, in a dtype: in `out` if it is given.

    Each block goes to float64 on the way in and is rounded once, to the dtype of the result, on the
    way back. Where that could go to the wrong side, the result is found a second time. A kernel
    that rounds at most once itself computes in the dtype of x; one that has a shorter way to a
    narrow result goes to float64 itself.
    Where `out` shares memory with an input the iterator works on a copy.
    """
    arrays: list[NDArray[Any]] = []
    try:
        plan = _plan_for_numbers(kernel, x.dtype, dtype, parameters)
    except TypeError:  # an array cannot be looked up
        arrays = [p for operand in parameters for p in each(operand) if isinstance(p, np.ndarray)]
        if not arrays:
            raise
        plan = _plan(kernel, x.dtype, dtype, None)
    alike = not arrays and x.shape == shape and x.flags.c_contiguous
    if alike and out is None and 0 < x.size <= plan.size:
        block = x.reshape(-1).astype(plan.dtype, copy=False)
        result = _compute(plan, definition, block, parameters)
        return result if x.ndim == 1 else result.reshape(shape)
    result = np.empty(shape, dtype) if out is None else out
    if alike and result.flags.c_contiguous and (out is None or not np.may_share_memory(x, out)):
        blocks = _slices(x.reshape(-1), parameters, result.reshape(-1), plan)
    else:
        blocks = _iterated(x, parameters, arrays, result, plan.dtype)
    for block, values, place in blocks:
        _compute(plan, definition, block, values, place)
    return result


def both(
    kernel: Function, definition: Definition, x: NDArray[Any], parameters: tuple[Operand, ...]
) -> tuple[NDArray[Any], Array | None]:
    """What `elementwise` returns for a vector x and numbers; and the float64 that was rounded to

    it, or None where the kernel rounds itself.
    """
    plan = _plan_for_numbers(kernel, x.dtype, x.dtype, parameters)
    out, unrounded = np.empty(x.shape, x.dtype), []
    with np.errstate(all="ignore"):
        for block, values, place in _slices(x, parameters, out, plan):
            value = _evaluated(plan, block, values)
            unrounded.append(value if value.ndim else np.full(block.shape, value))
            _rounded(plan, definition, block, values, unrounded[-1], place)
    if not unrounded or unrounded[0].dtype != WIDE:
        return out, None
    return out, unrounded[0] if len(unrounded) == 1 else np.concatenate(unrounded)


def _compute(
    plan: "Plan",
    definition: Definition,
    x: NDArray[Any],
    values: Sequence[Any],
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """One block: in `out`, or without it where the kernel has left it, if it is new and fits."""
    return _rounded(plan, definition, x, values, _evaluated(plan, x, values), out)


def _evaluated(plan: "Plan", x: NDArray[Any], values: Sequence[Any]) -> NDArray[Any]:
    """What the kernel gives."""
    seen = x.view()
    seen.flags.writeable = False  # it may be the caller's memory
    return np.asarray(plan.kernel.compute(seen, *values))


def _rounded(
    plan: "Plan",
    definition: Definition,
    x: NDArray[Any],
    values: Sequence[Any],
    result: NDArray[Any],
    out: NDArray[Any] | None,
) -> NDArray[Any]:
    if plan.looks_again:
        if not result.ndim:  # one number for all
            result = np.full(x.shape, result)
        out, where = rounding.doubtful(result, plan.result, out)
        if where.size:
            _look_again(plan.kernel, definition, x, values, result, out, where)
    elif out is None and result.dtype == plan.result and _is_new(result, x):
        out = result
    else:
        out = np.empty(x.shape, plan.result) if out is None else out
        rounding.rounded(result, plan.result, out)
    # NaN gives NaN: said once here, so that no kernel has to think of it.
    if not plan.keeps_nan and any_nan(x):
        np.copyto(out, np.nan, where=np.isnan(x))
    return out


def _is_new(result: NDArray[Any], x: NDArray[Any]) -> bool:
    """Is it nobody else's: not the caller's x, and nothing kept for later, which is read-only?"""
    own = result.ndim > 0 and result.flags.writeable
    return own and not np.may_share_memory(result, x)


class Plan(NamedTuple):
    """How a kernel is called."""

    kernel: Kernel
    dtype: np.dtype[Any]  # of its blocks
    result: np.dtype[Any]  # that of the result
    size: int  # of each block
    looks_again: bool  # where its result may be rounded to the wrong side
    keeps_nan: bool  # whatever is done with NaN in it gives NaN


def _plan(
    function: Function, given: np.dtype[Any], wanted: np.dtype[Any], numbers: tuple[Any, ...] | None
) -> Plan:
    """`numbers` are the parameters, if none of them is an array."""
    kernel = marked(function)
    takes, gives = kernel.at(wanted, numbers if given == wanted else None)
    dtype = wanted if takes is OWN else WIDE
    looks_again = gives is NEAR and wanted.itemsize < WIDE.itemsize
    size = BLOCK if looks_again else BLOCK * WIDE.itemsize // dtype.itemsize
    keeps_nan = numbers is not None and np.isnan(kernel(NANS.astype(dtype), *numbers)).all()
    return Plan(kernel, dtype, wanted, size, looks_again, bool(keeps_nan))


_plan_for_numbers = lru_cache(maxsize=1024)(_plan)


Block = tuple[NDArray[Any], Sequence[Any], NDArray[Any]]


def _slices(
    x: NDArray[Any], parameters: tuple[Operand, ...], out: NDArray[Any], plan: Plan
) -> Iterator[Block]:
    """x, the parameters and `out`, block by block. The parameters are numbers."""
    for start in range(0, x.size, plan.size):
        part = slice(start, start + plan.size)
        yield x[part].astype(plan.dtype, copy=False), parameters, out[part]


def _iterated(
    x: NDArray[Any],
    parameters: tuple[Operand, ...],
    arrays: Sequence[NDArray[Any]],
    out: NDArray[Any],
    dtype: np.dtype[Any],
) -> Iterator[Block]:
    """The same, for any shapes, strides and byte orders."""
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


def _look_again(
    kernel: Kernel,
    definition: Definition,
    x: Array,
    values: Sequence[Any],
    result: Array,
    out: NDArray[Any],
    where: NDArray[np.intp],
) -> None:
    """Round each doubtful result again, from the right side of the midpoint next to it."""
    few, x = [entries(value, where) for value in values], x[where].astype(WIDE)
    middle = rounding.midpoints(result[where], out.dtype)
    sides = np.full(x.shape, np.nan)
    if kernel.side is not None:
        sides[...] = kernel.side(middle, x, *few)
    left = np.flatnonzero(np.isnan(sides))
    if left.size:
        few = [entries(value, left) for value in few]
        sides[left] = definition().sides(middle[left], x[left], *few)
    out[where] = rounding.rounded(rounding.beside(middle, sides), out.dtype)


def _block(operand: Operand, blocks: Iterator[Array]) -> Any:
    """What the kernel gets for a parameter: a number where one is shared, else the next block."""
    if isinstance(operand, tuple):
        return tuple(_block(number, blocks) for number in operand)
    return next(blocks) if isinstance(operand, np.ndarray) else operand


def rows(kernel: Function, arrays: Sequence[NDArray[np.generic]], out: NDArray[np.generic]) -> None:
    """Fill `out[i]` with kernel(*(a[i] for a in arrays)), many rows i to a block.

    Each array has N rows, the first of them of K numbers; `out` has N as its first axis. The kernel
    works along the last axis of its blocks, in float64; what it returns is rounded once, to the
    dtype of `out`.
    """
    if arrays[0].shape[-1] == 0:
        out[...] = 0  # the empty sum
        return
    step = max(1, BLOCK // max(1, *(array[:1].size for array in (out, *arrays))))
    with np.errstate(all="ignore"):
        for start in range(0, len(out), step):
            block = slice(start, start + step)
            values = kernel(*(a[block].astype(np.float64) for a in arrays))
            rounding.rounded(np.asarray(values), out.dtype, out[block])
