"""The conventions: what other frameworks call each activation, and where they answer otherwise."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise, is_gated, is_of_vectors
from actlib.formula.elsewhere import CONDITIONS, MEASURED, Equivalent, everywhere
from actlib.formula.kink import Kink
from actlib.show import typeset
from reference.api import Record

NONE = "-"
REFUSED = "none"


def markdown(records: Sequence[Record]) -> str:
    """Tables: slopes at kinks, answers at infinities and NaN, conditions, names, versions."""
    curves = elementwise(records)
    kinks = [kink for record in curves for kink in record.kinks]
    frameworks = [name for name in MEASURED if any(name in kink.frameworks for kink in kinks)]
    slopes = ("Activation", "Kink", "By definition", "`actlib` returns", *frameworks)
    ends = ("Activation", "Framework", "Name", "Where", "There", "`actlib`")
    depends = ("Activation", "Framework", "Name", "When", "Where", "There", "`actlib`")
    names = ("Activation", "Framework", "Name", "What differs")
    return f"""## The slope at a kink

At a kink the slope jumps. Where the value does not, every number between the slopes of the two
sides belongs to Clarke's generalised gradient. If the function is convex, that is its
subdifferential, and each such number is a subgradient. Every framework returns one of these
numbers, and so does `actlib`: that of the piece to which the definition gives the point, or, where
the kink is no float64, that at the nearest one. The step jumps itself, and has no such numbers.

"{NONE}" stands where a framework does not have the function or does not have it with this kink,
"{REFUSED}" where it does not differentiate it. Keras was measured on TensorFlow, and PyTorch in
short arrays. What that changes is told below.

{typeset.table(slopes, _slopes(curves, frameworks))}

## At the infinities and at NaN

`actlib` gives the limit at an infinity, and NaN for NaN or where there is no limit. The others do
the same, except here.

{typeset.table(ends, _ends(records))}

## What an answer depends on

Some answers are not those of the function alone. They change with the backend of Keras, with a
compiler, and with the length of an array. The tables above say what is returned otherwise.

{typeset.table(("When", "What it means"), CONDITIONS.items())}

{typeset.table(depends, _depends(records))}

## Names and defaults

{typeset.table(names, _names(records))}

## Versions

All of this was measured in float64 with these versions, except what is marked as not measured. Of
ONNX it was the reference evaluator of the package, which computes values alone. A test of the book
measures it again wherever one of them is installed.

{typeset.table(("Framework", "Version"), MEASURED.items())}
"""


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"


def _slopes(records: Sequence[Activation], frameworks: list[str]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for kink in record.kinks:
            if kink.frameworks:
                ours = f"${typeset.latex(typeset.taken(record, kink.at))}$"
                told = (_slope(record, kink, framework) for framework in frameworks)
                returned = typeset.returned(record, kink)
                yield _link(record), typeset.place(kink), ours, returned, *told


def _slope(record: Activation, kink: Kink, framework: str) -> str:
    if framework in kink.frameworks:
        others = {there.name for of, there in everywhere(record) if of == framework}
        taken = [(f" in `{n}`", s) for n, s in kink.functions.items() if n in others]
        each = [("", kink.frameworks[framework]), *taken]
        return "; ".join(f"${typeset.latex(slope)}${where}" for where, slope in each)
    there = record.equivalents.get(framework)
    return REFUSED if there and not there.differentiable else NONE


def _ends(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for framework, there in everywhere(record):
            for where, value in there.deviates.items():
                answers = _answers(record, there, where, value)
                yield _link(record), framework, f"`{there.name}`", *answers


def _depends(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for framework, there in everywhere(record):
            for condition, found in there.depends.items():
                for where, value in found.items():
                    answers = _answers(record, there, where, value)
                    yield _link(record), framework, f"`{there.name}`", condition, *answers


def _answers(
    record: Record, there: Equivalent, where: str, value: float | tuple[float, ...]
) -> tuple[str, str, str]:
    """Where it is asked, what is returned there, and what is here."""
    name, _, places = where.removesuffix(")").partition("(")
    point = [float(place) for place in places.split(", ")]
    ours = _ours(record, name, point, there.floats)
    side = name.removeprefix("df/d")
    function = name if side == name else rf"\partial f/\partial\,\mathrm{{{side}}}\,"
    sign = f"${function}({places.replace('inf', chr(92) + 'infty')})$"
    return sign.replace("nan", r"\mathrm{NaN}"), _told(value), _told(ours)


def _ours(
    record: Record, name: str, point: Sequence[float], setting: Mapping[str, float]
) -> object:
    """What we return for f, f' (of vectors the Jacobian) or, of a pair, df/dvalue or df/dgate."""
    if is_gated(record):
        slopes = record.derivatives(*point)
        return record(*point) if name == "f" else slopes[name.removeprefix("df/d")]
    slope = record.jacobian if is_of_vectors(record) else record.derivative
    return (record if name == "f" else slope)(point, **setting)


def _names(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for framework, there in everywhere(record):
            reason = f"not measured: {there.unmeasured}" if there.unmeasured else ""
            differs = "; ".join(filter(None, (there.differs, reason)))
            yield _link(record), framework, f"`{there.name}`", differs or NONE


def _told(values: object) -> str:
    """One number, or several in brackets."""
    told = ["NaN" if value != value else f"{value:.6g}" for value in np.ravel(values)]
    return told[0] if len(told) == 1 else f"({', '.join(told)})"
