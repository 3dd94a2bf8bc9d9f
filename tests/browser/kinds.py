"""Which pages are asked whole: of every kind of element, the most complex page that has one.

What a page holds decides, whoever made it. A page with a kind of its own, be it a colour written
into one element, is always among them; a chapter like the others is not. The words of code, each
of a class that says what it is to its language, are one kind: their colours are asked of all of
them at once.
"""

import re
from functools import cache
from html.parser import HTMLParser


class Kinds(HTMLParser):
    """A page by the elements in it: how many, and of what kinds."""

    def __init__(self, text):
        super().__init__()
        self.count, self.kinds, self.words, self.code = 0, set(), set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        classes = (given.get("class") or "").split()
        style = re.sub(r"\d+(\.\d+)?(px|%)", "", given.get("style") or "")
        self.count += 1
        self.code += tag == "pre"
        if self.code and tag == "span" and not style:
            self.words.update(classes)
            classes = []
        self.kinds |= {tag, (tag, "style", style), *((tag, "class", name) for name in classes)}

    def handle_endtag(self, tag):
        self.code -= tag == "pre"


@cache
def kinds(text):
    """To take a page apart takes longer than most of what is asked of its parts."""
    return Kinds(text)


def most_complex(texts):
    """Of {page: its HTML} the pages that are asked whole."""
    pages = {page: kinds(text) for page, text in texts.items()}
    known, found = set(), []
    for page in sorted(pages, key=lambda page: (-pages[page].count, page)):
        if pages[page].kinds - known:
            found.append(page)
            known |= pages[page].kinds
    return found
