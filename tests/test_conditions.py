"""What the records say of answers that depend on more than the function, measured again."""

import functools

import numpy as np
import pytest
from conditions import functions, measured

import actlib
from actlib.formula.elsewhere import CONDITIONS, Equivalent, everywhere

NAN = float("nan")
PLACES = [("on JAX", "Keras"), ("on PyTorch", "Keras"), ("by XLA", "Keras")]
PLACES += [("by XLA", "TensorFlow"), ("in a long array", "PyTorch")]

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

all_of_them = functools.cache(measured)


def same(a, b):
    """To three digits, however small: only what another formula changes."""
    return np.allclose(a, b, rtol=1e-3, atol=0, equal_nan=True)


def wrong(says, usual, found):
    """What is not as it is said, in words: each answer that differs is, and no other."""
    differ = {name for name, answer in usual.items() if not same(answer, found[name])}
    told = [f"{name}: {usual[name]}, but {found[name]}" for name in sorted(differ - set(says))]
    told += [f"{name}: said to be {says[name]}" for name in sorted(set(says) - differ)]
    both = sorted(differ & set(says))
    return told + [f"{n}: {says[n]}, not {found[n]}" for n in both if not same(says[n], found[n])]


@pytest.mark.parametrize(("condition", "framework"), PLACES)
def test_what_depends_on_it_is_said_and_nothing_else(condition, framework):
    usual, found = all_of_them()[condition, framework]
    assert set(usual) == set(found) != set()
    says = {name: there.depends for name, (_, there) in functions(framework).items()}
    told = {name: wrong(says[name].get(condition, {}), usual[name], found[name]) for name in usual}
    assert {name: faults for name, faults in told.items() if faults} == {}


def test_each_condition_is_measured_of_each_framework_that_has_it():
    assert {condition for condition, _ in PLACES} == set(CONDITIONS)
    said = {
        (condition, framework)
        for record in actlib.ALL.values()
        for framework, there in everywhere(record)
        for condition in there.depends
    }
    assert said == set(PLACES)


@pytest.mark.parametrize(
    ("says", "faults"),
    [
        ({"f'(0)": 2.0}, []),
        ({}, ["f'(0): 1.0, but 2.0"]),
        ({"f'(0)": 3.0}, ["f'(0): 3.0, not 2.0"]),
        ({"f'(0)": 2.0, "f(nan)": 0.0}, ["f(nan): said to be 0.0"]),
        ({"f'(0)": 2.0, "f(5)": 0.0}, ["f(5): said to be 0.0"]),
    ],
)
def test_what_is_said_wrongly_is_noticed(says, faults):
    usual, found = {"f'(0)": 1.0, "f(nan)": NAN}, {"f'(0)": 2.0, "f(nan)": NAN}
    there = Equivalent("a.b", depends={"on JAX": says})
    assert wrong(there.depends["on JAX"], usual, found) == faults
