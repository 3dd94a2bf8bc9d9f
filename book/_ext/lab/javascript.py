"""SymPy expressions as JavaScript, by SymPy's own printer: no formula of the labs is typed."""

import math
import re
from typing import Any

import sympy as sp
from sympy.codegen.rewriting import ReplaceOptim, expm1_opt, log1p_opt, optimize
from sympy.printing.jscode import JavascriptCodePrinter

from actlib.formula.setting import Setting
from actlib.formula.symbols import COUNT


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


def _complement(total: sp.Add) -> sp.Expr:
    """c + c erf(u) as c erfc(-u), which keeps its digits where erf(u) is close to -1."""
    c, rest = total.as_coeff_Add()
    for term in sp.Add.make_args(rest):
        factor, function = term.as_coeff_Mul()
        if isinstance(function, sp.erf) and c != 0 and abs(factor) == abs(c):
            (u,) = function.args
            return rest - term + c * ERFC(-u * factor / c)
    return total


erfc_opt = ReplaceOptim(lambda node: node.is_Add, _complement)


def expression(value: Any) -> str:
    """One JavaScript expression, without loss of digits: near 0 of exp(x) - 1 and log(1 + x), in a
    tail of 1 + erf(x)."""
    value = sp.sympify(value)
    if isinstance(value, sp.Expr):
        value = optimize(value, (expm1_opt, log1p_opt, erfc_opt))
    return " ".join(PRINTER.doprint(value).split())


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
