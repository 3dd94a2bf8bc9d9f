"""The door: names are found, and what they mean is loaded when it is first asked for."""

import subprocess
import sys

import pytest

import actlib

ORDINARY = """
import numpy as np

x = np.array([-2.75, -1.0, 0.3, 2.5])
for t in (np.float64, np.float32, np.float16):
    z = x.astype(t)
    record = actlib.{name}
    if hasattr(record, "derivatives"):
        record(z, z), record.derivatives(z, z)
    elif hasattr(record, "jacobian"):
        record.vjp(z, record(z)), record.jacobian(z)
    else:
        record(z), record.derivative(z), record.parameter_derivatives(z)
        record(z, **record.settings[-1]), record.derivative(z, **record.settings[-1])
"""


def loaded(code):
    """Which libraries a process of its own has loaded in the end."""
    libraries = ["numpy", "sympy", "mpmath", "flint", "matplotlib"]
    told = f"print(*(name for name in {libraries} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, actlib\n{code}\n{told}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_door_itself_loads_nothing():
    assert loaded("") == []
    assert loaded("dir, actlib.__doc__, hasattr(actlib, 'verify')") == []


@pytest.mark.parametrize("name", actlib.ALL)
def test_numbers_need_no_formula(name):
    assert loaded(ORDINARY.format(name=name)) == ["numpy"]


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
