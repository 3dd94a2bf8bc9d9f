"""Who may import whom: a checker that knows what it checks is none."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in ROOT.joinpath("actlib").rglob("*.py")
}

# The prefix of an importer -> the prefixes of what it must not import.
FORBIDDEN = {
    "actlib.verify": [
        "actlib.activations",
        "actlib.losses.softmax_cross_entropy",
        "actlib.call.rows",
        "actlib.show.plot",
    ],
    "actlib.call.blocks": [
        "actlib.activations",
        "actlib.call.elementwise",
        "actlib.verify",
        "sympy",
    ],
    "actlib.arithmetic.rounding": ["actlib", "sympy"],
    "actlib.call.second_look.curve": ["actlib"],
    "actlib.call.arguments": ["actlib", "sympy"],
    "actlib.formula.parameter": ["actlib.activations", "actlib.call.elementwise", "actlib.verify"],
    "actlib.call.elementwise": ["actlib.activations", "actlib.verify", "actlib.show.plot"],
    "actlib.activations": ["actlib.verify", "actlib.show.plot", "actlib.show.card"],
    "actlib": ["torch", "jax", "keras", "tensorflow", "scipy"],
}
# What only one package may import.
ALONE = {"flint": "actlib.verify", "matplotlib": "actlib.show.plot"}


def imports(path):
    """The full names that a file imports: module, and module.name for each name of it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, prefix):
    return f"{name}.".startswith(f"{prefix}.")


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_are_allowed(module):
    for name in imports(MODULES[module]):
        for importer, forbidden in FORBIDDEN.items():
            if within(module, importer):
                assert not any(within(name, f) for f in forbidden), f"{module} imports {name}"
        for library, owner in ALONE.items():
            assert not within(name, library) or within(module, owner), f"{module} imports {name}"


def test_the_reader_sees_what_is_there():
    found = list(imports(MODULES["actlib.verify.agreement"]))
    assert "actlib.call.elementwise.Activation" in found
    assert "numpy" in found
    assert within("actlib.call.elementwise.Activation", "actlib.call.elementwise")
    assert not within("actlib.specification", "actlib.call.elementwise")
