"""Accuracy: the worst error of actlib and of the libraries people use, in ulp of the true value.

    pip install -r requirements-peers.txt && python benchmarks/accuracy.py

Every library is asked for the same function at the same points, in its own default form, and held
against balls, with more digits until each error is a number. `judge` says how a point is counted,
`subjects` what is measured. Writes benchmarks/results/accuracy.json. Takes a minute.
"""

import functools
import json
import os
from pathlib import Path

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}

import jax
import numpy as np
import scipy.special
import tensorflow as tf
import torch
from judge import judge
from machine import machine
from subjects import subjects

import actlib
from actlib.call.shapes import is_elementwise

RESULTS = Path(__file__).parent / "results" / "accuracy.json"
HOME = {"torch": torch, "jax": jax, "tf": tf, "scipy": scipy}


def function_of(there, array=tuple):
    """What a record names, with its arguments; a layer is made first. A tuple is an array."""
    root, *path = there.name.split(".")
    found = functools.reduce(getattr, path, HOME[root])
    arguments = {n: array(v) if isinstance(v, tuple) else v for n, v in there.arguments.items()}
    if isinstance(found, type):
        return found(**arguments)
    return lambda x: found(x, *there.after, **arguments)


def by_torch(there, x, order):
    dtype = getattr(torch, x.dtype.name)
    function = function_of(there, functools.partial(torch.tensor, dtype=dtype))
    if isinstance(function, torch.nn.Module):
        function.to(dtype)
    array = torch.tensor(x, requires_grad=True)
    y = function(array[:, None])[:, 0]
    if not order:
        return y.detach().numpy()
    if "NotImplemented" in str(y.grad_fn.next_functions):
        return None
    return torch.autograd.grad(y.sum(), array)[0].numpy()


def by_jax(there, x, order):
    function = function_of(there)
    y, pull = jax.vjp(function, jax.numpy.asarray(x))
    return np.asarray(pull(jax.numpy.ones_like(y))[0] if order else y)


def by_tensorflow(there, x, order):
    array = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(array)
        y = function_of(there)(array)
    return (tape.gradient(y, array) if order else y).numpy()


def by_scipy(there, x, order):
    return None if order else function_of(there)(x)


LIBRARIES = {
    "PyTorch": by_torch,
    "JAX": by_jax,
    "TensorFlow": by_tensorflow,
    "SciPy": by_scipy,
}


def answers(subject, x, order):
    """Its results at x; None for a derivative that the library does not have."""
    record, there = subject.record, subject.there
    if there is None:
        return (record.derivative if order else record)(x, **subject.setting)
    got = LIBRARIES[subject.library](there, x, order)
    if got is None and not order:
        raise TypeError(f"{subject.library}: {there.name} gives nothing")
    return got


def measure(subject, order):
    """A row for each type; none where the library does not have this derivative."""
    rows = []
    for dtype in (np.float32, np.float64):
        x = subject.points(dtype)
        got = answers(subject, x, order)
        if got is not None:
            told = {**names(subject, order), "dtype": x.dtype.name}
            rows.append(told | judge(got, subject.definition, order, x))
    return rows


def names(subject, order):
    return {
        "activation": subject.record.name,
        "setting": subject.label,
        "function": "f'" if order else "f",
        "library": subject.library,
    }


@np.errstate(all="ignore")
def main():
    jax.config.update("jax_enable_x64", True)
    rows, absent = [], []
    for record in (r for r in actlib.ALL.values() if is_elementwise(r)):
        for subject in subjects(record):
            for order in (0, 1):
                found = measure(subject, order)
                rows += found
                absent += [] if found else [names(subject, order)]
                print(*names(subject, order).values(), flush=True)
    head = machine("torch", "jax", "tensorflow", "scipy", "numpy")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(written({"machine": head}, {"absent": absent, "rows": rows}), "utf-8")


def written(head, lists):
    """JSON with a line for each entry."""
    told = [f'"{name}": {json.dumps(value)}' for name, value in head.items()]
    for name, entries in lists.items():
        lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in entries)
        told.append(f'"{name}": [\n{lines}\n]')
    return "{" + ",\n".join(told) + "}\n"


if __name__ == "__main__":
    main()
