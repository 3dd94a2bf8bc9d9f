"""The ε that the proof relies on, and how far a kernel stays below it."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import X
from actlib.verify.balls import decide, evaluator
from actlib.verify.points import points
from actlib.verify.ulp import relative_error

EPSILON = 2.0**-44
"""Assumed of every kernel. The kernels are asked for a sixteenth of it at every point tried."""

MARGIN = 16


NORMAL = 2.0**-1022
"""The smallest normal float64. What is below it, or twice it, rounds to 0 in float32."""


def error_of(function: Callable[..., Any], expression: sp.Expr, random: int = 4000) -> float:
    """The largest relative error in float64 at points of all kinds; ValueError beyond ε / 16.

    A value below the smallest normal float64 has no relative error worth the name; there the result
    must be as small.
    """
    x = _tried(random)
    evaluate = evaluator(expression, [X])
    worst = 0.0
    for point, got in zip(x.tolist(), function(x).tolist(), strict=True):
        worst = max(worst, decide(evaluate, [point], partial(_error, got)))
    if worst > EPSILON / MARGIN:
        raise ValueError(f"a relative error of 2^{math.log2(worst):.1f}: no proof with 2^-44")
    return worst


def _error(got: float, truth: Any) -> float | None:
    """The relative error; where the truth vanishes, none if the result does too."""
    if abs(truth) < NORMAL and abs(got) < 2 * NORMAL:
        return 0.0
    return relative_error(got, truth)


def _tried(random: int) -> NDArray[np.float64]:
    """The points at which laws are tested, and random bit patterns, all of them float32 numbers."""
    bits = np.random.default_rng(0).integers(0, 2**32, random, dtype=np.uint32)
    drawn = bits.view(np.float32)
    every = np.concatenate([points(np.float32, [0.0]), drawn[np.isfinite(drawn)]])
    return every.astype(np.float64)
