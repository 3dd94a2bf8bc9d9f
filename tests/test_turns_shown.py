"""Turning points, and what is undecided, on the pages and in the labs."""

import json

import pytest
import sympy as sp
from cases import told
from test_turns import HARD_SWISH, SILU, SINE, W

from actlib import tanh
from actlib.formula.symbols import X
from lab import modules
from reference import atlas, gallery


def test_alt_texts_say_where_it_turns():
    text = gallery.describe(SILU)
    assert text.startswith("f falls, then rises, between -0.278 and plus infinity.")
    assert "It turns at -1.27846." in text
    assert gallery.describe(HARD_SWISH).startswith("f is flat, then falls, then rises, between")


def test_labs_have_the_turn():
    code = modules.elementwise(SILU)
    turns = code[code.index("turns: ") :]
    assert str(float(W)) in turns
    assert "p.beta > 0" in turns
    assert "turns: []" in modules.elementwise(tanh)


# No period is one of both.
WAVES = told(SINE, definition=SINE.definition + sp.sin(sp.sqrt(2) * X))
CLIMB = told(SINE, definition=WAVES.definition + 3 * X, no_limits=(), range=(-sp.oo, sp.oo))


def test_pages_say_what_is_undecided(tmp_path):
    """None in a shape once ended the build of the atlas."""
    records = [WAVES, SILU, tanh]
    atlas.write(records, tmp_path)
    rows = json.loads(tmp_path.joinpath("atlas.json").read_text("utf-8"))["activations"]
    waves, silu, smooth = rows
    assert [waves[name] for name in ("monotone", "convex", "lipschitz")] == ["undecided"] * 3
    assert silu["turns"] == [pytest.approx(-1.2784645427610737951)]
    assert smooth["turns"] == []
    assert "undecided" not in (silu | smooth).values()
    page = atlas.markdown(records, "/made")
    assert page.count("| undecided |") >= 1
    assert 'Where it says "undecided"' in page
    assert "undecided" in gallery.describe(CLIMB)
    assert "undecided" not in atlas.markdown([SILU, tanh], "/made")
    json.dumps(rows, allow_nan=False)
