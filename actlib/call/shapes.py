"""What goes into a record and what comes out, for those who list records or show them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from actlib.call.elementwise import Activation
from actlib.call.loss import Loss
from actlib.call.pairs import Gated
from actlib.call.reductions import Reduction
from actlib.call.rows import OfVectors

if TYPE_CHECKING:  # what mypy brings, and a reader of the library need not have
    from typing_extensions import TypeIs

AnyRecord = Activation | OfVectors | Gated


def is_elementwise(record: Any) -> "TypeIs[Activation]":
    """From one number to one."""
    return isinstance(record, Activation)


def is_of_vectors(record: Any) -> "TypeIs[OfVectors]":
    """From K numbers to K, or to one."""
    return isinstance(record, OfVectors)


def is_reduction(record: Any) -> "TypeIs[Reduction]":
    """From K numbers to one."""
    return isinstance(record, Reduction)


def is_loss(record: Any) -> "TypeIs[Loss]":
    """From K logits and K labels to one number."""
    return isinstance(record, Loss)


def elementwise(records: Iterable[Any]) -> list[Activation]:
    """Those of them, in their order."""
    return [record for record in records if is_elementwise(record)]


def of_vectors(records: Iterable[Any]) -> list[OfVectors]:
    """Those of them, in their order."""
    return [record for record in records if is_of_vectors(record)]


def is_gated(record: Any) -> "TypeIs[Gated]":
    """From a value and a gate to one number."""
    return isinstance(record, Gated)


def gated(records: Iterable[Any]) -> list[Gated]:
    """Those of them, in their order."""
    return [record for record in records if is_gated(record)]
