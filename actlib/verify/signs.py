"""The signs of a formula on the whole line, and its roots, each of them certified.

The line is cut at 0 and where the pieces meet. Between two cuts the signs of coefficients are tried
first. Where they prove nothing, the formula is expanded far out (far.py), and what is left, which
is finite, is halved until in each part either the formula has one sign, or its slope has one and
the signs at the two ends tell whether there is a root. A number counts as a root only if it is
alone between two fractions; a double root between two cuts is undecided, and so is a formula with
infinitely many. That costs a bounded number of balls.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify import far
from actlib.verify.balls import Ball, UndecidedError, evaluator
from actlib.verify.closed import Bracket, closed
from actlib.verify.coefficients import sign
from actlib.verify.jets import Jet, jet
from actlib.verify.pieces import regions

BITS = 256
PARTS = 4096  # into which an interval is halved at most
CLOSEST = 60  # halvings on the way to a cut
SPLITS = [Fraction(n, 32) for n in (16, 15, 19, 11, 21)]  # where to halve: no root should be there


@dataclass(frozen=True)
class Stretch:
    """Between two numbers, with neither of them, an expression has one sign: 1, −1 or 0."""

    low: sp.Expr
    high: sp.Expr
    sign: int
    part: sp.Expr  # what the function is there: an expression without pieces


@lru_cache(maxsize=512)
def stretches(function: sp.Expr, order: int) -> tuple[Stretch, ...]:
    """The signs of the order-th derivative of a function of x, from left to right.

    Raises:
        UndecidedError: They could not be proved.
    """
    return tuple(
        Stretch(low, high, found, part)
        for part, *ends in regions(function)
        for low, high, found in _between(sp.diff(part, X, order), *ends)
    )


Signs = list[tuple[sp.Expr, sp.Expr, int]]


def _between(expression: sp.Expr, low: sp.Expr, high: sp.Expr) -> Signs:
    """The signs between two cuts, each with its ends."""
    quick = sign(expression, low, high)
    if quick is not None:
        return [(low, high, quick)]
    if low.is_infinite:  # mirrored: only one end is ever infinite, since 0 is a cut
        mirrored = _between(expression.subs(X, -X), -high, sp.oo)
        return [(-b, -a, found) for a, b, found in reversed(mirrored)]
    try:
        with ctx.workprec(BITS):
            return list(_isolated(expression, low, high))
    except TypeError as error:  # no balls, or no expansion
        raise UndecidedError(str(error)) from error


def _isolated(expression: sp.Expr, low: sp.Expr, high: sp.Expr) -> Iterator[Any]:
    of = jet(expression)
    width = sp.S.One if high.is_infinite else high - low
    first, after = _beside(expression, of, low, width)
    if high.is_infinite:
        last, before = _far_out(expression, first)
    else:
        mirrored = expression.subs(X, -X)
        last, before = _beside(mirrored, jet(mirrored), -high, width)
        last = -last
    found = _Halving(of).roots(first, last, after, before)
    ends = [low, *(closed(expression, root) for root in found), high]
    for i, (left, right) in enumerate(pairwise(ends)):
        yield left, right, after * (-1) ** i


def _beside(expression: sp.Expr, of: Jet, cut: sp.Expr, width: sp.Expr) -> tuple[Fraction, int]:
    """A fraction above a finite cut, and the sign of the expression up to it: that of the first
    derivative that is not 0 at the cut, as far as it keeps its own."""
    at, room = (evaluator(number, []).quick([]) for number in (cut, width / 4))
    for order in range(HIGHEST):
        if sp.simplify(sp.diff(expression, X, order).subs(X, cut)) != 0:
            break
    else:
        raise UndecidedError(f"{expression} at {cut}")
    step = Fraction(1, 4)
    while not _ball(step) <= room:
        step /= 2
    for _ in range(CLOSEST):
        near = _exact((at + _ball(step)).mid())
        found = _sign(of(at.union(_ball(near)), order + 1)[order])
        if found:
            return near, found
        step /= 2
    raise UndecidedError(f"the sign of {expression} beside {cut}")


HIGHEST = 5  # derivatives that may be 0 at a cut


def _far_out(expression: sp.Expr, first: Fraction) -> tuple[Fraction, int]:
    """A start, and the sign from there on."""
    for start in far.STARTS:
        try:
            if start > first:
                return Fraction(start), far.sign(expression, start)
        except UndecidedError:
            continue
    raise UndecidedError(f"the sign of {expression} far out")


class _Halving:
    """An interval, halved until each part is understood."""

    def __init__(self, of: Jet) -> None:
        self.of, self.left = of, PARTS

    def roots(
        self, low: Fraction, high: Fraction, at_low: int, at_high: int, halvings: int = CLOSEST
    ) -> list[Bracket]:
        """Fractions around each root; the signs at both ends are known, and neither is 0."""
        self.left -= 1
        if not self.left or not halvings:
            raise UndecidedError(f"more than one root, or a double one, near {float(low)}")
        value, slope = self._enclosed(low, high)
        if _sign(value):
            return []
        if _sign(slope):
            return [] if at_low == at_high else [self._narrowed(low, high, at_low)]
        middle, at_middle = self._split(low, high)
        return [
            *self.roots(low, middle, at_low, at_middle, halvings - 1),
            *self.roots(middle, high, at_middle, at_high, halvings - 1),
        ]

    def _enclosed(self, low: Fraction, high: Fraction) -> tuple[Ball, Ball]:
        """Value and slope over an interval; also by the mean value theorem, which is closer on
        narrow ones."""
        whole = _ball(low).union(_ball(high))
        middle = whole.mid()
        value, slope, bend = self.of(whole, 3)
        value_there, slope_there = self.of(middle, 2)
        away = whole - middle
        slope = _both(slope, slope_there + bend * away)
        return _both(value, value_there + slope * away), slope

    def _split(self, low: Fraction, high: Fraction) -> tuple[Fraction, int]:
        for share in SPLITS:
            middle = low + share * (high - low)
            found = _sign(self.of(_ball(middle), 1)[0])
            if found:
                return middle, found
        raise UndecidedError(f"the sign at {float(middle)}")

    def _narrowed(self, low: Fraction, high: Fraction, at_low: int) -> Bracket:
        """Until the slope is nearly the same all over it: then Newton's method finds the root."""
        slope = self.of(_ball(low).union(_ball(high)), 2)[1]
        while not slope.rad() < abs(slope.mid()) / 8:
            middle, found = self._split(low, high)
            low, high = (middle, high) if found == at_low else (low, middle)
            slope = self.of(_ball(low).union(_ball(high)), 2)[1]
        return low, high


def _both(one: Ball, other: Ball) -> Ball:
    """Where both are: NaN is anywhere."""
    if not other.is_finite():
        return one
    return one.intersection(other) if one.is_finite() else other


def _sign(ball: Ball) -> int:
    """0 where it is not known."""
    return 1 if ball > 0 else -1 if ball < 0 else 0


def _ball(fraction: Fraction) -> Ball:
    return arb(fmpq(fraction.numerator, fraction.denominator))


def _exact(middle: Ball) -> Fraction:
    man, exp = middle.man_exp()
    return Fraction(int(man)) * Fraction(2) ** int(exp)
