"""The record of an activation that maps a vector to a vector, such as softmax."""

import inspect
import textwrap
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
from actlib.call.values import bound, number
from actlib.formula.record import Entry


@dataclass(frozen=True, kw_only=True, eq=False)
class VectorActivation(Entry):
    """Called for its value along an axis; `.jacobian` and `.vjp` are its derivatives."""

    definition: Callable[..., sp.Matrix]  # from K symbols, and parameters by name, to K expressions
    value_kernel: RowsKernel  # on float64 blocks of shape (rows, K), and parameters by name
    jacobian_kernel: RowsKernel
    vjp_kernel: RowsKernel
    kinks: tuple[()] = ()
    infinities: str  # what vectors with infinite components give: a sentence of the docstring
    range: tuple[sp.Expr, sp.Expr]  # of each component

    def __post_init__(self) -> None:
        require_exact(self.name, self.value_kernel, self.jacobian_kernel, self.vjp_kernel)
        object.__setattr__(self, "__doc__", _docstring(self))

    def __call__(
        self, z: ArrayLike, axis: int = -1, *args: Any, out: Any = None, **parameters: Any
    ) -> AnyArray:
        array = arguments.real_array(self.name, "z", z)
        index = arguments.axis_index(self.name, axis, array.ndim)
        numbers = self._read(args, parameters)
        return along_axis(self.name, self.value_kernel, (array,), index, out, **numbers)

    def jacobian(self, z: ArrayLike, *args: Any, **parameters: Any) -> AnyArray:
        """J[..., i, j] = df_i/dz_j, of shape (..., K, K) for vectors z of shape (..., K).

        Same parameters, dtypes and errors as the activation itself.
        """
        array = arguments.real_array(self.name, "z", z)
        size = array.shape[arguments.axis_index(self.name, -1, array.ndim)]
        rows = flat(array)
        out = np.empty((len(rows), size, size), arguments.result_dtype(array))
        fill(self.jacobian_kernel, [rows], out, **self._read(args, parameters))
        return out.reshape(*array.shape, size)

    def vjp(
        self,
        z: ArrayLike,
        upstream: ArrayLike,
        axis: int = -1,
        *args: Any,
        out: Any = None,
        **parameters: Any,
    ) -> AnyArray:
        """The vector-Jacobian product sum_i upstream_i df_i/dz_j: what backpropagation passes on.

        `upstream` has the shape of z and is read in float64; the result has the dtype of z.
        ValueError if the shapes differ.
        """
        array = arguments.real_array(self.name, "z", z)
        weights = arguments.real_array(self.name, "upstream", upstream)
        arguments.same_shape(self.name, z=array, upstream=weights)
        index = arguments.axis_index(self.name, axis, array.ndim)
        numbers = self._read(args, parameters)
        return along_axis(self.name, self.vjp_kernel, (array, weights), index, out, **numbers)

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter
        return inspect.Signature(
            [
                kind("z", kind.POSITIONAL_OR_KEYWORD),
                kind("axis", kind.POSITIONAL_OR_KEYWORD, default=-1),
                *(
                    kind(p.name, kind.POSITIONAL_OR_KEYWORD, default=p.default)
                    for p in self.parameters
                ),
                kind("out", kind.KEYWORD_ONLY, default=None),
            ]
        )

    def __repr__(self) -> str:
        return f"<vector activation {self.name}{self.__signature__}>"

    def _read(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, float]:
        values = bound(self.name, ("z", "axis"), self.parameters, args, given)
        return {p.name: number(self.name, p, values[p.name]) for p in self.parameters}


def along_axis(
    function: str,
    kernel: RowsKernel,
    arrays: Sequence[AnyArray],
    axis: int,
    out: Any,
    **parameters: float,
) -> AnyArray:
    """`kernel` on the vectors along `axis` of equal-shaped arrays; the first sets the dtype."""
    first = np.moveaxis(arrays[0], axis, -1)
    rows = np.empty(first.shape, arguments.result_dtype(first))
    fill(kernel, [flat(np.moveaxis(a, axis, -1)) for a in arrays], flat(rows), **parameters)
    result = np.moveaxis(rows, -1, axis)
    if out is None:
        return result
    # Only now, when every input has been read: `out` may share memory with one of them.
    target = arguments.output(function, out, result.shape, result.dtype)
    target[...] = result
    return target


def fill(
    kernel: RowsKernel,
    arrays: Sequence[AnyArray],
    out: AnyArray,
    **parameters: float,
) -> None:
    """`out` is what the kernel makes of the rows of the arrays, rounded once."""
    blocks.rows(partial(exponentials.once, kernel, out.dtype, parameters), arrays, out)


def flat(array: AnyArray) -> AnyArray:
    """`array` as (N, K): one vector a row. Works for empty arrays too, where -1 would not."""
    *lead, size = array.shape
    return array.reshape(int(np.prod(lead)), size)


def _docstring(record: VectorActivation) -> str:
    """The module's text (formula and paper), then what holds for every function of vectors."""
    parameters = "".join(
        f"\n    {p.name}: {p.meaning} One number, {p.domain_text}; {p.default} by default."
        for p in record.parameters
    )
    infinities = "\n    ".join(textwrap.wrap(record.infinities, 96))
    return f"""{inspect.cleandoc(record.doc or "")}

Parameters:
    z: An array-like of shape (..., K, ...): bools, integers, float16, float32 or float64. Each
        vector lies along `axis`.
    axis: The axis of the vectors, an integer; the last by default.{parameters}
    out: Where to put the result, as in a NumPy ufunc; of the result's own dtype.

Returns:
    An array of the shape of z. float16, float32 and float64 stay what they are, computed in
    float64 and rounded once; bools and integers give float64. A vector with a NaN gives NaN, and
    no warning is printed.
    {infinities}

Raises:
    TypeError: z or a parameter is complex, an object or a string; axis is no integer; an unknown
        parameter; out of another dtype.
    ValueError: axis does not exist; a parameter outside its domain, or NaN, or an array; out of a
        shape that does not fit.
"""
