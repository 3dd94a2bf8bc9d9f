"""The atlas: nothing is left out, and its files say what its page says."""

import csv
import json
import math

import pytest
from cases import ELEMENTWISE

import actlib
from actlib.show import typeset
from reference import atlas, conventions

RECORDS = list(actlib.ALL.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas") / "made"
    atlas.write(RECORDS, folder)
    return folder


def test_files_hold_every_activation(folder):
    with (folder / "atlas.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    described = json.loads((folder / "atlas.json").read_text("utf-8"))
    rows = described["activations"]
    assert [r["name"] for r in table] == [r["name"] for r in rows] == list(actlib.ALL)
    assert all(set(row) == set(described["columns"]) for row in rows)
    assert (folder / "atlas.png").read_bytes().startswith(b"\x89PNG")


def test_csv_and_json_say_the_same(folder):
    with (folder / "atlas.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    rows = json.loads((folder / "atlas.json").read_text("utf-8"))["activations"]
    for left, right in zip(table, rows, strict=True):
        for name, value in right.items():
            assert left[name] == ("" if value is None else str(value))


def test_numbers_are_those_of_the_library(folder):
    rows = json.loads((folder / "atlas.json").read_text("utf-8"))["activations"]
    found = {row["name"]: row for row in rows}
    for record in ELEMENTWISE:
        row = found[record.name]
        assert row["value_at_0"] == record(0.0)
        for kink, slope in zip(row["kinks"], row["slopes_at_kinks"], strict=True):
            assert slope == record.derivative(kink)
        for end in record([-math.inf, math.inf]):
            held = float(row["infimum"]) <= end <= float(row["supremum"])
            assert held or (math.isnan(end) and record.no_limits)


def test_page_shows_every_activation_and_nothing_undecided():
    page = atlas.markdown(RECORDS, "/made")
    for record in RECORDS:
        assert f"[{record.title}](../activations/{record.name}.ipynb)" in page
    assert "undecided" not in page
    assert "(/made/atlas" not in page
    assert page.count("/made/atlas.") == 3


def test_kinks_have_the_slopes_that_were_returned(tmp_path):
    kinked = [record for record in ELEMENTWISE if record.kinks]
    page, slopes = atlas.markdown(ELEMENTWISE, "made"), conventions.markdown(ELEMENTWISE)
    atlas.write(kinked, tmp_path)
    rows = json.loads(tmp_path.joinpath("atlas.json").read_text("utf-8"))["activations"]
    for record, row in zip(kinked, rows, strict=True):
        there = record.at_kinks(record.settings[0])
        assert row["kinks"] == [kink.x for kink in there]
        assert row["slopes_at_kinks"] == [kink.slope for kink in there]
        for kink in record.kinks:
            assert typeset.returned(record, kink) in page
            assert not kink.frameworks or typeset.returned(record, kink) in slopes
