"""Which tests ask the library alone: what they import, actlib imports too.

They run wherever actlib is installed, without Sphinx, notebooks and a browser, and so with any
versions of what it needs.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BOOK = "copies"  # it builds the book by a command, which no import tells


def is_of_the_library(path: Path) -> bool:
    """Of a file of tests; of a folder below this one, what its conftest.py needs decides."""
    file = path / "conftest.py" if path.is_dir() and path != HERE else path
    return not file.is_file() or needs(file) <= offered()


@cache
def offered() -> set[str]:
    """What there is wherever the library can be tested."""
    modules = ROOT.joinpath("actlib").rglob("*.py")
    return {"actlib", "pytest", *sys.stdlib_module_names}.union(*map(roots, modules))


def needs(path: Path) -> set[str]:
    """The packages that a file imports, and what the files beside it do which it imports."""
    found, waiting = set(), [path]
    asked = set(waiting)
    while waiting:
        for root in roots(waiting.pop()):
            beside = path.parent / f"{root}.py"
            if root == BOOK or not beside.exists():
                found.add(root)
            elif beside not in asked:
                asked.add(beside)
                waiting.append(beside)
    return found


@cache
def roots(path: Path) -> set[str]:
    """The first names of all that is imported, wherever in the file."""
    return {name.partition(".")[0] for name in imports(path)}


def imports(path: Path) -> Iterator[str]:
    """The full names that a file imports: module, and module.name for each name of it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
