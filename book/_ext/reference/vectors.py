"""The test vectors: made by the build, and offered for download."""

import hashlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from actlib.call.shapes import is_loss
from actlib.proof import depends
from actlib.show import typeset
from actlib.vectors import files, hardest
from actlib.vectors.tables import Subject

MADE = "_build/reference/vectors"
"""Beside the pages that are built: what a build makes never lies among the sources."""


def write(subjects: Sequence[Subject], folder: Path) -> None:
    """Both files of each activation and loss, if what they were made by has changed.

    They take a third of the time of a build. Beside them lies the hash of all that they depend on,
    and of themselves.
    """
    for subject in subjects:
        made = [folder / f"{subject.name}.{form}" for form in ("json", "npz")]
        kept = folder / f"{subject.name}.hash"
        sources = _sources(subject)
        if not kept.exists() or kept.read_text("utf-8") != _hash(*sources, *made):
            files.write(folder, subject)
            kept.write_text(_hash(*sources, *made), "utf-8")


def _sources(subject: Subject) -> list[Path]:
    """Its module, what writes the files, what these import of actlib, and where it was hard."""
    module = f"actlib.{'losses' if is_loss(subject) else 'activations'}.{subject.name}"
    found = depends.closure([module, "actlib.vectors.files"], depends.HERE)
    return [*(Path(find_spec(name).origin) for name in sorted(found)), hardest.FILE]


def _hash(*paths: Path) -> str:
    """Of files, there or not, and of the versions of the packages."""
    contents = [path.read_bytes() if path.exists() else b"" for path in paths]
    parts = [hashlib.sha256(content).hexdigest() for content in contents]
    return hashlib.sha256(f"{parts} {depends.versions()}".encode()).hexdigest()


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
