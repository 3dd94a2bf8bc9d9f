"""A point where the slope, or the value itself, jumps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from actlib.formula.parameter import INDEX
from actlib.formula.setting import Setting, at, counts


@dataclass(frozen=True, kw_only=True, eq=False)
class Kink:
    """A point where the slope, or the value itself, jumps; with INDEX in it, S such points."""

    at: sp.Expr
    when: Any = sp.true  # the condition on the parameters under which the jump is there
    frameworks: Mapping[str, Any] = field(default_factory=dict)  # the slope each one takes

    def points(self, setting: Setting) -> set[sp.Expr]:
        """Where it is at this setting."""
        stacks = counts(setting) if self.at.has(INDEX) else {1}
        each = [{INDEX: s} for count in stacks for s in range(1, count + 1)]
        there = [s for s in each if at(sp.sympify(self.when).subs(s), setting)]
        points = {at(self.at.subs(s), setting) for s in there}
        return {point for point in points if point.is_finite}
