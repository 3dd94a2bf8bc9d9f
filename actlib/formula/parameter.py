"""A parameter of an activation: its name, its default, and the numbers it may be.

A stacked parameter is a sequence of S such numbers, for an S that the caller chooses.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actlib.formula.domain import FINITE, Domain


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameter:
    """A named number, or array of numbers, on which an activation depends."""

    name: str
    default: float | tuple[float, ...] | None
    meaning: str
    domain: Domain = FINITE
    learned: bool = False
    stacked: bool = False
    absent: float | None = None  # what None stands for; without it None is refused

    @cached_property
    def symbol(self) -> Any:
        """A real symbol of SymPy; of a stacked parameter, one with an index."""
        import sympy as sp

        return (sp.IndexedBase if self.stacked else sp.Symbol)(self.name, real=True)

    @cached_property
    def variable(self) -> Any:
        """What a learned parameter is differentiated by: itself, or one of its stack."""
        from actlib.formula.symbols import INDEX

        return self.symbol[INDEX] if self.stacked else self.symbol

    @cached_property
    def domain_text(self) -> str:
        """What it may be in words, as error messages and fact cards give it."""
        absent = ", or None" if self.absent is not None else ""
        shape = ", of shape (S,) or (S, *features)" if self.stacked else ""
        return self.domain.text + absent + shape
