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
    "actlib.verify": ["actlib.activations", "actlib.loss", "actlib.vector", "actlib.plot"],
    "actlib.blocks": ["actlib.activations", "actlib.spec", "actlib.verify", "sympy"],
    "actlib.rounding": ["actlib", "sympy"],
    "actlib.ziv": ["actlib"],
    "actlib.arguments": ["actlib", "sympy"],
    "actlib.parameter": ["actlib.activations", "actlib.spec", "actlib.verify"],
    "actlib.spec": ["actlib.activations", "actlib.verify", "actlib.plot"],
    "actlib.activations": ["actlib.verify", "actlib.plot", "actlib.card"],
    "actlib": ["torch", "jax", "keras", "tensorflow", "scipy"],
}
# What only one package may import.
ALONE = {"flint": "actlib.verify", "matplotlib": "actlib.plot"}


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
    assert "actlib.spec.Activation" in found
    assert "numpy" in found
    assert within("actlib.spec.Activation", "actlib.spec")
    assert not within("actlib.specification", "actlib.spec")
