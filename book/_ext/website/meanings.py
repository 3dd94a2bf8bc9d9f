"""What a page's notebook says in plain Markdown for its roles, directives and links.

A reference is resolved by Sphinx, as it is on the page.
"""

import re
from urllib.parse import urljoin

from docutils import nodes
from markdown_it.renderer import RendererHTML
from myst_parser.parsers.mdit import create_md_parser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import split_explicit_title

from website import address
from website.literature import Literature
from website.markdown import NotPlain, escaped, plain

ROLES = ("doc", "numref", "ref", "term")
"""Those of Sphinx that lead somewhere in the book."""


class OnPage:
    """The meanings on one page, in the order of its text: what is cited, it keeps."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self._app, self._page = app, page
        self._parser = create_md_parser(app.env.myst_config, RendererHTML)
        self._literature = Literature(app, page)

    def plain(self, source: str) -> str:
        return plain(source, self._parser, self)

    def role(self, name: str, text: str) -> str:
        domain, _, kind = name.rpartition(":")
        if domain == "footcite":
            return self._literature.cite(kind, text)
        env, builder = self._app.env, self._app.builder
        standard = env.get_domain("std")
        if name not in ROLES:
            raise NotPlain(f"nothing says what the role {name!r} is in a notebook")
        explicit, title, target = split_explicit_title(" ".join(text.split()))
        target = target.lower() if standard.roles[name].lowercase else target
        node = addnodes.pending_xref(
            "", refdoc=self._page, reftype=name, reftarget=target, refexplicit=explicit
        )
        shown = nodes.inline("", title)
        found = standard.resolve_xref(env, self._page, builder, name, target, node, shown)
        if found is None:  # Sphinx has warned of it
            return escaped(title)
        place = found.get("refuri") or f"#{found['refid']}"
        return self._linked(escaped(found.astext()), place)

    def directive(self, name: str, title: str, content: str) -> str:
        if name == "footbibliography":
            return self._literature.references()
        if name != "dropdown" or re.match(":|---", content):
            raise NotPlain(f"nothing says what the directive {name!r} is in a notebook")
        inside = self.plain(content).strip()
        return f"<details>\n<summary>{title}</summary>\n\n{inside}\n\n</details>"

    def link(self, text: str, target: str) -> str:
        env, builder = self._app.env, self._app.builder
        path, _, label = target.partition("#")
        other = env.path2doc(env.relfn2path(path, self._page)[0])
        if other not in env.found_docs:
            raise NotPlain(f"{target!r} is no page of the book")
        place = builder.get_relative_uri(self._page, other)
        return self._linked(text, f"{place}#{label}" if label else place)

    def _linked(self, text: str, place: str) -> str:
        """On the site, if it has an address: a notebook lies anywhere, so it has no other links."""
        if not self._app.config.html_baseurl:
            return text
        return f"[{text}]({urljoin(address.of(self._app, self._page), place)})"
