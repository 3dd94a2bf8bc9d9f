"""Which pages are asked whole: of every kind of element, the most complex page that has one.

What a page holds decides, whoever made it. A page with a kind of its own, be it a colour written
into one element, is always among them; a chapter like the others is not.
"""

import re
from html.parser import HTMLParser


class Kinds(HTMLParser):
    """A page by the elements in it: how many, and of what kinds."""

    def __init__(self, text):
        super().__init__()
        self.count, self.kinds = 0, set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        classes = (given.get("class") or "").split()
        style = re.sub(r"\d+(\.\d+)?(px|%)", "", given.get("style") or "")
        self.count += 1
        self.kinds |= {tag, (tag, "style", style), *((tag, "class", name) for name in classes)}


def most_complex(texts):
    """Of {page: its HTML} the pages that are asked whole."""
    pages = {page: Kinds(text) for page, text in texts.items()}
    known, found = set(), []
    for page in sorted(pages, key=lambda page: (-pages[page].count, page)):
        if pages[page].kinds - known:
            found.append(page)
            known |= pages[page].kinds
    return found
