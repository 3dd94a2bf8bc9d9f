"""An expression's value, correctly rounded from a ball to one of four types."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.symbols import GATE, VALUE, X
from actlib.verify.balls import Evaluator, UndecidedError, decide, evaluator
from actlib.verify.limits import limit
from actlib.verify.pairs import next_to_the_product
from actlib.verify.sharp import is_sharp
from actlib.verify.ulp import Rounding

BEYOND = 1100  # 2^1100 is larger than every float


def rounded(expression: sp.Expr, x: NDArray[Any]) -> NDArray[Any]:
    """In the type of x; at an infinity the limit, else NaN; at NaN NaN. The sign of a zero is +."""
    evaluate = evaluator(expression, [X])
    found = []
    for point in x.astype(np.float64).tolist():
        if math.isnan(point):
            found.append(math.nan)
        elif math.isinf(point):
            found.append(_at_end(limit(expression, 1 if point > 0 else -1), x.dtype))
        else:
            found.append(_round(evaluate, [point], x.dtype))
    return _as_type(found, x.dtype)


def _same(ball: Any) -> Evaluator:
    """What evaluates to this, whatever it is asked."""
    return Evaluator(lambda at: ball, lambda at: ball)


def _at_end(end: sp.Expr | None, dtype: np.dtype[Any]) -> float:
    if end is None:
        return math.nan
    return float(end) if end.is_infinite else _round(evaluator(end, []), [], dtype)


@dataclass(frozen=True)
class Vectors:
    """Rows of numbers, one for each symbol, at which expressions in these are evaluated.

    At infinities the limit. Where one of `decisive` has none, nothing is defined: NaN.
    """

    symbols: Sequence[sp.Symbol]
    decisive: Sequence[sp.Expr]
    rows: NDArray[Any]

    def rounded(self, expressions: Sequence[sp.Expr]) -> NDArray[Any]:
        """A row of results for each row, in its type."""
        decisive, asked = (
            [(e, evaluator(e, self.symbols)) for e in each] for each in (self.decisive, expressions)
        )
        found = []
        for row in self.rows.astype(np.float64).tolist():
            if any(map(math.isnan, row)) or not all(self._has_limit(row, e) for _, e in decisive):
                found.append([math.nan] * len(expressions))
            elif any(map(math.isinf, row)):
                found.append([self._far(row, evaluate, 1) for _, evaluate in asked])
            else:
                found.append([self._at(row, *pair) for pair in asked])
        return _as_type(found, self.rows.dtype)

    def _at(self, row: list[float], expression: sp.Expr, evaluate: Evaluator) -> float:
        try:
            return _round(evaluate, row, self.rows.dtype)
        except UndecidedError:
            if tuple(self.symbols) == (VALUE, GATE):
                beside = next_to_the_product(expression, *row)
                return _round(_same(beside), [], self.rows.dtype)
            # A tie, perhaps: of numbers like exp(3) / (exp(3) + exp(3)), which no ball knows.
            values = dict(zip(self.symbols, map(sp.Rational, row), strict=True))
            end = sp.simplify(expression.subs(values))
            return _round(evaluator(end, []), [], self.rows.dtype)

    def _has_limit(self, row: list[float], evaluate: Evaluator) -> bool:
        """Do the infinities lead to the same number, whichever of them is the larger?"""
        infinite = sum(map(math.isinf, row))
        return infinite == 0 or len({self._far(row, evaluate, o) for o in (1, -1)}) == 1

    def _far(self, row: list[float], evaluate: Evaluator, order: int) -> float:
        """The limit, from numbers far beyond all floats in place of infinities."""
        infinite = [i for i, number in enumerate(row) if math.isinf(number)][::order]
        at: list[Any] = list(row)
        for rank, i in enumerate(infinite, 1):
            at[i] = int(math.copysign(1, row[i])) * 2 ** (BEYOND * rank)
        return _round(evaluate.then(_limit_near), at, self.rows.dtype)


def _limit_near(ball: Any) -> Any:
    """The number of two floats that is all but reached, if there is one; else the ball."""
    middle = ball.mid()
    if not abs(middle) < 2.0**1000:
        return ball
    high = float(middle)
    near = 0 * ball.mid() + high + float(middle - high)
    return near if abs(ball - near) < 2.0**-1000 else ball


def _as_type(found: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):
        return np.array(found, np.float64).astype(dtype) + dtype.type(0)


def _round(evaluate: Any, at: list[float], dtype: np.dtype[Any]) -> float:
    """The one number of the type that a ball says the value rounds to: tried, then proved."""
    middle = decide(evaluate, at, lambda ball: ball if is_sharp(ball) else None)
    with np.errstate(all="ignore"):
        guess = np.array([float(middle.mid())]).astype(dtype)
        near = [guess, *(np.nextafter(guess, dtype.type(end)) for end in (np.inf, -np.inf))]
        for candidate in near:
            if decide(evaluate, at, partial(Rounding(candidate).holds, 0)):
                return float(candidate[0])
    raise ArithmeticError(f"no {dtype} at {at}")
