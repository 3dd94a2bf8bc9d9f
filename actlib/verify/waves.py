"""Formulas that are one wave: between which two numbers they swing, for ever.

Their signs make no list that ends. But a wave of one frequency is m + h sin(w x + c), and takes on
all that lies between m − |h| and m + |h|, again and again.
"""

import sympy as sp
from sympy.simplify.fu import TR8

from actlib.formula.symbols import X


def swing(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """The least and the greatest value of a single wave in x; None if it is anything else."""
    if not expression.has(sp.sin, sp.cos):
        return None
    flat = sp.expand(TR8(sp.expand(expression)))  # squares and products as sums of waves
    waves = [wave for wave in flat.atoms(sp.sin, sp.cos) if wave.has(X)]
    if len(waves) != 1:
        return None
    height = flat.coeff(waves[0])
    middle = sp.expand(flat - height * waves[0])
    frequency = sp.diff(waves[0].args[0], X)
    if height == 0 or frequency == 0 or any(e.has(X) for e in (height, middle, frequency)):
        return None
    return middle - sp.Abs(height), middle + sp.Abs(height)
