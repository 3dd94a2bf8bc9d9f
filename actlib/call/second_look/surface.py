"""The second look at a gated pair: on which side of a midpoint does value · h(gate) lie?

Next to gate = 0 it is value (c₀ + c₁ gate) and a little. Half of the subnormal results of
h(0) = 1/2 lie next to a midpoint there, or on it. As for curves, the leading terms less the
midpoint are a sum of few floats, found without an error, and the little decides.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from actlib.arithmetic.exact import exact_product, exact_sum
from actlib.arithmetic.rounding import Array
from actlib.call.second_look import digits
from actlib.call.second_look.curve import groups
from actlib.call.second_look.series import LEFT_OUT, NEAR, coefficients, little
from actlib.call.second_look.terms import Terms, terms
from actlib.formula.pair import factor
from actlib.formula.symbols import GATE, VALUE, X


@dataclass(frozen=True, eq=False)
class Surface:
    """An expression in value and gate: a function of the gate, or value times one."""

    expression: sp.Expr

    def sides(self, middle: Array, value: Array, gate: Any) -> Array:
        """The sign of the expression − middle at each pair; 0 for a tie."""
        passed = value if self.expression.has(VALUE) else np.ones_like(value)
        found = np.full(passed.shape, np.nan)
        if self._near is not None:
            found[...] = self._near.side(middle, passed, gate)
        left = np.flatnonzero(np.isnan(found))
        if left.size:
            first, same = groups([middle[left], passed[left], gate[left]])
            columns = (column[left][first].tolist() for column in (passed, gate, middle))
            asked = ((self.expression, *numbers) for numbers in zip(*columns, strict=True))
            found[left] = np.array(digits.sides(asked, (VALUE, GATE)), np.float64)[same]
        return found

    @cached_property
    def _near(self) -> "Near | None":
        """None where no few floats add up to h(0)."""
        curve = factor(self.expression).subs(GATE, X)
        found = None if curve.has(sp.Piecewise, sp.Abs, sp.Max, sp.Min) else coefficients(curve)
        if found is None:
            return None
        start, slope = (terms(c, ()) for c in found[:2])
        if start is None or not start.is_exact:
            return None
        rest = [0.0, 0.0 if slope is not None else float(found[1]), *map(float, found[2:])]
        return Near(start, slope, rest)


@dataclass(frozen=True)
class Near:
    """value · h(gate) next to gate = 0: exact terms, and a series for the rest."""

    start: Terms
    slope: Terms | None  # None where it belongs to the rest
    rest: list[float]  # the coefficients from 0 on

    def side(self, middle: Array, value: Array, gate: Array) -> Array:
        """The sign of value · h(gate) − middle, or NaN. No number has more than 25 bits."""
        both = value * gate  # 48 bits: without an error
        parts = [part * value for part in self.start.of()]
        slopes = [] if self.slope is None else self.slope.of()
        parts += [part for slope in slopes for part in exact_product(slope, both)]
        gap = exact_sum([*parts, -middle])
        rest, unknown = little(self.rest, value, gate, gap)
        if self.slope is not None and not self.slope.is_exact:
            unknown = unknown + LEFT_OUT * np.abs(both)
        sure = (np.abs(gate) < NEAR) & (np.abs(gap + rest) > unknown)
        return np.where(sure | (gate == 0), np.sign(gap + rest), np.nan)
