"""The record of a loss: from logits and labels to one number a vector."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from actlib.call import arguments, rows
from actlib.call.arguments import AnyArray
from actlib.call.rows_kernel import RowsKernel, require_exact


@dataclass(frozen=True, kw_only=True, eq=False)
class Loss:
    """Called for one loss a vector; `.derivative` is its slope in each logit."""

    name: str
    doc: str
    definition: Callable[
        [Sequence[Any], Sequence[Any]], Any
    ]  # from K logits and K labels, to an expression of SymPy
    value_kernel: RowsKernel
    derivative_kernel: RowsKernel

    def __post_init__(self) -> None:
        require_exact(self.name, self.value_kernel, self.derivative_kernel)
        object.__setattr__(self, "__doc__", self.doc)

    def __call__(self, logits: ArrayLike, labels: ArrayLike, axis: int = -1) -> AnyArray:
        z, y, index = self._read(logits, labels, axis)
        return rows.along_axis(self.value_kernel, (z, y), index, ())[()]

    def derivative(
        self, logits: ArrayLike, labels: ArrayLike, axis: int = -1, out: Any = None
    ) -> AnyArray:
        """dL/dlogits, of the shape and dtype of the logits; arguments and errors of the loss."""
        z, y, index = self._read(logits, labels, axis)
        slope = rows.along_axis(self.derivative_kernel, (z, y), index, (z.shape[index],))
        return rows.delivered(self.name, slope, out)

    def __repr__(self) -> str:
        return f"<loss {self.name}(logits, labels, axis=-1)>"

    def _read(
        self, logits: ArrayLike, labels: ArrayLike, axis: Any
    ) -> tuple[AnyArray, AnyArray, int]:
        z = arguments.real_array(self.name, "logits", logits)
        y = arguments.real_array(self.name, "labels", labels)
        arguments.same_shape(self.name, logits=z, labels=y)
        return z, y, arguments.axis_index(self.name, axis, z.ndim)
