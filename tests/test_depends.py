"""The hash of a proof changes with all that the proof depends on, and with nothing else."""

import shutil
from functools import cache

import pytest

from actlib.proof import depends, work
from actlib.proof.depends import HERE, PROOF, closure, code, digest

NAMES = list(work.ELEMENTWISE)
ALL = set(NAMES)


@cache
def as_it_is(name):
    return digest(name)


@pytest.fixture
def copied(tmp_path):
    """actlib in a folder of its own, and a function: who has another hash when one file changes."""
    folder = tmp_path / "actlib"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def changed(path, change):
        file = folder / path
        text = file.read_text("utf-8")
        assert change(text) != text
        file.write_text(change(text), "utf-8")
        return {name for name in NAMES if digest(name, folder) != as_it_is(name)}

    return changed


def more(text):
    return f"{text}\nMORE = 1\n"


@pytest.mark.parametrize(
    "path",
    [
        "arithmetic/rounding.py",
        "call/second_look/digits.py",
        "formula/setting.py",
        "proof/straight.py",
        "verify/models.py",
    ],
)
def test_what_all_proofs_depend_on_changes_all(path, copied):
    assert copied(path, more) == ALL


@pytest.mark.parametrize(
    "path",
    [
        "__init__.py",
        "activations/__init__.py",
        "activations/softmax.py",
        "call/rows.py",
        "proof/__main__.py",
        "proof/due.py",
        "show/plot.py",
        "vectors/tables.py",
        "verify/__init__.py",
        "verify/checks.py",
    ],
)
def test_what_no_proof_depends_on_changes_none(path, copied):
    assert copied(path, more) == set()


def test_a_kernel_changes_its_own_proof_and_those_of_who_imports_it(copied):
    changed = copied("activations/prelu.py", more)
    assert changed >= {"prelu", "leaky_relu"}
    assert not changed & {"relu", "elu", "sigmoid"}


def test_one_digit_of_a_kernel_counts_and_what_is_said_of_it_does_not(copied):
    path = "activations/silu.py"
    assert copied(path, lambda text: text.replace('"""SiLU', '"""This is SiLU')) == set()
    assert (
        copied(path, lambda text: text.replace("FAR = 700.0", "# Far out.\n\nFAR = 700.0")) == set()
    )
    assert "silu" in copied(path, lambda text: text.replace("FAR = 700.0", "FAR = 701.0"))


def test_only_code_is_hashed():
    text = "def f(x):\n    return x + 1.0\n"
    same = 'def f(x):\n    """One more."""\n    return (  # than x\n        x + 1.0\n    )\n'
    assert code(text) == code(same)
    others = [text.replace(*pair) for pair in (("1.0", "1.5"), ("1.0", "1"), ("+", "-"))]
    others += [text.replace("x", "y"), text.replace("x + 1.0", "'x + 1.0'"), text * 2]
    assert len({code(other) for other in [text, *others]}) == 1 + len(others)


def test_another_numpy_makes_all_proofs_old(monkeypatch):
    before = {as_it_is(name) for name in NAMES}
    monkeypatch.setattr(depends, "version", lambda package: "9.9" if package == "numpy" else "1")
    assert not before & {digest(name) for name in NAMES}


def test_imports_are_followed_to_where_a_name_is_written():
    found = closure(["actlib.activations.tanh", PROOF], HERE)
    assert found >= {
        "actlib.activations.sigmoid",
        "actlib.arithmetic.exact",
        "actlib.call.second_look.curve",
        "actlib.formula.setting",
        "actlib.proof.chunks",
        "actlib.verify.balls",
    }
    assert not found & {"actlib", "actlib.activations", "actlib.verify", "actlib.activations.elu"}
