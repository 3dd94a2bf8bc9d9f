"""A point at which something happens, for those settings of the parameters at which it does."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from actlib.formula.parameter import INDEX
from actlib.formula.setting import Setting, at, counts


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """A point, in terms of the parameters; with INDEX in it, S such points."""

    at: sp.Expr
    when: Any = sp.true  # the condition on the parameters under which it is there

    def points(self, setting: Setting) -> set[sp.Expr]:
        """Where it is at this setting."""
        stacks = counts(setting) if self.at.has(INDEX) else {1}
        each = [{INDEX: s} for count in stacks for s in range(1, count + 1)]
        there = [s for s in each if at(sp.sympify(self.when).subs(s), setting)]
        points = {at(self.at.subs(s), setting) for s in there}
        return {point for point in points if point.is_finite}


class Turn(Place):
    """A point where the function turns: its slope changes its sign there, and nothing jumps.

    Where no formula is known for it, `at` is a Rational of at least twenty digits, all of them
    right.
    """
