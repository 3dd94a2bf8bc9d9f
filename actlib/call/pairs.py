"""The record of a gated pair: one number passes as far as another lets it."""

import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from actlib.arithmetic import rounding
from actlib.arithmetic.kernel import Function
from actlib.call import arguments, blocks
from actlib.call.arguments import AnyArray
from actlib.formula.record import Record

if TYPE_CHECKING:  # with it comes SymPy
    from actlib.call.second_look.surface import Surface

WEAK = (bool, int, float)
"""Numbers of Python have no dtype of their own beside an array: as in NumPy they take its."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Gated(Record):
    """value · h(gate): called for its value, `.derivatives` for those in both arguments."""

    value_kernel: Function  # of blocks of value and gate, both float64
    derivative_kernels: Mapping[str, Function]  # the same, by argument: "value" and "gate"
    infinities: str  # what it returns there, in sentences for its docstring

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", _docstring(self))

    def __call__(self, value: ArrayLike, gate: ArrayLike, out: Any = None) -> AnyArray:
        pair, shape, dtype = self._read(value, gate)
        if out is None:
            return self._compute("", pair, shape, dtype)
        target = arguments.output(self.name, out, shape, dtype)
        if target.shape == shape:
            return self._fill("", pair, target)
        target[...] = self._compute("", pair, shape, dtype)
        return target

    def derivatives(self, value: ArrayLike, gate: ArrayLike) -> dict[str, AnyArray]:
        """{"value": df/dvalue, "gate": df/dgate}, each of the shape and dtype of the output.

        Same errors as the function itself. Who broadcasts one argument sums over what it shares.
        """
        pair, shape, dtype = self._read(value, gate)
        return {side: self._compute(side, pair, shape, dtype) for side in ("value", "gate")}

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = [inspect.Parameter(name, kind) for name in ("value", "gate")]
        return inspect.Signature([*names, inspect.Parameter("out", kind, default=None)])

    def __repr__(self) -> str:
        return f"<gated pair {self.name}{self.__signature__}>"

    @property
    def variables(self) -> tuple[Any, ...]:
        """The symbols that the formula is made of."""
        from actlib.formula.symbols import GATE, VALUE

        return VALUE, GATE

    @cached_property
    def _surfaces(self) -> dict[str, "Surface"]:
        from actlib.call.second_look.surface import Surface

        slopes = {symbol.name: self.definition.diff(symbol) for symbol in self.variables}
        return {side: Surface(e) for side, e in {"": self.definition, **slopes}.items()}

    def _read(
        self, value: ArrayLike, gate: ArrayLike
    ) -> tuple[tuple[AnyArray, AnyArray], tuple[int, ...], np.dtype[Any]]:
        """Both as arrays, the shape to which they broadcast, and the dtype that they share."""
        given = {"value": value, "gate": gate}
        arrays = {name: arguments.real_array(self.name, name, a) for name, a in given.items()}
        types = {name: arguments.result_dtype(array) for name, array in arrays.items()}
        weak = [name for name in given if type(given[name]) in WEAK]
        if len(weak) == 1:
            (other,) = (name for name in given if name not in weak)
            types[weak[0]] = types[other]
            wide = arrays[weak[0]].astype(np.float64)
            with np.errstate(over="ignore"):
                arrays[weak[0]] = rounding.rounded(wide, types[other])
        if types["value"] != types["gate"]:
            raise TypeError(
                f"{self.name}: value and gate must have one dtype; "
                f"got {arrays['value'].dtype} and {arrays['gate'].dtype}"
            )
        shape = arguments.result_shape(self.name, **{n: a.shape for n, a in arrays.items()})
        return (arrays["value"], arrays["gate"]), shape, types["value"]

    def _compute(
        self, side: str, pair: tuple[AnyArray, AnyArray], shape: tuple[int, ...], dtype: Any
    ) -> AnyArray:
        found = self._fill(side, pair, np.empty(shape, dtype))
        return found if shape else found[()]

    def _fill(self, side: str, pair: tuple[AnyArray, AnyArray], out: AnyArray) -> AnyArray:
        """`out` is f, or its derivative in an argument, of the pair."""
        kernel = self.derivative_kernels[side] if side else self.value_kernel
        value, gate = pair
        native = out.dtype.newbyteorder("=")
        return blocks.elementwise(
            kernel, lambda: self._surfaces[side], value, (gate,), out.shape, native, out
        )


def _docstring(record: Gated) -> str:
    """The module's text (formula and paper), then what holds for every gated pair."""
    infinities = textwrap.fill(
        f"NaN in either gives NaN. {record.infinities} No warning is printed.",
        width=96,
        initial_indent="    ",
        subsequent_indent="    ",
    )
    return f"""{inspect.cleandoc(record.doc or "")}

Parameters:
    value: What passes: an array-like of bools, integers, float16, bfloat16, float32 or float64.
    gate: What says how much of it does: the same, of a shape that broadcasts with that of value.
        `actlib.halves` takes both from one array.
    out: Where to put the result, as in a NumPy ufunc; of the result's own dtype.

Returns:
    An array of the shape to which value and gate broadcast. They must have one dtype, which the
    result keeps: float16, bfloat16 and float32 are computed in float64 and rounded once. A number
    of Python takes the dtype of the other, as in NumPy; bools and integers count as float64.

{infinities}

Raises:
    TypeError: value or gate is complex, an object or a string; they have two dtypes; out has
        another.
    ValueError: Shapes that do not broadcast; out of a shape that does not fit.
"""
