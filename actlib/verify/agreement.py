"""Does a function compute an expression? Point by point, in every dtype, and at the infinities."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import Setting
from actlib.formula.symbols import X, at_setting
from actlib.verify import limits, pieces
from actlib.verify.balls import Ball, decide, decide_each, evaluator
from actlib.verify.points import DTYPES, every_half, points
from actlib.verify.subject import Subject
from actlib.verify.ulp import Rounding, error

Function = Callable[..., NDArray[Any]]

NEAREST = 0.5  # an error of at most half an ulp: correctly rounded


class DisagreementError(AssertionError):
    """A function and the expression it is said to compute differ."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A function of the record, its name, and the expression it must compute."""

    record: Subject
    function: Function
    name: str
    expression: sp.Expr
    usual: float  # the bound for float64, in ulp, unless the record has another
    settings: Sequence[Setting] = ()  # in place of the record's

    def lines(self) -> list[str]:
        """One line a dtype for the first setting, one for the others; or DisagreementError.

        At the record's defaults every float16 is tried.
        """
        first, *others = self.settings or self.record.settings
        found = self._group([first], thorough=first == self.record.settings[0])
        return found + (self._group(others, thorough=False) if others else [])

    def _group(self, settings: Sequence[Setting], thorough: bool) -> list[str]:
        lines = [title(self.record, self.name, *settings)]
        for dtype in DTYPES:
            wide = max(self.record.bound_of(self.name, self.usual, s) for s in settings)
            allowed = wide if dtype is np.float64 else NEAREST
            count = sum(self._at(setting, dtype, allowed, thorough) for setting in settings)
            lines.append(f"  {dtype.__name__}: {verdict(allowed)} at all {count:,} points")
        return lines

    def _at(self, setting: Setting, dtype: Any, allowed: float, thorough: bool) -> int:
        """Compare at one setting, in one dtype; the number of points."""
        where = f"{title(self.record, self.name, setting)} in {dtype.__name__}"
        alone = at_setting(self.expression, setting)
        call = partial(quietly, self.function, setting)
        edges = [float(p) for p in pieces.boundaries(alone) | self.record.turns_at(setting)]
        if thorough and dtype is np.float16:
            x: NDArray[Any] = every_half()
        else:
            x = points(dtype, edges, 500 if thorough else 150)
        compare(where, x, call(x), alone, allowed)
        ends = [self.record.has_limit(self.name, sign, setting) for sign in (-1, 1)]
        _limits(where, call(np.array([-np.inf, np.inf, np.nan], dtype)), alone, allowed, ends)
        return x.size


def compare(
    where: str, x: NDArray[Any], got: NDArray[Any], expression: sp.Expr, allowed: float
) -> None:
    """`got` is the expression at every x, within `allowed` ulp; or DisagreementError."""
    if got.dtype != x.dtype:
        raise DisagreementError(f"{where}: expected dtype {x.dtype}, got {got.dtype}")
    evaluate = evaluator(expression, [X])
    points = x.tolist()
    right = decide_each(evaluate, points, asked_of(got, allowed))
    if not all(right):
        i = right.index(False)
        raise DisagreementError(
            f"{where} at x = {points[i]!r}: expected {decide(evaluate, [points[i]], digits)}, "
            f"got {got[i]!s}, which is not {verdict(allowed)}"
        )


def digits(truth: Ball) -> str | None:
    """Twenty digits of it, where the ball knows them."""
    known = truth.is_exact() or truth.rel_accuracy_bits() > 70
    return truth.str(20, radius=False) if known else None


def asked_of(got: NDArray[Any], allowed: float) -> Callable[[int, Ball], bool | None]:
    """Is entry i of `got` the truth: correctly rounded, or within the allowed ulp?"""
    if allowed == NEAREST:
        return Rounding(got).holds
    values = got.tolist()

    def is_close(i: int, truth: Ball) -> bool | None:
        away = error(values[i], truth, got.dtype)
        return None if away is None else away <= allowed

    return is_close


def _limits(
    where: str, got: NDArray[Any], expression: sp.Expr, allowed: float, declared: Sequence[bool]
) -> None:
    """`got` holds what the function returns at −inf, +inf and NaN; without a limit that is NaN."""
    if not np.isnan(got[2]):
        raise DisagreementError(f"{where} at NaN: expected NaN, got {got[2]}")
    is_right = asked_of(got, allowed)
    for i, sign in enumerate((-1, 1)):
        limit = limits.limit(expression, sign)
        if declared[i] != (limit is not None):
            said, is_there = ("a", "none") if declared[i] else ("no", str(limit))
            raise DisagreementError(
                f"{where} at {sign * np.inf}: the record declares {said} limit, "
                f"the definition has {is_there}"
            )
        if not is_limit(got[i], limit, partial(is_right, i)):
            raise DisagreementError(
                f"{where} at {sign * np.inf}: expected the limit {limit}, got {got[i]}"
            )


def is_limit(got: Any, limit: sp.Expr | None, is_right: Callable[[Ball], bool | None]) -> bool:
    """Is it the limit, or NaN where there is none? `is_right` is asked of a finite one."""
    if limit is None:
        return bool(np.isnan(got))
    if limit.is_infinite:
        return bool(got == float(limit))
    return decide(evaluator(limit, []), [], is_right)


def quietly(function: Function, setting: Setting, x: NDArray[Any]) -> NDArray[Any]:
    """The call, with every warning an error and the input guarded against writing."""
    x.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(x, **setting)


def title(record: Subject, what: str, *settings: Setting) -> str:
    """What is checked, and where: elu value, or elu value with alpha=0.3; alpha=2."""
    labels = "; ".join(label for setting in settings if (label := record.label(setting)))
    return f"{record.name} {what}" + (f" with {labels}" if labels else "")


def verdict(allowed: float) -> str:
    return "correctly rounded" if allowed == NEAREST else f"within {allowed:.9g} ulp"
