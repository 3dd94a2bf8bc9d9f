"""One chunk of inputs, proved: by certified polynomials, else exactly or by ball arithmetic.

Two things are shown at every input. The float32 that is returned is the correctly rounded truth.
And the float64 before it, where a kernel gives one, is as close to the truth as the driver relies
on when it rounds.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.symbols import X
from actlib.proof.farout import FarOut, far_out
from actlib.proof.straight import Piece
from actlib.proof.straight import pieces as straight_pieces
from actlib.proof.tangent import Curve, curves
from actlib.verify.balls import Evaluator, decide_each, evaluator
from actlib.verify.models import DOUBT, UNIT, VANISHING, Models, Run
from actlib.verify.ulp import Rounding, relative_error

Array = NDArray[np.float64]

ASKED = 2.0**-48
ERROR = ASKED * (1 - 2.0**-40)
"""What the driver's second look relies on, and a hair less: its own products are rounded too."""

CLOSE = 2.0**-44
"""An input whose value is this close to a tie, relatively, is decided exactly or by balls.

More than the models need, which know the truth to DOUBT; the hardest cases are among them.
"""

assert CLOSE > 2 * (DOUBT + UNIT)

HALF_SMALLEST = 2.0**-151  # a quarter of the smallest float32: what is below rounds to 0
TWICE_LARGEST = 2.0**129  # what is above rounds to infinity
MIDPOINT = 2**28  # in units of the last place of a float64
ABOVE = 3  # bits of half a float64 that a float32 has too
SMALLEST, LARGEST = 2.0**-125, 2.0**127  # safely normal float32 numbers lie between
SPREAD = int(CLOSE * 2**53) + 1  # in the same units
BLOCK = 2**15  # inputs that are tried in one call
MANY = 200  # undecided inputs of one block, from which on balls would be slow
AFFORDABLE = 100_000  # inputs of one chunk that ball arithmetic settles in seconds

Both = Callable[[NDArray[Any]], tuple[NDArray[Any], Array | None]]
"""What is returned for an array, and the float64 before it was rounded, if there is one."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """What is proved: a function of float32 arrays, and its expression in x."""

    both: Both
    expression: sp.Expr
    reach: float = math.inf  # the largest |x| that is to be proved

    def compute(self, x: NDArray[Any]) -> NDArray[Any]:
        """What is returned."""
        return self.both(x)[0]

    @cached_property
    def models(self) -> Models:
        """Its certified polynomials."""
        return Models(self.expression)

    @cached_property
    def straight(self) -> list[Piece]:
        """Its straight pieces."""
        return straight_pieces(self.expression)

    @cached_property
    def curves(self) -> list[Curve]:
        """Its curved pieces next to 0."""
        return curves(self.expression)

    @cached_property
    def far_out(self) -> list[FarOut]:
        """Its ends that come close to a line."""
        return far_out(self.expression)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found among some inputs."""

    tried: int
    vanishing: int = 0  # inputs whose values round to 0, or to an infinity, by their size alone
    straight: int = 0  # close to a tie on a straight piece or on an asymptote, decided exactly
    tangent: int = 0  # close to a tie next to 0, decided by tangent and curvature
    settled: tuple[float, ...] = ()  # by ball arithmetic
    wrong: tuple[float, ...] = ()  # whose result is not the correctly rounded one
    apart: tuple[float, ...] = ()  # whose float64 is not shown to be within ERROR
    error: float = 0.0  # no relative error of a float64 was larger than this
    furthest: float | None = None  # where it is largest, as far as the models tell


@dataclass(kw_only=True)
class Found:
    """The same, while it grows."""

    vanishing: int = 0
    straight: int = 0
    tangent: int = 0
    settled: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    error: float = 0.0
    furthest: float | None = None

    def settle(self, x: NDArray[np.float32]) -> None:
        """Leave these to balls. ValueError if they are too many."""
        self.settled += x.tolist()
        if len(self.settled) > AFFORDABLE:
            count = f"{AFFORDABLE:,}"
            raise ValueError(f"from {self.settled[0]!r} on, more than {count} are left to balls")


def prove(function: Function, x: NDArray[np.float32]) -> Outcome:
    """Try every input: in order of |x|, of one sign. ValueError if too many are undecided."""
    return prove_each(function, [x])


@np.errstate(over="ignore", under="ignore", invalid="ignore")  # to infinity, to 0, of infinities
def prove_each(function: Function, parts: Iterable[NDArray[np.float32]]) -> Outcome:
    """The same, of inputs that come a part at a time."""
    found, tried = Found(), 0
    for x in parts:
        tried += len(x)
        cover = function.models.cover(x)
        for run in cover.runs:
            for part in _blocks(run):
                got, value = function.both(x[part])
                if run.cells is None:
                    _settle_by_size(found, x[part], got, value, run.end)
                else:
                    _judge(function, found, run, x, part, got, value)
        found.settle(x[cover.alone])
    _by_balls(function, found)
    return _outcome(found, tried)


def _outcome(found: Found, tried: int) -> Outcome:
    return Outcome(
        tried=tried,
        vanishing=found.vanishing,
        straight=found.straight,
        tangent=found.tangent,
        settled=tuple(found.settled),
        wrong=tuple(dict.fromkeys(found.wrong)),
        apart=tuple(dict.fromkeys(found.apart)),  # those that were settled too were asked twice
        error=found.error,
        furthest=found.furthest,
    )


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def ask(function: Function, x: NDArray[np.float32]) -> Outcome:
    """Let balls alone judge these."""
    found = Found()
    found.settle(x)
    _by_balls(function, found)
    return _outcome(found, len(x))


def _blocks(run: Run) -> Iterator[slice]:
    """A run in blocks."""
    for start in range(run.part.start, run.part.stop, BLOCK):
        yield slice(start, min(start + BLOCK, run.part.stop))


def _settle_by_size(
    found: Found, x: NDArray[np.float32], got: NDArray[np.float32], value: Array | None, end: float
) -> None:
    """The truth rounds to 0, or to this infinity: so must the float64, whatever its error."""
    found.vanishing += len(x)
    if np.count_nonzero(got != end):
        found.wrong += x[got != end].tolist()
    if value is None:
        return
    if end == 0:
        if not (value.max() < HALF_SMALLEST and value.min() > -HALF_SMALLEST):
            found.apart += x[~np.broadcast_to(np.abs(value) < HALF_SMALLEST, x.shape)].tolist()
        return
    beyond = value * np.sign(end) > TWICE_LARGEST
    found.apart += x[~np.broadcast_to(beyond, x.shape)].tolist()


def _judge(
    function: Function,
    found: Found,
    run: Run,
    x: NDArray[np.float32],
    part: slice,
    got: NDArray[np.float32],
    value: Array | None,
) -> None:
    """The block x[part] of a run, against its polynomials."""
    truth = run.truth(x, part)
    nearest = truth.nearest()
    if value is not None:
        error = value - truth.leading
        error -= truth.rest
        largest = max(error.max(), -error.min()) / truth.smallest * (1 + DOUBT) + truth.doubt
        if not largest <= found.error:
            _hold(found, x[part], error, nearest, truth.doubt)
    close = _close(nearest, truth.smallest, truth.largest)
    different = got != nearest.astype(np.float32)
    if np.count_nonzero(different):
        found.wrong += x[part][different & ~close].tolist()
    if np.count_nonzero(close):
        here = np.flatnonzero(np.broadcast_to(close, got.shape))
        nearest = np.broadcast_to(nearest, got.shape)
        _decide(function, found, x[part][here], got[here], nearest[here])


def _hold(found: Found, x: NDArray[np.float32], error: Array, nearest: Array, doubt: float) -> None:
    """Show that each float64 is within ERROR of the truth; of a few, balls have the last word."""
    relative = error / nearest
    largest = max(relative.max(), -relative.min()) * (1 + DOUBT) + doubt
    np.abs(relative, out=relative)
    if not largest <= ERROR:
        relative *= 1 + DOUBT
        relative += doubt
        held = relative <= ERROR
        beyond = ~held & ~(relative - 3 * doubt <= ERROR)
        if np.count_nonzero(~held & ~beyond) > MANY:
            beyond = ~held  # not shown, which is what is asked
        found.apart += x[beyond].tolist()
        found.settle(x[~held & ~beyond])
        relative[~held] = 0
        largest = relative.max()
    if largest > found.error:
        found.error, found.furthest = float(largest), float(x[relative.argmax()])


def _close(value: Array, smallest: float, largest: float) -> NDArray[np.bool_]:
    """Where v (1 ± CLOSE) may round to two numbers: it is close to a tie, or no normal float32.

    The sizes of all of them lie between two bounds.

    A float64 has 29 bits more than a float32; a midpoint has the first of them alone. This asks of
    four integers what `_around` asks of as many products and casts, and leaves it little to do.
    """
    distance = value.view(np.int64).astype(np.uint32)  # the lower half of its bits
    distance *= 2**ABOVE  # the 29 that a float32 does not have
    distance -= (MIDPOINT - SPREAD) * 2**ABOVE
    found: NDArray[np.bool_] = distance <= 2 * SPREAD * 2**ABOVE
    if not (smallest > SMALLEST and largest < LARGEST):
        size = np.abs(value)
        found |= ~((size > SMALLEST) & (size < LARGEST))
    return found


def _around(value: Array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The float32 numbers to which v (1 - CLOSE) and v (1 + CLOSE) round, the lower one first."""
    one, other = (value * (1 + sign * CLOSE) for sign in (-1, 1))
    one, other = one.astype(np.float32), other.astype(np.float32)
    return np.minimum(one, other), np.maximum(one, other)


def _decide(
    function: Function,
    found: Found,
    x: NDArray[np.float32],
    got: NDArray[np.float32],
    nearest: Array,
) -> None:
    """Inputs that may be close to a tie: by the piece that they lie on, else by balls."""
    below, above = _around(nearest)
    open_ = below != above
    found.wrong += x[~open_ & (got != below)].tolist()
    for piece in _pieces(function, open_):
        here = np.flatnonzero(open_ & piece.holds(x) & np.isfinite(above - below))
        if not here.size:
            continue
        side = piece.side(x[here], (below[here].astype(np.float64) + above[here]) / 2)
        here, side = here[~np.isnan(side)], side[~np.isnan(side)]
        found.wrong += _wrong_on(side, x[here], got[here], below[here], above[here])
        if isinstance(piece, Curve):
            found.tangent += len(here)
        else:
            found.straight += len(here)
        open_[here] = False
    found.settle(x[open_])


def _pieces(function: Function, open_: NDArray[np.bool_]) -> Sequence[Piece | Curve | FarOut]:
    """Those that may decide open inputs; curves only where balls would take too long."""
    count = np.count_nonzero(open_)
    if count > MANY:
        return [*function.straight, *function.curves, *function.far_out]
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


def _by_balls(function: Function, found: Found) -> None:
    """The few inputs that are left: their results, and how far their float64 is from the truth."""
    if not found.settled:
        return
    got, value = function.both(np.array(found.settled, np.float32))
    rounding, evaluate = Rounding(got), evaluator(function.expression, [X])
    right = decide_each(evaluate, found.settled, rounding.holds)
    found.wrong += [x for x, holds in zip(found.settled, right, strict=True) if not holds]
    if value is None:
        return
    each = np.broadcast_to(value, got.shape).tolist()
    for x, error in zip(found.settled, distances(evaluate, found.settled, each), strict=True):
        if not error <= ERROR:
            found.apart.append(x)
        elif error > found.error:
            found.error, found.furthest = error, x


def distances(evaluate: Evaluator, x: list[float], value: list[float]) -> list[float]:
    """The relative errors of some float64; 0 where both truth and float64 round to 0."""

    def ask(i: int, truth: Any) -> float | None:
        if abs(truth) < VANISHING and abs(value[i]) < HALF_SMALLEST:
            return 0.0
        return relative_error(value[i], truth)

    return decide_each(evaluate, x, ask)
