"""The record of an activation that maps a vector to a vector, such as softmax."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from actlib.call import arguments, blocks
from actlib.call.arguments import AnyArray
from actlib.call.rows_kernel import RowsKernel, require_exact
from actlib.call.second_look import exponentials
from actlib.formula.elsewhere import Equivalent


@dataclass(frozen=True, kw_only=True, eq=False)
class VectorActivation:
    """Called for its value along an axis; `.jacobian` and `.vjp` are its derivatives."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()  # under which a reader may look for it
    doc: str | None  # of its module; python -OO leaves none
    definition: Callable[[Sequence[sp.Expr]], sp.Matrix]  # from K symbols to K expressions
    value_kernel: RowsKernel  # on float64 blocks of shape (rows, K)
    jacobian_kernel: RowsKernel
    vjp_kernel: RowsKernel
    parameters: tuple[()] = ()  # none so far; here for those who list every record's
    kinks: tuple[()] = ()
    range: tuple[sp.Expr, sp.Expr]  # of each component
    references: tuple[str, ...]
    equivalents: Mapping[str, Equivalent]  # by framework

    def __post_init__(self) -> None:
        require_exact(self.name, self.value_kernel, self.jacobian_kernel, self.vjp_kernel)
        object.__setattr__(self, "__doc__", inspect.cleandoc(self.doc or "") + _COMMON)

    def __call__(self, z: ArrayLike, axis: int = -1, out: Any = None) -> AnyArray:
        array = arguments.real_array(self.name, "z", z)
        index = arguments.axis_index(self.name, axis, array.ndim)
        return along_axis(self.name, self.value_kernel, (array,), index, out)

    def jacobian(self, z: ArrayLike) -> AnyArray:
        """J[..., i, j] = df_i/dz_j, of shape (..., K, K) for vectors z of shape (..., K).

        Same dtypes and errors as the activation itself.
        """
        array = arguments.real_array(self.name, "z", z)
        size = array.shape[arguments.axis_index(self.name, -1, array.ndim)]
        rows = flat(array)
        out = np.empty((len(rows), size, size), arguments.result_dtype(array))
        fill(self.jacobian_kernel, [rows], out)
        return out.reshape(*array.shape, size)

    def vjp(self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, out: Any = None) -> AnyArray:
        """The vector-Jacobian product sum_i upstream_i df_i/dz_j: what backpropagation passes on.

        `upstream` has the shape of z and is read in float64; the result has the dtype of z.
        ValueError if the shapes differ.
        """
        array = arguments.real_array(self.name, "z", z)
        weights = arguments.real_array(self.name, "upstream", upstream)
        arguments.same_shape(self.name, z=array, upstream=weights)
        index = arguments.axis_index(self.name, axis, array.ndim)
        return along_axis(self.name, self.vjp_kernel, (array, weights), index, out)

    def __repr__(self) -> str:
        return f"<vector activation {self.name}(z, axis=-1)>"


def along_axis(
    function: str, kernel: RowsKernel, arrays: Sequence[AnyArray], axis: int, out: Any
) -> AnyArray:
    """`kernel` on the vectors along `axis` of equal-shaped arrays; the first sets the dtype."""
    first = np.moveaxis(arrays[0], axis, -1)
    rows = np.empty(first.shape, arguments.result_dtype(first))
    fill(kernel, [flat(np.moveaxis(a, axis, -1)) for a in arrays], flat(rows))
    result = np.moveaxis(rows, -1, axis)
    if out is None:
        return result
    # Only now, when every input has been read: `out` may share memory with one of them.
    target = arguments.output(function, out, result.shape, result.dtype)
    target[...] = result
    return target


def fill(kernel: RowsKernel, arrays: Sequence[AnyArray], out: AnyArray) -> None:
    """`out` is what the kernel makes of the rows of the arrays, rounded once."""
    blocks.rows(partial(exponentials.once, kernel, out.dtype, 1.0), arrays, out)


def flat(array: AnyArray) -> AnyArray:
    """`array` as (N, K): one vector a row. Works for empty arrays too, where -1 would not."""
    *lead, size = array.shape
    return array.reshape(int(np.prod(lead)), size)


_COMMON = """

Parameters:
    z: An array-like of shape (..., K, ...): bools, integers, float16, float32 or float64. Each
        vector lies along `axis`.
    axis: The axis of the vectors, an integer; the last by default.
    out: Where to put the result, as in a NumPy ufunc; of the result's own dtype.

Returns:
    An array of the shape of z. float16, float32 and float64 stay what they are, computed in
    float64 and rounded once; bools and integers give float64. A vector with a NaN gives NaN. One
    infinite component gives the limit; where no limit exists (two at +inf, all at -inf) the
    vector is NaN. No warning is printed.

Raises:
    TypeError: z is complex, an object or a string; axis is no integer; out of another dtype.
    ValueError: axis does not exist; out of a shape that does not fit.
"""
