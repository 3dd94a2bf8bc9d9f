"""Every exercise has a worked solution and a cell that checks it; on the site both are one fold."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.joinpath("book").rglob("*.ipynb"))
PAGE = ROOT / "_build" / "html" / "book" / "activations" / "elu.html"


def exercises(cells):
    """The cells from the heading on, up to the next heading."""
    start = next(i for i, c in enumerate(cells) if c.source.startswith("## Exercises"))
    stop = next(i for i, c in enumerate(cells) if i > start and c.source.startswith("## "))
    return cells[start], cells[start + 1 : stop]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_is_solved_and_checked(path):
    asked, answers = exercises(nbformat.read(path, as_version=4).cells)
    numbers = re.findall(r"^(\d)\. ", asked.source, re.MULTILINE)
    assert numbers
    assert [c.cell_type for c in answers] == ["markdown", "code"] * len(numbers)
    for number, text, check in zip(numbers, answers[::2], answers[1::2], strict=True):
        assert text.source.startswith(f":::{{dropdown}} Solution {number}\n"), text.source
        assert text.source.endswith("\n:::")
        assert len(text.source.split()) > 12, "a solution is worked out, not only told"
        assert any(isinstance(n, ast.Assert) for n in ast.walk(ast.parse(check.source)))
        assert any(output.output_type == "stream" for output in check.outputs)


def test_no_exercise_is_set_twice():
    asked = [
        re.sub(r"\W", "", line).lower()
        for path in NOTEBOOKS
        for line in exercises(nbformat.read(path, as_version=4).cells)[0].source.splitlines()[2:]
    ]
    assert len(set(asked)) == len(asked)


def test_a_solution_and_its_check_are_one_fold():
    if not PAGE.is_file():
        pytest.skip("there is no site; run `make site`")
    page = PAGE.read_text("utf-8")
    folds = re.findall(r"<details.*?</details>", page, re.DOTALL)
    solutions = [fold for fold in folds if "Solution" in fold]
    assert len(solutions) == 3
    assert all("assert" in fold and "<summary" in fold for fold in solutions)
    assert all(" open" not in fold[: fold.index(">")] for fold in solutions)
