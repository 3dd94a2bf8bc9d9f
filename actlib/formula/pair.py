"""The variables of a gated pair: what passes, and what says how much of it."""

import sympy as sp

VALUE, GATE = sp.symbols("value gate", real=True)


def factor(expression: sp.Expr) -> sp.Expr:
    """What `value` is multiplied by: a function of the gate alone; without a value, itself."""
    return expression.subs(VALUE, 1)
