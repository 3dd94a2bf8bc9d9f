"""What records say of other frameworks, measured again in those that are installed.

None is a requirement of the book. To measure: install torch, jax, keras and tensorflow, in the
versions of actlib.framework.MEASURED, beside the project and run this file.
"""

import functools
import math

import numpy as np
import pytest

import actlib
from actlib.framework import Equivalent
from actlib.spec import Activation, at

PLACES = {"-inf": -math.inf, "inf": math.inf, "nan": math.nan}
PLACE_OF_INF = -2
ORDINARY = np.array([-7.5, -2.75, -1.0, -0.125, 0.125, 1.0, 2.75, 7.5])


def find(name):
    """The function or class of this dotted name; skips where it is not installed."""
    root, *path = name.split(".")
    root = {"tf": "tensorflow"}.get(root, root)
    return functools.reduce(getattr, path, pytest.importorskip(root))


def called(there, wrap=lambda argument: argument):
    """It with its arguments, as a function of x alone. A class is a layer: made, then called."""
    found = find(there.name)
    if isinstance(found, type):
        return found(**there.arguments)
    return lambda x: found(x, **{key: wrap(value) for key, value in there.arguments.items()})


def by_torch(there, x):
    import torch

    # A tuple stands for an array: some functions take no number for their second one.
    function = called(there, lambda a: torch.tensor(a).double() if isinstance(a, tuple) else a)
    if isinstance(function, torch.nn.Module):
        function.double()
    array = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = function(array)
    if "NotImplemented" in str(y.grad_fn):
        return y.detach().numpy(), None
    return y.detach().numpy(), torch.autograd.grad(y.sum(), array)[0].numpy()


def by_jax(there, x):
    import jax

    jax.config.update("jax_enable_x64", True)
    array = jax.numpy.asarray(x, dtype="float64")
    y, pull = jax.vjp(called(there), array)
    return y, pull(jax.numpy.ones_like(y))[0]


def by_tensorflow(there, x):
    import tensorflow as tf

    array = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(array)
        y = called(there)(array)
    return y, tape.gradient(y, array)


def value_alone(there, x):
    """SciPy has no slopes; those of Keras are its backend's."""
    return called(there)(x), None


MEASURES = {
    "PyTorch": by_torch,
    "JAX": by_jax,
    "TensorFlow": by_tensorflow,
    "Keras": value_alone,
    "SciPy": value_alone,
}
NAMED = [
    pytest.param(framework, record, id=f"{framework}-{record.name}")
    for record in actlib.ALL.values()
    for framework in record.equivalents
    if framework in MEASURES
]


def measured(framework, there, x):
    """Values and slopes as float64 arrays; None for slopes that there are none of."""
    found = MEASURES[framework](there, np.asarray(x, dtype=float)[:, None])
    return tuple(None if a is None else np.asarray(a, dtype=float).ravel() for a in found)


def differences(record, there, values, slopes, kinks):
    """What a framework does otherwise than the record says, in words.

    `values` and `slopes` are those at ORDINARY and PLACES, `kinks` maps points to slopes.
    """
    x = np.array([*ORDINARY, *PLACES.values()])
    told, found = [], {}
    for name, ours, theirs in (
        ("f", record(x, **there.setting), values),
        ("f'", record.derivative(x, **there.setting), slopes),
    ):
        if theirs is None:
            continue
        same = np.isclose(ours, theirs, rtol=1e-6, atol=1e-9, equal_nan=True)
        for i in np.flatnonzero(~same):
            place = list(PLACES)[i - len(ORDINARY)] if i >= len(ORDINARY) else f"{x[i]:g}"
            found[f"{name}({place})"] = theirs[i]
    for name in sorted({*found, *there.deviates}):
        says, does = there.deviates.get(name), found.get(name)
        if says is None or does is None or not np.isclose(says, does, rtol=1e-6, equal_nan=True):
            told.append(f"{name}: the record says {says}, it is {does}; None is as here")
    for point, (says, does) in kinks.items():
        if says is None or not math.isclose(says, does, rel_tol=1e-6):
            told.append(f"slope at {point}: the record says {says}, it is {does}")
    return told


def kinks_of(framework, record, there):
    """At each kink, the slope that the record says the framework takes, and the one it takes."""
    setting, found = {**record.settings[0], **there.setting}, {}
    for kink in record.kinks:
        for point in map(float, kink.points(setting)):
            _, slopes = measured(framework, there, [point])
            if slopes is not None:
                says = kink.frameworks.get(framework)
                told = None if says is None else float(at(says, setting))
                found[point] = told, slopes[0]
    return found


@pytest.mark.parametrize(("framework", "record"), NAMED)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_records_say_what_the_framework_does(framework, record):
    there = record.equivalents[framework]
    find(there.name)
    if isinstance(record, Activation):
        there_too = measured(framework, there, [*ORDINARY, *PLACES.values()])
        kinks = kinks_of(framework, record, there)
        assert differences(record, there, *there_too, kinks) == []
    else:
        rows = np.array([[0.5, -1.0, 2.0], [3.0, 3.0, -30.0]])
        found = MEASURES[framework](there, rows)[0]
        assert np.allclose(found, record(rows), rtol=1e-6)


def ours(record=actlib.softsign):
    x = np.array([*ORDINARY, *PLACES.values()])
    return record(x), record.derivative(x)


def test_what_agrees_is_not_reported():
    assert differences(actlib.softsign, Equivalent("a.b"), *ours(), {}) == []
    assert differences(actlib.relu, Equivalent("a.b"), *ours(actlib.relu), {0.0: (0.0, 0.0)}) == []


@pytest.mark.parametrize("index", range(len(ORDINARY) + len(PLACES)))
@pytest.mark.parametrize("which", [0, 1])
def test_a_wrong_value_or_slope_is_reported(which, index):
    wrong = [array.copy() for array in ours()]
    wrong[which][index] = 0.3
    assert len(differences(actlib.softsign, Equivalent("a.b"), *wrong, {})) == 1


def test_a_stale_deviation_is_reported():
    stale = Equivalent("a.b", deviates={"f(inf)": math.nan})
    assert len(differences(actlib.softsign, stale, *ours(), {})) == 1
    wrong, slopes = ours()
    wrong[PLACE_OF_INF] = math.nan
    assert differences(actlib.softsign, stale, wrong, slopes, {}) == []
    wrong[PLACE_OF_INF] = 2.0
    assert len(differences(actlib.softsign, stale, wrong, slopes, {})) == 1


def test_a_wrong_slope_at_a_kink_is_reported():
    for said, slope in ((0.0, 1.0), (None, 1.0)):
        kinks = {0.0: (said, slope)}
        assert len(differences(actlib.relu, Equivalent("a.b"), *ours(actlib.relu), kinks)) == 1
