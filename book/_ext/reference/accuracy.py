"""The accuracy page: what the sweep proved, and how far other libraries are from the truth."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from actlib import typeset
from actlib.spec import Activation
from reference.api import Record

FAULTS = {"zero": "0", "nan": "NaN", "infinity": "an infinity", "sign": "the wrong sign"}
BIG = 1e6  # ulp: no digit is right


def markdown(records: Sequence[Record], proofs: Path, results: Path) -> str:
    """The counts, the hardest cases, the worst errors, what is outright wrong."""
    elementwise = [record for record in records if isinstance(record, Activation)]
    kept = [record for record in elementwise if (proofs / f"{record.name}.json").exists()]
    proved = {record.name: _load(proofs / f"{record.name}.json") for record in kept}
    measured = _load(results)
    rows = measured["rows"]
    libraries = list(dict.fromkeys(row["library"] for row in rows))
    total = sum(t["inputs"] for p in proved.values() for s in ("f", "f'") for t in p[s].values())
    wrong = sum(
        len(t["misrounded"]) for p in proved.values() for s in ("f", "f'") for t in p[s].values()
    )
    counts = ("", "", "float32", "float16", "bfloat16", "Decided exactly", "By balls", "Hardest")
    faults = ("Activation", "", "Type", "Library", "Returns", "At x =", "It is")
    versions = ", ".join(f"{k} {v}" for k, v in measured["machine"].items())
    return f"""## What is proved

**{wrong:,} of {total:,} results are misrounded**: those of f and f′ of
{counted(kept, elementwise)}, at their default parameters, for every finite number of three types.

{typeset.table(counts, _counts(kept, proved))}

In the columns of the types: how many inputs were tried. *Hardest*: how close the closest value
comes to a tie, in ulp of float32. The files with all counts and cases are in the
folder `proofs` of the project.

## The worst error of each library

In ulp of the true value, where that is a normal number; ½ is the best there is. Each library
computes its own function, with its own backward pass, in the type named.

{typeset.table(("", "", "Type", *libraries), _worst(elementwise, rows, libraries))}

Measured with {versions}.

## Outright wrong

Where the true value is a normal number of the type, and the library returns something else
altogether: the example closest to 0 among the points tried.

{typeset.table(faults, _outright(elementwise, rows))}
"""


def counted(kept: Sequence[Record], all_: Sequence[Record]) -> str:
    """All 15 elementwise activations; or 14 of them, where a proof is not there yet."""
    if len(kept) == len(all_):
        return f"all {len(all_)} elementwise activations"
    return f"{len(kept)} of {len(all_)} elementwise activations"


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"


def _counts(records: Sequence[Activation], proved: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for record in records:
        for sign in ("f", "f'"):
            found = proved[record.name][sign]
            inputs = (f"{t['inputs']:,}" for t in found.values())
            single = found["float32"]
            hardest = f"{single['hardest'][0][1]:.1e}" if single["hardest"] else "-"
            exactly, balls = (f"{single[f'decided {how}']:,}" for how in ("exactly", "by balls"))
            yield _link(record), _sign(sign), *inputs, exactly, balls, hardest


def _worst(
    records: Sequence[Activation], rows: list[dict[str, Any]], libraries: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    for record in records:
        for sign in ("f", "f'"):
            for dtype in ("float32", "float64"):
                here = {
                    row["library"]: _ulp(row["worst"])
                    for row in rows
                    if (row["activation"], row["function"], row["dtype"])
                    == (record.name, sign, dtype)
                }
                yield _link(record), _sign(sign), dtype, *(here.get(lib, "-") for lib in libraries)


def _outright(
    records: Sequence[Activation], rows: list[dict[str, Any]]
) -> Iterator[tuple[str, ...]]:
    titles = {record.name: _link(record) for record in records}
    for row in rows:
        for fault, (x, value) in row["outright"].items():
            place = titles[row["activation"]], _sign(row["function"]), row["dtype"], row["library"]
            yield *place, FAULTS[fault], f"{x:.6g}", f"{value:.3g}"


def _sign(function: str) -> str:
    return {"f": "f", "f'": "f′"}[function]


def _ulp(worst: float) -> str:
    return "no digit" if worst >= BIG else f"{worst:.3g}"
