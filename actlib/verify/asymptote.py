"""A curve far out, where it is a straight line and a little: on which side of that line it lies.

x − tanh(x) is x − 1, and 2 exp(−2x) more. At every second float32 from 2²⁴ to 2²⁵ the line is a
tie, and no ball with an affordable number of digits tells it from the curve; nor 2 tanh(x) + 0.7
from 2.7. But what is left of the curve beside the line has a sign, and a size.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify import far
from actlib.verify.balls import Ball, UndecidedError
from actlib.verify.pieces import regions

START = 64.0  # what is left is below 2^-90 there, where it falls as an exponential does
CLOSE = arb(2) ** -2000  # as a share: no float, and no middle of two, lies so close to another
BITS = 128
DIGITS = 8192  # bits that hold any float, and 2^-2000 of it


@dataclass(frozen=True, kw_only=True)
class Asymptote:
    """For side · x >= start the curve is slope · x + offset and `rest`."""

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
def asymptotes(expression: sp.Expr, start: float = START) -> tuple[Asymptote, ...]:
    """On the left and on the right, where there are some from ∓start on."""
    found = []
    for curve, low, high in regions(expression):
        if sp.oo not in (-low, high):
            continue
        side, end = (1, low) if high == sp.oo else (-1, -high)
        try:
            known = far.asymptote(curve.subs(X, side * X), start) if end < start else None
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
    """A ball as good as the truth, strictly on its side of its asymptote, where one is known at x:

    that of the truth, or, where this is closer to the line than CLOSE, one that is that close.
    Between both there is no float, and no middle of two.
    """
    start = max((s for s in far.STARTS if s <= abs(x) < math.inf), default=None)
    if start is None:
        return None
    for line in asymptotes(expression, start):
        if line.side * x > 0:
            exact = fmpq(*x.as_integer_ratio()) * _fraction(line.slope) + _fraction(line.offset)
            rest = line.rest(x)
            with ctx.workprec(DIGITS):
                closest = abs(exact) * CLOSE
                return arb(exact) + (rest if abs(rest) > closest else line.sign * closest)
    return None


def _fraction(number: sp.Rational) -> fmpq:
    return fmpq(int(number.p), int(number.q))
