"""The records of functions of vectors: what they have in common, and those from K numbers to K."""

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.rounding import Array
from actlib.call import arguments, blocks
from actlib.call.arguments import AnyArray
from actlib.call.rows_kernel import AnyRows, ExactRows, require_exact
from actlib.call.second_look import exponentials
from actlib.call.values import bound, number
from actlib.formula.elsewhere import Spelling
from actlib.formula.record import Entry

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class OfVectors(Entry):
    """Called for its value along an axis; `.jacobian` and `.vjp` are its derivatives.

    What sets one kind of them apart from another is the shape of an event: of what one vector of
    K numbers gives, K numbers or one.
    """

    definition: Callable[..., Any]  # from K symbols, and parameters by name
    value_kernel: AnyRows  # on float64 blocks of shape (rows, K), and parameters by name
    jacobian_kernel: AnyRows
    vjp_kernel: AnyRows  # and on what comes from above: (rows, K), or (rows, 1) for one value
    kinks: tuple[()] = ()  # points there are none of
    kinked: str = ""  # where it jumps, or its slope does: a sentence of the docstring and the card
    infinities: str  # what vectors with infinite components give: a sentence of the docstring
    bounds: tuple[float, float]  # infimum and supremum of each component
    scale: Callable[..., Any] | None = None  # from the same: in whose ulp the value's error in
    # float64 is counted, where that value is a sum that can cancel
    spelled: Mapping[str, Spelling] = field(default_factory=dict)  # in a framework without it

    KIND: ClassVar[str]
    RETURNS: ClassVar[str]  # the shape of the result, for the docstring
    KEYWORDS: ClassVar[dict[str, tuple[Any, str]]] = {
        "out": (None, "Where to put the result, as in a NumPy ufunc; of the result's own dtype.")
    }
    """What a call takes by name alone: defaults, and sentences of the docstring."""

    def __post_init__(self) -> None:
        require_exact(self.name, self.value_kernel, self.jacobian_kernel, self.vjp_kernel)
        object.__setattr__(self, "__doc__", _docstring(self))

    def __call__(
        self, z: ArrayLike, axis: int = -1, *args: Any, out: Any = None, **parameters: Any
    ) -> AnyArray:
        found, _, _ = self._value(z, axis, args, parameters)
        return delivered(self.name, found, out)

    def event(self, size: int) -> Shape:
        """The shape of what one vector of `size` numbers gives."""
        raise NotImplementedError

    @property
    def range(self) -> tuple[Any, Any]:
        """Infimum and supremum of each component, as SymPy numbers."""
        import sympy as sp

        low, high = map(sp.sympify, self.bounds)
        return low, high

    def components(self, z: Sequence[Any], **parameters: Any) -> Any:
        """The definition as a column of SymPy, whose length is that of an event."""
        import sympy as sp

        return sp.Matrix([self.definition(z, **parameters)])

    def jacobian(self, z: ArrayLike, *args: Any, **parameters: Any) -> AnyArray:
        """J[..., i, j] = df_i/dz_j, of shape (..., K, K) for vectors z of shape (..., K).

        Where the value is one number, the gradient J[..., j] = df/dz_j, of the shape of z.
        Same parameters, dtypes and errors as the function itself.
        """
        array = arguments.real_array(self.name, "z", z)
        size = array.shape[arguments.axis_index(self.name, -1, array.ndim)]
        numbers = self._read(args, parameters)
        event = (*self.event(size), size)
        return along_axis(self.jacobian_kernel, (array,), -1, event, **numbers)

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

        `upstream` has the shape of the value and is read in float64; the result has the shape and
        dtype of z. ValueError if `upstream` has another shape.
        """
        array = arguments.real_array(self.name, "z", z)
        weights = arguments.real_array(self.name, "upstream", upstream)
        index = arguments.axis_index(self.name, axis, array.ndim)
        size = array.shape[index]
        event = self.event(size)
        shape = (*array.shape[:index], *event, *array.shape[index + 1 :])
        arguments.has_shape(self.name, "upstream", weights, shape)
        numbers = self._read(args, parameters)
        rows = array, weights if event else np.expand_dims(weights, index)
        found = along_axis(self.vjp_kernel, rows, index, (size,), **numbers)
        return delivered(self.name, found, out)

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter
        defaults = {"axis": -1} | {p.name: p.default for p in self.parameters}
        return inspect.Signature(
            [
                kind("z", kind.POSITIONAL_OR_KEYWORD),
                *(kind(n, kind.POSITIONAL_OR_KEYWORD, default=d) for n, d in defaults.items()),
                *(kind(n, kind.KEYWORD_ONLY, default=d) for n, (d, _) in self.KEYWORDS.items()),
            ]
        )

    def __repr__(self) -> str:
        return f"<{self.KIND} {self.name}{self.__signature__}>"

    def _value(
        self, z: ArrayLike, axis: int, args: tuple[Any, ...], parameters: Mapping[str, Any]
    ) -> tuple[AnyArray, int, int]:
        """The value of each vector; their axis, counted from 0, and their length."""
        array = arguments.real_array(self.name, "z", z)
        index = arguments.axis_index(self.name, axis, array.ndim)
        size = array.shape[index]
        numbers = self._read(args, parameters)
        found = along_axis(self.value_kernel, (array,), index, self.event(size), **numbers)
        return found, index, size

    def _read(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, float]:
        values = bound(self.name, ("z", "axis"), self.parameters, args, given)
        return {p.name: number(self.name, p, values[p.name]) for p in self.parameters}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class VectorActivation(OfVectors):
    """From K numbers to K, such as softmax; its definition is a matrix of one column."""

    KIND = "vector activation"
    RETURNS = "An array of the shape of z."

    def event(self, size: int) -> Shape:
        """As many as there are."""
        return (size,)


def along_axis(
    kernel: AnyRows, arrays: Sequence[AnyArray], axis: int, event: Shape, **parameters: float
) -> AnyArray:
    """What the kernel makes of the vectors along `axis`, of each an array of shape `event`.

    The first of the arrays sets the dtype. The last axis of an event goes where that of the vectors
    was.
    """
    first, *others = (np.moveaxis(array, axis, -1) for array in arrays)
    rows = [flat(array) for array in (first, *others)]
    found = np.empty((len(rows[0]), *event), arguments.result_dtype(first))
    fill(kernel, rows, found, **parameters)
    result = found.reshape((*first.shape[:-1], *event))
    return np.moveaxis(result, -1, axis) if event else result


def delivered(function: str, result: AnyArray, out: Any) -> AnyArray:
    """The result, in `out` if there is one; a number where it has no axis left."""
    if out is None:
        return result[()]
    # Only now, when every input has been read: `out` may share memory with one of them.
    target = arguments.output(function, out, result.shape, result.dtype)
    target[...] = result
    return target


def fill(
    kernel: AnyRows,
    arrays: Sequence[AnyArray],
    out: AnyArray,
    **parameters: float,
) -> None:
    """`out` is what the kernel makes of the rows of the arrays, rounded once."""
    blocks.rows(partial(once, kernel, out.dtype, parameters), arrays, out)


def once(
    kernel: AnyRows, dtype: np.dtype[Any], parameters: Mapping[str, float], *rows: Array
) -> NDArray[Any]:
    """What is rounded to the type as the exact results are."""
    if isinstance(kernel, ExactRows):
        nearest, side = kernel(*rows, **parameters)
        return nearest if dtype == np.float64 else rounding.to_odd(nearest, side)
    return exponentials.once(kernel, dtype, parameters, *rows)


def flat(array: AnyArray) -> AnyArray:
    """`array` as (N, K): one vector a row. Works for empty arrays too, where -1 would not."""
    *lead, size = array.shape
    return array.reshape(int(np.prod(lead)), size)


def _docstring(record: OfVectors) -> str:
    """The module's text (formula and paper), then what holds for every function of vectors."""
    parameters = "".join(
        f"\n    {p.name}: {p.meaning} One number, {p.domain_text}; {p.default} by default."
        for p in record.parameters
    )
    keywords = "".join(f"\n    {name}: {told}" for name, (_, told) in record.KEYWORDS.items())
    kept = """float16, float32 and float64 stay what they are, computed in float64 and rounded once;
bools and integers give float64. A vector with a NaN gives NaN, and no warning is printed."""
    ends = " ".join(filter(None, (record.infinities, record.kinked)))
    told = (f"{record.RETURNS} {kept}", ends)
    returns, infinities = ("\n    ".join(textwrap.wrap(text, 96)) for text in told)
    return f"""{inspect.cleandoc(record.doc or "")}

Parameters:
    z: An array-like of shape (..., K, ...): bools, integers, float16, float32 or float64. Each
        vector lies along `axis`.
    axis: The axis of the vectors, an integer; the last by default.{parameters}{keywords}

Returns:
    {returns}
    {infinities}

Raises:
    TypeError: z or a parameter is complex, an object or a string; axis is no integer; an unknown
        parameter; out of another dtype.
    ValueError: axis does not exist; a parameter outside its domain, or NaN, or an array; out of a
        shape that does not fit.
"""
