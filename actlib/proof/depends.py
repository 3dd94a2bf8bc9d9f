"""What a proof depends on, as one hash: while that stays, what was found holds.

It is taken of the module of an activation, of the proof's own code, and of every module of actlib
that these import, and so on; and of the versions of the packages that results are computed with,
or judged by. Of a module only the code counts: a comment, a docstring or a line break computes
nothing.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "sympy", "python-flint", "mpmath", "ml_dtypes")
"""NumPy and mpmath give the digits of a result, SymPy its formula; the others judge it."""

HERE = Path(__file__).parents[1]
PROOF = "actlib.proof.sweep"


def digest(name: str, package: Path = HERE) -> str:
    """The hash of all that the proof of an activation depends on; of actlib, or a copy of it."""
    found = closure([f"actlib.activations.{name}", PROOF], package)
    lines = [f"{module} {code(_text(module, package))}" for module in sorted(found)]
    lines += [f"{library}=={release}" for library, release in versions().items()]
    return _hash("\n".join(lines))


def versions() -> dict[str, str]:
    """Of each package."""
    return {package: _version(package) for package in PACKAGES}


def closure(roots: list[str], package: Path) -> set[str]:
    """These modules of actlib, what they import of it, what that imports, and so on.

    The package itself is left out: it lists every record, and which of them is meant is known.
    """
    found, waiting = {"actlib"}, list(roots)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [_owner(name, package) for name in imports(_text(module, package))]
    return found - {"actlib"}


@cache
def imports(text: str) -> list[str]:
    """What a module imports of actlib: modules, and module.name for each name that it takes."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in found if name.partition(".")[0] == "actlib"]


@cache
def code(text: str) -> str:
    """The hash of what is computed: of the syntax tree, without strings that stand alone."""
    return _hash("".join(_written(ast.parse(text))))


def _written(node: Any) -> Iterator[str]:
    """A syntax tree as text, in our own words: those of `ast.dump` differ from Python to Python."""
    if isinstance(node, list):
        yield from ("[", *(part for item in node for part in _written(item)), "]")
    elif not isinstance(node, ast.AST):
        yield f"{node!r} "
    elif not _is_docstring(node):
        yield f"{type(node).__name__}("
        for name, value in ast.iter_fields(node):
            if value is not None and value != []:  # a field that only newer Pythons have is empty
                yield f"{name}="
                yield from _written(value)
        yield ")"


def _is_docstring(node: ast.AST) -> bool:
    """A string that stands alone, first or not."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _owner(name: str, package: Path) -> str:
    """The module that a name means: itself, or the one that it is taken from."""
    return name if _file(name, package).exists() else name.rpartition(".")[0]


def _file(module: str, package: Path) -> Path:
    """Where a module is written."""
    path = package.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _text(module: str, package: Path) -> str:
    return _file(module, package).read_text("utf-8")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
