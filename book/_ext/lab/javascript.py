"""SymPy expressions as JavaScript, by SymPy's own printer: no formula of the labs is typed."""

import math
import re
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import log1p
from sympy.codegen.rewriting import ReplaceOptim, expm1_opt, optimize
from sympy.printing.jscode import JavascriptCodePrinter

from actlib.formula.setting import Setting
from actlib.formula.symbols import COUNT, X


class Printer(JavascriptCodePrinter):
    """Strict: what JavaScript cannot say is refused, not written as a comment."""

    def _print_Rational(self, expr: sp.Rational) -> str:
        # A constant given to 32 digits is the float next to it, as in Python.
        if expr.q > 10**6:
            return repr(float(expr))
        return str(super()._print_Rational(expr))

    def _print_LambertW(self, expr: sp.LambertW) -> str:
        if expr.free_symbols:
            return str(self._print_not_supported(expr))
        return repr(float(expr))

    def _print_BooleanTrue(self, expr: sp.Basic) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: sp.Basic) -> str:
        return "false"


SPECIAL = "erf", "erfc"
"""What JavaScript lacks, and special.js has."""

PRINTER = Printer(
    {
        "user_functions": {"expm1": "Math.expm1", "log1p": "Math.log1p"}
        | {name: name for name in SPECIAL},
        "strict": True,
    }
)

# One that SymPy does not know: it would write erfc(-x) as 2 - erfc(x), where digits are lost.
ERFC = sp.Function("erfc")


def _tail(total: sp.Add) -> sp.Expr:
    """What keeps its digits where a sum cancels: c + c erf(u) is c erfc(−u), c + c tanh(u) is
    2c / (1 + exp(−2u)), and c − c tanh(u)² is c / cosh(u)²."""
    c, rest = total.as_coeff_Add()
    for term in sp.Add.make_args(rest) if c != 0 else ():
        factor, function = term.as_coeff_Mul()
        sign, others = factor / c, rest - term
        if function.func in (sp.erf, sp.tanh) and abs(sign) == 1:
            (u,) = function.args
            whole = ERFC(-sign * u) if function.func is sp.erf else 2 / (1 + sp.exp(-2 * sign * u))
            return others + c * whole
        if function.is_Pow and function.base.func is sp.tanh and (function.exp, sign) == (2, -1):
            return others + c / sp.cosh(function.base.args[0]) ** 2
    return total


def _log1p(logarithm: sp.log) -> sp.Expr:
    """log(1 + w) as it stands. (SymPy's own would make x − log1p(exp(x)) of −log(1 + exp(−x)).)"""
    one, rest = logarithm.args[0].as_coeff_Add()
    return log1p(rest) if one == 1 and rest != 0 else logarithm


tail_opt = ReplaceOptim(lambda node: node.is_Add, _tail)
log1p_opt = ReplaceOptim(lambda node: isinstance(node, sp.log), _log1p)


def with_tanh(f: sp.Expr) -> sp.Expr:
    """2c / (1 + exp(v)) − c as −c tanh(v / 2): of its slopes no exponential overflows."""
    return f.replace(lambda node: node.is_Add, _as_tanh)


def _as_tanh(total: sp.Add) -> sp.Expr:
    c, rest = total.as_coeff_Add()
    for term in sp.Add.make_args(rest) if c != 0 else ():
        factor, function = term.as_coeff_Mul()
        one, power = (1 / function).as_coeff_Add()
        if factor == -2 * c and one == 1 and isinstance(power, sp.exp):
            return rest - term + c * sp.tanh(power.args[0] / 2)
    return total


def expression(value: Any) -> str:
    """One JavaScript expression, without loss of digits: near 0 of exp(x) - 1 and log(1 + x), in a
    tail of 1 + erf(x) and 1 + tanh(x)."""
    value = sp.sympify(value)
    if isinstance(value, sp.Expr):
        value = optimize(value, (expm1_opt, log1p_opt, tail_opt))
    return " ".join(PRINTER.doprint(value).split())


def values(f: sp.Expr) -> str:
    """That of f; c + d tanh(u) from the end that is nearer, since there c may take d away, and only
    what is left is to be seen. SymPy would add in an order of its own."""
    c, moving = f.as_independent(X, as_Add=True)
    d, function = moving.as_independent(X, as_Add=False)
    if c == 0 or function.func is not sp.tanh:
        return expression(f)
    (u,) = function.args
    low, high = (
        f"({expression(c - s * d)}) + {expression(s * 2 * d / (1 + sp.exp(-2 * s * u)))}"
        for s in (1, -1)
    )
    return f"{expression(u)} < 0 ? {low} : {high}"


def imports(code: str) -> str:
    """The line that brings a module of functions what it calls of special.js, if anything."""
    called = [name for name in SPECIAL if re.search(rf"\b{name}\(", code)]
    return f'import {{ {", ".join(called)} }} from "../special.js";\n' if called else ""


def spelled(value: Any, setting: Setting) -> sp.Basic:
    """With its sums over a stack written out for as many numbers as the setting has, with Abs, Max
    and Min as pieces, and with each parameter as JavaScript reads it from the object `p`."""
    value = sp.sympify(value)
    names: dict[sp.Basic, sp.Symbol] = {}
    for name, given in setting.items():
        if isinstance(given, tuple):
            value = value.subs(COUNT, len(given)).doit()
            stack = sp.IndexedBase(name, real=True)
            names |= {stack[i + 1]: _symbol(f"p.{name}[{i}]") for i in range(len(given))}
        else:
            names[sp.Symbol(name, real=True)] = _symbol(f"p.{name}")
    return value.rewrite((sp.Abs, sp.Max, sp.Min), sp.Piecewise).xreplace(names)


def _symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, real=True)


def literal(value: Any) -> str:
    """A Python value as JavaScript has it; None, an absent parameter, is infinite."""
    if isinstance(value, dict):
        inside = ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or math.isinf(value):
        return "-Infinity" if value == -math.inf else "Infinity"
    return repr(value)


class Code(str):
    """JavaScript, to be taken as it is."""

    __slots__ = ()
