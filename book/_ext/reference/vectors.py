"""The test vectors: made by the build, and offered for download."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from actlib.call.shapes import is_loss
from actlib.show import typeset
from actlib.vectors import files
from actlib.vectors.tables import Subject


def write(subjects: Sequence[Subject], folder: Path) -> None:
    """Both files of each activation and loss."""
    for subject in subjects:
        files.write(folder, subject)


def markdown(subjects: Sequence[Subject], folder: str) -> str:
    """A table with two downloads for each."""
    return typeset.table(("Function", "JSON", "NPZ"), _rows(subjects, folder))


def _rows(subjects: Sequence[Subject], folder: str) -> Iterator[tuple[str, ...]]:
    for subject in subjects:
        names = (f"{subject.name}.{form}" for form in ("json", "npz"))
        yield _link(subject), *(f"{{download}}`{name} <{folder}/{name}>`" for name in names)


def _link(subject: Subject) -> str:
    if is_loss(subject):
        return f"[`{subject.name}`](api.md)"
    return f"[{subject.title}](../activations/{subject.name}.ipynb)"
