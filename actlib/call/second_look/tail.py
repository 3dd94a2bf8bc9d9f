"""The second look where a curve is a number and an exponential, far out most of all.

α (exp(x) − 1) is −α and α exp(x). Where −α itself is a midpoint, all of the left tail lies next to
it, and the sign of the exponential decides, however small that has become.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from actlib.arithmetic.exact import exact_sum
from actlib.arithmetic.rounding import Array
from actlib.call.operands import Operand
from actlib.call.second_look.terms import Terms, denominator, terms
from actlib.formula.symbols import X

ROUNDING = 2.0**-40  # of the exponential, computed in float64


def tails(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Iterator[Callable[..., Array]]:
    """A look for each piece that is a number and an exponential."""
    before: sp.Basic = sp.false
    pieces = expression.args if isinstance(expression, sp.Piecewise) else ((expression, True),)
    for value, test in pieces:
        tail = _tail(value, sp.And(test, sp.Not(before)), symbols)
        before = sp.Or(before, test)
        if tail is not None:
            yield tail.side


@dataclass(frozen=True)
class Tail:
    """`scale` times a curve, where it is start + factor · exp(…)."""

    holds: Callable[..., Any]  # of x and the parameters
    scale: int
    start: Terms
    factor: Callable[..., Any]
    exponential: Callable[..., Any]

    def side(self, middle: Array, x: Array, *values: Operand) -> Array:
        """The sign of f(x) − middle, or NaN."""
        gap = exact_sum([*self.start.of(*values), -self.scale * middle])
        rest = self.scale * self.factor(x, *values) * self.exponential(x, *values)
        sure = np.abs(gap + rest) > ROUNDING * (np.abs(gap) + np.abs(rest))
        alone = (gap == 0) & np.isfinite(x)  # then it may be 0 in float64
        side = np.where(alone, np.sign(self.factor(x, *values)), np.sign(gap + rest))
        return np.where(self.holds(x, *values) & (sure | alone), side, np.nan)


def _tail(value: sp.Expr, test: sp.Basic, symbols: Sequence[sp.Symbol]) -> Tail | None:
    number, rest = sp.expand(value).as_independent(X, as_Add=True)
    factor, exponential = rest.as_independent(X, as_Add=False)
    scale = denominator(number)
    start = terms(scale * number, symbols) if number != 0 else None
    if start is None or not start.is_exact or not isinstance(exponential, sp.exp):
        return None
    arguments = [X, *symbols]
    return Tail(
        holds=sp.lambdify(arguments, test, "numpy"),
        scale=scale,
        start=start,
        factor=sp.lambdify(arguments, factor, "numpy"),
        exponential=sp.lambdify(arguments, exponential, "numpy"),
    )
