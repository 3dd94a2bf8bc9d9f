"""The promise of the first page: one sentence, and in it what was counted for this very build."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat

from actlib.call.shapes import elementwise
from reference import ledger
from reference.api import Record


def markdown(
    records: Iterable[Record], notebooks: Sequence[Path], claims: Path, proofs: Path
) -> str:
    """Each number links to the page that says what was checked, and how."""
    cells = sum(
        cell.cell_type == "code"
        for notebook in notebooks
        for cell in nbformat.read(notebook, as_version=4).cells
    )
    shown = {place.label for place in ledger.places(notebooks)}
    judged = [c for c in ledger.load(claims) if c.label in shown and c.is_judged]
    with_a_cell = sum(not claim.citation_only for claim in judged)
    records = list(records)
    results, misrounded = swept(records, proofs)
    waves = any(record.reach is not None for record in elementwise(records))
    bounded = ", those of waves up to a bound in float32" if waves else ""
    return (
        f"**Before this page was built,** [{cells:,} cells](/book/guide/how-to-read.md) in "
        f"{len(notebooks)} notebooks had to print again what they print here. "
        f"[{len(judged):,} claims](/book/reference/claims.md) of a blog post and of others have a "
        f"verdict, and {with_a_cell:,} of them a cell that shows it. Of "
        f"[{results:,} values](/book/reference/accuracy.md), which are *f* and *f*′ of every "
        "elementwise function, at its default parameters, at every finite input of three number "
        f"types{bounded}, **{misrounded or 'none'}** had been found rounded wrongly."
    )


def swept(records: Iterable[Record], proofs: Path) -> tuple[int, int]:
    """How many results were tried, each against the truth, and how many of them are misrounded."""
    files = (proofs / f"{record.name}.json" for record in records)
    kept = [json.loads(file.read_text("utf-8")) for file in files if file.exists()]
    found = [types for proof in kept for sign in ("f", "f'") for types in proof[sign].values()]
    return sum(t["inputs"] for t in found), sum(len(t["misrounded"]) for t in found)
