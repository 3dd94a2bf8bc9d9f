"""What must be true of a notebook as it is stored, before anything is run.

nbval compares what it is given. A cell that was never run, that is tagged to be skipped, or whose
magic hides a failure, passes it: so none of these may be there. What nbval obeys is asked of nbval
itself. Metadata it never looks at, and so there is none but what is listed here: in a notebook's
it can have MyST-NB run it anew, or show less.
"""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbval.plugin import coalesce_streams, find_comment_markers, metadata_tags

NOTEBOOK_METADATA = ("kernelspec", "language_info")
CELL_METADATA = ("mystnb", "tags")
SHOWN = {"image", "figure"}
"""Of `mystnb`, what describes a figure. Its other settings hide, or change what is shown."""

HIDING = re.compile(r"remove|hide|skip|ignore", re.IGNORECASE)
"""Tags by which Jupyter and MyST-NB leave out a cell, its code or what it prints."""


def problems(notebook: Path, root: Path) -> list[str]:
    """Everything wrong with this notebook, each with its place."""
    name = notebook.relative_to(root).as_posix()
    try:
        content = nbformat.read(notebook, as_version=4)
        nbformat.validate(content)
    except Exception as error:  # nbformat raises whatever its reading stumbles over
        reason = str(error).partition("\n")[0]
        return [f"{name}: not a notebook: {type(error).__name__}: {reason}"]
    found = [f"{name}: {problem}" for problem in _foreign(content.metadata, NOTEBOOK_METADATA)]
    count = 0  # of the cells that are run: an empty one is not
    cells = (cell for cell in content.cells if cell.cell_type == "code")
    for number, cell in enumerate(cells, 1):
        count += bool(cell.source.strip())
        found += [f"{name}, code cell {number}: {p}" for p in _cell_problems(cell, count)]
    return found


def _foreign(metadata: NotebookNode, known: Iterable[str]) -> Iterator[str]:
    for key in sorted(set(metadata) - set(known)):
        yield f"the metadata {key!r} may change what is shown; `make chapters` takes it out."


def _cell_problems(cell: NotebookNode, count: int) -> Iterator[str]:
    if not cell.source.strip():
        yield "it is empty; `make chapters` takes it out."
        return

    if cell.execution_count is None:
        yield f"never run; expected In [{count}], got In [ ]."
    elif cell.execution_count != count:
        yield f"run out of order; expected In [{count}], got In [{cell.execution_count}]."

    for tag in cell.metadata.get("tags", []):
        if tag in metadata_tags or HIDING.search(tag):
            yield f"the tag {tag!r} keeps it, or what it prints, from being checked or seen."
    for line in cell.source.splitlines():
        if any(find_comment_markers(line)):
            yield f"the comment {line.strip(' #')} keeps it from being checked."
    yield from _foreign(cell.metadata, CELL_METADATA)
    for key in sorted(set(cell.metadata.get("mystnb", {})) - SHOWN):
        yield f"the metadata mystnb.{key} may hide what is checked; take it out."

    if magic := _magic(cell.source):
        yield f"a magic can fail and still pass nbval (#147): {magic!r}."
    if DisplayHook.semicolon_at_end_of_expression(cell.source):
        yield "a trailing ';' hides an output from the reader that nbval still compares."

    yield from _output_problems(cell)


def _output_problems(cell: NotebookNode) -> Iterator[str]:
    if coalesce_streams(deepcopy(cell.outputs)) != cell.outputs:
        yield (
            "what it printed is stored in pieces, or with carriage returns that erase letters, "
            "which nbval puts right before it compares; `make chapters` stores it so."
        )
    for output in cell.outputs:
        if output.get("metadata"):
            yield "its output has metadata, which nbval ignores; `make chapters` takes it out."
        if output.output_type == "error":
            yield f"its stored output is an error: {output.ename}: {output.evalue}"
        elif output.output_type == "stream" and output.name == "stderr":
            yield f"its stored output went to stderr: {output.text.strip()[:200]!r}"
        elif any(kind.startswith("image/") for kind in output.get("data", {})):
            image = cell.metadata.get("mystnb", {}).get("image", {})
            if not str(image.get("alt", "")).strip():
                yield "its figure has no alt text (metadata mystnb.image.alt)."


def _magic(source: str) -> str | None:
    """The first line that IPython reads otherwise than Python does."""
    plain = source.rstrip("\n") + "\n"
    read = TransformerManager().transform_cell(plain)
    pairs = zip(plain.splitlines(), read.splitlines(), strict=False)
    changed = (before for before, after in pairs if before != after)
    called = (line for line in plain.splitlines() if "get_ipython(" in line)
    return next(changed, plain if read != plain else None) or next(called, None)
