"""Limits at infinity: from what a formula is far out, else from SymPy.

SymPy is slower, and 1.14 has 2 for the limit of erfc(x − 1) at +infinity, where it is 0.
"""

from functools import lru_cache

import sympy as sp

from actlib.formula.symbols import X
from actlib.verify import far
from actlib.verify.balls import UndecidedError
from actlib.verify.pieces import BEYOND, piece


@lru_cache(maxsize=1024)
def limit(expression: sp.Expr, sign: int) -> sp.Expr | None:
    """The limit at sign · infinity; None where there is none."""
    outermost = piece(expression, sign * BEYOND).subs(X, sign * X)
    found = _from_expansion(outermost)
    if found is None:
        found = sp.limit(outermost, X, sp.oo)
    return None if isinstance(found, sp.AccumBounds) or not found.is_extended_real else found


def _from_expansion(expression: sp.Expr) -> sp.Expr | None:
    for start in far.STARTS:
        try:
            return far.limit(expression, start)
        except UndecidedError:
            continue
        except TypeError:
            break
    return None
