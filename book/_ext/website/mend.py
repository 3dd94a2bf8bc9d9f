"""Faults of the generated markup that keep some people from reading a page, or make them wait."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

EMPTY_HEADER = re.compile(r'<th class="(head[^"]*)">\s*(?:<p>\s*</p>)?\s*</th>')
"""A corner of a table: a header that heads nothing."""


def page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    if body := context.get("body"):
        body = EMPTY_HEADER.sub(r'<td class="\1"></td>', body)
        above, image, below = body.partition("<img ")
        body = above + image + below.replace("<img ", '<img loading="lazy" ')
        # A role that ARIA has dropped; what stands in a list is an item of it.
        context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')
