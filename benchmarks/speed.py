"""Speed: actlib beside the libraries people use, on one core, in one process.

    pip install -r requirements-peers.txt && python benchmarks/speed.py

Every library computes the same function on the same array, one after the other, round after
round; the median counts. What matters are the ratios: the nanoseconds hold for one machine.
Writes benchmarks/results/speed.json. Takes about ten minutes.
"""

import functools
import json
import os
import statistics
import sys
import time
from pathlib import Path

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ |= {
    "OMP_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}

import jax
import numexpr
import numpy as np
import scipy.special
import sympy as sp
import torch
from machine import machine

import actlib
from actlib.call.shapes import is_elementwise
from actlib.formula.symbols import X, at_setting

RESULTS = Path(__file__).parent / "results" / "speed.json"
ROUNDS = {1_000: (25, 100), 100_000: (15, 5), 10_000_000: (5, 1)}  # rounds, calls in each
NUMPY, LIMIT = "textbook NumPy", "memory limit"

# What people write. SReLU's and APL's at the defaults of the records, the others' as well.
FORMULAS = {
    "apl": ("where(x > 0, x, 0)", "where(x > 0, one, 0)"),
    "elu": ("where(x > 0, x, expm1(x))", "where(x > 0, one, exp(x))"),
    "hard_sigmoid": (
        "where(fifth * x + half < 0, 0, where(fifth * x + half > 1, 1, fifth * x + half))",
        "where((fifth * x + half >= 0) & (fifth * x + half <= 1), fifth, 0)",
    ),
    "leaky_relu": ("where(x > 0, x, hundredth * x)", "where(x > 0, one, hundredth)"),
    "linear": ("x * one", "x * 0 + one"),
    "prelu": ("where(x > 0, x, quarter * x)", "where(x > 0, one, quarter)"),
    "relu": ("where(x > 0, x, 0)", "where(x > 0, one, 0)"),
    "rrelu": ("where(x > 0, x, mean * x)", "where(x > 0, one, mean)"),
    "selu": (
        "scale * where(x > 0, x, alpha * expm1(x))",
        "scale * where(x > 0, one, alpha * exp(x))",
    ),
    "sigmoid": ("1 / (1 + exp(-x))", "exp(-x) / (1 + exp(-x))**2"),
    "softplus": ("log1p(exp(-abs(x))) + where(x > 0, x, 0)", "1 / (1 + exp(-x))"),
    "softsign": ("x / (1 + abs(x))", "1 / (1 + abs(x))**2"),
    "srelu": (
        "where(x <= 0, fifth * x, where(x >= 1, 1 + one * (x - 1), x))",
        "where(x <= 0, fifth, where(x >= 1, one, 1))",
    ),
    "step": ("where(x < 0, 0, one)", "x * 0"),
    "tanh": ("tanh(x)", "1 - tanh(x)**2"),
}
CONSTANTS = {
    "one": 1,
    "half": 0.5,
    "quarter": 0.25,
    "fifth": 0.2,
    "hundredth": 0.01,
    "mean": 11 / 48,
    "scale": 1.0507009873554805,
    "alpha": 1.6732632423543772,
}
SCIPY = {"sigmoid": (scipy.special.expit, None), "softplus": (None, scipy.special.expit)}


def textbook(name, order):
    """What people write: as above, else the definition at the defaults, and its slope."""
    if name in FORMULAS:
        return FORMULAS[name][order]
    record = actlib.ALL[name]
    return written(sp.diff(at_setting(record.definition, record.settings[0]), X, order))


def written(expression):
    """As Python: a choice for each piece."""
    if not isinstance(expression, sp.Piecewise):
        return str(expression)
    (value, test), *others = expression.args
    rest = written(sp.Piecewise(*others)) if others else "0"
    return written(value) if test == sp.true else f"where({test}, {written(value)}, {rest})"


def formula(name, order, names):
    """The formula as Python, with the functions of one library."""
    return eval(f"lambda x: {textbook(name, order)}", {**CONSTANTS, **names})


def by_numpy(name, order, x):
    f = formula(
        name,
        order,
        {
            "where": np.where,
            "exp": np.exp,
            "expm1": np.expm1,
            "tanh": np.tanh,
            "log1p": np.log1p,
            "abs": np.abs,
            **{k: x.dtype.type(v) for k, v in CONSTANTS.items()},
        },
    )
    return lambda: f(x)


def by_numexpr(name, order, x):
    names = {"x": x} | {k: x.dtype.type(v) for k, v in CONSTANTS.items()}
    return lambda: numexpr.evaluate(textbook(name, order), local_dict=names)


def by_scipy(name, order, x):
    function = SCIPY.get(name, (None, None))[order]
    return function and (lambda: function(x))


def by_torch(name, order, x):
    """Its own function where it has one, and its own backward pass, which needs the forward one."""
    there = actlib.ALL[name].equivalents.get("PyTorch")
    if there and name not in ("linear", "prelu", "step"):
        function = functools.reduce(getattr, there.name.split(".")[1:], torch)
    elif name == "prelu":
        weight = torch.tensor([0.25], dtype=getattr(torch, x.dtype.name))
        function = functools.partial(torch.nn.functional.prelu, weight=weight)
    elif name == "step":
        one = torch.ones((), dtype=getattr(torch, x.dtype.name))
        function = lambda x: torch.heaviside(x, one)  # noqa: E731
    else:
        function = formula(name, 0, {"where": torch.where, "exp": torch.exp})
    array = torch.from_numpy(x)
    if order == 0:
        return lambda: function(array)
    if name == "step":
        return None
    array = array.clone().requires_grad_()
    upstream = torch.ones_like(array)
    return lambda: torch.autograd.grad(function(array), array, upstream)


def by_jax(name, order, x):
    import jax.numpy as jnp

    there = actlib.ALL[name].equivalents.get("JAX")
    if there and there.name.startswith("jax.nn") and name != "linear":
        function = functools.reduce(getattr, there.name.split(".")[1:], jax)
    else:
        constants = {k: jnp.asarray(v, x.dtype) for k, v in CONSTANTS.items()}
        function = formula(name, 0, {**constants, "where": jnp.where, "tanh": jnp.tanh})
    if order:
        function = jax.vmap(jax.grad(function))
    compiled, array = jax.jit(function), jnp.asarray(x)
    return lambda: compiled(array).block_until_ready()


def by_actlib(name, order, x):
    record = actlib.ALL[name]
    function = record.derivative if order else record
    return lambda: function(x)


def into_actlib(name, order, x):
    record, out = actlib.ALL[name], np.empty_like(x)
    function = record.derivative if order else record
    return lambda: function(x, out=out)


def into_numexpr(name, order, x):
    names, out = {"x": x} | {k: x.dtype.type(v) for k, v in CONSTANTS.items()}, np.empty_like(x)
    return lambda: numexpr.evaluate(textbook(name, order), local_dict=names, out=out)


def into_scipy(name, order, x):
    function, out = SCIPY.get(name, (None, None))[order], np.empty_like(x)
    return function and (lambda: function(x, out=out))


def into_torch(name, order, x):
    """The raw kernels, for the two functions whose `out` torch offers."""
    if order or name not in ("sigmoid", "tanh"):
        return None
    array = torch.from_numpy(x)
    out = torch.empty_like(array)
    return lambda: getattr(torch, name)(array, out=out)


def limit(name, order, x):
    two = x.dtype.type(2)
    return lambda: np.multiply(x, two)


def into_limit(name, order, x):
    two, out = x.dtype.type(2), np.empty_like(x)
    return lambda: np.multiply(x, two, out=out)


LIBRARIES = {
    "default": {
        "actlib": by_actlib,
        "torch": by_torch,
        "jax": by_jax,
        "scipy": by_scipy,
        "numexpr": by_numexpr,
        NUMPY: by_numpy,
        LIMIT: limit,
    },
    "preallocated": {
        "actlib": into_actlib,
        "torch": into_torch,
        "scipy": into_scipy,
        "numexpr": into_numexpr,
        LIMIT: into_limit,
    },
}


def median_times(calls, rounds, repeats):
    """Seconds a call, by library: the median of interleaved rounds."""
    for call in calls.values():
        call()
    times = {library: [] for library in calls}
    for _ in range(rounds):
        for library, call in calls.items():
            started = time.perf_counter()
            for _ in range(repeats):
                call()
            times[library].append((time.perf_counter() - started) / repeats)
    return {library: statistics.median(found) for library, found in times.items()}


@np.errstate(all="ignore")
def main():
    jax.config.update("jax_enable_x64", True)
    torch.set_num_threads(1)
    numexpr.set_num_threads(1)
    random = np.random.default_rng(0)
    rows = []
    names = sys.argv[1:] or [n for n, r in actlib.ALL.items() if is_elementwise(r)]
    for size, (rounds, repeats) in ROUNDS.items():
        for dtype in ("float32", "float64"):
            x = random.normal(0, 3, size).astype(dtype)
            for name in names:
                for order in (0, 1):
                    for mode, libraries in LIBRARIES.items():
                        found = {lib: made(name, order, x) for lib, made in libraries.items()}
                        calls = {lib: call for lib, call in found.items() if call}
                        times = median_times(calls, rounds, repeats)
                        row = {
                            "activation": name,
                            "function": "f'" if order else "f",
                            "dtype": dtype,
                            "size": size,
                            "mode": mode,
                            "seconds": {lib: float(f"{t:.4g}") for lib, t in times.items()},
                        }
                        rows.append(row)
            print(f"{size:,} {dtype} done", file=sys.stderr, flush=True)
    if not sys.argv[1:]:
        RESULTS.parent.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(row) for row in rows)
        head = json.dumps(machine("torch", "jax", "scipy", "numexpr", "numpy"))
        RESULTS.write_text(f'{{"machine": {head},\n"rows": [\n{lines}\n]}}\n', "utf-8")
    report(rows)


def report(rows):
    """The best peer's time over ours: each, and the geometric mean."""
    for size in ROUNDS:
        for dtype in ("float32", "float64"):
            for function in ("f", "f'"):
                here = [
                    r
                    for r in rows
                    if (r["size"], r["dtype"], r["function"]) == (size, dtype, function)
                    and r["mode"] == "default"
                ]
                ratios = {r["activation"]: ratio(r["seconds"]) for r in here}
                mean = statistics.geometric_mean(ratios.values())
                slowest = max(r["seconds"]["actlib"] for r in here) * 1e6
                print(
                    f"{size:>10,} {dtype} {function:2} mean {mean:.2f}; slowest call "
                    f"{slowest:.0f} us; " + " ".join(f"{n} {v:.2f}" for n, v in ratios.items())
                )


def ratio(seconds):
    peers = [seconds[lib] for lib in ("torch", "jax", "scipy", "numexpr", NUMPY) if lib in seconds]
    return min(peers) / seconds["actlib"]


if __name__ == "__main__":
    main()
