"""Taylor coefficients of a formula, in balls: at a point, and over a whole interval.

The k-th one over an interval holds f⁽ᵏ⁾(ξ) / k! for every ξ in it, so that it bounds what a
polynomial of degree k − 1 leaves out (Lagrange's remainder).

Far out a formula can overflow where its value does not: over [−512, −256] the ball of
1 / (1 + exp(−x)) is everything. There it is written with exponentials that fall: t / (1 + t), with
t = exp(x).
"""

from collections.abc import Mapping

import sympy as sp
from flint import arb, arb_series, ctx

from actlib.formula.symbols import X
from actlib.verify.balls import Ball, compiled
from actlib.verify.series import InSeries

HYPERBOLIC = (sp.tanh, sp.coth, sp.sinh, sp.cosh, sp.sech, sp.csch)


class Taylor:
    """Of an expression in x without pieces, on the side of 0 that is told."""

    def __init__(self, expression: sp.Expr, side: int) -> None:
        f, logs = falling(expression, side)
        self._exponents = [compiled(log, [X], InSeries()) for log in logs.values()]
        self._compute = compiled(f, [X, *logs], InSeries())

    def over(self, middle: float, radius: float, count: int, bits: int) -> list[Ball] | None:
        """The first coefficients, for every point of the interval; None where there are none."""
        with ctx.workprec(bits):
            variable = arb_series([arb(middle, radius), 1], prec=count)
            try:
                falls = [exponent([variable]).exp() for exponent in self._exponents]
                found = self._compute([variable, *falls])
            except (ValueError, ZeroDivisionError):
                return None
            if not isinstance(found, arb_series):
                return [found + 0, *[arb(0)] * (count - 1)]  # a constant
            if found.prec < count:
                return None
            known: list[Ball] = found.coeffs()
            return known + [arb(0)] * (count - len(known))


Logs = Mapping[sp.Symbol, sp.Expr]


def falling(expression: sp.Expr, side: int) -> tuple[sp.Expr, Logs]:
    """The same in x and t = exp(−k |x|), say: exponentials that fall on this side of 0; their logs.

    One fraction of polynomials, in which what would cancel has been cancelled: over an interval, an
    x that comes in twice is taken for two numbers.
    """
    f = expression.rewrite(HYPERBOLIC, sp.exp)
    logs: dict[sp.Symbol, sp.Expr] = {}
    for exponent in {_exponent(e) for e in f.atoms(sp.exp)}:
        known = any(_ratio(exponent, log).is_Rational for log in logs.values())
        if not known and exponent.is_polynomial(X):
            falls = -1 if sp.limit(exponent, X, side * sp.oo) == sp.oo else 1
            logs[sp.Dummy("t", positive=True)] = falls * _unit(exponent, f)

    def in_t(exponential: sp.Expr) -> sp.Expr:
        exponent = _exponent(exponential)
        for t, log in logs.items():
            power = _ratio(exponent, log)
            if power.is_Rational:
                return sp.exp(sp.expand(exponential.args[0]) - exponent) * t**power
        return exponential

    f = f.replace(lambda node: isinstance(node, sp.exp), in_t)
    f = f.replace(lambda node: isinstance(node, sp.log), lambda node: _log(node.args[0], logs))
    f = sp.cancel(sp.together(f))
    if f.is_rational_function(X) and not logs:
        return sp.apart(f, X), logs  # x / (1 + x) as 1 - 1 / (1 + x): x comes in once
    above, below = sp.fraction(f)
    return sp.collect(above, X) / sp.factor(below), logs


def _exponent(exponential: sp.Expr) -> sp.Expr:
    """The u of exp(u + constant)."""
    return sp.expand(exponential.args[0]).as_independent(X, as_Add=True)[1]


def _ratio(exponent: sp.Expr, other: sp.Expr) -> sp.Expr:
    return sp.cancel(exponent / other)


def _unit(exponent: sp.Expr, f: sp.Expr) -> sp.Expr:
    """The largest part of it of which all that are like it are whole multiples."""
    ratios = [_ratio(_exponent(e), exponent) for e in f.atoms(sp.exp)]
    return exponent / sp.ilcm(1, *(int(r.q) for r in ratios if r.is_Rational))


def _log(argument: sp.Expr, logs: Logs) -> sp.Expr:
    """log(t^k p(t)) as k log t + log(p(t))."""
    parts = sp.fraction(sp.cancel(sp.together(argument)))
    apart = sp.Integer(0)
    for t, log in logs.items():
        powers = [_lowest(part, t) for part in parts]
        parts = tuple(sp.expand(p / t**k) for p, k in zip(parts, powers, strict=True))
        apart += (powers[0] - powers[1]) * log
    return sp.log(parts[0] / parts[1]) + apart


def _lowest(polynomial: sp.Expr, t: sp.Symbol) -> int:
    """The lowest power of t in it; 0 where it is no polynomial."""
    if not polynomial.is_polynomial(t):
        return 0
    return int(min(sp.Poly(polynomial, t).monoms())[0])
