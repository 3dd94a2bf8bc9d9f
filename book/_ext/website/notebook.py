"""The notebook that a page offers: what the page shows, for any Jupyter.

Sphinx has read it with the parts that the build adds. Here its Markdown becomes plain, and it
says how to install what it imports. Cells of code and their outputs are those of the source.
"""

from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx.application import Sphinx
from sphinx.util import logging

from website import address, wheel
from website.markdown import NotPlain
from website.meanings import OnPage

logger = logging.getLogger(__name__)

INSTALL = """\
try:
    import actlib
except ModuleNotFoundError:  # as in Colab; where it is installed, nothing is
    %pip install --quiet {}
"""


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Write it beside its page, whose button for the source leads to it."""
    if not doctree or context["page_source_suffix"] != ".ipynb":
        return
    file = Path(app.outdir, f"{pagename}.ipynb")
    try:
        written = nbformat.writes(resolved(app, pagename), version=4)
    except NotPlain as error:
        logger.warning("no notebook to download: %s", error, location=pagename)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written + "\n", "utf-8")
    line = f"pip install {wheel.requirement(app.config)}"
    context["install"] = {"line": line, "wheel": wheel.PLACE}
    for group in context["header_buttons"]:
        for button in group.get("buttons", ()):
            if button.get("label") == "download-source-button":
                there = context["pathto"](f"{pagename}.ipynb", 1)
                button.update(url=there, tooltip="Download notebook file")


def resolved(app: Sphinx, page: str) -> NotebookNode:
    """The notebook of this page, as it is offered."""
    read = Path(app.env.mystnb_config.output_folder, f"{page}.ipynb")
    notebook = nbformat.read(read, as_version=4)
    meanings = OnPage(app, page)
    cells = [cell for source in notebook.cells for cell in _cells(source, meanings)]
    cells[0].source += "\n\n" + _how_to_run(app, page)
    if wheel.address(app.config):
        install = INSTALL.format(wheel.requirement(app.config)).strip()
        cells.insert(1, new_code_cell(install, id="install"))
    notebook.cells = cells
    return notebook


def _cells(cell: NotebookNode, meanings: OnPage) -> list[NotebookNode]:
    """Of one in the source: itself, and the caption of its figure."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    cell.metadata = nbformat.from_dict({})
    if cell.cell_type == "markdown":
        cell.source = meanings.plain(cell.source).strip()
    if "caption" not in figure:
        return [cell]
    caption = f"*{meanings.plain(figure['caption'])}*"
    return [cell, new_markdown_cell(caption, id=f"{cell.id}-caption")]


def _how_to_run(app: Sphinx, page: str) -> str:
    book, chapter = app.config.html_title, "This is a chapter"
    if app.config.html_baseurl:
        chapter = f"This is [a chapter]({address.of(app, page)})"
    line = f"`pip install {wheel.requirement(app.config)}`"
    if not wheel.address(app.config):
        line += ", of the file that its page offers"
    return f"{chapter} of {book}. What it imports is installed by {line}."
