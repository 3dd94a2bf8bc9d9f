"""Who may import whom: a checker that knows what it checks is none."""

import re
from pathlib import Path

import pytest
from library import imports

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in ROOT.joinpath("actlib").rglob("*.py")
}

# The floors of the house: what a module may import of actlib, by the folder that it is in. What is
# not named here is not allowed.
FLOORS = {
    "extras": set(),
    "formula": {"formula"},
    "arithmetic": {"arithmetic"},
    "call": {"formula", "arithmetic", "call"},
    "activations": {"formula", "arithmetic", "call", "activations"},
    "losses": {"formula", "arithmetic", "call", "activations", "losses"},
    "verify": {"extras", "formula", "verify"},
    "proof": {"extras", "formula", "verify", "proof"},
    "show": {"extras", "formula", "call", "verify", "show"},
    "vectors": {"extras", "formula", "call", "verify", "proof", "vectors"},
    "audit": {"extras", "formula", "call", "verify", "proof", "audit"},
}
# Who knows an activation by its name has it from the door.
DOOR = {
    "actlib.audit.asked",
    "actlib.audit.known",
    "actlib.proof.__main__",
    "actlib.proof.work",
    "actlib.show.stub",
    "actlib.vectors.tables",
}
# Of libraries: which folders may import them. None is allowed to a folder that is not named.
LIBRARIES = {
    "flint": {"verify"},
    "matplotlib": {"show"},
    "mpmath": {"call", "verify"},
    "sympy": {
        *("formula", "call", "activations", "losses", "verify", "proof", "show", "vectors", "audit")
    },
    "numpy": {
        *("arithmetic", "call", "activations", "losses"),
        *("verify", "proof", "show", "vectors", "audit"),
    },
    "ml_dtypes": {"proof", "vectors", "audit"},
    "distributed": {"proof"},
}
NEVER = {"torch", "jax", "keras", "tensorflow", "scipy"}


def folder(module):
    """formula, call, …; "" for the door."""
    return module.removeprefix("actlib").removeprefix(".").partition(".")[0]


def refused(module, imported):
    """Is this import of that module against the rules?"""
    if imported == "actlib" or (folder(imported) not in FLOORS and imported.startswith("actlib.")):
        return module not in DOOR
    if imported.startswith("actlib."):
        return folder(imported) not in FLOORS[folder(module)]
    library = imported.partition(".")[0]
    return library in NEVER or folder(module) not in LIBRARIES.get(library, FLOORS)


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"actlib"}))
def test_imports_point_down(module):
    found = {name for name in imports(MODULES[module]) if refused(module, name)}
    assert not found, f"{module} stands on floor {folder(module)!r}: it may not import {found}"


def test_every_folder_has_its_floor():
    assert {folder(module) for module in MODULES} - {""} == set(FLOORS)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("actlib.verify.balls", "actlib.call.elementwise.Activation"),
        ("actlib.verify.balls", "actlib.activations.elu"),
        ("actlib.verify.balls", "actlib.elu"),
        ("actlib.proof.proof", "actlib.call.blocks.BLOCK"),
        ("actlib.proof.proof", "actlib"),
        ("actlib.extras", "actlib.formula.kink"),
        ("actlib.extras", "sympy"),
        ("actlib.formula.kink", "numpy.array"),
        ("actlib.formula.kink", "actlib.call.values.read"),
        ("actlib.arithmetic.exact", "sympy"),
        ("actlib.arithmetic.exact", "actlib.formula.setting.X"),
        ("actlib.call.blocks", "actlib.activations.elu"),
        ("actlib.call.blocks", "flint.arb"),
        ("actlib.activations.elu", "actlib.verify.value"),
        ("actlib.activations.elu", "scipy.special"),
        ("actlib.verify.shape", "matplotlib.pyplot"),
    ],
)
def test_an_import_that_points_up_is_refused(module, name):
    assert refused(module, name)


def test_the_reader_sees_what_is_there():
    found = list(imports(MODULES["actlib.verify.agreement"]))
    assert "actlib.formula.setting.Setting" in found
    assert "numpy" in found
    assert not refused("actlib.verify.agreement", "numpy")
    assert not refused("actlib.call.elementwise", "actlib.formula.kink.Kink")


def test_what_a_record_is_is_asked_in_one_place():
    """isinstance on a type of records is a list of types that the next one is missing from."""
    types = "Activation|OfVectors|VectorActivation|Reduction|Loss|Fixed|Gated|Record"
    asked = re.compile(rf"isinstance\([^)]*\b({types})\b")
    folders = ("actlib", "book/_ext", "benchmarks", "tests")
    for path in (p for f in folders for p in ROOT.joinpath(f).rglob("*.py")):
        text = path.read_text("utf-8")
        if ROOT / "actlib" / "call" not in path.parents:
            assert not asked.search(text), f"{path}: ask actlib.call.shapes"
    assert re.sub(asked, "", types) == types
    assert asked.search("isinstance" + "(record, Activation | Loss)")
