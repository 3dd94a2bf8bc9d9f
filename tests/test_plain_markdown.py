"""Markdown for any Jupyter: what only MyST understands is replaced, or refused."""

import pytest
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from website.markdown import NotPlain, plain

EXTENSIONS = {"colon_fence", "dollarmath", "linkify", "substitution", "tasklist"}
PARSER = create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


class Told:
    """Each thing as what was asked."""

    def role(self, name, text):
        return f"<{name}|{text}>"

    def directive(self, name, title, content):
        return f"<{name}|{title}|{content}>"

    def link(self, text, target):
        return f"<{text}|{target}>"


REPLACED = {
    "a role": ("**{term}`Kinks <kink>`.** Then", "**<term|Kinks <kink>>.** Then"),
    "a role over two lines": ("{term}`a\nb`", "<term|a b>"),
    "two roles of one spelling": ("{doc}`a` and {doc}`a`", "<doc|a> and <doc|a>"),
    "a role in a table": ("| a |\n| - |\n| {doc}`a` |\n", "| a |\n| - |\n| <doc|a> |\n"),
    "a label": ("(claim-1)=\n**Right.**", "**Right.**"),
    "a directive": ("```{list}\n```\nEnd", "<list||>\nEnd"),
    "a directive with a title": (":::{dropdown} One\nText\n:::\n", "<dropdown|One|Text\n>\n"),
    "a link to a source": ("[one](/a/b.md) or [two](c.ipynb)", "<one|/a/b.md> or <two|c.ipynb>"),
    "code like a role, then the role": ("`` {a}`b` `` {a}`b`", "`` {a}`b` `` <a|b>"),
    "all of them": ("(x)=\n{a}`b`\n\n```{c}\n```\n[d](e.md)", "<a|b>\n\n<c||>\n<d|e.md>"),
}
KEPT = {
    "code that looks like a role": "`` {doc}`a` `` and\n\n```python\n(x)=\n{doc}`a`\n```\n",
    "mathematics": "$\\{x\\}$ and\n\n$$\n[x](y)\n$$\n",
    "links to other sites": "[one](https://example.org/a.md) and https://example.org/b.md",
    "lists, tables, emphasis": "1. *a*\n   - **b**\n\n| `a` |\n| - |\n| b |\n\n> quoted\n",
}
REFUSED = {
    "an image": "![A picture](a.png)",
    "a comment": "% nobody sees this",
    "a break between blocks": "+++",
    "a substitution": "{{ name }}",
    "HTML": "<div>\n</div>",
    "a labelled formula": "$$\nx\n$$ (label)",
    "a directive in a list": "- ```{note}\n  a\n  ```",
    "a link that the search cannot find": "[one][two]\n\n[two]: three.md",
}


@pytest.mark.parametrize("name", REPLACED)
def test_what_is_of_myst_is_replaced(name):
    source, expected = REPLACED[name]
    assert plain(source, PARSER, Told()) == expected


@pytest.mark.parametrize("name", KEPT)
def test_all_else_is_kept_to_the_letter(name):
    assert plain(KEPT[name], PARSER, Told()) == KEPT[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_said_how_to_replace_is_refused(name):
    with pytest.raises(NotPlain):
        plain(REFUSED[name], PARSER, Told())
