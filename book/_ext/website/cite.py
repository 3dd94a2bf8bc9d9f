"""How to cite a chapter: from its title, CITATION.cff and the site's address."""

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx

CITATION = Path(__file__).resolve().parents[3] / "CITATION.cff"


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Notebooks are what one cites; `cite` is what the page's foot shows."""
    if doctree and context["page_source_suffix"] == ".ipynb":
        title = app.env.titles[pagename].astext()
        key = pagename.rpartition("/")[2]
        url = context["pageurl"] or ""
        context["cite"] = citations(title, key, app.config.copyright, url)


def citations(title: str, key: str, year: str, url: str) -> dict[str, str]:
    """By format."""
    book = yaml.safe_load(CITATION.read_text("utf-8"))
    authors = " and ".join(author["name"] for author in book["authors"])
    fields = {
        "author": f"{{{authors}}}",
        "title": title,
        "booktitle": book["title"],
        "year": year,
        "note": f"Version {book['version']}",
        "url": url,
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    sentence = f"{authors}. “{title}.” In {book['title']}, version {book['version']}, {year}."
    return {
        "Text": f"{sentence} {url}".strip(),
        "BibTeX": "\n".join([f"@incollection{{{key},", *lines, "}"]),
    }
