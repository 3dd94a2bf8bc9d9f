"""The door: names are found, and what they mean is loaded when it is first asked for."""

import subprocess
import sys

import pytest

import actlib

LIBRARIES = ["numpy", "sympy", "mpmath", "flint", "matplotlib"]
EACH = """
import os
import numpy as np

x = np.array([-2.75, -1.0, 0.3, 2.5])
for name in {names}:
    if os.fork() == 0:
        record = getattr(actlib, name)
        for z in map(x.astype, (np.float64, np.float32, np.float16)):
            if hasattr(record, "derivatives"):
                record(z, z), record.derivatives(z, z)
            elif hasattr(record, "jacobian"):
                record.vjp(z, record(z)), record.jacobian(z)
            else:
                record(z), record.derivative(z), record.parameter_derivatives(z)
                record(z, **record.settings[-1]), record.derivative(z, **record.settings[-1])
        {more}
        break
    os.wait()
else:
    os._exit(0)
"""
"""A process for each record, which has loaded NumPy and no other record; and in the end the first
goes without a word."""


def printed(code):
    """What is said in the end: which libraries have been loaded."""
    told = f"print(*(name for name in {LIBRARIES} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, actlib\n{code}\n{told}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def loaded(code):
    """Which libraries a process of its own has loaded in the end."""
    return printed(code).split()


def loaded_by_each(names, more="pass"):
    """The same of each record, in a process of its own, called with ordinary numbers."""
    more = f"{more}; print(name, end=' ')"
    return printed(EACH.format(names=list(names), more=more)).splitlines()


def test_the_door_itself_loads_nothing():
    assert loaded("") == []
    assert loaded("dir, actlib.__doc__, hasattr(actlib, 'verify')") == []


def test_numbers_need_no_formula():
    assert loaded_by_each(actlib.ALL) == [f"{name} numpy" for name in actlib.ALL]


def test_a_record_that_needs_one_is_found():
    """And it alone: what it has loaded, the next one has not."""
    first, second = loaded_by_each(("elu", "tanh"), "name == 'elu' and record.definition")
    assert first.startswith("elu numpy sympy")
    assert second == "tanh numpy"


@pytest.mark.parametrize(
    "asked",
    [
        "actlib.elu.definition",
        "actlib.elu.kinks",
        "actlib.relu6.definition",
        "actlib.softmax.range",
    ],
)
def test_a_formula_brings_sympy(asked):
    assert "sympy" in loaded(asked)


def test_a_record_loads_no_other():
    code = "actlib.elu(1.0); print(*sorted(m for m in sys.modules if m.startswith('actlib.act')))"
    assert loaded(code)[:2] == ["actlib.activations", "actlib.activations.elu"]
    assert "actlib.activations.sigmoid" not in loaded(code)


def test_every_name_is_there():
    for name in actlib.__all__:
        assert name in dir(actlib)
        assert getattr(actlib, name) is getattr(actlib, name)
    namespace = {}
    exec("from actlib import *", namespace)
    assert set(actlib.__all__) <= set(namespace)
    assert namespace["relu6"] is actlib.PRESETS["relu6"]
    assert namespace["elu"] is actlib.ALL["elu"]


@pytest.mark.parametrize("name", ["sigmod", "relu7", "verfy", "_elu"])
def test_a_name_that_is_not_there_is_told(name):
    with pytest.raises(AttributeError, match=f"module 'actlib' has no attribute '{name}'"):
        getattr(actlib, name)


def test_who_asks_first_at_once_gets_the_same():
    code = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(16) as threads:
    found = list(threads.map(lambda _: actlib.relu6, range(64)))
assert all(each is actlib.relu6 for each in found)
found = []
"""
    assert loaded(code) == ["numpy"]
