"""Piecewise definitions taken apart: which piece owns a point, and its slopes there.

SymPy 1.14 takes one-sided limits of a Piecewise wrongly (sympy#23836, #27236) and differentiates
Max(x, 0) to Heaviside(x), which it later turns into 1/2 at 0. So we never ask it for either: we
find the piece that holds just beside the point, and treat that piece alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import sympy as sp

from actlib.formula.symbols import X, at_setting

# Closer to a point than any float64 but the point itself; and beyond every float64.
BESIDE = sp.Rational(1, 2**1100)
BEYOND = sp.Integer(2) ** 1100


@dataclass(frozen=True)
class Jump:
    """How far the value jumps; the slopes on both sides; the slope of the piece that owns it."""

    height: sp.Expr
    left: sp.Expr
    right: sp.Expr
    taken: sp.Expr


def piece(expression: sp.Expr, point: sp.Expr) -> sp.Expr:
    """What the expression is in the piece that owns the point: an expression without pieces."""

    def owner(piecewise: sp.Piecewise) -> sp.Expr:
        return next(value for value, test in piecewise.args if test.subs(X, point) == sp.true)

    return expression.replace(lambda node: isinstance(node, sp.Piecewise), owner)


def boundaries(expression: sp.Expr) -> set[sp.Expr]:
    """The points at which one piece ends and the next begins."""
    tests = [test for p in expression.atoms(sp.Piecewise) for _, test in p.args]
    relations = [r for test in tests for r in test.atoms(sp.Rel)]
    return {point for r in relations for point in sp.solve(r.lhs - r.rhs, X) if point.is_finite}


def regions(expression: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """What the expression is between two neighbouring cuts, and the cuts: 0 and the boundaries."""
    cuts = [-sp.oo, *sorted({*boundaries(expression), sp.Integer(0)}), sp.oo]
    for low, high in pairwise(cuts):
        inside = low + BESIDE if low.is_finite else high - BESIDE
        yield piece(expression, inside), low, high


def jumps(expression: sp.Expr) -> Mapping[sp.Expr, Jump]:
    """The points where the value or the slope of the expression jumps, found from its pieces."""
    found = {}
    for point in boundaries(expression):
        left, right, owner = (piece(expression, point + d) for d in (-BESIDE, BESIDE, 0))
        slopes = [sp.diff(p, X).subs(X, point) for p in (left, right, owner)]
        jump = Jump((right - left).subs(X, point), *slopes)
        if jump.height != 0 or jump.left != jump.right:
            found[point] = jump
    return found


def differentiate(expression: sp.Expr) -> sp.Expr:
    """The derivative in x, piece by piece, with Abs, Max and Min spelled as pieces."""
    return sp.diff(at_setting(expression, {}), X)
