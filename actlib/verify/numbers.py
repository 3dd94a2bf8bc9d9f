"""Numbers that are known by their digits: the only root of a formula between two fractions.

To SymPy each is a number like π: it is compared, and evaluated to as many digits as are asked for.
Each digit that is printed is certified.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from mpmath.libmp import from_man_exp

from actlib.formula.symbols import X
from actlib.verify.balls import PRECISIONS, Ball, UndecidedError, evaluator
from actlib.verify.jets import jet

SHOWN = 20  # digits


class Digits(sp.NumberSymbol):  # type: ignore[misc]
    """A real number that is printed as the first of its digits."""

    __slots__ = ("parts",)

    is_extended_real = True
    is_commutative = True

    def __new__(cls, *parts: Any) -> "Digits":
        made: Digits = sp.AtomicExpr.__new__(cls)
        made.parts = parts
        return made

    def ball(self) -> Ball:
        """It, in the precision that is set."""
        raise NotImplementedError

    def _hashable_content(self) -> tuple[Any, ...]:
        return self.parts

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.parts == getattr(other, "parts", None)

    def __hash__(self) -> int:
        return hash((type(self), self.parts))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.parts

    def _as_mpf_val(self, prec: int) -> Any:
        """As SymPy's evaluation asks for it."""
        man, exp = known(self, prec).mid().man_exp()
        return from_man_exp(int(man), int(exp), prec, "n")

    def _eval_is_extended_positive(self) -> bool:
        return bool(known(self, 8) > 0)

    def _eval_is_extended_negative(self) -> bool:
        return bool(known(self, 8) < 0)

    def _eval_is_zero(self) -> bool:
        return False  # no ball of it is narrow, compared with 0, before it is known to be none

    def _sympystr(self, printer: Any) -> str:
        return digits(self)

    _sympyrepr = _sympystr

    def _latex(self, printer: Any) -> str:
        return digits(self).replace("…", r"\ldots")


class Root(Digits):
    """The only root of an expression in x between two fractions, where its slope changes by less
    than a quarter: so Newton's method finds it."""

    __slots__ = ()

    def ball(self) -> Ball:
        return _root(*self.parts, int(ctx.prec))

    def __neg__(self) -> "Root":
        expression, low, high = self.parts
        return Root(expression.subs(X, -X), -high, -low)


class Value(Digits):
    """A number that is computed from such roots."""

    __slots__ = ()

    def ball(self) -> Ball:
        return evaluator(self.parts[0], []).quick([])

    def __neg__(self) -> "Value":
        return Value(-self.parts[0])


def known(number: sp.Expr, bits: int) -> Ball:
    """A ball of a number with at least so many bits of it, or 0 itself.

    Raises:
        UndecidedError: So many bits are not to be had.
    """
    exact = evaluator(number, []).exact
    for precision in (bits + 32, *(p for p in PRECISIONS if p > bits + 32)):
        with ctx.workprec(precision):
            ball = exact([])
        if ball.is_exact() or ball.rel_accuracy_bits() >= bits:
            return ball
    raise UndecidedError(f"{bits} bits of {number.func.__name__}{number.args}")


def digits(number: sp.Expr, count: int = SHOWN) -> str:
    """The first digits of a number, none of them rounded: 1.0998393201288669170…

    Where no ball can tell on which side of 0.5, say, it lies: 0.5 ± 1e-500.
    """
    for bits in PRECISIONS[:3]:
        with ctx.workprec(bits):
            ball = known(number, bits)
            low, high = (_cut(end, count) for end in (ball.lower(), ball.upper()))
        if low == high:
            return f"{low}…"
    return f"{ball.mid().str(count, radius=False)} ± {ball.rad().str(1, radius=False)}"


def _cut(end: Ball, count: int) -> str:
    """An exact number cut after so many digits."""
    man, exp = end.man_exp()
    size = abs(Fraction(int(man)) * Fraction(2) ** int(exp))
    whole = len(str(int(size))) if size >= 1 else 1 - len(str(int(1 / size)))
    shift = max(count - whole, 1)
    text = str(int(size * Fraction(10) ** shift)).rjust(shift + 1, "0")
    return f"{'-' if end < 0 else ''}{text[:-shift]}.{text[-shift:]}"


def is_near(declared: sp.Expr, found: sp.Expr) -> bool:
    """The same number; or one that is it when it is rounded to twenty digits."""
    if declared == found or declared.is_infinite or found.is_infinite:
        return bool(declared == found)
    with ctx.workprec(4 * SHOWN + 64):
        both = [evaluator(number, []).exact([]) for number in (declared, found)]
        return bool(abs(both[0] - both[1]) <= abs(both[1]) / arb(10) ** (SHOWN - 1) / 2)


@lru_cache(maxsize=4096)
def _root(expression: sp.Expr, low: sp.Rational, high: sp.Rational, precision: int) -> Ball:
    """Newton's method in balls: each holds the root, and is at most half as wide as the last."""
    of = jet(expression)
    with ctx.workprec(precision + 32):
        ball = _between(low, high)
        while True:
            middle = ball.mid()
            value, slope = of(middle, 1)[0], of(ball, 2)[1]
            narrower = ball.intersection(middle - value / slope)
            if not narrower.rad() < ball.rad() / 2:
                return narrower
            ball = narrower


def _between(low: sp.Rational, high: sp.Rational) -> Ball:
    ends: Sequence[Ball] = [arb(fmpq(int(end.p), int(end.q))) for end in (low, high)]
    return ends[0].union(ends[1])
