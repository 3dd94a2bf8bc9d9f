"""A curve far out, where it is a straight line and a little: on which side of that line it lies.

x − tanh(x) is x − 1, and 2 exp(−2x) more. At every second float32 from 2²⁴ to 2²⁵ the line is a
tie, and no ball with an affordable number of digits tells it from the curve. But what is left of
the curve beside the line has a sign, and a size.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify import far
from actlib.verify.balls import Ball, UndecidedError
from actlib.verify.pieces import BEYOND, piece

START = 64.0  # what is left is below 2^-90 there, where it falls as an exponential does
MOST_BITS = 2**27  # of a sum that tells the curve from the line
BITS = 128


@dataclass(frozen=True, kw_only=True)
class Asymptote:
    """For side · x >= START the curve is slope · x + offset and `rest`."""

    side: int
    slope: sp.Rational
    offset: sp.Rational
    lead: far.Monomial  # in |x|
    coefficient: Ball  # of it, of one sign

    @property
    def sign(self) -> int:
        """That of what is left."""
        return 1 if self.coefficient > 0 else -1

    def rest(self, x: float) -> Ball:
        """What is left of the curve at x."""
        with ctx.workprec(BITS):
            return self.coefficient * far.value(self.lead, abs(x))


@lru_cache(maxsize=256)
def asymptotes(expression: sp.Expr) -> tuple[Asymptote, ...]:
    """On the left and on the right, where there are some."""
    found = []
    for side in (-1, 1):
        try:
            known = far.asymptote(piece(expression, side * BEYOND).subs(X, side * X), START)
        except (UndecidedError, TypeError):  # no expansion from so near, or none at all
            continue
        if known is not None:
            slope, offset, lead, coefficient = known
            found.append(
                Asymptote(
                    side=side,
                    slope=side * sp.Rational(int(slope.p), int(slope.q)),
                    offset=sp.Rational(int(offset.p), int(offset.q)),
                    lead=lead,
                    coefficient=coefficient,
                )
            )
    return tuple(found)


def ball(expression: sp.Expr, x: float) -> Ball | None:
    """Of a curve at x, strictly on its side of its asymptote; None where none is known, or where

    that takes too many digits.
    """
    for line in asymptotes(expression):
        if math.inf > line.side * x >= START:
            rest = line.rest(x)
            exponent = int(rest.mid().man_exp()[1])
            if -exponent < MOST_BITS:
                with ctx.workprec(MOST_BITS):
                    exact = fmpq(*x.as_integer_ratio()) * _fraction(line.slope)
                    return arb(exact + _fraction(line.offset)) + rest
    return None


def _fraction(number: sp.Rational) -> fmpq:
    return fmpq(int(number.p), int(number.q))
