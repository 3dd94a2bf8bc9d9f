"""The conventions: what other frameworks call each activation, and where they answer otherwise."""

from collections.abc import Iterator, Sequence

from actlib import typeset
from actlib.framework import MEASURED
from actlib.spec import Activation
from reference.api import Record

NONE = "-"


def markdown(records: Sequence[Record]) -> str:
    """Four tables: slopes at kinks, answers at infinities and NaN, names, versions."""
    elementwise = [record for record in records if isinstance(record, Activation)]
    slopes = ("Activation", "Kink", "`actlib`", *MEASURED)
    ends = ("Activation", "Framework", "Where", "There", "`actlib`")
    names = ("Activation", "Framework", "Name", "What differs")
    versions = [(name, version) for name, version in MEASURED.items()]
    return f"""## The slope at a kink

At a kink every slope between the two sides is a subgradient, and each library takes one. Those of
Keras are those of the library it runs on.

{typeset.table(slopes, _slopes(elementwise))}

## At the infinities and at NaN

`actlib` gives the limit at an infinity, and NaN for NaN. The others do the same, except here.

{typeset.table(ends, _ends(elementwise))}

## Names and defaults

{typeset.table(names, _names(records))}

## Versions

All of this was measured with these versions. A test of the book measures it again wherever one of
them is installed.

{typeset.table(("Framework", "Version"), versions)}
"""


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"


def _slopes(records: Sequence[Activation]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for kink in record.kinks:
            if kink.frameworks:
                slopes = (kink.frameworks.get(framework) for framework in MEASURED)
                told = (NONE if s is None else f"${typeset.latex(s)}$" for s in slopes)
                ours = f"${typeset.latex(typeset.taken(record, kink.at))}$"
                yield _link(record), typeset.kink(kink), ours, *told


def _ends(records: Sequence[Activation]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for framework, there in record.equivalents.items():
            for where, value in there.deviates.items():
                name, _, place = where.removesuffix(")").partition("(")
                ours = (record if name == "f" else record.derivative)(float(place), **there.setting)
                sign = f"${name}({place.replace('inf', chr(92) + 'infty')})$"
                shown = sign.replace("nan", r"\mathrm{NaN}")
                yield _link(record), framework, shown, _number(value), _number(float(ours))


def _names(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for framework, there in record.equivalents.items():
            yield _link(record), framework, f"`{there.name}`", there.note or NONE


def _number(value: float) -> str:
    return "NaN" if value != value else f"{value:.6g}"
