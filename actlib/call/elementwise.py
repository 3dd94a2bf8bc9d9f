"""The record: all that is known of one elementwise activation, in one place, and callable."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from actlib.arithmetic.kernel import Function, marked
from actlib.call import arguments, blocks
from actlib.call.arguments import AnyArray
from actlib.call.blocks import Definition
from actlib.call.operands import Operand
from actlib.call.values import bound, read
from actlib.formula.parameter import Parameter
from actlib.formula.record import Record
from actlib.formula.setting import Setting

if TYPE_CHECKING:  # with it comes SymPy
    from actlib.call.second_look.curve import Curve


@dataclass(frozen=True, kw_only=True)
class AtKink:
    """What the functions of a record return at the float64 nearest to one of its kinks."""

    point: Any  # the kink, exactly: a SymPy number
    x: float
    value: float
    slope: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Activation(Record):
    """An elementwise activation: called for its value, `.derivative` for df/dx."""

    value_kernel: Function  # with a mark of actlib.arithmetic.kernel, or without
    derivative_kernel: Function
    parameter_kernels: Mapping[str, Function] = field(default_factory=dict)  # stacked: of s

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", _docstring(self))

    def __call__(self, x: ArrayLike, *args: Any, out: Any = None, **parameters: Any) -> AnyArray:
        return self._run(self.value_kernel, self._value_curve, x, args, parameters, out)

    def derivative(self, x: ArrayLike, *args: Any, out: Any = None, **parameters: Any) -> AnyArray:
        """df/dx, with the arguments of the activation itself.

        At a kink: the slope of the branch to which the definition gives the point.
        """
        return self._run(self.derivative_kernel, self._slope_curve, x, args, parameters, out)

    def parameter_derivatives(
        self, x: ArrayLike, *args: Any, **parameters: Any
    ) -> dict[str, AnyArray]:
        """{parameter: df/dparameter} for the learned parameters, with the activation's arguments.

        Each has the shape of the output; of a stacked parameter, S of them along a new first axis.
        Who shares one parameter among many elements sums over them: that is the chain rule, and
        only the caller knows what is shared.
        """
        array = arguments.real_array(self.name, "x", x)
        dtype = arguments.result_dtype(array)
        operands, shape = self._operands(array, args, parameters)

        def compute(p: Parameter, kernel: Function, place: int | None = None) -> AnyArray:
            def definition() -> "Curve":
                return _slope_in(self, p.symbol if place is None else p.symbol[place + 1])

            return blocks.elementwise(kernel, definition, array, operands, shape, dtype)

        found = {}
        for p, stack in zip(self.parameters, operands, strict=True):
            if not p.learned:
                continue
            kernel = self.parameter_kernels[p.name]
            if isinstance(stack, tuple):
                each = [compute(p, marked(kernel).of(s), s) for s in range(len(stack))]
                found[p.name] = np.array(each, dtype).reshape(len(stack), *shape)
            else:
                found[p.name] = compute(p, kernel)[()]
        return found

    def before_rounding(
        self, order: int, x: AnyArray, **parameters: Any
    ) -> tuple[AnyArray, AnyArray | None]:
        """f (order 0) or f′ (1) of a vector of floats; and the float64 that was rounded to it, or

        None where the kernel rounds itself. This is what a proof asks for.
        """
        kernel = self.derivative_kernel if order else self.value_kernel
        definition = self._slope_curve if order else self._value_curve
        operands, _ = self._operands(x, (), parameters)
        return blocks.both(kernel, definition, x, operands)

    def at_kinks(self, setting: Setting) -> list[AtKink]:
        """What is returned at each kink, from left to right: the functions have been called."""
        found = []
        for point in sorted(self.kinks_at(setting)):
            x = float(point)
            value, slope = self(x, **setting), self.derivative(x, **setting)
            found.append(AtKink(point=point, x=x, value=float(value), slope=float(slope)))
        return found

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter
        return inspect.Signature(
            [
                kind("x", kind.POSITIONAL_ONLY),
                *(
                    kind(p.name, kind.POSITIONAL_OR_KEYWORD, default=p.default)
                    for p in self.parameters
                ),
                kind("out", kind.KEYWORD_ONLY, default=None),
            ]
        )

    def __repr__(self) -> str:
        return f"<activation {self.name}{self.__signature__}>"

    @cached_property
    def _curves(self) -> tuple["Curve", "Curve"]:
        """Of the value and the slope."""
        import sympy as sp

        from actlib.call.second_look.curve import Curve
        from actlib.formula.symbols import X

        pieces = self.definition.rewrite((sp.Abs, sp.Max, sp.Min), sp.Piecewise)
        return Curve(pieces, self.parameters), Curve(sp.diff(pieces, X), self.parameters)

    def _value_curve(self) -> "Curve":
        return self._curves[0]

    def _slope_curve(self) -> "Curve":
        return self._curves[1]

    def _run(
        self,
        kernel: Function,
        definition: Definition,
        x: ArrayLike,
        args: tuple[Any, ...],
        given: dict[str, Any],
        out: Any,
    ) -> AnyArray:
        array = arguments.real_array(self.name, "x", x)
        dtype = arguments.result_dtype(array)
        operands, shape = self._operands(array, args, given)
        if out is None:
            result = blocks.elementwise(kernel, definition, array, operands, shape, dtype)
            return result if shape else result[()]
        out = arguments.output(self.name, out, shape, dtype)
        if out.shape == shape:
            return blocks.elementwise(kernel, definition, array, operands, shape, dtype, out)
        out[...] = blocks.elementwise(kernel, definition, array, operands, shape, dtype)
        return out

    def _operands(
        self, array: AnyArray, args: tuple[Any, ...], given: dict[str, Any]
    ) -> tuple[tuple[Operand, ...], tuple[int, ...]]:
        """The parameters as the kernels take them, and the shape to which they and x broadcast."""
        if not args and not given:
            return self._defaults, array.shape
        values = self._read(args, given)
        stacked = {p.name: values[p.name] for p in self.parameters if p.stacked}
        arguments.same_shape(self.name, **stacked)
        shapes = {name: value.shape for name, value in values.items() if name not in stacked}
        shapes |= {f"each of {name}": value.shape[1:] for name, value in stacked.items()}
        shape = arguments.result_shape(self.name, x=array.shape, **shapes)
        return self._as_operands(values), shape

    @cached_property
    def _defaults(self) -> tuple[Operand, ...]:
        return self._as_operands(self._read((), {}))

    def _as_operands(self, values: Mapping[str, AnyArray]) -> tuple[Operand, ...]:
        each = ((p, values[p.name]) for p in self.parameters)
        return tuple(tuple(map(_operand, v)) if p.stacked else _operand(v) for p, v in each)

    def _read(self, args: tuple[Any, ...], given: dict[str, Any]) -> dict[str, AnyArray]:
        told = bound(self.name, ("x",), self.parameters, args, given)
        values = {p.name: read(self.name, p, told[p.name]) for p in self.parameters}
        for pair in self.ordered:
            less, more = (values[name] for name in pair)
            if not np.all(less <= more):
                got = ", ".join(f"{name}={values[name]}" for name in pair)
                raise ValueError(f"{self.name}: {' <= '.join(pair)} is required; got {got}")
        return values


def _operand(value: AnyArray) -> AnyArray | float:
    """A number where there is one for all."""
    return value if value.ndim else float(value)


@lru_cache(maxsize=256)
def _slope_in(record: Activation, variable: Any) -> "Curve":
    """df/dvariable, of a parameter or one of its stack."""
    from actlib.call.second_look.curve import Curve

    return Curve(record.definition.diff(variable), record.parameters)


def _docstring(record: Activation) -> str:
    """The module's text (formula and paper), then what holds for every elementwise activation."""
    parameters = "".join(
        f"\n    {p.name}: {p.meaning} It must be {p.domain_text}; {p.default} by default."
        for p in record.parameters
    )
    return f"""{inspect.cleandoc(record.doc or "")}

Parameters:
    x: An array-like of any shape: bools, integers, float16, float32 or float64.{parameters}
    out: Where to put the result, as in a NumPy ufunc; of the result's own dtype.

Returns:
    An array of the shape to which x and the parameters broadcast. float16, float32 and float64
    stay what they are, computed in float64 and rounded once; bools and integers give float64.
    NaN gives NaN, an infinity the limit or, where there is none, NaN, and no warning is printed.

Raises:
    TypeError: x or a parameter is complex, an object or a string; an unknown parameter; out of
        another dtype.
    ValueError: A parameter outside its domain, or NaN; shapes that do not broadcast.
"""
