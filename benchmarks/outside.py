"""The check from outside: actlib against MPFR, which shares no code with our balls.

    pip install -r requirements-peers.txt && python benchmarks/outside.py

Every float16, and up to 100,000 random float32 and float64 inputs of each f and f' at its defaults:
from all bit patterns, without NaN and infinities, and from where networks live. float16 and float32
must be correctly rounded; float64 must be within 2 ulp for f and 4 for f'. Takes about ten minutes.
"""

import math
import sys

import gmpy2
import numpy as np
import sympy as sp
from sympy.printing.pycode import MpmathPrinter

import actlib
from actlib.call.shapes import is_elementwise
from actlib.formula.symbols import X, at_setting

COUNT = 100_000
FAR = 1e5
OUT = 1100  # up to here there are digits for exp(x)
NAMES = {
    "mpf": gmpy2.mpfr,
    "nan": gmpy2.nan(),
    **{name: getattr(gmpy2, name) for name in ("exp", "log", "sqrt", "sin", "cos", "erf")},
    **{name: getattr(gmpy2, name) for name in ("tanh", "sinh", "cosh")},
}
PI = sp.Symbol("PI")
PRINTER = MpmathPrinter({"fully_qualified_modules": False, "allow_unknown_functions": True})
BITS = {"float16": 16, "float32": 32}


def function(expression):
    """The expression as a function of an mpfr, with as many digits of π as of that."""
    f = sp.lambdify([X, PI], expression.subs(sp.pi, PI), modules=[NAMES], printer=PRINTER)
    return lambda x: f(x, gmpy2.const_pi())


def inputs(dtype, count):
    """Every float16; of the others random bit patterns, and normal draws of five sizes."""
    if dtype == np.float16:
        every = np.arange(2**16, dtype=np.uint16).view(dtype)
    else:
        random = np.random.default_rng(1)
        size = np.dtype(dtype).itemsize
        bits = random.integers(0, 2 ** (8 * size), count // 2, dtype=f"u{size}").view(dtype)
        drawn = random.normal(0, 1, count - len(bits))
        drawn *= 10.0 ** random.integers(-2, 3, len(drawn))
        every = np.concatenate([bits, drawn.astype(dtype)])
    return every[np.isfinite(every)]


def precision(x):
    """Bits enough for what cancels: powers of x near 0, of exp(x) far out, and exp(−x²)."""
    if x == 0:
        return 200
    size = min(abs(x), OUT)
    return int(200 + 3 * abs(math.log2(abs(x))) + 5 * size + 2 * min(size * size, 2000))


def violations(record, order, dtype, x):
    """[x, what we return, what it is] for each input that misses its bound; and how many are left

    undecided: next to a tie of a line that a curve comes closer to than its digits tell.
    """
    f = at_setting(record.definition, record.settings[0])
    exact, slope = (function(sp.diff(f, X, n)) for n in (order, order + 1))
    got = (record.derivative if order else record)(x)
    bits = BITS.get(x.dtype.name)
    form, allowed = np.finfo(dtype), 4 if order else 2
    found, undecided = [], 0
    for point, ours in zip(x.tolist(), got.tolist(), strict=True):
        with gmpy2.context(precision=precision(point), emin=-(2**60), emax=2**60):
            truth = gmpy2.mpfr(exact(gmpy2.mpfr(point)))
            if not gmpy2.is_finite(truth):
                # exp(x) is infinite even here. By FAR every such curve is its asymptote.
                far = gmpy2.mpfr(math.copysign(FAR, point))
                truth = exact(far) + slope(far) * (gmpy2.mpfr(point) - far)
            beside = [truth * (1 + sign * gmpy2.exp2(-150)) for sign in (-1, 1)]
            if bits is None and math.isinf(float(truth)):
                right = ours == float(truth)
            elif bits is None:
                size = max(abs(float(truth)), float(form.tiny))
                away = abs(ours - truth) if math.isfinite(ours) else gmpy2.inf()
                right = away <= allowed * float(np.spacing(size))
        if bits is not None:
            with gmpy2.context(gmpy2.ieee(bits)):
                right = float(+truth) == ours
                either = [float(+number) for number in beside]
            if not right and abs(point) > OUT and ours in either:
                undecided += 1
                continue
        if not right:
            found.append((point, ours, float(truth)))
    return found, undecided


def main():
    count = int(sys.argv[1]) if sys.argv[1:] else COUNT
    total = 0
    for record in (r for r in actlib.ALL.values() if is_elementwise(r)):
        for order in (0, 1):
            for dtype in (np.float16, np.float32, np.float64):
                x = inputs(dtype, count)
                found, undecided = violations(record, order, dtype, x)
                total += len(found)
                sign = "f'" if order else "f"
                what = f"{record.name} {sign} {np.dtype(dtype)}"
                left = f", {undecided} undecided" if undecided else ""
                print(f"{what}: {len(found)} of {len(x):,}{left}", *found[:3], flush=True)
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
