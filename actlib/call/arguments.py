"""What a caller hands over, checked: real arrays, parameters in their domain, a fitting `out`.

Every error names the function, the argument and the value.
"""

import operator
import reprlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

AnyArray = NDArray[Any]

PLAIN = (np.ndarray, np.memmap)
"""Classes of arrays that hold nothing beside their numbers."""

FLOATS = (np.float16, np.float32, np.float64)


def real_array(function: str, argument: str, value: ArrayLike) -> AnyArray:
    """`value` as an array of bools, integers, float16, float32 or float64.

    An array of another class, with a mask or units, is refused: its numbers alone would be taken.
    """
    if isinstance(value, np.ndarray) and type(value) not in PLAIN:
        raise TypeError(
            f"{function}: {argument} is a {type(value).__name__}, and only its numbers would be "
            f"used; hand over np.asarray({argument}) if that is meant"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:  # a ragged list
        raise ValueError(f"{function}: {argument} is not an array: {_show(value)}") from error
    if _float_for(array.dtype) is not None:
        return array
    raise TypeError(
        f"{function}: {argument} must hold bools, integers, float16, bfloat16, float32 or float64; "
        f"got {array.dtype}: {_show(value)}"
    )


def result_dtype(array: AnyArray) -> np.dtype[Any]:
    """The dtype of the result: that of floats stays, bools and integers compute in float64."""
    dtype = _float_for(array.dtype)
    assert dtype is not None, "no real_array"
    return dtype


@lru_cache
def _float_for(dtype: np.dtype[Any]) -> np.dtype[Any] | None:
    """The same for a dtype; None if its arrays are none of real numbers.

    Floats are NumPy's own up to float64, and the bfloat16 of ml_dtypes, which NumPy knows by name.
    """
    if dtype.kind in "biu":
        return np.dtype(np.float64)
    if dtype.type in FLOATS or (dtype.kind == "V" and dtype.name == "bfloat16"):
        return dtype.newbyteorder("=")
    return None


def result_shape(function: str, **shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape to which the arguments broadcast."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"{function}: shapes do not broadcast: {listed}") from None


def same_shape(function: str, **arrays: AnyArray) -> None:
    """Refuse arrays that are not all of one shape: broadcasting here would hide a mistake."""
    if len({array.shape for array in arrays.values()}) > 1:
        listed = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{function}: shapes must be equal: {listed}")


def has_shape(function: str, argument: str, array: AnyArray, shape: tuple[int, ...]) -> None:
    """Refuse an array of another shape, for the same reason."""
    if array.shape != shape:
        raise ValueError(f"{function}: {argument} must have shape {shape}; got {array.shape}")


def output(function: str, out: Any, shape: tuple[int, ...], dtype: DTypeLike) -> AnyArray:
    """`out` if it can take the result, a new array if it is None.

    As in a NumPy ufunc, `out` is an array or a tuple of one, to whose shape the inputs broadcast.
    Unlike there its dtype must be the result's own: casting the result would round it twice.
    """
    if out is None:
        return np.empty(shape, dtype)
    if isinstance(out, tuple) and len(out) == 1:
        (out,) = out
    if type(out) not in PLAIN:
        raise TypeError(f"{function}: out must be an array; got {_show(out)}")
    if out.dtype.newbyteorder("=") != dtype:
        raise TypeError(f"{function}: out must have dtype {dtype}; got {out.dtype}")
    if not out.flags.writeable:
        raise ValueError(f"{function}: out is read-only")
    if result_shape(function, out=out.shape, result=shape) != out.shape:
        raise ValueError(f"{function}: out must have shape {shape}; got {out.shape}")
    return out


def axis_index(function: str, axis: Any, ndim: int) -> int:
    """`axis` counted from 0, if an array of `ndim` dimensions has it."""
    try:
        index = operator.index(axis)
    except TypeError:
        raise TypeError(f"{function}: axis must be an integer; got axis={_show(axis)}") from None
    if not -ndim <= index < ndim:
        raise ValueError(f"{function}: axis={index} does not exist in {ndim} dimensions")
    return index % ndim


def _show(value: Any) -> str:
    return " ".join(reprlib.repr(value).split())
