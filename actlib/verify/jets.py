"""A formula and its derivatives over a whole interval at once, by Taylor series of balls.

With the ball of an interval for x, the k-th coefficient of the series holds the k-th derivative,
divided by k!, at every point of the interval. So no derivative has to be written down.
"""

from collections.abc import Callable, Sequence
from math import factorial

import sympy as sp
from flint import arb, arb_series

from actlib.formula.symbols import X
from actlib.verify.balls import Ball, compiled
from actlib.verify.series import InSeries

Jet = Callable[[Ball, int], Sequence[Ball]]
"""From a ball for x and a count n to the balls of f, f′, …, n of them."""


def jet(expression: sp.Expr) -> Jet:
    """What evaluates an expression without pieces. Where it has no value the balls are NaN."""
    compute = compiled(_in_exponentials(expression), [X], InSeries())

    def at(x: Ball, count: int) -> Sequence[Ball]:
        try:
            found = compute([arb_series([x, 1], prec=count)])
        except ValueError:  # a division by what may be 0
            return [arb.nan()] * count
        terms = found.coeffs() if isinstance(found, arb_series) else [arb(found)]
        padded = [*terms, *[arb(0)] * count][:count]
        return [term * factorial(k) for k, term in enumerate(padded)]

    return at


def _in_exponentials(expression: sp.Expr) -> sp.Expr:
    """Flint has no series of hyperbolic functions. Where x stands once, the ball stays narrow."""
    once = expression.replace(sp.tanh, lambda u: 1 - 2 / (1 + sp.exp(2 * u)))
    return once.rewrite(HYPERBOLIC, sp.exp) if once.has(*HYPERBOLIC) else once


HYPERBOLIC = (sp.sinh, sp.cosh, sp.sech, sp.csch, sp.coth)
