"""A parameter of an activation: its symbol, its default, and the numbers it may be.

A stacked parameter is a sequence of S such numbers, for an S that the caller chooses.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

COUNT = sp.Symbol("S", integer=True, nonnegative=True)
INDEX = sp.Symbol("s", integer=True, positive=True)
"""How many numbers a stacked parameter holds, and which of them is meant, from 1 to S."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameter:
    """A named number, or array of numbers, on which an activation depends."""

    name: str
    default: float | tuple[float, ...] | None
    meaning: str
    domain: sp.Interval = field(default=sp.Interval(-sp.oo, sp.oo))
    learned: bool = False
    stacked: bool = False
    absent: float | None = None  # what None stands for; without it None is refused

    @cached_property
    def symbol(self) -> Any:
        """A real symbol; of a stacked parameter, one with an index."""
        return (sp.IndexedBase if self.stacked else sp.Symbol)(self.name, real=True)

    @cached_property
    def variable(self) -> Any:
        """What a learned parameter is differentiated by: itself, or one of its stack."""
        return self.symbol[INDEX] if self.stacked else self.symbol

    @cached_property
    def domain_text(self) -> str:
        """The domain in words, as error messages and fact cards give it."""
        low, high = self.domain.start, self.domain.end
        bounds = ["finite"]
        if low.is_finite:
            bounds.append(f"{'>' if self.domain.left_open else '>='} {low}")
        if high.is_finite:
            bounds.append(f"{'<' if self.domain.right_open else '<='} {high}")
        absent = ", or None" if self.absent is not None else ""
        shape = ", of shape (S,) or (S, *features)" if self.stacked else ""
        return " and ".join(bounds) + absent + shape

    @cached_property
    def bounds(self) -> tuple[Callable[..., Any], float, Callable[..., Any], float]:
        """A comparison and its bound from below, and both from above."""
        above = operator.gt if self.domain.left_open else operator.ge
        below = operator.lt if self.domain.right_open else operator.le
        return above, float(self.domain.start), below, float(self.domain.end)
