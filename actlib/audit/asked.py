"""What a function is held against: an activation of this book at a setting, or any formula in x."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.parsing.sympy_parser import parse_expr, rationalize, standard_transformations

import actlib
from actlib.audit.truth import Truth
from actlib.call.shapes import is_elementwise
from actlib.formula.setting import Setting
from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import Exact, UndecidedError, compiled
from actlib.verify.extremes import extremes
from actlib.verify.limits import limit
from actlib.verify.pieces import boundaries, jumps

FUNCTIONS = [
    "Abs",
    "Max",
    "Min",
    "Piecewise",
    "Rational",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "ceiling",
    "cos",
    "cosh",
    "cot",
    "coth",
    "csc",
    "csch",
    "erf",
    "erfc",
    "exp",
    "floor",
    "log",
    "sec",
    "sech",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "E",
    "pi",
]
"""Names that a formula may use, besides x: those of SymPy."""


class AskedError(ValueError):
    """There is no such activation, setting or formula: why, in one line."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A function of x: its name, and the expression that f or f′ is."""

    name: str  # of the activation; or the formula as it was given
    order: int
    definition: sp.Expr  # f, without parameters
    setting: Setting
    reach: float = math.inf  # beyond it, balls alone tell

    def __reduce__(self) -> Any:
        """To another process it goes without what is compiled."""
        return Asked, (self.name, self.order, self.definition, self.setting, self.reach)

    @cached_property
    def expression(self) -> sp.Expr:
        """f or f′."""
        return sp.diff(self.definition, X, self.order)

    @cached_property
    def truth(self) -> Truth:
        """Of the expression."""
        return Truth(self.expression)

    @cached_property
    def range(self) -> tuple[float, float]:
        """Infimum and supremum; infinite where they are not known."""
        try:
            low, high = extremes(self.expression)
        except (UndecidedError, NotImplementedError, TypeError, ValueError):
            return -math.inf, math.inf
        return float(low), float(high)

    @cached_property
    def kinks(self) -> dict[float, tuple[float, float]]:
        """Of f, the points where it has two slopes: that on the left, and that on the right."""
        found = jumps(self.definition)
        return {float(x): (_slope(j.left), _slope(j.right)) for x, j in sorted(found.items())}

    def at(self, setting: Setting) -> "Asked":
        """The same activation with other parameters."""
        return self if setting == self.setting else asked(self.name, None, self.order, setting)

    def limit(self, sign: int) -> float | None:
        """At sign · infinity; None where there is none."""
        found = limit(self.expression, sign)
        return None if found is None else float(found)

    @property
    def title(self) -> str:
        """elu′ at alpha=0.3."""
        defaults = _activation(self.name, 0, {}).setting if self.setting else {}
        changed = {n: v for n, v in self.setting.items() if v != defaults[n]}
        told = ", ".join(f"{n}={_text(v)}" for n, v in changed.items())
        return self.name + "′" * self.order + (f" at {told}" if told else "")


def asked(
    name: str | None, formula: str | None, order: int, setting: Mapping[str, Any] | None = None
) -> Asked:
    """The activation of this name, or the function of this formula.

    Raises:
        AskedError: There is none.
    """
    if (name is None) == (formula is None):
        raise AskedError("name an activation, or give a formula: one of the two")
    if formula is not None:
        if setting:
            raise AskedError("a formula has no parameters: write their numbers into it")
        return Asked(formula, order, read(formula), {})
    return _activation(str(name), order, dict(setting or {}))


def _activation(name: str, order: int, setting: dict[str, Any]) -> Asked:
    if name in actlib.PRESETS:
        fixed = actlib.PRESETS[name]
        return _activation(fixed.record.name, order, {**fixed.preset.setting, **setting})
    record = actlib.ALL.get(name)
    if record is None:
        raise AskedError(f"no activation {name!r} in actlib: see actlib.ALL, or give a formula")
    if not is_elementwise(record):
        raise AskedError(f"{name} is no function of one number")
    try:
        record(0.0, **{n: float(v) if isinstance(v, Fraction) else v for n, v in setting.items()})
    except (TypeError, ValueError) as error:
        raise AskedError(str(error)) from None
    complete = {**record.settings[0], **setting}
    f = at_setting(record.definition, complete)
    return Asked(name, order, f, complete, record.reach_at(complete))


def read(formula: str) -> sp.Expr:
    """A formula in x as Python writes it, decimals taken as the fractions they are.

    Raises:
        AskedError: It is none, or there are no balls for it.
    """
    names = {name: getattr(sp, name) for name in FUNCTIONS}
    known = {**names, "Integer": sp.Integer, "Float": sp.Float, "Symbol": sp.Symbol}
    known |= {"abs": sp.Abs, "max": sp.Max, "min": sp.Min, "__builtins__": {}}
    try:
        found = parse_expr(
            formula,
            {"x": X},
            transformations=(*standard_transformations, rationalize),
            global_dict=known,
        )
    except Exception as error:
        raise AskedError(f"no formula in x: {formula!r} ({type(error).__name__})") from None
    if not isinstance(found, sp.Expr) or found.free_symbols - {X} or found.has(sp.zoo, sp.nan):
        raise AskedError(f"no formula in x alone: {formula!r}")
    try:
        f = at_setting(found, {})
        boundaries(f)
        for order in (0, 1):
            compiled(sp.diff(f, X, order), [X], Exact())
    except (KeyError, NotImplementedError, TypeError, ValueError) as error:
        why = str(error).partition("\n")[0]
        raise AskedError(f"nothing tells the truth of {formula!r}: {why}") from None
    return f


def _slope(slope: sp.Expr) -> float:
    """NaN where there is none."""
    return float(slope) if slope.is_extended_real else math.nan


def _text(value: Any) -> str:
    return str(list(value)) if isinstance(value, tuple) else f"{value}"
