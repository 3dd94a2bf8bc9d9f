"""What a page is about, in its own first words: for search engines, cards and language models."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform


class Description(SphinxTransform):
    """The first paragraph of a page, kept with what Sphinx knows of the page."""

    default_priority = 800

    def apply(self) -> None:
        first = next((p.astext() for p in self.document.findall(nodes.paragraph)), "")
        self.env.metadata[self.env.docname]["description"] = " ".join(first.split())


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
