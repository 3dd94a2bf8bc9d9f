"""The second look next to 0, where a curve is its tangent and a little.

f(x) = c₀ + c₁ x + (c₂ x² + c₃ x³ + …). Half of the subnormal results of a curve of slope 1/2 lie
next to a midpoint m, at a distance like x² that no fixed number of digits resolves. But the
tangent's distance c₀ + c₁ x − m is a sum of few floats and is found without an error, and of the
rest a few digits are enough, unless the two cancel.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from actlib.arithmetic.exact import exact_product, exact_sum
from actlib.arithmetic.rounding import Array
from actlib.call.operands import Operand
from actlib.call.second_look.terms import Terms, denominator, terms
from actlib.formula.symbols import X

NEAR = 2.0**-14
ORDER = 8
ROUNDING = 2.0**-40  # of the rest, computed in float64
LEFT_OUT = 2.0**-100  # of a coefficient that is no sum of few floats
TINIEST = 2.0**-900  # of exact products


def series(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Iterator[Callable[..., Array]]:
    """A look for the right of 0 and one for the left, where there is such a series."""
    whole = expression.rewrite((sp.Abs, sp.Max, sp.Min), sp.Piecewise)
    for sign in (1, -1):
        piece = whole.replace(_is_pieces, lambda node, sign=sign: _owner(node, sign))
        series = None if piece.has(sp.nan) else _series(piece, sign, symbols)
        if series is not None:
            yield series.side


def _is_pieces(node: sp.Basic) -> bool:
    return isinstance(node, sp.Piecewise)


def _owner(pieces: sp.Piecewise, sign: int) -> sp.Expr:
    """The piece of all x between 0 and ±NEAR; NaN where there is none, or it depends."""
    ends = [sign * sp.Rational(end) for end in (2.0**-1000, NEAR)]
    for value, test in pieces.args:
        there = {sp.sympify(test).subs(X, end) for end in ends}
        if there == {sp.true}:
            return value
        if there != {sp.false}:
            break
    return sp.nan


@dataclass(frozen=True)
class Series:
    """On one side of 0: `scale` times a curve, as exact terms and a series for the rest."""

    sign: int
    scale: int
    start: Terms
    slope: Terms | None  # None where it belongs to the rest
    is_straight: bool
    rest: Callable[..., Sequence[Any]]  # of the parameters: the coefficients from 0 on

    def side(self, middle: Array, x: Array, *values: Operand) -> Array:
        """The sign of f(x) − middle, or NaN."""
        offsets = [*self.start.of(*values), -self.scale * middle]
        slopes = [] if self.slope is None else self.slope.of(*values)
        products = [part for slope in slopes for part in exact_product(slope, x)]
        gap = exact_sum([*offsets, *products])
        rest, unknown = little(self.rest(*values), np.ones(x.shape), x, gap)
        if not (self.start.is_exact and (self.slope is None or self.slope.is_exact)):
            unknown = unknown + LEFT_OUT * sum(map(np.abs, [*offsets, *products]))
        sure = np.abs(gap + rest) > unknown
        if self.is_straight:
            sure |= gap == 0
        for product in products[::2]:
            sure &= (np.abs(product) > TINIEST) | (product == 0)
        near = (self.sign * x > 0) & (np.abs(x) < NEAR)
        return np.where(near & sure, np.sign(gap + rest), np.nan)


def little(coefficients: Sequence[Any], factor: Array, x: Array, gap: Array) -> tuple[Array, Array]:
    """factor · Σ_k coefficients[k] xᵏ, and how much of its sum with the gap is not known.

    That is what rounding loses of both, and what is left out, of which the last two terms tell.
    """
    rest, before_last, last = (np.zeros(x.shape) for _ in range(3))
    power = factor
    for coefficient in coefficients:
        before_last, last = last, coefficient * power
        rest = rest + last
        power = power * x
    left_out = 4 * (np.abs(before_last) + np.abs(last))
    return rest, ROUNDING * (np.abs(gap) + np.abs(rest)) + left_out


def _series(piece: sp.Expr, sign: int, symbols: Sequence[sp.Symbol]) -> Series | None:
    found = coefficients(piece)
    if found is None:
        return None
    scale = denominator(*found[:2])
    scaled = [scale * c for c in found]
    start, slope = (terms(c, symbols) for c in scaled[:2])
    if start is None or (slope is None and found[0] == 0):
        return None
    rest = [0, 0 if slope is not None else scaled[1], *scaled[2:]]
    exact = start.is_exact and slope is not None and slope.is_exact
    return Series(
        sign=sign,
        scale=scale,
        start=start,
        slope=slope,
        is_straight=exact and sp.degree(piece, X) <= 1 if piece.is_polynomial(X) else False,
        rest=sp.lambdify(symbols, rest, "numpy"),
    )


def coefficients(piece: sp.Expr) -> list[sp.Expr] | None:
    """Of its series at 0; None where it has none."""
    found = []
    for k in range(ORDER):
        coefficient = piece.subs(X, 0) / sp.factorial(k)
        if not coefficient.is_Number:
            coefficient = sp.simplify(coefficient.rewrite(sp.exp))
        if coefficient.is_finite is False or coefficient.has(sp.nan, sp.zoo):
            return None
        found.append(coefficient)
        piece = piece.diff(X)
    return found
