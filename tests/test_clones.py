"""A book that has grown by clones is a book: it keeps its rules, and each clone keeps the laws.

So what a clone adds to a run is what one more activation would add.
"""

import re
import sys
from pathlib import Path

import pytest
from copies import copy_project, run

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import clones
from run import by_file, table

from actlib.vectors.hardest import collected

ROOT = Path(__file__).parents[1]


def test_a_book_with_a_clone_keeps_its_rules_and_the_clone_its_laws(tmp_path):
    project = copy_project(tmp_path / "book")
    (name,) = clones.grow(project, 1)
    kept = project.joinpath("actlib", "vectors", "hardest.json").read_text("utf-8")
    assert kept == collected(project / "proofs")
    for asked, *files in (
        ("not turned and not passed_the_gate", "book", "claims", "stub"),
        (name, "due", "laws"),
    ):
        paths = [f"tests/test_{file}.py" for file in files]
        code, told = run(project, "python", "-m", "pytest", *paths, "-k", asked, "--verbose")
        assert code == 0, told
        assert f"[{name}] PASSED" in told


@pytest.mark.parametrize("name", clones.SHAPES)
def test_nothing_of_a_clone_is_called_as_it_is_elsewhere(name):
    text = ROOT.joinpath("book", "activations", f"{name}.ipynb").read_text("utf-8")
    ledger = ROOT.joinpath("book", "claims.yml").read_text("utf-8")
    claims = re.findall(r"(?<=- id: ).+", clones.claims(ledger, name, 2))
    chapter = clones.chapter(text, name, 2)
    assert claims
    assert sorted(claims) == sorted(re.findall(r"\(claim-(.+)\)=", chapter))
    figures = re.compile(r'"name": "(fig-.+?)"')
    assert figures.findall(chapter)
    for of in (figures, re.compile(r'(?<=")# .+')):
        assert not set(of.findall(chapter)) & set(of.findall(text))


@pytest.mark.parametrize("name", clones.SHAPES)
def test_its_name_is_as_long_as_the_old_one_and_its_own(name):
    """However many there are: then code and prose are laid out alike."""
    names = [clones.renamed(name, number) for number in range(1, 21)]
    assert len({name, *names}) == 21
    assert {len(new) for new in names} == {len(name)}


REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_laws" name="one" file="tests/test_laws.py" time="0.5"/>
<testcase classname="tests.test_laws" name="two" file="tests/test_laws.py" time="0.25"/>
<testcase classname="" name="Cell 1" file="book/activations/elu.ipynb" time="2.0"/>
<testcase classname="" name="Cell 1" file="book/guide/depth.ipynb" time="1.0"/>
</testsuite></testsuites>"""


def test_what_tests_took_is_summed_by_file():
    assert by_file(REPORT) == {"tests/test_laws.py": 0.75, "notebooks": 3.0}


def test_a_row_says_what_each_clone_adds():
    assert table({"lint": (10.0, 16.0)}, 3).split() == ["lint", "10.0", "16.0", "+2.00"]
