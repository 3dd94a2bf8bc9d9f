"""A formula and its derivatives over a whole interval at once, by Taylor series of balls.

With the ball of an interval for x, the k-th coefficient of the series holds the k-th derivative,
divided by k!, at every point of the interval. So no derivative has to be written down.
"""

from collections.abc import Callable, Sequence
from math import factorial
from typing import Any

import sympy as sp
from flint import arb, arb_series

from actlib.formula.setting import X
from actlib.verify.balls import Arithmetic, Ball, compiled

Jet = Callable[[Ball, int], Sequence[Ball]]
"""From a ball for x and a count n to the balls of f, f′, …, n of them."""


def jet(expression: sp.Expr) -> Jet:
    """What evaluates an expression without pieces. Where it has no value the balls are NaN."""
    compute = compiled(_in_exponentials(expression), [X], Taylor())

    def at(x: Ball, count: int) -> Sequence[Ball]:
        try:
            found = compute([arb_series([x, 1], prec=count)])
        except ValueError:  # a division by what may be 0
            return [arb.nan()] * count
        terms = found.coeffs() if isinstance(found, arb_series) else [arb(found)]
        padded = [*terms, *[arb(0)] * count][:count]
        return [term * factorial(k) for k, term in enumerate(padded)]

    return at


class Taylor(Arithmetic):
    """In Taylor series of balls; what is constant stays a ball."""

    def of_balls(self, function: Callable[..., Any]) -> Callable[..., Any]:
        of_series = getattr(arb_series, function.__name__, function)

        def alike(*values: Any) -> Any:
            is_series = any(isinstance(value, arb_series) for value in values)
            return (of_series if is_series else function)(*values)

        return alike


def _in_exponentials(expression: sp.Expr) -> sp.Expr:
    """Flint has no series of hyperbolic functions. Where x stands once, the ball stays narrow."""
    once = expression.replace(sp.tanh, lambda u: 1 - 2 / (1 + sp.exp(2 * u)))
    return once.rewrite(HYPERBOLIC, sp.exp) if once.has(*HYPERBOLIC) else once


HYPERBOLIC = (sp.sinh, sp.cosh, sp.sech, sp.csch, sp.coth)
