"""The check for functions of several variables: softmax, its derivatives, the cross-entropy."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.verify.agreement import DisagreementError, digits, quietly
from actlib.verify.balls import decide, evaluator
from actlib.verify.checks import Report
from actlib.verify.points import DTYPES, rows
from actlib.verify.ulp import error, known

# Sums over a vector can meet a tie of float16 or float32 within float64's own error.
NARROW_BOUND, WIDE_BOUND = 0.501, 4.0


def vectors(
    name: str,
    function: Callable[[NDArray[Any]], NDArray[Any]],
    expressions: Sequence[sp.Expr],
    symbols: Sequence[sp.Symbol],
    scales: Sequence[sp.Expr] | None = None,
) -> Report:
    """`function`, from rows of len(symbols) numbers to rows of len(expressions), in every dtype.

    The error is counted in ulp of the true value; with `scales`, in ulp of those, as is right for
    sums whose terms can cancel.
    """
    evaluators = [evaluator(e, symbols) for e in expressions]
    sizes = [evaluator(s, symbols) for s in scales or expressions]
    lines = [name]
    for dtype in DTYPES:
        allowed = WIDE_BOUND if dtype is np.float64 else NARROW_BOUND
        points = rows(dtype, len(symbols))
        got = quietly(function, {}, points)
        for at, results in zip(points.tolist(), got.tolist(), strict=True):
            for evaluate, size, result in zip(evaluators, sizes, results, strict=True):
                scale = decide(size, at, partial(known, dtype=got.dtype))
                distance = partial(error, result, dtype=got.dtype, scale=scale)
                ulps = decide(evaluate, at, distance)
                if ulps > allowed:
                    raise DisagreementError(
                        f"{name} in {got.dtype} at {at}: expected "
                        f"{decide(evaluate, at, digits)}, "
                        f"got {result}, {ulps:.3g} ulp away; {allowed:g} are allowed"
                    )
        lines.append(f"  {got.dtype}: within {allowed:g} ulp at all {len(points):,} vectors")
    return Report(tuple(lines))
