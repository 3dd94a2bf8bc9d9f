"""What a chapter says of its function fails for a wrong one: claim by claim, fact by fact.

`make trial` asks every chapter; a run of all tests those whose turn it is.
"""

import dataclasses
import datetime
import re
from pathlib import Path

import pytest
import trial
from turns import PARTS, due

import actlib
from actlib.call.shapes import is_gated
from reference import ledger

ROOT = Path(__file__).parents[1]
CLAIMS = ledger.load(ROOT / "book" / "claims.yml")
INDEPENDENT = {claim.label: claim.independent for claim in CLAIMS if claim.independent}
CHAPTERS = [
    path
    for path in sorted(ROOT.joinpath("book").rglob("*.ipynb"))
    if any(cell.on_trial for cell in trial.cells(path))
]
MOST = 8  # claims that need not depend on the function


def test_what_is_said_of_a_function_fails_for_a_wrong_one(chapter_in_turn):
    cells = list(trial.cells(chapter_in_turn))
    survivors = trial.survivors(cells, chapter_in_turn.parent)
    declared = {cell.claim for cell in cells} & set(INDEPENDENT)
    undeclared = {name: why for name, why in survivors.items() if name not in declared}
    assert not undeclared, "let them ask the record or the definition, or declare why they need not"
    assert declared <= set(survivors), "declared independent in claims.yml, and are not"


def test_few_claims_are_independent_of_their_function_and_say_why():
    assert len(INDEPENDENT) <= MOST
    for label, reason in INDEPENDENT.items():
        assert re.fullmatch(r"[A-Z].{20,}\.", reason, re.DOTALL), label


VACUOUS = {
    "claim-0": 'assert 1 + 1 == 2\nprint("right")',
    "claim-1": "for point in ():\n    assert elu(point) == point",
    "claim-2": "assert str(elu)",
    "claim-3": "assert left + 1 != left",
    "claim-4": "assert isinstance(elu(1.0), float)",
}
BROKEN = {"claim-5": "if elu(0.0):\n    no_such_name"}
ELU = ROOT / "book" / "activations" / "elu.ipynb"


@pytest.fixture(scope="module")
def told():
    """Of a chapter in which these stand beside a claim that is shown."""
    chapter = []
    for cell in trial.cells(ELU):
        chapter.append(cell)
        if cell.claim == "claim-2-e":
            for name, source in (VACUOUS | BROKEN).items():
                chapter.append(dataclasses.replace(cell, source=source, before=f"({name})="))
    return trial.survivors(chapter, ELU.parent)


def test_a_cell_made_vacuous_is_caught(told):
    assert list(told) == [*VACUOUS, *BROKEN], "and no other"
    assert all(told[name].count("passes") == len(trial.WORLDS) for name in VACUOUS)


def test_an_error_is_no_failure(told):
    """A cell that breaks in a wrong world has not been seen to notice that it is wrong."""
    assert "NameError" in told["claim-5"]


@pytest.mark.parametrize("record", actlib.ALL.values(), ids=lambda r: r.name)
@pytest.mark.parametrize("world", trial.WORLDS)
def test_a_wrong_world_is_wrong(record, world):
    x = [0.25, -1.5, 3.0]
    given = [x, x] if is_gated(record) else [x]
    wrong = trial.WORLDS[world](record)
    assert (abs(wrong(*given) - record(*given)) > 1e-3).any()
    assert wrong.definition != record.definition


def test_every_chapter_has_its_turn():
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(PARTS)]
    asked = [chapter for day in days for chapter in due(CHAPTERS, day)]
    assert sorted(asked) == CHAPTERS
