"""The accuracy page: what is proved, and how far other libraries are from the truth."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise
from actlib.show import typeset
from reference.api import Record

SIGNS = {"f": "f", "f'": "f′"}
FAULTS = {"zero": "0", "nan": "NaN", "infinity": "an infinity", "sign": "the wrong sign"}
TYPES = ("float32", "float64")
WAYS = {
    "vanishing": "Rounds to 0 or ∞",
    "straight": "Exact sums",
    "tangent": "Tangent",
    "balls": "Balls",
}  # in which an input was decided that no polynomial decided alone
ONE = 1.0  # smallest subnormal number: an error that is no matter of flushing to 0


def markdown(records: Sequence[Record], proofs: Path, results: Path) -> str:
    """What is proved; the worst errors, what is outright wrong, what is lost next to 0."""
    curves = elementwise(records)
    measured = _load(results)
    return "\n".join(
        [
            _proved(curves, proofs),
            _errors(curves, measured),
            _faults(curves, measured["rows"]),
            _small(curves, measured["rows"]),
        ]
    )


def _proved(records: Sequence[Activation], proofs: Path) -> str:
    kept = [record for record in records if (proofs / f"{record.name}.json").exists()]
    found = {record.name: _load(proofs / f"{record.name}.json") for record in kept}
    each = [found[name][sign] for name in found for sign in SIGNS]
    total = sum(t["inputs"] for types in each for t in types.values())
    wrong = sum(len(t["misrounded"]) for types in each for t in types.values())
    halves = {types["float16"]["inputs"] for types in each}
    columns = ("", "", "float32", "float16", "bfloat16", *WAYS.values(), "Hardest")
    short = [record for record in kept if record.reach is not None]
    bounded = ", in float32 of those named below up to a bound" if short else ""
    return f"""## What is proved

**{wrong:,} of {total:,} results are misrounded**: those of f and f′ of {counted(kept, records)}, at
their default parameters, for every finite number of three types{bounded}.

{typeset.table(columns, _counts(kept, found))}

In the columns of the types: how many inputs were tried. (A chapter counts the two zeros of float16
once, and says {" or ".join(f"{count - 1:,}" for count in sorted(halves))}.)

*Rounds to 0 or ∞*, *Exact sums*, *Tangent* and *Balls*: how many float32 results were left to step
3, and what decided them. For each function, balls decided {_span(each, "balls")} results. All
others were decided by polynomials.

*Hardest*: of the values that balls decided, how close the closest one comes to a tie, in ulp of
float32. A hyphen: there was none. The files with all counts and cases are in the folder `proofs`
of the project.

In float64, before it is rounded, a result may be off by $2^{{-48}}$ of the truth. The largest error
that there is, and where it is:

{typeset.table(("", "", "Largest error", "At x =", "Shown to be below"), _float64(kept, found))}

*Shown to be below*: what holds at every float32 is a little more than what is found at one, by as
much as the polynomials are uncertain. A function that is not in this table rounds its result
itself, once: it has no such float64. {_beyond(each)}

{_far_out(short, found)}"""


def _far_out(records: Sequence[Activation], proved: dict[str, Any]) -> str:
    """How far the proofs go that do not go to the end, and what was found beyond."""
    if not records:
        return ""
    columns = ("", "", "Proved for", "Because", "Tried beyond", "Misrounded there")
    return f"""Some proofs in float32 do not go to the end. From there on a sample is tried, of each
binade the same number of inputs, and each is held against a ball:

{typeset.table(columns, _reaches(records, proved))}

No result there, before it is rounded, may be off by more than $2^{{-48}}$ of the truth either:
{_apart(records, proved):,} are.
"""


def _reaches(records: Sequence[Activation], proved: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for record in records:
        assert record.reach is not None
        for sign in SIGNS:
            found = proved[record.name][sign]["float32"]
            beyond = found["beyond"]
            bound = rf"$\vert x \vert \leq {found['up to']:g}$"
            counts = f"{beyond['tried']:,}", f"{len(beyond['misrounded']):,}"
            yield _link(record), SIGNS[sign], bound, record.reach.why, *counts


def _apart(records: Sequence[Activation], proved: dict[str, Any]) -> int:
    """How many float64 of the samples are further off than they may be."""
    each = [proved[record.name][sign]["float32"]["beyond"] for record in records for sign in SIGNS]
    return sum(len(found["float64 beyond"]) for found in each)


def counted(kept: Sequence[Record], all_: Sequence[Record]) -> str:
    """All 15 elementwise activations; or 14 of them, where a proof is not there yet."""
    if len(kept) == len(all_):
        return f"all {len(all_)} elementwise activations"
    return f"{len(kept)} of {len(all_)} elementwise activations"


def _span(each: Sequence[dict[str, Any]], count: str) -> str:
    """From the fewest to the most of them that a function has."""
    counts = [types["float32"]["decided by"][count] for types in each]
    return f"{min(counts):,} to {max(counts):,}"


def _counts(records: Sequence[Activation], proved: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for sign in SIGNS:
            found = proved[record.name][sign]
            inputs = (f"{t['inputs']:,}" for t in found.values())
            single = found["float32"]
            hardest = f"{single['hardest'][0][1]:.1e}" if single["hardest"] else "-"
            ways = (f"{single['decided by'][way]:,}" for way in WAYS)
            yield _link(record), SIGNS[sign], *inputs, *ways, hardest


def _float64(records: Sequence[Activation], proved: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for sign in SIGNS:
            found = proved[record.name][sign]["float32"]["float64"]
            if found:
                largest, below = (
                    f"$2^{{{found[key].removeprefix('2^')}}}$" if found[key] != "0" else "0"
                    for key in ("largest error", "shown to be below")
                )
                at = str(np.float32(float.fromhex(found["at"])))
                yield _link(record), SIGNS[sign], largest, at, below


def _beyond(each: Sequence[dict[str, Any]]) -> str:
    """How many float64 are further off than they may be."""
    kept = [types["float32"]["float64"] for types in each if types["float32"]["float64"]]
    beyond = sum(len(found["beyond"]) for found in kept)
    return f"Of all others, {beyond:,} results are further from the truth than $2^{{-48}}$."


def _errors(records: Sequence[Activation], measured: dict[str, Any]) -> str:
    rows = measured["rows"]
    points = [row["points"] for row in rows]
    versions = ", ".join(f"{k} {v}" for k, v in measured["machine"].items())
    limits = " or ".join(f"$2^{{{_no_digit(dtype)}}}$ ulp in {dtype}" for dtype in TYPES)
    return f"""## The worst error of each library

In ulp of the true value; ½ is the best there is. Each library computes its own function, with its
own backward pass, in the type named. Each was asked at {min(points):,} to {max(points):,} points,
and held against balls with as many digits as it takes.

{_table(records, rows, "normal")}

*Parameters*: what is not the default of `actlib`. A library is held to its own numbers. `slope=1/6`
is the fraction for PyTorch and JAX, which divide by 6. For `actlib` it is the float64 nearest to
it. `alpha=0.200000003` is what TensorFlow makes of 0.2: it keeps that number as a float32, for
float64 as well. `omega=1` is the sine of every library: none of them has another.

*no digit*: the worst error is {limits}, or more. That is at least a quarter of the value. A result
that is NaN or infinite, and should not be, has no digit either. A hyphen: the library has no such
function, has other defaults, or has no derivative of it. Keras is not measured: it calls the
library it runs on.

{_left_out(rows)}

Measured with {versions}.
"""


def _left_out(rows: list[dict[str, Any]]) -> str:
    every, kinks = (sum(row[count] for row in rows) for count in ("points", "kinks"))
    below = sum(row["below"]["count"] for row in rows)
    return f"""Of the {every:,} results, this table leaves out two kinds. {kinks:,} are at a kink:
there every slope from that of one side to that of the other is [a convention](conventions.md), and
so is every such value where the function jumps. {below:,} are below the smallest normal number:
they have the last table on this page."""


def _faults(records: Sequence[Activation], rows: list[dict[str, Any]]) -> str:
    columns = ("Activation", "Parameters", "", "Type", "Library", "Returns", "At x =", "It is")
    return f"""## Outright wrong

In the table above, where a library returns something else altogether: 0, NaN, an infinity or a
number of the other sign. The example is the one closest to 0 among the points tried.

{typeset.table(columns, _outright(records, rows))}
"""


def _small(records: Sequence[Activation], rows: list[dict[str, Any]]) -> str:
    lost = {_place(row) for row in rows if float(row["below"]["worst"]) > ONE}
    kept = [row for row in rows if _place(row) in lost]
    smallest = " or ".join(f"{np.finfo(dtype).tiny:.2g} in {dtype}" for dtype in TYPES)
    return f"""## Below the smallest normal number

A number that is closer to 0 than {smallest}, but not 0, is
*subnormal*: the closer, the fewer digits it has. Some libraries take 0 instead, which is faster.
Here x or the true value is subnormal, or the true value is 0. The error is in ulp again. For a
value that is subnormal or 0, that is the smallest subnormal number. Where all errors are at most 1,
the row is left out.

{_table(records, kept, "below")}
"""


def _table(records: Sequence[Activation], rows: list[dict[str, Any]], points: str) -> str:
    """The worst errors at points of one class, with a column for each library."""
    libraries = list(dict.fromkeys(row["library"] for row in rows))
    columns = ("Activation", "Parameters", "", "Type", *libraries)
    return typeset.table(columns, _worst(records, rows, libraries, points))


def _worst(
    records: Sequence[Activation],
    rows: list[dict[str, Any]],
    libraries: Sequence[str],
    points: str,
) -> Iterator[tuple[str, ...]]:
    shown = {"normal": _ulp, "below": _units}[points]
    for record in records:
        mine = [row for row in rows if row["activation"] == record.name]
        for place in dict.fromkeys(map(_place, mine)):
            here = {
                row["library"]: shown(float(row[points]["worst"]), row["dtype"])
                for row in mine
                if _place(row) == place
            }
            yield _link(record), *place[1:], *(here.get(library, "-") for library in libraries)


def _outright(
    records: Sequence[Activation], rows: list[dict[str, Any]]
) -> Iterator[tuple[str, ...]]:
    for record in records:
        for row in rows:
            for fault, (x, value) in row["outright"].items():
                if row["activation"] == record.name:
                    place = (*_place(row)[1:], row["library"])
                    yield _link(record), *place, FAULTS[fault], _shortest(x, row), f"{value:.3g}"


def _place(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """What all libraries of one line of a table have in common."""
    setting = f"`{row['setting']}`" if row["setting"] else "defaults"
    return row["activation"], setting, SIGNS[row["function"]], row["dtype"]


def _shortest(x: float, row: dict[str, Any]) -> str:
    """In as many digits as tell it from every other number of its type."""
    return str(np.dtype(row["dtype"]).type(x))


def _no_digit(dtype: str) -> int:
    """Of a number of this type, 2 to that many ulp are a quarter, or more."""
    return int(np.finfo(dtype).nmant) - 1


def _ulp(worst: float, dtype: str) -> str:
    return "no digit" if worst >= 2.0 ** _no_digit(dtype) else f"{worst:.3g}"


def _units(worst: float, dtype: str) -> str:
    if 0 < worst < 1e-3:
        return "≈ 0"
    return f"{worst:.3g}" if worst < np.inf else "NaN or infinite"


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"
