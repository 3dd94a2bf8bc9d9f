"""The second look at a curve: its definition itself, with as many digits as it takes."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

Array = NDArray[np.float64]
PRECISIONS = (128, 512, 2048, 8192)  # bits


def sides(expressions: Sequence[sp.Expr], x: Array, middle: Array) -> Array:
    """The sign of expressions[i], in "x" alone, at x[i] less middle[i]."""
    points = zip(expressions, x.tolist(), middle.tolist(), strict=True)
    return np.array([_side(*point) for point in points], np.float64)


def _side(expression: sp.Expr, x: float, middle: float) -> int:
    """The sign of expression(x) − middle: that of the first difference that more digits confirm."""
    evaluate = _compiled(expression)
    before = None
    for precision in PRECISIONS:
        with mpmath.workprec(precision):
            gap = evaluate(mpmath.mpf(x)) - middle
            if before is not None and abs(gap - before) < abs(gap) / 2:
                return int(mpmath.sign(gap))
            before = gap
    return 0


@lru_cache(maxsize=256)
def _compiled(expression: sp.Expr) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = sp.lambdify(sp.Symbol("x", real=True), expression, "mpmath")
    return function
