"""The digests: those of 16 bits made by the build, those of float32 kept with the project."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from actlib.proof.work import ELEMENTWISE
from actlib.show import typeset
from actlib.vectors import digests
from reference.api import Record

MADE = "_build/reference/digests"

KEPT = "digests"
"""The folder of the project with those that take minutes."""


def write(records: Sequence[Record], folder: Path) -> None:
    """Those of 16 bits, where the ones that are there are of other code."""
    for name in (record.name for record in records if record.name in ELEMENTWISE):
        for dtype in digests.SMALL:
            path = folder / f"{name}-{dtype}.json"
            if not path.exists() or digests.why_stale(path):
                digests.write(folder, name, dtype)


def markdown(records: Sequence[Record], made: str, kept: Path) -> str:
    """A table with a download for each type; of float32 where one is kept."""
    header = ["Function", *digests.SMALL, *(["float32"] if any(kept.glob("*.json")) else [])]
    return typeset.table(header, (row[: len(header)] for row in _rows(records, made, kept)))


def _rows(records: Sequence[Record], made: str, kept: Path) -> Iterator[list[str]]:
    for record in (record for record in records if record.name in ELEMENTWISE):
        small = (f"{record.name}-{dtype}.json" for dtype in digests.SMALL)
        wide = f"{record.name}-float32.json"
        yield [
            f"[{record.title}](../activations/{record.name}.ipynb)",
            *(f"{{download}}`{name} <{made}/{name}>`" for name in small),
            f"{{download}}`{wide} </{KEPT}/{wide}>`" if kept.joinpath(wide).exists() else "",
        ]
