"""Accuracy: the worst error of actlib and of the libraries people use, in ulp of the true value.

    pip install -r requirements-peers.txt && python benchmarks/accuracy.py

Every library is asked for the same function at the same points, in its own default form, and held
against balls. Only values that are normal numbers count. A result of 0, NaN, infinity or the other
sign where the value is a normal number is noted as outright wrong.
Writes benchmarks/results/accuracy.json. Takes half a minute.
"""

import functools
import json
import math
import os
from pathlib import Path

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}

import jax
import numpy as np
import scipy.special
import sympy as sp
import tensorflow as tf
import torch
from machine import machine

import actlib
from actlib import verify
from actlib.spec import Activation, X, at_setting
from actlib.verify import pieces
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import error

RESULTS = Path(__file__).parent / "results" / "accuracy.json"
HOME = {"torch": torch, "jax": jax, "tf": tf, "scipy": scipy}


def function_of(there):
    """What a record names, with its arguments; a layer is made first."""
    root, *path = there.name.split(".")
    found = functools.reduce(getattr, path, HOME[root])
    if isinstance(found, type):
        return found(**there.arguments)
    return functools.partial(found, **there.arguments)


def by_torch(there, x, order):
    function = function_of(there)
    if isinstance(function, torch.nn.Module):
        function.to(getattr(torch, x.dtype.name))
    array = torch.tensor(x, requires_grad=True)
    y = function(array[:, None])[:, 0]
    if not order:
        return y.detach().numpy()
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


def points(record, dtype, setting):
    """The points of the laws, and random ones where networks live, in float16 to float64."""
    alone = at_setting(record.definition, setting)
    edges = [float(p) for p in pieces.boundaries(alone)]
    random = np.random.default_rng(0)
    drawn = [random.normal(0, scale, 1500) for scale in (0.1, 1, 10, 100)]
    return np.concatenate([verify.points(dtype, edges), *drawn]).astype(dtype)


def truths(expression, x):
    evaluate = evaluator(expression, [X])

    def sharp(ball):
        narrow = ball.rad() <= abs(ball.mid()) * 2.0**-100
        vanishes = abs(ball) * 2.0**1000 < 2.0**-100
        return ball if narrow or vanishes else None

    return [decide(evaluate, [point], sharp) for point in x.tolist()]


def judge(got, truth, x):
    """The worst error, where, and an example of each way to be outright wrong."""
    smallest = float(np.finfo(got.dtype).tiny)
    largest = float(np.finfo(got.dtype).max)
    worst, where, outright = 0.0, 0.0, {}
    for y, ball, point in zip(got.tolist(), truth, x.tolist(), strict=True):
        value = float(ball.mid())
        if not smallest <= abs(value) <= largest:
            continue
        fault = (
            "zero"
            if y == 0
            else "nan"
            if math.isnan(y)
            else "infinity"
            if math.isinf(y)
            else "sign"
            if (y > 0) != (value > 0)
            else None
        )
        if fault and (fault not in outright or abs(point) < abs(outright[fault][0])):
            outright[fault] = (point, float(f"{value:.3g}"))
        away = error(y, ball, got.dtype)
        if away is not None and away > worst:
            worst, where = away, point
    return {"worst": float(f"{worst:.3g}"), "at": float(f"{where:.9g}"), "outright": outright}


@np.errstate(all="ignore")
def main():
    jax.config.update("jax_enable_x64", True)
    rows = []
    for record in (r for r in actlib.ALL.values() if isinstance(r, Activation)):
        for framework, there in {"actlib": None, **record.equivalents}.items():
            if framework != "actlib" and framework not in LIBRARIES:
                continue
            setting = {**record.settings[0], **(there.setting if there else {})}
            f = at_setting(record.definition, setting)
            for order in (0, 1):
                if framework == "PyTorch" and record.name == "step":
                    continue  # its heaviside asks for an array of values, and has no slope
                expression = sp.diff(f, X) if order else f
                for dtype in (np.float32, np.float64):
                    x = points(record, dtype, setting)
                    if there is None:
                        got = (record.derivative if order else record)(x)
                    else:
                        got = LIBRARIES[framework](there, x, order)
                    if got is None or got.dtype != dtype:
                        continue
                    rows.append(
                        {
                            "activation": record.name,
                            "function": "f'" if order else "f",
                            "dtype": np.dtype(dtype).name,
                            "library": framework,
                            **judge(got, truths(expression, x), x),
                        }
                    )
    RESULTS.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(row) for row in rows)
    head = json.dumps(machine("torch", "jax", "tensorflow", "scipy", "numpy"))
    RESULTS.write_text(f'{{"machine": {head},\n"rows": [\n{lines}\n]}}\n', "utf-8")
    for row in rows:
        print(*row.values())


if __name__ == "__main__":
    main()
