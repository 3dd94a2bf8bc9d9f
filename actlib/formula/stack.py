"""Sums over the numbers of a stacked parameter, and the least of some terms, however many."""

from typing import Any

import sympy as sp

from actlib.formula.symbols import COUNT

EACH, OTHER = sp.symbols("i j", integer=True, positive=True)
"""Which of the numbers is meant, from 1 to S, in a sum and in a minimum over sums."""


def every(term: sp.Expr) -> sp.Expr:
    """The sum of a term in EACH over the whole stack."""
    return sp.Sum(term, (EACH, 1, COUNT))


class Lowest(sp.Function):  # type: ignore[misc]  # SymPy has no types
    """Lowest(term, j, S): the least of the terms for j = 1, …, S, and infinity if S is 0."""

    def doit(self, **hints: Any) -> sp.Expr:
        term, index, count = self.args
        return sp.Min(*(term.subs(index, s).doit() for s in range(1, int(count) + 1)))
