"""The glossary: a word that it explains leads there from every chapter that uses it."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT.joinpath("book", "reference", "glossary.md").read_text("utf-8")
TERMS = re.findall(r"^(\w[\w -]*)$", GLOSSARY.partition(":::{glossary}")[2], re.MULTILINE)
NOTEBOOKS = sorted(ROOT.joinpath("book").rglob("*.ipynb"))
LINK = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_words_of_the_glossary_are_linked(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    linked = {term.lower() for term in LINK.findall(text)}
    assert linked <= {term.lower() for term in TERMS}
    plain = re.sub(r"^#.*$", " ", LINK.sub(" ", text), flags=re.MULTILINE)
    plain = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$", " ", plain, flags=re.DOTALL)
    used = {term for term in TERMS if re.search(rf"\b{term}(?:s|es)?\b", plain, re.IGNORECASE)}
    missing = {term for term in used if term.lower() not in linked}
    assert not missing, f"link each once, as in {{term}}`kink`: {', '.join(sorted(missing))}"


def test_every_term_is_needed_and_explained():
    every = "\n".join(path.read_text("utf-8") for path in ROOT.joinpath("book").rglob("*.ipynb"))
    every += "".join(p.read_text("utf-8") for p in ROOT.joinpath("book").rglob("*.md"))
    linked = {term.lower() for term in LINK.findall(every)}
    assert sorted(TERMS, key=str.lower) == TERMS
    assert {term for term in TERMS if term.lower() not in linked} == set()
    for term in TERMS:
        meaning = re.search(rf"^{term}\n((?:  .+\n?)+)", GLOSSARY, re.MULTILINE)[1]
        assert len(meaning.split()) > 8
        assert meaning.rstrip().endswith(".")
