"""What the functions of a framework answer under a condition of actlib.formula.elsewhere.

The backend of Keras is chosen once in a process:

    KERAS_BACKEND=jax python tests/conditions.py

prints, as JSON, what all of them answer on that one.
"""

import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
from frameworks import (
    MEASURES,
    ORDINARY,
    PAIRS,
    PLACES,
    VECTORS,
    by_jax,
    by_keras,
    by_torch,
    called,
    installed,
)

import actlib
from actlib.call.shapes import is_elementwise, is_gated, is_reduction
from actlib.formula.elsewhere import everywhere

ROOT = Path(__file__).parents[1]


def alone(there, x, length=1):
    """Each number in an array of its own, which holds it so many times."""
    found = [by_torch(there, np.full(length, number)) for number in np.ravel(x)]
    return tuple(
        None if each[0] is None else [a[0] for a in each] for each in zip(*found, strict=True)
    )


def one_by_one(there, x):
    """Numbers alone, vectors together: how many there are makes no difference to these."""
    return alone(there, x) if x.shape[1] == 1 else by_torch(there, x)


def in_long_arrays(there, x):
    return alone(there, x, length=64)


def compiled(there, x):
    """By XLA, the value and its gradient in one function."""
    tf = installed("tensorflow")
    installed("keras").config.set_floatx("float64")
    function = called(there)

    @tf.function(jit_compile=True)
    def both(array):
        with tf.GradientTape() as tape:
            tape.watch(array)
            y = function(array)
        return y, tape.gradient(y, array)

    return both(tf.constant(x, tf.float64))


def on_the_backend(there, x):
    installed("keras").config.set_floatx("float64")
    return {"jax": by_jax, "torch": one_by_one}[os.environ["KERAS_BACKEND"]](there, x)


def elementwise(framework):
    return functions(framework, is_elementwise)


def functions(framework, kind=lambda record: True):
    """Each of its functions that is a record: a name for it, the record, what it is there."""
    return {
        f"{record.name} {there.name} {dict(there.floats)}": (record, there)
        for record in actlib.ALL.values()
        for of, there in everywhere(record)
        if of == framework and kind(record) and not there.unmeasured
    }


def answers(record, there, measure):
    """{"f'(nan)": what it gives there}: at all inputs that the page on conventions can tell of."""
    if is_gated(record):
        order = {"first": [1, 0], "second": [0, 1]}[there.gate]
        y, slopes = measure(there, np.array(PAIRS)[:, order])
        of = {"f": np.ravel(y)}
        of |= dict(zip(("df/dvalue", "df/dgate"), np.asarray(slopes)[:, order].T, strict=True))
        names = [f"{v:g}, {g:g}" for v, g in PAIRS]
    elif is_elementwise(record):
        kinks = {float(point) for point in record.kinks_at({**record.settings[0], **there.setting})}
        x = [*sorted({*ORDINARY, *kinks, *told(there)} - {0.0}), *PLACES.values()]
        y, slopes = measure(there, np.array(x)[:, None])
        of = {"f": np.ravel(y)} | ({} if slopes is None else {"f'": np.ravel(slopes)})
        names = [f"{point:g}" for point in x]
    else:
        y, slopes = measure(there, np.array([*VECTORS.values()]))
        of = {"f": np.asarray(y)} | ({"f'": np.asarray(slopes)} if is_reduction(record) else {})
        names = [*VECTORS]
    return {
        f"{function}({name})": np.asarray(value, dtype=float).tolist()
        for function, values in of.items()
        for name, value in zip(names, values, strict=True)
    }


def told(there):
    """Finite points of which it is said what it answers there."""
    keys = {key for found in there.depends.values() for key in found}
    return {float(p) for key in keys for p in re.findall(r"^f'?\((-?[\d.]+)\)$", key)}


def every(found, measure):
    return {name: answers(record, there, measure) for name, (record, there) in found.items()}


def on_backend(backend):
    """What all functions of Keras answer on it, in a process of their own."""
    for name in ("keras", "tensorflow", backend):
        installed(name)
    variables = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__))]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def measured():
    """{(condition, framework): (what its functions answer otherwise, and what under it)}."""
    found = {}
    keras, curves = functions("Keras"), elementwise("PyTorch")
    usual = every(keras, by_keras)
    for condition, backend in {"on JAX": "jax", "on PyTorch": "torch"}.items():
        found[condition, "Keras"] = usual, on_backend(backend)
    tensorflow = functions("TensorFlow")
    found["by XLA", "Keras"] = usual, every(keras, compiled)
    found["by XLA", "TensorFlow"] = (
        every(tensorflow, MEASURES["TensorFlow"]),
        every(tensorflow, compiled),
    )
    found["in a long array", "PyTorch"] = every(curves, alone), every(curves, in_long_arrays)
    return found


if __name__ == "__main__":
    with warnings.catch_warnings(action="ignore"):  # theirs
        print(json.dumps(every(functions("Keras"), on_the_backend)))
