"""The API page: autodoc reads the docstrings, and this says of what."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from pydoc import locate
from types import ModuleType
from typing import Any

from numpy.typing import ArrayLike
from sphinx.util.typing import stringify_annotation

from actlib import PRESETS, verify
from actlib.call.shapes import AnyRecord
from actlib.show import card, plot, typeset

Record = AnyRecord

TYPES = {
    "actlib.call.elementwise.Activation": (
        "derivative",
        "parameter_derivatives",
        "label",
        "kinks_at",
        "turns_at",
    ),
    "actlib.call.rows.OfVectors": ("jacobian", "vjp"),
    "actlib.call.pairs.Gated": ("derivatives",),
}
SHOWN = (card.Code, typeset.Table)
"""What the functions of cards return."""


def markdown(records: Iterable[Record]) -> str:
    """Sections of autodoc directives: the records, their methods, the loss, the tools."""
    return "\n\n".join(
        [
            "## Activations",
            "Each is a record that can be called.",
            *(_directive("autofunction", f"actlib.{record.name}") for record in records),
            _directive("autofunction", "actlib.activations.rrelu.slopes"),
            _directive("autofunction", "actlib.halves"),
            "## Presets",
            "Each is a record with some of its parameters fixed.",
            *(_directive("autofunction", f"actlib.{name}") for name in PRESETS),
            "## What every record can do",
            *(part for owner, methods in TYPES.items() for part in _class(owner, methods)),
            "## Loss",
            _directive("autofunction", "actlib.softmax_cross_entropy"),
            _directive("automethod", "actlib.call.loss.Loss.derivative"),
            "## Checks",
            "What the chapters call to hold a record against an expression.",
            *(_directive("autofunction", name) for name in _public(verify, inspect.isfunction)),
            *(_directive("autoclass", name) for name in _public(verify, inspect.isclass)),
            "## Figures and cards",
            *(_directive("autofunction", name) for name in _public(plot, inspect.isfunction)),
            *(_directive("autofunction", name) for name in _public(card, inspect.isfunction)),
            *(_directive("autoclass", f"{c.__module__}.{c.__name__}") for c in SHOWN),
        ]
    )


def extras(project: Path) -> str:
    """A table of what can be installed with the library, from pyproject.toml."""
    purposes = tomllib.loads(project.read_text("utf-8"))["tool"]["actlib"]["extras"]
    rows = ((f"`{extra}`", purpose) for extra, purpose in purposes.items())
    return typeset.table(("Extra", "For"), rows)


def as_plain_text(
    app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Our docstrings are plain text, full of |x| and a_s: keep reStructuredText from reading them.

    Only the underlines of their sections mean something to it, and `code` is code.
    """
    if name.startswith("actlib"):
        lines[:] = [_escaped(line) for line in lines]


def with_names(
    app: Any, what: str, name: str, thing: Any, options: Any, signature: str, returns: str
) -> tuple[str | None, str | None]:
    """Print NumPy's types by the names that it gives them, not by what these stand for.

    Nobody but the library makes an object of its classes: they are printed without arguments.
    """
    return ("", None) if inspect.isclass(thing) else (_named(signature), _named(returns))


def _named(types: str | None) -> str | None:
    if types is None:
        return None
    types = types.replace(stringify_annotation(ArrayLike, "smart"), "~numpy.typing.ArrayLike")
    array = r"~numpy\.ndarray\[tuple\[~typing\.Any, \.\.\.\], ~numpy\.dtype\[([\w.~]+)\]\]"
    return re.sub(array, r"~numpy.typing.NDArray[\1]", types)


def _escaped(line: str) -> str:
    for character in "\\*|_":
        line = line.replace(character, "\\" + character)
    return line.replace("`", "``")


def elsewhere(app: Any, env: Any, node: Any, shown: Any) -> Any:
    """A type of Python, or of a library, is named and not linked: its page is on another site."""
    ours = node["reftarget"].startswith("actlib")
    return shown if node["reftype"] == "class" and not ours and locate(node["reftarget"]) else None


def _class(name: str, methods: Iterable[str]) -> list[str]:
    each = (_directive("automethod", f"{name}.{method}") for method in methods)
    return [_directive("autoclass", name), *each]


def _public(module: ModuleType, kind: Callable[[object], bool]) -> list[str]:
    """What a module or package offers of a kind, by full names."""
    found = inspect.getmembers(module, kind)
    ours = [name for name, f in found if f.__module__.startswith(module.__name__)]
    return [f"{module.__name__}.{name}" for name in ours if not name.startswith("_")]


def _directive(name: str, target: str) -> str:
    return f"```{{eval-rst}}\n.. {name}:: {target}\n```"
