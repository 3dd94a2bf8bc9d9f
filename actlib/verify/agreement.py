"""Does a function compute an expression? Point by point, in every dtype, and at the infinities."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.spec import Activation, Setting, X, at_setting
from actlib.verify import pieces
from actlib.verify.balls import Ball, Evaluator, decide, evaluator
from actlib.verify.points import DTYPES, every_half, points
from actlib.verify.ulp import Rounding, error

Function = Callable[..., NDArray[Any]]

NEAREST = 0.5  # an error of at most half an ulp: correctly rounded


class DisagreementError(AssertionError):
    """A function and the expression it is said to compute differ."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A function of the record, its name, and the expression it must compute."""

    record: Activation
    function: Function
    name: str
    expression: sp.Expr
    wide: float  # the bound for float64, in ulp; narrower types are correctly rounded
    settings: Sequence[Setting] = ()  # in place of the record's

    def lines(self) -> list[str]:
        """One line a dtype for the first setting, one for the others; or DisagreementError.

        At the first, the record's defaults as a rule, every float16 is tried.
        """
        first, *others = self.settings or self.record.settings
        found = self._group([first], thorough=True)
        return found + (self._group(others, thorough=False) if others else [])

    def _group(self, settings: Sequence[Setting], thorough: bool) -> list[str]:
        lines = [title(self.record, self.name, *settings)]
        for dtype in DTYPES:
            allowed = self.wide if dtype is np.float64 else NEAREST
            count = sum(self._at(setting, dtype, allowed, thorough) for setting in settings)
            lines.append(f"  {dtype.__name__}: {_verdict(allowed)} at all {count:,} points")
        return lines

    def _at(self, setting: Setting, dtype: Any, allowed: float, thorough: bool) -> int:
        """Compare at one setting, in one dtype; the number of points."""
        where = f"{title(self.record, self.name, setting)} in {dtype.__name__}"
        alone = at_setting(self.expression, setting)
        call = partial(quietly, self.function, setting)
        edges = [float(p) for p in pieces.boundaries(alone)]
        if thorough and dtype is np.float16:
            x: NDArray[Any] = every_half()
        else:
            x = points(dtype, edges, 500 if thorough else 150)
        compare(where, x, call(x), alone, allowed)
        _limits(where, call(np.array([-np.inf, np.inf, np.nan], dtype)), alone, allowed)
        return x.size


def compare(
    where: str, x: NDArray[Any], got: NDArray[Any], expression: sp.Expr, allowed: float
) -> None:
    """`got` is the expression at every x, within `allowed` ulp; or DisagreementError."""
    if got.dtype != x.dtype:
        raise DisagreementError(f"{where}: expected dtype {x.dtype}, got {got.dtype}")
    evaluate = evaluator(expression, [X])
    rounding = Rounding(got)
    for i, point in enumerate(x.tolist()):
        if not _is_right(evaluate, [point], got, rounding, i, allowed):
            truth = decide(evaluate, [point], digits)
            raise DisagreementError(
                f"{where} at x = {point!r}: expected {truth}, got {got[i]!s}, "
                f"which is not {_verdict(allowed)}"
            )


def digits(truth: Ball) -> str | None:
    """Twenty digits of it, where the ball knows them."""
    known = truth.is_exact() or truth.rel_accuracy_bits() > 70
    return truth.str(20, radius=False) if known else None


def _is_right(
    evaluate: Evaluator,
    at: Sequence[float],
    got: NDArray[Any],
    rounding: Rounding,
    i: int,
    allowed: float,
) -> bool:
    """Is entry i of `got` the value there: correctly rounded, or within the allowed ulp?"""
    if allowed == NEAREST:
        return decide(evaluate, at, partial(rounding.holds, i))
    return decide(evaluate, at, partial(error, got.item(i), dtype=got.dtype)) <= allowed


def _limits(where: str, got: NDArray[Any], expression: sp.Expr, allowed: float) -> None:
    """`got` holds what the function returns at −inf, +inf and NaN."""
    if not np.isnan(got[2]):
        raise DisagreementError(f"{where} at NaN: expected NaN, got {got[2]}")
    rounding = Rounding(got)
    for i, sign in enumerate((-1, 1)):
        limit = pieces.limit(expression, sign)
        if limit.is_infinite:
            right = got[i] == float(limit)
        else:
            right = _is_right(evaluator(limit, []), [], got, rounding, i, allowed)
        if not right:
            raise DisagreementError(
                f"{where} at {sign * np.inf}: expected the limit {limit}, got {got[i]}"
            )


def quietly(function: Function, setting: Setting, x: NDArray[Any]) -> NDArray[Any]:
    """The call, with every warning an error and the input guarded against writing."""
    x.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(x, **setting)


def title(record: Activation, what: str, *settings: Setting) -> str:
    """What is checked, and where: elu value, or elu value with alpha=0.3; alpha=2."""
    labels = "; ".join(label for setting in settings if (label := record.label(setting)))
    return f"{record.name} {what}" + (f" with {labels}" if labels else "")


def _verdict(allowed: float) -> str:
    return "correctly rounded" if allowed == NEAREST else f"within {allowed:.9g} ulp"
