"""The truth of a formula at each of some numbers: what it rounds to, and its value in float64.

Certified polynomials tell both (`verify.models`), without any kernel of ours. Where a value lies
next to the midpoint of two numbers, the side of it on which the truth is decides: exactly on a
straight line, by tangent or asymptote where a curve is all but one, else by balls. What no ball
decides is no truth: it is counted apart.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.audit.rounding import around, doubtful, nearest
from actlib.formula.symbols import X
from actlib.proof.farout import FarOut, far_out
from actlib.proof.straight import Piece
from actlib.proof.straight import pieces as straight_pieces
from actlib.proof.tangent import Curve, curves
from actlib.verify.balls import Ball, Evaluator, UndecidedError, decide, decide_each, evaluator
from actlib.verify.models import DOUBT, UNIT, Models, Run
from actlib.verify.sharp import is_sharp
from actlib.verify.ulp import Rounding, error

ERROR = 2 * (DOUBT + UNIT)
"""How far a value may be from the truth, relatively: what a model says, rounded once; and a hair
more, since what it is compared with is rounded too."""

BLOCK = 2**15  # numbers for which a polynomial is evaluated at once
MANY = 200  # from so many numbers next to midpoints on, balls would be slow


class FarFromModelsError(ValueError):
    """There is no polynomial close to a formula: as of a sine, a long way out."""


@dataclass(frozen=True, eq=False)
class Known:
    """Of some inputs: the correctly rounded results, the values before that, which were decided."""

    right: NDArray[Any]
    value: NDArray[np.float64]
    decided: NDArray[np.bool_]


class Judged(NamedTuple):
    """Some results: what is known of the truth, which are misrounded, and by how many ulp."""

    known: Known
    differs: NDArray[np.bool_]
    error: NDArray[np.float64]


class Truth:
    """Of one expression in x, in float16, bfloat16 and float32."""

    def __init__(self, expression: sp.Expr) -> None:
        self.expression = expression

    @cached_property
    def models(self) -> Models:
        """Its certified polynomials."""
        return Models(self.expression)

    @cached_property
    def lines(self) -> Sequence[Piece]:
        """Its straight pieces."""
        return straight_pieces(self.expression)

    @cached_property
    def bent(self) -> Sequence[Curve | FarOut]:
        """Its ends that are all but straight: next to 0, and far out."""
        return [*curves(self.expression), *far_out(self.expression)]

    @cached_property
    def evaluate(self) -> Evaluator:
        """Its balls."""
        return evaluator(self.expression, [X])

    @np.errstate(all="ignore")
    def at(self, x: NDArray[Any]) -> Known:
        """At finite numbers of one sign, in order of |x|.

        Raises:
            FarFromModelsError: Balls alone would have to tell, which would take hours.
        """
        wide = x.astype(np.float32)  # exactly
        try:
            cover = self.models.cover(wide)
        except ValueError as error:
            raise FarFromModelsError(str(error)) from None
        found = Known(np.empty(x.shape, x.dtype), np.empty(x.shape), np.ones(x.shape, bool))
        for run in cover.runs:
            self._by_models(found, run, wide)
        if cover.alone.size:
            self._by_balls(found, wide, cover.alone)
        return found

    @np.errstate(all="ignore")
    def by_balls(self, x: NDArray[Any]) -> Known:
        """The same without models, of a few numbers in any order."""
        found = Known(np.empty(x.shape, x.dtype), np.empty(x.shape), np.ones(x.shape, bool))
        self._by_balls(found, x.astype(np.float64), np.arange(len(x)))
        return found

    def of_float64(self, x: NDArray[np.float64], got: NDArray[np.float64]) -> "Judged":
        """Of a few results in float64, where no value is closer to the truth than they may be."""
        rounding = Rounding(got)

        def ask(i: int, ball: Ball) -> tuple[bool, float, float] | None:
            holds, middle = rounding.holds(i, ball), sharp(ball)
            if holds is None or middle is None:
                return None
            off = 0.0 if holds else error(float(got[i]), ball, x.dtype)
            return None if off is None else (holds, off, middle)

        found = each(self.evaluate, x.tolist(), ask)
        nothing = (True, 0.0, np.nan)
        holds, off, middle = zip(*(f or nothing for f in found), strict=True)
        value = np.array(middle)
        decided = np.array([f is not None for f in found])
        return Judged(Known(value, value, decided), ~np.array(holds), np.array(off))

    def _by_models(self, found: Known, run: Run, x: NDArray[np.float32]) -> None:
        if run.cells is None:
            found.value[run.part] = found.right[run.part] = run.end
            return
        for start in range(run.part.start, run.part.stop, BLOCK):
            part = slice(start, min(start + BLOCK, run.part.stop))
            found.value[part] = run.truth(x, part).nearest()
            found.right[part] = nearest(found.value[part], found.right.dtype)
            close = doubtful(found.value[part], found.right.dtype, ERROR)
            if close.size:
                self._decide(found, x, close + start)

    def _decide(self, found: Known, x: NDArray[Any], here: NDArray[np.intp]) -> None:
        """The side of a midpoint on which the truth is: by the piece of it, else by balls."""
        below, above, between, even = around(found.value[here], found.right.dtype)
        side = np.full(here.shape, np.nan)
        pieces: Sequence[Piece | Curve | FarOut] = self.lines
        if here.size > MANY:
            pieces = [*pieces, *self.bent]
        for piece in pieces:
            asked = np.flatnonzero(np.isnan(side) & piece.holds(x[here]))
            if asked.size:
                side[asked] = piece.side(x[here[asked]], between[asked])
        left = np.flatnonzero(np.isnan(side))
        if left.size:
            side[left] = self._sides(x[here[left]].tolist(), between[left].tolist())
        found.right[here] = np.where(side < 0, below, np.where(side > 0, above, even))
        found.decided[here] = ~np.isnan(side)

    def _by_balls(self, found: Known, x: NDArray[Any], here: NDArray[np.intp]) -> None:
        values = each(self.evaluate, x[here].tolist(), lambda i, ball: sharp(ball))
        found.value[here] = [np.nan if value is None else value for value in values]
        found.decided[here] = [value is not None for value in values]
        found.right[here] = nearest(found.value[here], found.right.dtype)
        close = doubtful(found.value[here], found.right.dtype, ERROR)
        if close.size:
            self._decide(found, x, here[close])

    def _sides(self, x: list[float], between: list[float]) -> list[float]:
        def side(i: int, truth: Ball) -> float | None:
            if truth > between[i]:
                return 1.0
            if truth < between[i]:
                return -1.0
            return 0.0 if truth.is_exact() and truth == between[i] else None

        return [np.nan if s is None else s for s in each(self.evaluate, x, side)]


def each(evaluate: Evaluator, x: list[float], ask: Any) -> list[Any]:
    """What balls answer at each number; None where they do not, with any digits."""
    try:
        return decide_each(evaluate, x, ask)
    except UndecidedError:
        return [_or_none(evaluate, at, i, ask) for i, at in enumerate(x)]


def _or_none(evaluate: Evaluator, at: float, i: int, ask: Any) -> Any:
    try:
        return decide(evaluate, [at], lambda ball: ask(i, ball))
    except UndecidedError:
        return None


def sharp(truth: Ball) -> float | None:
    """Its middle, where it is known well enough; an infinity, where it is beyond all types."""
    if abs(truth) * 2.0**-1000 > 2.0**100:
        return math.inf if truth > 0 else -math.inf
    return float(truth.mid()) if is_sharp(truth) else None
