"""Adding an activation takes one module, one chapter and one line of _toc.yml, and no other edit.
Without any one of them a test says which."""

import re

import nbformat
import pytest
from copies import build, copy_project, replace, run
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_book import OPTIONAL, SECTIONS

from gate import rules
from gate import run as run_again
from gate.stamps import Stamps

TIMEOUT = 60  # seconds for a cell

MODULE = '''"""Twice, a toy: f(x) = 2 x.

f′(x) = 2. Nair & Hinton, ICML 2010.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array
from actlib.call.elementwise import Activation
from actlib.formula.formula import Formula


def value(x: Array) -> Array:
    return 2 * x


def derivative(x: Array) -> Array:
    return np.full_like(x, 2.0)


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(definition=2 * x, range=(-sp.oo, sp.oo))


twice = Activation(
    name="twice",
    title="Twice",
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("nair2010rectified",),
    equivalents={},
)
'''

IMPORTS = """import sympy as sp

from actlib import twice, verify
from actlib.show import card, plot"""
FIGURE = {"mystnb": {"image": {"alt": "A line of slope 2."}}}
CODE = {
    "Definition": 'x = sp.Symbol("x", real=True)\ndefinition = 2 * x\n'
    "assert definition == twice.definition",
    "Derivative": "slope = sp.diff(definition, x)\nassert slope == 2",
    "The check": "print(verify.value(twice, definition))\nprint(verify.derivative(twice, slope))",
}
PROSE = {
    "Where it comes from": "{footcite:t}`nair2010rectified` did not invent it.",
    "References": "```{footbibliography}\n```",
}


def chapter():
    cells = [
        new_markdown_cell("# Twice\n\nA toy."),
        new_code_cell(IMPORTS),
        new_code_cell("card.facts(twice)"),
        new_code_cell("plot.curve(twice)", metadata=FIGURE),
    ]
    for section in SECTIONS:
        if section not in OPTIONAL:
            cells.append(new_markdown_cell(f"## {section}\n\n{PROSE.get(section, 'Nothing.')}"))
            if section in CODE:
                cells.append(new_code_cell(CODE[section]))
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the book in which someone has followed CONTRIBUTING."""
    project = copy_project(tmp_path_factory.mktemp("contributing") / "book")
    (project / "actlib" / "activations" / "twice.py").write_text(MODULE, "utf-8")
    nbformat.write(chapter(), project / "book" / "activations" / "twice.ipynb")
    line = "      - file: book/activations/{}\n"
    replace(line.format("sigmoid"), line.format("sigmoid") + line.format("twice"))(
        project / "_toc.yml"
    )
    code, shown = run(project, "python", "-m", "gate.normalise", "book/activations/twice.ipynb")
    assert code == 0, shown
    return project


def outcome_of(project, *arguments):
    return run(project, "python", "-m", "pytest", "-q", *arguments)


def test_nothing_else_is_needed(project):
    """The gate is asked of the notebooks that can tell: its own, and those that list records."""
    for line in ("    gate: book/_ext\n", "    gate_cell_timeout: 60  # seconds\n"):
        replace(line, "")(project / "_config.yml")
    telling = [path for path in sorted(project.glob("book/*/*.ipynb")) if tells(path)]
    assert {"twice", "choosing"} <= {path.stem for path in telling}
    asked = [problem for path in telling for problem in rules.problems(path, project)]
    assert asked + run_again.verify(telling, project, Stamps(project), TIMEOUT) == []

    code, shown = build(project)
    assert code == 0, shown
    assert "WARNING" not in shown
    html = project / "_build" / "html" / "book"
    assert (html / "activations" / "twice.html").is_file()
    assert "twice.svg" in (project / "_build" / "html" / "index.html").read_text("utf-8")
    for page in ("atlas", "api"):  # conventions: it has no equivalents
        assert "twice" in (html / "reference" / f"{page}.html").read_text("utf-8")

    files = (f"tests/test_{name}.py" for name in ("book", "laws", "arguments"))
    code, shown = outcome_of(project, *files, "-k", "twice", "-rp")
    assert code == 0, shown
    for test in ("test_value_agrees_with_definition", "test_a_notebook_has_passed_the_gate"):
        assert re.search(rf"^PASSED .*::{test}\[twice\]$", shown, re.MULTILINE), shown


def tells(path):
    """Does a notebook show that a record has been added?"""
    return path.stem == "twice" or re.search(r"\b(ALL|PRESETS)\b", path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("actlib/activations/twice.py", "a module in actlib/activations"),
        ("book/activations/twice.ipynb", "a chapter in book/activations"),
        ("_toc.yml", "a line in _toc.yml"),
    ],
)
def test_what_is_missing_is_named(project, file, place):
    path = project / file
    before = path.read_bytes()
    if file == "_toc.yml":
        path.write_bytes(before.replace(b"      - file: book/activations/twice\n", b""))
    else:
        path.unlink()
    try:
        code, shown = outcome_of(project, "tests/test_book.py", "-k", "go_together")
    finally:
        path.write_bytes(before)
    assert code != 0
    assert f"twice: missing {place}" in shown
