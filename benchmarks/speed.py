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
from subjects import label
from sympy.printing.str import StrPrinter

import actlib
from actlib.call.shapes import is_elementwise
from actlib.formula.symbols import X, at_setting

RESULTS = Path(__file__).parent / "results" / "speed.json"
ROUNDS = {1_000: (25, 100), 100_000: (15, 5), 10_000_000: (3, 1)}  # rounds, calls in each
NUMPY, LIMIT, FLOOR = "textbook NumPy", "memory limit", "float64 floor"

# What people write, where it is not the definition of the record.
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
NEEDED = {
    np.tan: ("sin(", "cos("),
    np.exp: ("exp", "erf(", "tanh(", "sinh(", "cosh(", "log"),
    np.sqrt: ("sqrt(",),
}
SCIPY = {"sigmoid": (scipy.special.expit, None), "softplus": (None, scipy.special.expit)}


class Written(StrPrinter):
    """A formula as Python: a choice for each piece, and a name for each number that is no integer,

    for numexpr computes in float64 where it meets one.
    """

    def __init__(self):
        super().__init__()
        self.constants = {}

    def _print_Piecewise(self, pieces):
        *others, (last, _) = pieces.args
        text = self._print(last)
        for value, test in reversed(others):
            text = f"where({self._print(test)}, {self._print(value)}, {text})"
        return text

    def _named(self, number):
        name = f"c{len(self.constants)}"
        return self.constants.setdefault(number, name)

    _print_Rational = _print_Half = _print_Pi = _print_Exp1 = _print_NumberSymbol = _named


VOCABULARY = {
    "numpy": {
        "where": np.where,
        "erf": scipy.special.erf,  # NumPy has none
        **{f: getattr(np, f) for f in ("exp", "expm1", "log", "log1p", "tanh", "sin", "cos")},
        **{f: getattr(np, f) for f in ("sqrt", "abs", "sinh", "cosh")},
    },
    "torch": {"where": torch.where, "exp": torch.exp},
    "jax": {"where": jax.numpy.where, "tanh": jax.numpy.tanh},
}


def textbook(name, order):
    """What people write, and its constants: as above, else the definition and its slope."""
    if name in FORMULAS:
        return FORMULAS[name][order], CONSTANTS
    record = actlib.ALL[name]
    written = Written()
    expression = sp.diff(at_setting(record.definition, record.settings[0]), X, order)
    text = written.doprint(expression)
    return text, {name: float(number) for number, name in written.constants.items()}


def formula(name, order, vocabulary, constant=float):
    """The formula as Python, with the functions of one library."""
    text, constants = textbook(name, order)
    typed = {k: constant(v) for k, v in constants.items()}
    return eval(f"lambda x: {text}", {**typed, **VOCABULARY[vocabulary]})


def by_numpy(name, order, x):
    f = formula(name, order, "numpy", x.dtype.type)
    return lambda: f(x)


def by_numexpr(name, order, x):
    return into_numexpr(name, order, x, out=None)


def by_scipy(name, order, x):
    function = SCIPY.get(name, (None, None))[order]
    return function and (lambda: function(x))


def own(framework, name, modules):
    """A framework's function, at our defaults or at its own; else what is written there."""
    record = actlib.ALL[name]
    there, spelled = record.equivalents.get(framework), record.spelled.get(framework)
    if spelled and (there is None or label(record, there.setting)):
        return eval(f"lambda x: {spelled.code}", modules)
    if there is None:
        return None
    package, *path = there.name.split(".")
    function = functools.reduce(getattr, path, modules[package])
    return lambda x: function(x, *there.after, **there.arguments)


def by_torch(name, order, x):
    """Its own function where it has one, and its own backward pass, which needs the forward one."""
    if name == "linear":  # it returns what it is given
        function = formula(name, 0, "torch")
    elif name == "prelu":
        weight = torch.tensor([0.25], dtype=getattr(torch, x.dtype.name))
        function = functools.partial(torch.nn.functional.prelu, weight=weight)
    elif name == "step":
        one = torch.ones((), dtype=getattr(torch, x.dtype.name))
        function = lambda x: torch.heaviside(x, one)  # noqa: E731
    else:
        function = own("PyTorch", name, {"torch": torch}) or formula(name, 0, "torch")
    array = torch.from_numpy(x)
    if order == 0:
        return lambda: function(array)
    if name == "step":
        return None
    array = array.clone().requires_grad_()
    upstream = torch.ones_like(array)
    return lambda: torch.autograd.grad(function(array), array, upstream)


def by_jax(name, order, x):
    array = jax.numpy.asarray(x)
    function = own("JAX", name, {"jax": jax})
    if function is None or name in ("linear", "step"):
        function = formula(name, 0, "jax", lambda v: jax.numpy.asarray(v, x.dtype))
    if order:
        function = jax.vmap(jax.grad(function))
    compiled = jax.jit(function)
    return lambda: compiled(array).block_until_ready()


def by_actlib(name, order, x):
    record = actlib.ALL[name]
    function = record.derivative if order else record
    return lambda: function(x)


def into_actlib(name, order, x):
    record, out = actlib.ALL[name], np.empty_like(x)
    function = record.derivative if order else record
    return lambda: function(x, out=out)


def into_numexpr(name, order, x, **prepared):
    """None where the formula has a function that it does not know."""
    text, constants = textbook(name, order)
    names = {"x": x} | {k: x.dtype.type(v) for k, v in constants.items()}
    prepared = prepared or {"out": np.empty_like(x)}
    if "erf(" in text:
        return None
    return lambda: numexpr.evaluate(text, local_dict=names, **prepared)


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


def floor(name, order, x):
    """What no kernel of NumPy's can leave out: to float64, the fastest function that is needed
    beside sums and quotients, and back."""
    text, _ = textbook(name, order)
    for function, words in NEEDED.items():
        if any(word in text for word in words):
            cast = {"dtype": np.float64, "casting": "same_kind"}
            return lambda: function(x, out=np.empty_like(x), **cast)
    return None


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
        FLOOR: floor,
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
                floors = {
                    r["activation"]: ratio(r["seconds"], FLOOR)
                    for r in here
                    if FLOOR in r["seconds"] and ratio(r["seconds"], FLOOR) < 1
                }
                mean = statistics.geometric_mean(ratios.values())
                slowest = max(r["seconds"]["actlib"] for r in here) * 1e6
                print(
                    f"{size:>10,} {dtype} {function:2} mean {mean:.2f}; slowest call "
                    f"{slowest:.0f} us; " + written(ratios)
                )
                print(" " * 11 + "at most, by the floor: " + written(floors))


def written(ratios):
    return " ".join(f"{name} {number:.2f}" for name, number in ratios.items())


def ratio(seconds, ours="actlib"):
    peers = [seconds[lib] for lib in ("torch", "jax", "scipy", "numexpr", NUMPY) if lib in seconds]
    return min(peers) / seconds[ours]


if __name__ == "__main__":
    main()
