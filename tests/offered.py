"""What must be true of a notebook that a page offers, as compared with its source."""

import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

INSTALL = "install"
"""The id of the cell that is added."""

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
MYST = {
    "a role": re.compile(r"\{[\w:-]+\}`"),
    "a label": re.compile(r"^\([\w-]+\)=", re.MULTILINE),
    "a directive": re.compile(r"^(?:`{3,}|:{3,})\s*\{", re.MULTILINE),
}
LINK = re.compile(r"\]\(([^)]*)\)")


def problems(offered: NotebookNode, source: NotebookNode, library: dict[str, str]) -> list[str]:
    """`library` has the title of each paper, as the notebook must show it, by its key."""
    return [
        *_invalid(offered),
        *_changed(offered, source),
        *_foreign(offered),
        *_unsaid(offered, source, library),
    ]


def _invalid(offered: NotebookNode) -> Iterator[str]:
    try:
        nbformat.validate(offered)
    except nbformat.ValidationError as error:
        yield f"no valid notebook: {error}"
    ids = [cell.id for cell in offered.cells]
    yield from (f"two cells {name!r}" for name in set(ids) if ids.count(name) > 1)
    yield from (f"metadata of {cell.id!r}" for cell in offered.cells if cell.metadata)


def _changed(offered: NotebookNode, source: NotebookNode) -> Iterator[str]:
    """Code, and what it returned."""
    mine = [c for c in offered.cells if c.cell_type == "code" and c.id != INSTALL]
    theirs = [c for c in source.cells if c.cell_type == "code"]
    if [c.id for c in mine] != [c.id for c in theirs]:
        yield "other cells of code"
        return
    for cell, original in zip(mine, theirs, strict=True):
        for part in ("source", "outputs", "execution_count"):
            if cell[part] != original[part]:
                yield f"another {part} of {cell.id!r}"


def _foreign(offered: NotebookNode) -> Iterator[str]:
    """What plain Jupyter would show as it is typed, or could not follow."""
    for cell in offered.cells:
        if cell.cell_type == "markdown":
            text = FENCED.sub("", cell.source)
            yield from (f"{kind} in {cell.id!r}" for kind, it in MYST.items() if it.search(text))
            for place in LINK.findall(text):
                if "://" not in place:
                    yield f"a link from {cell.id!r} to {place!r}"


def _unsaid(offered: NotebookNode, source: NotebookNode, library: dict[str, str]) -> Iterator[str]:
    texts = [cell.source for cell in offered.cells if cell.cell_type == "markdown"]
    if "pip install" not in texts[0]:
        yield "it does not say how to install what it imports"
    references = next((t for t in texts if t.startswith("## References")), "")
    for cell in source.cells:
        for keys in re.findall(r"\{footcite:\w\}`([^`]+)`", cell.source):
            for key in keys.split(","):
                if library[key] not in references:
                    yield f"no reference {key!r}"
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
        if caption and not _follows(offered, cell.id, caption):
            yield f"no caption below {cell.id!r}"


def _follows(offered: NotebookNode, name: str, text: str) -> bool:
    ids = [cell.id for cell in offered.cells]
    return text in offered.cells[ids.index(name) + 1].source
