"""Which tests run where the library alone is installed: none that needs more, and all others."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from library import is_of_the_library, offered

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["arguments", "checkers", "laws", "proof", "rounding", "vector"])
def test_what_asks_the_library_is_among_them(name):
    assert is_of_the_library(HERE / f"test_{name}.py")


@pytest.mark.parametrize("name", ["test_addresses.py", "test_book.py", "test_faults.py", "browser"])
def test_what_needs_the_book_is_not(name):
    assert not is_of_the_library(HERE / name)


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("import numpy as np, fractions", True),
        ("from sphinx.search import js_index", False),
        ("def late():\n    import gate.run", False),
        ("from beside import anything", True),
        ("from needy import anything", False),
        ("from copies import build", False),
    ],
)
def test_one_import_decides(line, alone, tmp_path):
    tmp_path.joinpath("beside.py").write_text("import flint\nimport test_it")
    tmp_path.joinpath("needy.py").write_text("import beside\nimport nbformat")
    tmp_path.joinpath("copies.py").touch()
    path = tmp_path / "test_it.py"
    path.write_text(line)
    assert is_of_the_library(path) == alone


def test_the_tools_of_the_book_are_not_offered():
    assert {"numpy", "sympy", "flint", "matplotlib"} <= offered()
    assert not {"sphinx", "nbformat", "nbval", "playwright", "gate", "torch"} & offered()


@pytest.fixture
def small(tmp_path):
    """A project whose library needs NumPy, and a function that runs its tests with --library."""
    for file, text in {
        "actlib/__init__.py": "import numpy",
        "tests/test_library.py": "import numpy\n\n\ndef test_it(): pass",
        "tests/test_pages.py": "import sphinx_of_another_world",
        "tests/browser/conftest.py": "import browser_of_another_world",
        "tests/browser/test_pages.py": "def test_it(): pass",
    }.items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    for path in HERE.glob("*.py"):
        if not path.name.startswith("test_"):
            shutil.copy(path, tmp_path / "tests")

    def outcome():
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--library", "tests"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    return tmp_path / "tests", outcome


def test_the_others_are_not_even_read(small):
    _, outcome = small
    code, told = outcome()
    assert code == 0, told
    assert "1 passed" in told


def test_a_run_that_asks_nothing_fails(small):
    folder, outcome = small
    folder.joinpath("test_library.py").unlink()
    code, told = outcome()
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED, told
