"""A setting: a value for each parameter. Formulas with numbers in place of their parameters."""

import math
from collections.abc import Mapping
from typing import Any

import sympy as sp

from actlib.formula.parameter import COUNT

X = sp.Symbol("x", real=True)
"""The variable of every definition."""


Setting = Mapping[str, float | tuple[float, ...] | None]
"""A value for each parameter; None where the parameter is absent, S numbers where it is stacked."""


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


def counts(setting: Setting) -> set[int]:
    """How many numbers each stack holds: one number, since the stacks of a record are alike."""
    return {len(value) for value in setting.values() if isinstance(value, tuple)}


def text(value: float | tuple[float, ...] | None) -> str:
    """A parameter's value in six digits: 0.3, or [0.3, -1] for a stack."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(text, value))}]"
    return f"{value:g}"
