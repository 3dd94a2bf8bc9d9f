"""The test vectors: made by the build, and offered for download."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from actlib import typeset
from actlib.spec import Activation
from actlib.testvectors import files
from reference.api import Record


def write(records: Sequence[Record], folder: Path, proofs: Path) -> None:
    """Both files of each elementwise activation."""
    for record in records:
        if isinstance(record, Activation):
            files.write(folder, record, proofs)


def markdown(records: Sequence[Record], folder: str) -> str:
    """A table with two downloads for each."""
    return typeset.table(("Activation", "JSON", "NPZ"), _rows(records, folder))


def _rows(records: Sequence[Record], folder: str) -> Iterator[tuple[str, ...]]:
    for record in records:
        if isinstance(record, Activation):
            link = f"[{record.title}](../activations/{record.name}.ipynb)"
            names = (f"{record.name}.{form}" for form in ("json", "npz"))
            yield link, *(f"{{download}}`{name} <{folder}/{name}>`" for name in names)
