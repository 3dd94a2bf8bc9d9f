"""Families and properties: what is said of one holds in numbers, and of none is it forgotten."""

import re
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from cases import told
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from actlib.call.shapes import elementwise, is_elementwise
from actlib.formula.symbols import X
from reference import atlas, families, properties

ROOT = Path(__file__).parents[1]
CURVES = elementwise(actlib.ALL.values())
FAMILIES = families.families(parse_toc_yaml(ROOT / "_toc.yml"), actlib.ALL)
GRID = np.sort(np.concatenate([np.linspace(-40, 40, 6401), [-1e3, 1e3]]))

every_curve = pytest.mark.parametrize("record", CURVES, ids=lambda record: record.name)


@every_curve
def test_what_is_proved_of_a_shape_holds_in_numbers(record):
    """Both ways where a few numbers can tell, and it was decided."""
    steps = np.diff(record(GRID))
    turns = (steps > 1e-12).any() and (steps < -1e-12).any()
    if atlas.facts(record).shape.monotone:
        assert properties.MONOTONE.holds(record) != turns
    assert properties.ZERO_CENTRED.holds(record) == np.allclose(record(-GRID), -record(GRID))
    if properties.SMOOTH.holds(record):
        assert not record.kinks_at(record.settings[0])
    if properties.BOUNDED.holds(record):
        assert np.ptp(record(GRID)) == pytest.approx(np.ptp(record(10 * GRID)), rel=0.1)


@pytest.mark.parametrize(
    ("known", "definition"),
    [
        (properties.MONOTONE, X - 2 * sp.tanh(X)),
        (properties.SMOOTH, sp.Piecewise((X**3, X < 0), (0, True))),
        (properties.ZERO_CENTRED, sp.tanh(X) + sp.Rational(1, 10**14)),
        (properties.ZERO_CENTRED, sp.Piecewise((-1, X < 0), (1, True))),  # but for 0 itself
    ],
)
def test_what_does_not_hold_is_not_said(known, definition):
    assert known.holds(actlib.tanh)
    assert not known.holds(told(actlib.tanh, name="planted", definition=definition))


def test_what_has_no_bound_is_not_called_bounded():
    assert properties.BOUNDED.holds(actlib.tanh)
    assert not properties.BOUNDED.holds(told(actlib.tanh, range=(sp.S(-1), sp.oo)))


@pytest.mark.parametrize("record", actlib.ALL.values(), ids=lambda record: record.name)
def test_who_offers_it_is_on_the_record(record):
    named = {name for thing in (record, *record.presets) for name in thing.equivalents}
    assert set(properties.frameworks(record)) == named <= set(properties.FRAMEWORKS)


@pytest.mark.parametrize("caption", FAMILIES)
def test_what_is_said_of_all_holds_of_each_and_what_of_none_of_none(caption):
    page = families.markdown(FAMILIES[caption])
    of_all, of_none = (re.findall(rf"\*\*{who}:\*\* (.+?)\.", page) for who in ("All", "None"))
    for told_of, holds in ((of_all, True), (of_none, False)):
        for title in ", ".join(told_of).split(", ") if told_of else ():
            assert {said(title, record) for record in FAMILIES[caption]} - {None} == {holds}
    for record in FAMILIES[caption]:
        (row,) = re.findall(
            rf"^\| \[.+\]\(/book/activations/{record.name}\.ipynb\) .+$", page, re.M
        )
        assert row.count("| - ") == (0 if is_elementwise(record) else 3)


def said(title, record):
    """Does it hold? None where it cannot be asked."""
    if title.startswith("in "):
        return title.removeprefix("in ") in properties.frameworks(record)
    (known,) = (known for known in properties.PROPERTIES if known.title == title)
    return known.holds(record) if known.applies(record) else None


def test_each_family_has_its_place_on_the_page_in_the_order_of_the_contents():
    page = ROOT.joinpath("book", "reference", "families.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", page, re.M) == list(FAMILIES)
    assert re.findall(r"^```\{family\} (.+)$", page, re.M) == list(FAMILIES)
