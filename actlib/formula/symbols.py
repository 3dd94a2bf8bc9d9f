"""The variables of every definition, and formulas with numbers in place of their parameters.

With this module comes SymPy. What is called for numbers imports it where a formula is first asked
for, in the functions that ask.
"""

import math
from typing import Any

import sympy as sp

from actlib.formula.setting import Setting, counts

X = sp.Symbol("x", real=True)
"""The variable of a function of one number."""

VALUE, GATE = sp.symbols("value gate", real=True)
"""The variables of a gated pair: what passes, and what says how much of it."""

COUNT = sp.Symbol("S", integer=True, nonnegative=True)
INDEX = sp.Symbol("s", integer=True, positive=True)
"""How many numbers a stacked parameter holds, and which of them is meant, from 1 to S."""


def exact(setting: Setting) -> dict[sp.Expr, sp.Expr]:
    """The setting as SymPy substitutions: each float the fraction that it is, None +inf."""
    found: dict[sp.Expr, sp.Expr] = {}
    for name, value in setting.items():
        if isinstance(value, tuple):
            stack = sp.IndexedBase(name, real=True)
            found |= {stack[i]: sp.Rational(number) for i, number in enumerate(value, 1)}
        else:
            absent = value in (None, math.inf)
            found[sp.Symbol(name, real=True)] = sp.oo if absent else sp.Rational(value)
    return found


def at(expression: Any, setting: Setting) -> sp.Expr:
    """The expression with these numbers in it, its sums over a stack written out."""
    expression = sp.sympify(expression)
    for count in counts(setting):
        expression = expression.subs(COUNT, count).doit()
    return expression.subs(exact(setting))


def at_setting(expression: sp.Expr, setting: Setting) -> sp.Expr:
    """The expression in x alone, with Abs, Max and Min spelled as pieces."""
    return at(expression, setting).rewrite((sp.Abs, sp.Max, sp.Min), sp.Piecewise)
