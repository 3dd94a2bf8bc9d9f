"""A verdict as a chapter prints it, for the page that explains how to read one."""

from pathlib import Path

import nbformat

LINES = 4  # the quantity, then the three types


def markdown(notebook: Path) -> str:
    """The first lines of what the chapter's check of the value printed."""
    begins = f"{notebook.stem} value\n"
    cells = nbformat.read(notebook, as_version=4).cells
    texts = (out.get("text", "") for cell in cells for out in cell.get("outputs", ()))
    found = next((text for text in texts if text.startswith(begins)), None)
    if found is None:
        raise LookupError(f"{notebook.name} prints no verdict that begins with {begins!r}")
    return "\n".join(["```text", *found.splitlines()[:LINES], "```"])
