"""The door for type checkers and editors: `make stubs` writes actlib/__init__.pyi with this.

A record is found when the library is imported, and its parameters are its own: no checker can know
either. So each gets a class there, with the calls that it takes. Those of its base take parameters
by any name: a checker would call that an override that does not fit.
"""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import actlib
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated, is_of_vectors

HEAD = '''"""Written from the records by `make stubs`."""

# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from collections.abc import Mapping

from numpy.typing import ArrayLike

from actlib.call.arguments import AnyArray
from actlib.call.elementwise import Activation
from actlib.call.halves import halves as halves
from actlib.call.pairs import Gated
from actlib.call.presets import Fixed
from actlib.call.reductions import Reduction
from actlib.call.rows import OfVectors, VectorActivation
from actlib.losses.softmax_cross_entropy import softmax_cross_entropy as softmax_cross_entropy

__version__: str
__all__: list[str]

ALL: Mapping[str, Activation | OfVectors | Gated]
PRESETS: Mapping[str, Fixed]
'''

TYPES = {"axis": "int", "out": "AnyArray | None", "keepdims": "bool"}
"""Of what is no number and no array of numbers."""

Signature = Iterable[inspect.Parameter]
Kind = inspect.Parameter
KINDS = Kind.POSITIONAL_ONLY, Kind.POSITIONAL_OR_KEYWORD, Kind.KEYWORD_ONLY


def stub() -> str:
    """The whole file."""
    parts = [_class(record) for record in actlib.ALL.values() if not is_gated(record)]
    parts += [f"{r.name}: Gated\n" for r in actlib.ALL.values() if is_gated(r)]
    parts += [f"{name}: Fixed\n" for name in actlib.PRESETS]
    return "\n".join([HEAD, *parts])


def _class(record: AnyRecord) -> str:
    """A record that takes its own parameters, and the record."""
    name = "_" + record.name.title().replace("_", "")
    summary = (record.doc or "").partition("\n")[0]
    methods = "\n".join(_method(*method) for method in _methods(record))
    return (
        f'class {name}({type(record).__name__}):\n    """{summary}"""\n\n{methods}\n'
        f"{record.name}: {name}\n"
    )


def _methods(record: AnyRecord) -> Iterator[tuple[str, Signature, str]]:
    """Their names, what they take, and what they return."""
    called = list(inspect.signature(record).parameters.values())
    if is_of_vectors(record):
        count = len(record.parameters)
        z, axis, numbers, named = *called[:2], called[2 : 2 + count], called[2 + count :]
        numbers = [p.replace(annotation="float") for p in numbers]  # one for all vectors
        out = [p for p in named if p.name == "out"]
        yield "__call__", [z, axis, *numbers, *named], "AnyArray"
        yield "jacobian", [z, *numbers], "AnyArray"
        yield "vjp", [z, z.replace(name="upstream"), axis, *numbers, *out], "AnyArray"
    elif is_elementwise(record):
        yield "__call__", called, "AnyArray"
        yield "derivative", called, "AnyArray"
        if any(p.learned for p in record.parameters):
            inputs = [p for p in called if p.name != "out"]
            yield "parameter_derivatives", inputs, "dict[str, AnyArray]"


def _method(name: str, takes: Signature, returns: str) -> str:
    first, named, last = ([_argument(p) for p in takes if p.kind is kind] for kind in KINDS)
    found = ["self", *first, *(["/"] if first else []), *named, *(["*"] if last else []), *last]
    return f"    def {name}({', '.join(found)}) -> {returns}: ...\n"


def _argument(given: inspect.Parameter) -> str:
    default: Any = given.default
    type_ = TYPES.get(given.name, "ArrayLike" if given.annotation is Kind.empty else "float")
    if default is Kind.empty:
        return f"{given.name}: {type_}"
    if default is None and "None" not in type_:
        type_ += " | None"
    return f"{given.name}: {type_} = {default!r}"


if __name__ == "__main__":
    print(stub(), end="")
