"""An expression's value, correctly rounded from a ball to one of four types."""

import math
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.spec import X
from actlib.verify.balls import decide, evaluator
from actlib.verify.pieces import limit
from actlib.verify.ulp import Rounding


def rounded(expression: sp.Expr, x: NDArray[Any]) -> NDArray[Any]:
    """In the type of x; at an infinity the limit, at NaN NaN. The sign of a zero is +."""
    evaluate = evaluator(expression, [X])
    found = []
    for point in x.astype(np.float64).tolist():
        if math.isnan(point):
            found.append(math.nan)
        elif math.isinf(point):
            end = limit(expression, 1 if point > 0 else -1)
            infinite = bool(end.is_infinite)
            found.append(float(end) if infinite else _round(evaluator(end, []), [], x.dtype))
        else:
            found.append(_round(evaluate, [point], x.dtype))
    with np.errstate(invalid="ignore"):
        return np.array(found, np.float64).astype(x.dtype) + x.dtype.type(0)


def _round(evaluate: Any, at: list[float], dtype: np.dtype[Any]) -> float:
    """The one number of the type that a ball says the value rounds to: tried, then proved."""
    middle = decide(evaluate, at, lambda ball: ball if _is_sharp(ball) else None)
    with np.errstate(all="ignore"):
        guess = np.array([float(middle.mid())]).astype(dtype)
        near = [guess, *(np.nextafter(guess, dtype.type(end)) for end in (np.inf, -np.inf))]
        for candidate in near:
            if decide(evaluate, at, partial(Rounding(candidate).holds, 0)):
                return float(candidate[0])
    raise ArithmeticError(f"no {dtype} at {at}")


def _is_sharp(ball: Any) -> bool:
    vanishes = abs(ball) * 2.0**1000 < 2.0**-100  # below all that does not round to 0
    return bool(vanishes or (ball.is_finite() and ball.rad() <= abs(ball.mid()) * 2.0**-60))
