"""Every name that a framework exports has one place in the book."""

import copy
import re
from pathlib import Path

import pytest

import actlib
from reference.coverage import Coverage, markdown

ROOT = Path(__file__).parents[1]


@pytest.fixture
def coverage():
    exports = ROOT / "benchmarks" / "results" / "exports.json"
    return Coverage.read(exports, ROOT / "book" / "coverage.yml", list(actlib.ALL.values()))


def changed(coverage, change):
    exports, by_hand = copy.deepcopy((coverage.exports, coverage.by_hand))
    change(exports, by_hand)
    return Coverage(exports, by_hand, coverage.activations)


def test_every_name_has_one_place(coverage):
    assert coverage.unplaced() == []
    assert coverage.placed_twice() == []
    assert coverage.unused() == []


def test_a_new_name_is_noticed(coverage):
    def new(exports, by_hand):
        exports["JAX"]["names"]["hard_silly"] = "hard_silly"

    assert changed(coverage, new).unplaced() == [("JAX", "hard_silly")]


def test_what_a_record_claims_too_is_noticed(coverage):
    def claimed(exports, by_hand):
        by_hand["sections"][0]["names"].setdefault("PyTorch", []).append("elu*")

    twice = changed(coverage, claimed).placed_twice()
    assert twice == [("PyTorch", "elu"), ("PyTorch", "elu_")]


@pytest.mark.parametrize("way", ["sections", "reasons"])
def test_a_place_for_a_name_that_is_gone_is_noticed(coverage, way):
    def gone(exports, by_hand):
        names = by_hand[way][0]["names"]
        names["ONNX"] = [*names.get("ONNX", []), "Gone*"]

    assert changed(coverage, gone).unused() == ["ONNX: Gone*"]


def test_a_second_name_of_one_function_is_that_function(coverage):
    for framework in ("Keras", "JAX", "TensorFlow"):
        assert coverage.records[framework, "swish"] == coverage.records[framework, "silu"]
    assert coverage.records["PyTorch", "ELU"] == coverage.records["PyTorch", "elu_"] == [actlib.elu]


def test_every_section_is_there(coverage):
    chapters = [path.read_text("utf-8") for path in ROOT.glob("book/activations/*.ipynb")]
    labels = {label for text in chapters for label in re.findall(r'"\(([\w-]+)\)=', text)}
    assert set(coverage.sections.values()) <= labels


def test_the_page_has_every_name(coverage):
    page = markdown(coverage)
    assert all(f"`{name}`" in page for _, name in coverage)
    assert "[ELU](../activations/elu.ipynb)" in page
