"""Markdown that any Jupyter shows: each thing that only MyST understands is replaced.

MyST's own parser says where such things are, so that code which only looks like them stays. What
nobody has said how to replace is refused.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Protocol

from markdown_it import MarkdownIt
from markdown_it.token import Token

PLAIN = {"blockquote", "bullet_list", "heading", "hr", "list_item", "ordered_list", "paragraph"}
PLAIN |= {"table", "tbody", "td", "th", "thead", "tr", "math_block"}
PLAIN |= {"em", "hardbreak", "math_inline", "softbreak", "strong", "text"}
"""What Jupyter understands too, by the names of the parser's tokens."""

FENCES = {"fence", "colon_fence"}
DIRECTIVE = re.compile(r"\{([^}]+)\}\s*(.*)")
EXTERNAL = re.compile(r"[a-z][a-z+.-]*:", re.IGNORECASE)

Edit = tuple[int, int, str]


class NotPlain(Exception):
    """There is something for which nothing stands."""


class Meanings(Protocol):
    """What stands for the things of MyST."""

    def role(self, name: str, text: str) -> str: ...

    def directive(self, name: str, title: str, content: str) -> str: ...

    def link(self, text: str, target: str) -> str: ...


def escaped(text: str) -> str:
    """As Markdown that shows just this. No brackets: to some Jupyters `\\(` begins a formula."""
    return re.sub(r"([\\`*_\[\]<$])", r"\\\1", text)


def plain(source: str, parser: MarkdownIt, meanings: Meanings) -> str:
    """The source with its roles, directives, labels and links to sources replaced."""
    for start, end, text in reversed(list(_edits(source, parser, meanings))):
        source = source[:start] + text + source[end:]
    return source


def _edits(source: str, parser: MarkdownIt, meanings: Meanings) -> Iterator[Edit]:
    lines = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
    done = 0
    for token in parser.parse(source):
        start, end = (lines[n] for n in token.map or (0, 0))
        if token.type == "myst_target":
            yield start, end, ""
        elif token.type in FENCES and (directive := DIRECTIVE.match(token.info)):
            if token.level:
                raise NotPlain(f"the directive {directive[1]!r} inside of something else")
            yield start, end, meanings.directive(*directive.groups(), token.content) + "\n"
        elif token.type == "inline":
            done = max(done, start)
            for part in token.children or ():
                if edit := _edit(source, done, part, meanings):
                    yield edit
                    done = edit[1]
        elif token.type != "fence":
            _refuse_unless_plain(token)


def _edit(source: str, start: int, part: Token, meanings: Meanings) -> Edit | None:
    """Of the first such part that comes after `start`."""
    if part.type == "myst_role":
        name = part.meta["name"]
        found = _find(rf"\{{{re.escape(name)}\}}(`+){_spaced(part.content)}\1", source, start)
        return *found.span(), meanings.role(name, part.content)
    if part.type == "link_open" and not EXTERNAL.match(target := str(part.attrs["href"])):
        found = _find(rf"\[([^\[\]]*)\]\({re.escape(target)}\)", source, start)
        return *found.span(), meanings.link(found[1], target)
    if part.type == "code_inline":  # as it is, and nothing in it is found later
        found = _find(_spaced(part.content), source, start)
        return *found.span(), found[0]
    if part.type not in ("link_open", "link_close"):
        _refuse_unless_plain(part)
    return None


def _find(pattern: str, source: str, start: int) -> re.Match[str]:
    found = re.compile(pattern).search(source, start)
    if found is None:
        raise NotPlain(f"no {pattern} where the parser found one")
    return found


def _spaced(text: str) -> str:
    """A pattern for a text whose lines may be broken anywhere."""
    return r"\s*" + r"\s+".join(map(re.escape, text.split())) + r"\s*"


def _refuse_unless_plain(token: Token) -> None:
    if re.sub("_(open|close)$", "", token.type) not in PLAIN:
        raise NotPlain(f"{token.type!r}: {token.content or token.markup}")
