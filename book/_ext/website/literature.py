"""Papers as a notebook names them, which has no footnotes: in the text with their year, and in full
at its end. Both are made from the bibliography by what makes the site's own."""

from types import MappingProxyType
from typing import Any

from pybtex.backends import markdown
from pybtex.plugin import find_plugin
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.style.referencing import BracketStyle, format_references
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from website.markdown import NotPlain, escaped

ROUND = BracketStyle(left="(", right=")", sep="; ")
STYLE = AuthorYearReferenceStyle(bracket_textual=ROUND, bracket_parenthetical=ROUND)


class Backend(markdown.Backend):
    """pybtex's, which escapes what need not be."""

    symbols = MappingProxyType({"ndash": "\u2013", "newblock": " ", "nbsp": "\u00a0"})

    def format_str(self, text: str) -> str:
        return escaped(text)


class Literature:
    """The papers that one page cites."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self._app, self._page = app, page
        self._domain = app.env.get_domain("cite")
        self._style = find_plugin("pybtex.style.formatting", app.config.bibtex_default_style)()
        self._cited: dict[str, Any] = {}

    def cite(self, role: str, keys: str) -> str:
        """`role` is "t" where the authors are part of the sentence, "p" where they are not."""
        info = SphinxReferenceInfo(self._app.builder, self._page, self._page, "", None, "", "")
        found = [(*self._entry(key.strip()), info) for key in keys.split(",")]
        shown = format_references(STYLE, role, found).render(self._domain.backend)
        return escaped("".join(node.astext() for node in shown))

    def references(self) -> str:
        """A list of all that were cited, in that order."""
        lines = (entry.text.render(Backend()) for entry in self._cited.values())
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

    def _entry(self, key: str) -> tuple[Any, Any]:
        entry = self._domain.bibdata.data.entries.get(key)
        if entry is None:
            raise NotPlain(f"no paper {key!r} in the bibliography")
        if key not in self._cited:
            self._cited[key] = self._style.format_entry(label="", entry=entry)
        return entry, self._cited[key]
