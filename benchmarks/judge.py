"""How far results are from the truth. Every point is counted, in one of three classes:

normal: the true value is a normal number of the type, or beyond the largest one;
below: it is 0 or smaller than every normal number, or x is smaller: many libraries take 0 instead;
kinks: there is no slope (or the value jumps), and the result lies between those of the two sides.
"""

import math
from functools import partial

import numpy as np
import sympy as sp
from flint import arb

from actlib.formula.symbols import X
from actlib.verify import pieces
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import error

NO_KINK = (math.inf, -math.inf)  # no number lies between


def judge(got, definition, order, x):
    """The three classes, and by each way to be outright wrong the example closest to 0.

    The truth at x is that of `definition`, or of its slope for order 1. Errors are in ulp of the
    truth; of a truth below the normal numbers, that is the smallest subnormal number.
    """
    if (got.dtype, got.shape) != (x.dtype, x.shape):
        raise TypeError(f"asked {x.dtype} {x.shape}, got {got.dtype} {got.shape}")
    evaluate = evaluator(pieces.differentiate(definition) if order else definition, [X])
    sides = between(definition, order, x.dtype)
    smallest = float(np.finfo(x.dtype).tiny)
    normal, below, kinks, outright = [], [], 0, {}
    for point, y in sorted(zip(x.tolist(), got.tolist(), strict=True), key=nearest_zero):
        low, high = sides.get(point, NO_KINK)
        if low <= y <= high:
            kinks += 1
            continue
        is_normal, away, value = decide(evaluate, [point], partial(weigh, y, dtype=x.dtype))
        if not is_normal or 0 < abs(point) < smallest:
            below.append((away, point))
            continue
        normal.append((away, point))
        if wrong := fault(y, away, value):
            outright.setdefault(wrong, [point, short(value)])
    return {
        "points": len(x),
        "kinks": kinks,
        "normal": worst(normal),
        "below": worst(below),
        "outright": outright,
    }


def short(value):
    """To three digits, unless that is more than the largest float."""
    told = float(f"{value:.3g}")
    return told if math.isfinite(told) or math.isinf(value) else value


def between(definition, order, dtype):
    """{x: (low, high)}: from one side of a kink to the other, where the kink is a float64.

    The ends are widened to the next number: a slope may be rounded.
    """
    expression = pieces.differentiate(definition) if order else definition
    found = {}
    for point, jump in pieces.jumps(definition).items():
        x = float(point)
        if sp.Rational(x) == point and (order or jump.height):
            near = (point - pieces.BESIDE, point + pieces.BESIDE)
            ends = np.array([pieces.piece(expression, n).subs(X, point) for n in near], dtype)
            with np.errstate(under="ignore"):
                low = np.nextafter(ends.min(), dtype.type(-np.inf))
                high = np.nextafter(ends.max(), dtype.type(np.inf))
            found[x] = float(low), float(high)
    return found


def weigh(y, truth, dtype):
    """(Is the truth normal? The error in ulp; the truth as a float), or None: use more digits."""
    form = np.finfo(dtype)
    size, smallest = abs(truth), arb(float(form.tiny))
    away = error(y, truth, dtype)
    if away is None or not (size >= smallest or size < smallest):
        return None
    return bool(size >= smallest), away, float(truth.mid())


def fault(y, away, value):
    """How y is outright wrong, where the truth is a normal number; or None."""
    if math.isnan(y):
        return "nan"
    if math.isinf(y) and away:
        return "infinity"
    if y == 0:
        return "zero"
    return "sign" if (y > 0) != (value > 0) else None


def nearest_zero(pair):
    return abs(pair[0])


def worst(found):
    """Of (error, x): how many, the largest error, and where."""
    away, point = max(found, default=(0.0, 0.0), key=lambda pair: pair[0])
    number = "inf" if math.isinf(away) else float(f"{away:.6g}")  # JSON has no infinity
    return {"count": len(found), "worst": number, "at": float(f"{point:.9g}")}
