"""One array that holds values and gates, taken apart: which half is the gate must be told."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from actlib.call import arguments
from actlib.call.arguments import AnyArray

Layout = Literal["first", "second", "interleaved"]


def halves(x: ArrayLike, axis: int = -1, gate: Layout | None = None) -> tuple[AnyArray, AnyArray]:
    """(value, gate) from one array that holds both along an axis.

    Parameters:
        x: An array-like with an even number of places along the axis: bools, integers, float16,
            bfloat16, float32 or float64.
        axis: That axis, an integer; the last by default.
        gate: Which half is the gate. There is no default, since frameworks disagree:
            "second": the second half, as in PyTorch, JAX and Keras, whose glu(x) is
            `glu(*halves(x, gate="second"))`;
            "first": the first half, as where the weights of SwiGLU are stored as gate and value;
            "interleaved": gate, value, gate, value, … along the axis.

    Returns:
        Two arrays of the dtype of x, half as long along the axis. Of an array they are views.

    Raises:
        TypeError: gate is not given; axis is no integer; x is complex, an object or a string.
        ValueError: gate is another word; axis does not exist, or has an odd length.
    """
    layouts = '"first", "second" or "interleaved"'
    if gate is None:
        raise TypeError(f"halves: gate must be {layouts}, since frameworks disagree; got none")
    array = arguments.real_array("halves", "x", x)
    index = arguments.axis_index("halves", axis, array.ndim)
    length = array.shape[index]
    if length % 2:
        raise ValueError(f"halves: x must have an even length along axis={axis}; got {length}")
    middle = length // 2
    first, second = slice(None, middle), slice(middle, None)
    parts: dict[Any, tuple[slice, slice]] = {
        "first": (second, first),
        "second": (first, second),
        "interleaved": (slice(1, None, 2), slice(None, None, 2)),
    }
    if not isinstance(gate, str) or gate not in parts:
        raise ValueError(f"halves: gate must be {layouts}; got gate={gate!r}")
    moved = np.moveaxis(array, index, 0)
    value, passes = (np.moveaxis(moved[part], 0, index) for part in parts[gate])
    return value, passes
