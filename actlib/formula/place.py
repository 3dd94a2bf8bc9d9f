"""A point at which something happens, for those settings of the parameters at which it does."""

from dataclasses import dataclass
from typing import Any

from actlib.formula.setting import Setting, counts


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """A point, in terms of the parameters; with INDEX in it, S such points."""

    at: Any  # a SymPy expression
    when: Any = True  # the condition on the parameters under which it is there

    def __post_init__(self) -> None:
        import sympy as sp

        for name in ("at", "when"):
            object.__setattr__(self, name, sp.sympify(getattr(self, name)))

    def points(self, setting: Setting) -> set[Any]:
        """Where it is at this setting, as SymPy numbers."""
        from actlib.formula.symbols import INDEX, at

        stacks = counts(setting) if self.at.has(INDEX) else {1}
        each = [{INDEX: s} for count in stacks for s in range(1, count + 1)]
        there = [s for s in each if at(self.when.subs(s), setting)]
        points = {at(self.at.subs(s), setting) for s in there}
        return {point for point in points if point.is_finite}


class Turn(Place):
    """A point where the function turns: its slope changes its sign there, and nothing jumps.

    Where no formula is known for it, `at` is a Rational of at least twenty digits, all of them
    right.
    """
