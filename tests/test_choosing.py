"""The chapter on choosing leads to every activation that it names, where it first does."""

import re
from pathlib import Path

import nbformat
import pytest

import actlib

CHOOSING = Path(__file__).parents[1] / "book" / "guide" / "choosing.ipynb"
CHAPTERS = Path(__file__).parents[1] / "book" / "activations"
LINK = r"\{doc\}`(?:[^`<]*<)?\.\./activations/(?P<linked>\w+)>?`"
APART = r"```.*?```|`[^`]*`|\$[^$]*\$|\{footcite:\w\}`[^`]*`|^\(claim-.*$"
EVERYDAY = {"exponential", "shrink", "step"}  # of which the prose has the plain words


def spellings():
    """{a name in lower case: the chapter of it}, the longest first: squared ReLU is no ReLU."""
    found = {}
    for record in actlib.ALL.values():
        presets = [name for p in record.presets for name in (p.title, *p.aliases)]
        for name in (record.title, record.name, *record.aliases, *presets):
            for way in {name, name.replace("_", " ")}:
                found[way.lower()] = record.name
    return {name: found[name] for name in sorted(found, key=len, reverse=True)}


def named_without_link(text, spelled):
    """Chapters of activations that are named before there is a link to them."""
    names = "|".join(re.escape(name) for name in spelled if name not in EVERYDAY)
    mention = rf"(?<![\w-])(?P<plain>{names})(?:s|es)?(?![\w²])"
    flags = re.IGNORECASE | re.MULTILINE | re.DOTALL
    seen, told = set(), []
    for found in re.finditer(f"{LINK}|{APART}|{mention}", text, flags):
        if plain := found["plain"]:
            if (chapter := spelled[plain.lower()]) not in seen:
                told.append(chapter)
                seen.add(chapter)
        elif found["linked"]:
            seen.add(found["linked"])
    return told


def prose():
    cells = nbformat.read(CHOOSING, as_version=4).cells
    told = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"^#.*$", "", told, flags=re.MULTILINE)  # a heading is no place for a link


def test_each_activation_is_a_link_where_it_is_first_named():
    assert named_without_link(prose(), spellings()) == []


def test_no_name_waits_for_a_chapter():
    assert r"\*" not in prose()


def test_every_link_leads_somewhere():
    linked = {found["linked"] for found in re.finditer(LINK, prose())}
    assert {"relu", "gelu", "swiglu", "squared_relu"} <= linked
    assert {name for name in linked if not CHAPTERS.joinpath(f"{name}.ipynb").exists()} == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Take ReLU.", ["relu"]),
        ("Take {doc}`../activations/relu`. ReLU is cheap.", []),
        ("Take ReLU, that is {doc}`../activations/relu`.", ["relu"]),
        ("Take the {doc}`swish <../activations/silu>`, or SiLU.", []),
        ("Take squared ReLU.", ["squared_relu"]),
        ("Take {doc}`../activations/relu` or leaky ReLUs.", ["leaky_relu"]),
        ("`relu(x)` is $relu(x)$ {footcite:p}`relu`.", []),
        ("Take one step.", []),
    ],
)
def test_a_name_without_a_link_is_noticed(text, told):
    assert named_without_link(text, spellings()) == told
