"""One chunk of inputs, proved: by the rounding test, else exactly or by ball arithmetic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import X
from actlib.proof.bound import EPSILON
from actlib.proof.straight import Piece
from actlib.proof.straight import pieces as straight_pieces
from actlib.proof.tangent import Curve, curves
from actlib.verify.balls import decide, evaluator
from actlib.verify.coefficients import sign
from actlib.verify.pieces import boundaries, piece
from actlib.verify.ulp import Rounding

VANISHING = 2.0**-160  # far below half the smallest float32
MIDPOINT = 2**28  # in units of the last place of a float64
SMALLEST, LARGEST = 2.0**-125, 2.0**127  # safely normal float32 numbers lie between
SPREAD = int(EPSILON * 2**53) + 1  # the error, in the same units
BLOCK = 50_000  # inputs that are tried in one call
MANY = 200  # undecided inputs of one block, from which on balls would be slow
AFFORDABLE = 100_000  # inputs of one chunk that ball arithmetic settles in seconds


@dataclass(frozen=True, kw_only=True)
class Function:
    """What is proved: a function of float32 and of float64 arrays, and its expression in x."""

    compute: Callable[[NDArray[Any]], NDArray[Any]]
    expression: sp.Expr
    before_rounding: Callable[[NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]] | None = None
    # what is computed, and what that was rounded from

    def both(self, x: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """What is returned for these inputs, and the float64 before it was rounded."""
        if self.before_rounding is None:
            return self.compute(x), self.compute(x.astype(np.float64))
        got, value = self.before_rounding(x)
        return got, value if value.dtype == np.float64 else self.compute(x.astype(np.float64))

    @cached_property
    def straight(self) -> list[Piece]:
        """Its straight pieces."""
        return straight_pieces(self.expression)

    @cached_property
    def curves(self) -> list[Curve]:
        """Its curved pieces next to 0."""
        return curves(self.expression)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found among some inputs."""

    tried: int
    straight: int  # inputs close to a tie on a straight piece, or nearly, decided exactly
    settled: tuple[float, ...]  # inputs that the rounding test left to ball arithmetic
    wrong: tuple[float, ...]  # inputs whose result is not the correctly rounded one


@np.errstate(over="ignore", under="ignore", invalid="ignore")  # to infinity, to 0, of infinities
def prove(function: Function, x: NDArray[np.float32]) -> Outcome:
    """Try every input; `x` is in order and of one sign. ValueError if too many are undecided."""
    settled: list[float] = []
    wrong: list[float] = []
    straight = 0
    vanishing = np.zeros(-(-len(x) // BLOCK), bool)
    for number, start in enumerate(range(0, len(x), BLOCK)):
        block = x[start : start + BLOCK]
        got, value = function.both(block)
        if np.max(np.abs(value)) < VANISHING and not np.count_nonzero(got):
            vanishing[number] = True
            continue
        doubtful = _doubtful(value)
        different = got != value.astype(np.float32)
        if np.count_nonzero(different):
            wrong += block[different & ~doubtful].tolist()
        if not np.count_nonzero(doubtful):
            continue
        block, got, value = block[doubtful], got[doubtful], value[doubtful]
        below, above = _around(value)
        open_ = _undecided(function, block, got, value, below != above)
        wrong += block[~open_ & (got != below)].tolist()
        for piece_ in _pieces(function, open_):
            here = np.flatnonzero(open_ & piece_.holds(block) & np.isfinite(above - below))
            if not here.size:
                continue
            side = piece_.side(block[here], (below[here].astype(np.float64) + above[here]) / 2)
            here, side = here[~np.isnan(side)], side[~np.isnan(side)]
            wrong += _wrong_on(side, block[here], got[here], below[here], above[here])
            straight += len(here)
            open_[here] = False
        settled += block[open_].tolist()
        _affordable(settled)
    for run in _runs(vanishing):
        part = x[run.start * BLOCK : run.stop * BLOCK]
        if not _vanishes(function, part):
            settled += part.tolist()
    _affordable(settled)
    wrong += _wrong(function, settled)
    return Outcome(tried=len(x), straight=straight, settled=tuple(settled), wrong=tuple(wrong))


def _doubtful(value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where v (1 ± ε) may round to two numbers: v is close to a midpoint, or no normal float32.

    A float64 has 29 bits more than a float32; a midpoint has the first of them alone. This asks of
    four integers what `_around` asks of as many products and casts, and leaves it little to do.
    """
    distance = value.view(np.int64) - (MIDPOINT - SPREAD)
    distance &= 2 * MIDPOINT - 1
    found: NDArray[np.bool_] = distance <= 2 * SPREAD
    size = np.abs(value)
    if not (size.min() > SMALLEST and size.max() < LARGEST):
        found |= ~((size > SMALLEST) & (size < LARGEST))
    return found


def _affordable(settled: list[float]) -> None:
    if len(settled) > AFFORDABLE:
        raise ValueError(f"from {settled[0]} on, more than {AFFORDABLE:,} are close to a tie")


def _around(value: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The float32 numbers to which v (1 - ε) and v (1 + ε) round, the lower one first."""
    one, other = (value * (1 + sign_ * EPSILON) for sign_ in (-1, 1))
    one, other = one.astype(np.float32), other.astype(np.float32)
    return np.minimum(one, other), np.maximum(one, other)


def _undecided(
    function: Function,
    x: NDArray[np.float32],
    got: NDArray[np.float32],
    value: NDArray[np.float64],
    split: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """The inputs that the rounding test does not decide."""
    open_ = split | np.isnan(value)
    # A relative error says nothing of a result that vanishes.
    for run in _runs((np.abs(value) < VANISHING) & (got == 0)):
        open_[run] = not _vanishes(function, x[run])
    return open_


def _pieces(function: Function, open_: NDArray[np.bool_]) -> Sequence[Piece | Curve]:
    """Those that may decide open inputs; curves only where balls would take too long."""
    count = np.count_nonzero(open_)
    if count > MANY:
        return [*function.straight, *function.curves]
    return function.straight if count else []


def _wrong_on(
    side: NDArray[Any],
    x: NDArray[np.float32],
    got: NDArray[np.float32],
    below: NDArray[np.float32],
    above: NDArray[np.float32],
) -> list[float]:
    """Inputs whose result is on the wrong side of the midpoint between two numbers."""
    even = np.where(below.view(np.uint32) & 1 == 0, below, above)
    right = np.where(side < 0, below, np.where(side > 0, above, even))
    return x[got != right].tolist()


def _runs(marked: NDArray[np.bool_]) -> list[slice]:
    """The longest stretches of marked entries."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]])))
    return [slice(a, b) for a, b in edges.reshape(-1, 2).tolist()]


def _vanishes(function: Function, x: NDArray[np.float32]) -> bool:
    """Between these ordered inputs f is monotone, and at both ends it is as good as 0."""
    low, high = sorted((sp.Rational(float(x[0])), sp.Rational(float(x[-1]))))
    if any(low < p < high for p in boundaries(function.expression)):
        return False
    evaluate = evaluator(function.expression, [X])
    ends = all(decide(evaluate, [float(end)], _is_tiny) for end in (x[0], x[-1]))
    return ends and (low == high or _is_monotone(function.expression, low, high))


def _is_tiny(truth: Any) -> bool | None:
    if abs(truth) < 2 * VANISHING:
        return True
    return None if abs(truth).lower() < 2 * VANISHING else False


def _is_monotone(expression: sp.Expr, low: sp.Expr, high: sp.Expr) -> bool:
    """Proved on the half-line or, at 0, the side on which the inputs lie."""
    inside = (low + high) / 2
    slope = sp.diff(piece(expression, inside), X)
    half = (-sp.oo, sp.Integer(0)) if high <= 0 else (sp.Integer(0), sp.oo)
    return sign(slope, *half) is not None or sign(slope, low, high) is not None


def _wrong(function: Function, x: list[float]) -> tuple[float, ...]:
    """Those of a few inputs whose float32 result is not the correctly rounded one."""
    if not x:
        return ()
    got = function.compute(np.array(x, np.float32))
    rounding, evaluate = Rounding(got), evaluator(function.expression, [X])
    return tuple(
        point
        for i, point in enumerate(x)
        if not decide(evaluate, [point], partial(rounding.holds, i))
    )
