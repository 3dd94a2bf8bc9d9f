"""The book for language models: llms.txt tells what there is, llms-full.txt is all of it."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from sphinx.application import Sphinx

from website.contents import parts
from website.describe import first_sentence


def write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html" and hasattr(app.config, "external_site_map"):
        order = parts(app.config.external_site_map)
        Path(app.outdir, "llms.txt").write_text(_summary(app, order), "utf-8")
        pages = [app.config.root_doc, *(name for _, names in order for name in names)]
        full = "\n\n".join(_source(Path(app.env.doc2path(name))) for name in pages)
        Path(app.outdir, "llms-full.txt").write_text(full + "\n", "utf-8")


def _summary(app: Sphinx, order: list[tuple[str, list[str]]]) -> str:
    about = app.env.metadata[app.config.root_doc]["description"]
    lines = [f"# {app.config.html_title}", "", f"> {about}"]
    for caption, names in order:
        lines += ["", f"## {caption}", ""]
        for name in names:
            title = app.env.titles[name].astext()
            address = app.config.html_baseurl + app.builder.get_target_uri(name)
            line = first_sentence(app.env.metadata[name]["description"])
            lines.append(f"- [{title}]({address}): {line}")
    lines += ["", "## All of it", "", f"- [Text]({app.config.html_baseurl}llms-full.txt)"]
    return "\n".join(lines) + "\n"


def _source(path: Path) -> str:
    """A page as Markdown; of a notebook, its text, its code, and what that prints."""
    if path.suffix != ".ipynb":
        return path.read_text("utf-8").strip()
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(text for cell in cells for text in _told(cell))


def _told(cell: NotebookNode) -> Iterator[str]:
    if cell.cell_type != "code":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        data = output.get("data", {})
        printed = output.get("text") or data.get("text/markdown") or data.get("text/plain", "")
        if "image/png" in data:
            printed = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if printed:
            yield printed if "text/markdown" in data else f"```text\n{printed.strip()}\n```"
