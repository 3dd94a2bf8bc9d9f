"""The ledger and the chapters: each claim has one place, and its verdict is what the cell shows.

`make trial` turns around what every chapter says, a run of all tests those whose turn it is.
"""

import ast
import collections
import re
from pathlib import Path

import matplotlib
import nbformat
import pytest
from matplotlib import pyplot

from reference import ledger

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.joinpath("book").rglob("*.ipynb"))
CLAIMS = ledger.load(ROOT / "book" / "claims.yml")
PAPERS = ledger.papers(ROOT / "book" / "references.bib")
PLACES = ledger.places(NOTEBOOKS)
IN_THE_POST = 85

every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
CHAPTERS = [p for p in NOTEBOOKS if any(place.notebook == p for place in PLACES)]


def place_of(claim):
    found = [place for place in PLACES if place.label == claim.label]
    assert len(found) == 1, f"{claim.id} has {len(found)} places: {[p.notebook for p in found]}"
    return found[0]


def asserts(source):
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]


def test_claims_and_places_go_together():
    labels = collections.Counter(place.label for place in PLACES)
    assert labels == collections.Counter(claim.label for claim in CLAIMS)
    assert set(labels.values()) == {1}
    assert sum(claim.of_the_post for claim in CLAIMS) == IN_THE_POST


@every_claim
def test_place_states_the_verdict_of_the_ledger(claim):
    text = place_of(claim).text
    restated = re.search(r"\)=\n\*\*.+?\*\* ", text)
    words = ledger.VERDICTS[claim.verdict]
    assert restated, f"{claim.id}: its place does not begin with the claim in bold"
    assert text[restated.end() :].startswith(words), f"{claim.id}: the ledger says {words}"
    assert len(ledger.LABEL.findall(text)) == 1, "one claim to a cell"


@every_claim
def test_place_is_followed_by_a_cell_that_ran_or_by_a_citation(claim):
    place = place_of(claim)
    if claim.citation_only:
        cited = [source for source in claim.sources if f"`{source}`" in place.text]
        assert cited, f"{claim.id}: decided by a citation, so its place cites one of its sources"
        return
    assert place.after.cell_type == "code", f"{claim.id}: no cell follows"
    assert asserts(place.after.source), f"{claim.id}: the cell asserts nothing"
    assert place.after.execution_count
    printed = "".join(o.text for o in place.after.outputs if o.output_type == "stream")
    assert printed.strip(), f"{claim.id}: the cell prints no verdict"


@every_claim
def test_entries_are_complete(claim):
    bibliography = ROOT.joinpath("book", "references.bib").read_text("utf-8")
    assert claim.says.endswith(".")
    assert claim.correct.endswith(".")
    keys = [source for source in claim.sources if " " not in source]
    assert all(f"{{{key}," in bibliography for key in keys), keys
    assert claim.sources or (claim.of_the_post and not claim.citation_only)
    if ledger.speaker(claim, PAPERS) in ("paper", "documentation"):
        assert claim.sources[0] in keys, "who says it has an entry in the bibliography"


def test_every_kind_of_source_speaks():
    """Else the menu of the ledger would offer what nobody can find."""
    assert {ledger.speaker(claim, PAPERS) for claim in CLAIMS} == set(ledger.SPEAKERS)


class Flip(ast.NodeTransformer):
    """Turn the assertion with this number around."""

    def __init__(self, number):
        self.left = number

    def visit_Assert(self, node):
        self.left -= 1
        if self.left == -1:
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return ast.fix_missing_locations(node)


def test_a_verdict_turned_around_fails(chapter_in_turn, monkeypatch):
    """Each fact that a claim's cell asserts is turned around, one at a time: the cell must fail."""
    matplotlib.use("agg")
    monkeypatch.chdir(chapter_in_turn.parent)
    shown = {place.after.source for place in PLACES if place.notebook == chapter_in_turn}
    state = {"__name__": "__main__"}
    for cell in nbformat.read(chapter_in_turn, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        for number in range(len(asserts(cell.source)) if cell.source in shown else 0):
            turned = Flip(number).visit(ast.parse(cell.source))
            flipped = compile(turned, chapter_in_turn.name, "exec")
            with pytest.raises(AssertionError):
                exec(flipped, dict(state))
        exec(compile(tree, chapter_in_turn.name, "exec"), state)
        pyplot.close("all")
