"""The accuracy page: what is proved, and how far other libraries are from the truth."""

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise
from actlib.show import typeset
from reference.api import Record
from reference.audits import NAMES, SIGNS, TYPES, Audit, Row, best, digits, load, marks, newest

LIBRARIES = ("actlib", "torch", "jax", "tensorflow", "onnxruntime", "scipy", "numpy")
WAYS = {
    "vanishing": "Rounds to 0 or ∞",
    "straight": "Exact sums",
    "tangent": "Tangent",
    "balls": "Balls",
}  # in which an input was decided that no polynomial decided alone


def markdown(records: Sequence[Record], proofs: Path, results: Path) -> str:
    """What is proved; the worst errors; what is outright wrong in float64."""
    curves = elementwise(records)
    latest = newest(load(results))
    return "\n".join([_proved(curves, proofs), _errors(curves, latest), _faults(curves, latest)])


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


def _errors(curves: Sequence[Activation], latest: dict[str, Audit]) -> str:
    shown = {library: latest[library] for library in LIBRARIES if library in latest}
    versions = ", ".join(audit.name for audit in shown.values())
    cpus = ", ".join(dict.fromkeys(audit.machine["cpu"] for audit in shown.values()))
    limits = ", ".join(f"$2^{{{_no_digit(dtype)}}}$ in {dtype}" for dtype in TYPES)
    return f"""## The worst error of each library

In ulp of the true value; ½ is the best there is. Each library computes its own function, with its
own backward pass, in the type named. Of float16 and bfloat16 every finite number was asked. Of
float32 all were, or, where an asterisk stands, {_sample(shown)}; of float64 some thousands, where
it is hard and where networks live. [Errata](errata.md) says how, and what is wrong.

{_table(curves, shown)}

*½*: no result is misrounded. With an asterisk, and in float64: none was found. (Of `actlib` at its
defaults the proof above covers the rest of float32.) *0.5*: some are, next to a tie. †: the worst
error is at a subnormal x, which was taken for 0.

*Parameters*: what is not the default of `actlib`. A library is held to its own numbers. `slope=1/6`
is the fraction for PyTorch and JAX, which divide by 6. For `actlib` it is the float64 nearest to
it. `alpha=0.200000003` is what TensorFlow makes of 0.2: it keeps that number as a float32, for
float64 as well. `omega=1` is the sine of every library: none of them has another.

*no digit*: the worst error, in ulp, is {limits}, or more. That is at least a quarter of the value.
A result that is NaN or infinite, and should not be, has no digit either. A hyphen: the library has
no such function, has other defaults, lacks the type, or has no derivative of it. Slopes at a kink
[are a convention](conventions.md), and numbers below the normal ones that were taken for 0
[a habit](errata.md): neither counts. Keras is left out: it calls the library it runs on.

Measured with {versions}; on {cpus}.
"""


def _sample(shown: dict[str, Audit]) -> str:
    """How many float32 numbers were asked where not all were."""
    rows = [row for audit in shown.values() for row in best(audit.rows)]
    counts = {r["tried"] for r in rows if r["dtype"] == "float32" and r["inputs"] != "all"}
    return " or ".join(f"{count:,}" for count in sorted(counts))


def _faults(curves: Sequence[Activation], latest: dict[str, Audit]) -> str:
    columns = ("Activation", "Parameters", "", "Library", "Returns", "At x =", "It is")
    return f"""## Outright wrong in float64

Something else altogether: 0, NaN, an infinity, a number of the other sign, or one that the function
never takes. The example is the one closest to 0 among the numbers tried. For the other types
[Errata](errata.md) tells it.

{typeset.table(columns, _outright(curves, latest))}
"""


def _table(curves: Sequence[Activation], shown: dict[str, Audit]) -> str:
    columns = ("Activation", "Parameters", "", "Type", *(NAMES[library] for library in shown))
    return typeset.table(columns, _worst(curves, shown))


def _worst(curves: Sequence[Activation], shown: dict[str, Audit]) -> Iterator[tuple[str, ...]]:
    """A line for each function, setting and type; of several functions of a library the worst."""
    found: dict[tuple[str, ...], dict[str, Row]] = {}
    for library, audit in shown.items():
        for row in best(audit.rows):
            place = tuple(row[name] for name in ("activation", "setting", "function", "dtype"))
            other = found.setdefault(place, {}).get(library)
            if other is None or _size(row) > _size(other):
                found[place][library] = row
    for record in curves:
        settings = sorted({place[1] for place in found if place[0] == record.name})
        for setting in settings:
            for function, dtype in itertools.product(SIGNS, TYPES):
                here = found.get((record.name, setting, function, dtype))
                if here:
                    cells = (_ulp(here[name]) if name in here else "-" for name in shown)
                    yield _link(record), _parameters(setting), SIGNS[function], dtype, *cells


def _outright(curves: Sequence[Activation], latest: dict[str, Audit]) -> Iterator[tuple[str, ...]]:
    for record in curves:
        for library in LIBRARIES:
            for row in best(latest[library].rows) if library in latest else ():
                if (row["activation"], row["dtype"]) == (record.name, "float64"):
                    for fault in row.get("faults", {}).values():
                        x, got, right = (digits(fault[n], "float64") for n in ("x", "got", "right"))
                        place = _parameters(row["setting"]), SIGNS[row["function"]], NAMES[library]
                        yield _link(record), *place, got, x, right


def _parameters(setting: str) -> str:
    return f"`{setting}`" if setting else "defaults"


def _size(row: Row) -> float:
    """Of the worst error, in ulp; infinite for what is no number."""
    if {"NaN", "infinity", "missed infinity"} & row.get("faults", {}).keys():
        return math.inf
    return float(row["worst"]["ulp"]) if row["misrounded"] else 0.5


def _no_digit(dtype: str) -> int:
    """Of a number of this type, 2 to that many ulp are a quarter, or more."""
    return {"float16": 10, "bfloat16": 7, "float32": 23, "float64": 52}[dtype] - 1


def _ulp(row: Row) -> str:
    size, mark = _size(row), marks(row)
    if row["dtype"] == "float64":  # of which nobody asks all
        mark = mark.replace(r"\*", "")
    if not row["misrounded"]:
        return f"½{mark}"
    return f"{'no digit' if size >= 2.0 ** _no_digit(row['dtype']) else f'{size:.3g}'}{mark}"


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"
