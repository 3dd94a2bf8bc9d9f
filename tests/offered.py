"""What must be true of a notebook that a page offers, as compared with its source."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from gate.surroundings import environment

INSTALL = "install"
"""The id of the cell that is added."""

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
MYST = {
    "a role": re.compile(r"\{[\w:-]+\}`"),
    "a label": re.compile(r"^\([\w-]+\)=", re.MULTILINE),
    "a directive": re.compile(r"^(?:`{3,}|:{3,})\s*\{", re.MULTILINE),
}
LINK = re.compile(r"\]\(([^)]*)\)")


Papers = dict[str, list[str]]
"""Of each, by its key, what a list of references must tell."""


def problems(
    offered: NotebookNode, source: NotebookNode, papers: Papers, parts: Iterable[str]
) -> list[str]:
    """`parts` are what the build adds."""
    text = "\n".join(cell.source for cell in offered.cells)
    return [
        *_invalid(offered),
        *_changed(offered, source),
        *_foreign(offered),
        *_unsaid(offered, source, papers),
        *(f"without {part[:40]!r}" for part in parts if part not in text),
    ]


def _invalid(offered: NotebookNode) -> Iterator[str]:
    ids = [cell.get("id") for cell in offered.cells]
    if twice := {name for name in ids if ids.count(name) > 1}:
        yield f"two cells {twice}"
        return
    try:
        nbformat.validate(offered)
    except nbformat.ValidationError as error:
        yield f"no valid notebook: {error}"
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


def _unsaid(offered: NotebookNode, source: NotebookNode, papers: Papers) -> Iterator[str]:
    texts = [cell.source for cell in offered.cells if cell.cell_type == "markdown"]
    if "pip install" not in texts[0]:
        yield "it does not say how to install what it imports"
    references = next((t.splitlines() for t in texts if t.startswith("## References")), [])
    for cell in source.cells:
        for keys in re.findall(r"\{footcite:\w\}`([^`]+)`", cell.source):
            for key in keys.split(","):
                if not any(all(part in told for part in papers[key]) for told in references):
                    yield f"no reference {key!r}"
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
        if caption and not _follows(offered, cell.id, caption):
            yield f"no caption below {cell.id!r}"


def _follows(offered: NotebookNode, name: str, text: str) -> bool:
    ids = [cell.id for cell in offered.cells]
    return text in offered.cells[ids.index(name) + 1].source


def run(notebook: NotebookNode, python: Path | str, folder: Path, **variables: str) -> None:
    """All its cells, in an empty folder, by this Python, with nothing else of ours on its path."""
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    place = folder / "kernels" / "that" / "kernel.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"argv": command, "display_name": "", "language": "python"}))
    found = KernelSpecManager(kernel_dirs=[str(folder / "kernels")])
    manager = AsyncKernelManager(kernel_name="that", kernel_spec_manager=found)
    with environment(folder) as surroundings, tempfile.TemporaryDirectory() as empty:
        del surroundings["PYTHONPATH"]
        resources = {"metadata": {"path": empty}}
        NotebookClient(notebook, km=manager, timeout=120, resources=resources).execute(
            env={**surroundings, **variables}, stderr=subprocess.DEVNULL, cleanup_kc=True
        )
