"""Certified polynomials: the truth of a formula at every float32, in nanoseconds each.

Over a cell, a run of neighbouring float32 numbers, a formula is its Taylor polynomial at the middle
and a remainder, which balls bound over the whole cell (`taylor`). A cell is halved until that is
below 2^-60 of the smallest |f| on it. What Horner's steps round away in float64 is bounded too, and
counted in: so each cell says how far from the truth its values may be, and none by more than DOUBT.

Some need no polynomial: where the formula is far below half the smallest float32, or far above the
largest, that settles it. And at a few inputs none is to be had: zeros of the formula, and points
where its pieces meet. These are left alone, for balls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from flint import arb, ctx
from numpy.typing import NDArray

from actlib.formula.symbols import at_setting
from actlib.verify.balls import Ball
from actlib.verify.conjugate import without_cancelling
from actlib.verify.pieces import regions
from actlib.verify.taylor import Taylor

Array = NDArray[np.float64]

DEGREES = (0, 1, 2, 3, 7)
DEGREE = DEGREES[-1]
REMAINDER = 2.0**-60  # of the smallest |f| on a cell
DOUBT = 2.0**-50  # remainder and rounding together, relative to the truth
VANISHING = 2.0**-160  # far below half the smallest float32
TOWERING = 2.0**160  # far above the largest
SMALLEST = 2.0**-200  # of the values that are modelled: no step of theirs underflows
UNIT = 2.0**-53

BITS = (128, 320, 1024)  # of a coefficient that must keep 100 of them
FLAT = 3  # the order to which a formula may be flat at 0 and yet vanish next to it
DEEP = 512  # where 1 + (something tiny) must tell how tiny
FEWEST = 64  # neighbours in a cell; where they do not suffice, they are left to balls
MOST = 100_000  # inputs left alone, from which on balls would be slow
FEW = 4  # inputs that balls settle sooner than halving does
BINADE = 2**23  # float32 numbers from a power of 2 to the next, evenly spaced
BEYOND = 0x7F800000  # the bit pattern of infinity
SIGN = 0x80000000  # what makes it that of -infinity


class Truth(NamedTuple):
    """leading + rest, the value of a formula at each of some inputs, or at all of them alike.

    Relative to the truth it is wrong by at most `doubt`; so is got − leading − rest in float64,
    for a `got` that is as close to it as a kernel's. The size of the truth lies between two bounds.
    """

    leading: Array | float
    rest: Array
    doubt: float
    smallest: float
    largest: float

    def nearest(self) -> Array:
        """The sum in one float64, which is rounded once more."""
        return self.leading + self.rest


class Cell(NamedTuple):
    """Some neighbours: x − middle, in units of `width`, into the polynomial."""

    middle: float
    width: float
    leading: float
    coefficients: tuple[float, ...]  # the first is what `leading` lacks
    # None where its size settles it: then `leading` is the 0 or the infinity that f rounds to.
    doubt: float
    smallest: float  # |f| lies between these
    largest: float


VANISHES = Cell(0.0, 1.0, 0.0, (), 0.0, 0.0, VANISHING)
TOWERS = {sign: Cell(0.0, 1.0, sign * np.inf, (), 0.0, TOWERING, np.inf) for sign in (-1, 1)}


@dataclass(frozen=True, eq=False)
class Run:
    """Inputs side by side whose cells have polynomials of one degree; or which f rounds to 0, or to

    one infinity, for its size.
    """

    edges: NDArray[np.intp]  # places among the inputs: where each cell begins, and the end
    cells: Array | None  # a column for each: all that it says, its coefficients last
    end: float  # without cells: what f rounds to

    @property
    def part(self) -> slice:
        """Where they are among the inputs."""
        return slice(int(self.edges[0]), int(self.edges[-1]))

    def truth(self, x: NDArray[np.float32], part: slice) -> Truth:
        """At those inputs of the run that are x[part]."""
        if self.cells is None:
            raise ValueError("where its size settles what a formula rounds to, it has no model")
        first = int(np.searchsorted(self.edges, part.start, "right")) - 1
        last = int(np.searchsorted(self.edges, part.stop, "left"))
        cells = self.cells[:, first:last]
        known = float(cells[3].max()), float(cells[4].min()), float(cells[5].max())
        numbers: Sequence[Any] = cells[:, 0].tolist()  # those of one cell, for all inputs alike
        if last > first + 1:
            edges = self.edges[first : last + 1].clip(part.start, part.stop)
            numbers = list(np.repeat(cells, np.diff(edges), axis=1))
        middle, width, leading, _, _, _, *coefficients = numbers
        if len(coefficients) == 1:
            return Truth(np.atleast_1d(leading), np.atleast_1d(coefficients[0]), *known)
        step = x[part].astype(np.float64)
        step -= middle  # exact, as float32 neighbours are evenly spaced
        if len(coefficients) == 2:
            step *= coefficients[1]
            step += coefficients[0]
            return Truth(leading, step, *known)
        step /= width  # a power of two
        rest = step * coefficients[-1]
        for coefficient in coefficients[-2:0:-1]:
            rest += coefficient
            rest *= step
        rest += coefficients[0]
        return Truth(leading, rest, *known)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What is known of some inputs: all of them in runs, but those that are left to balls."""

    runs: Sequence[Run]
    alone: NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """What a formula is between two points on one side of 0, told by bit patterns of |x|."""

    expression: sp.Expr
    side: int
    low: int
    high: int
    known: dict[tuple[int, int], Cell | None] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """The bit of it, in the pattern of an input."""
        return SIGN if self.side < 0 else 0

    @cached_property
    def taylor(self) -> Taylor:
        """Compiled when it is first asked for."""
        return Taylor(self.expression, self.side)

    @cached_property
    def inverse(self) -> Taylor:
        """The same of 1/f."""
        return Taylor(1 / self.expression, self.side)

    def cell(self, low: int, high: int) -> Cell | None:
        """The model for the neighbours from `low` to before `high`, if there is one: kept, since it
        is asked for again by who has some of them at a time."""
        if (low, high) not in self.known:
            self.known[low, high] = self._cell(low, high)
        return self.known[low, high]

    def _cell(self, low: int, high: int) -> Cell | None:
        ends = np.array([low, high - 1], np.uint32).view(np.float32).astype(np.float64)
        middle, radius = self.side * float(ends.sum()) / 2, float(np.diff(ends)[0]) / 2
        here = self._at(middle)
        if here is None:
            return None
        if abs(here[0]) < VANISHING and self._vanishes(middle, radius, here):
            return VANISHES
        if abs(here[0]) > TOWERING and self._towers(middle, radius):
            return TOWERS[1 if here[0] > 0 else -1]
        over = self.taylor.over(middle, radius, DEGREE + 2, BITS[0])
        return None if over is None else _model(middle, radius, here, over)

    def _at(self, middle: float) -> list[Ball] | None:
        """The coefficients at a point, the first of them to a hundred bits."""
        found = None
        for bits in BITS:
            found = self.taylor.over(middle, 0.0, DEGREE + 1, bits)
            if found is None or found[0].rel_accuracy_bits() > 100:
                break
        return found

    def _vanishes(self, middle: float, radius: float, here: list[Ball]) -> bool:
        """By a ball over the whole cell; or, where that takes an x that comes in twice for two
        numbers, as in x − tanh(x), by Taylor's polynomial."""
        over = self.taylor.over(middle, radius, FLAT + 1, DEEP)
        if over is None or abs(over[0]) < VANISHING:
            return over is not None
        sizes = [abs(c) * arb(radius) ** k for k, c in enumerate([*here[:FLAT], over[FLAT]])]
        return bool(sum(sizes, arb(0)) < VANISHING)

    def _towers(self, middle: float, radius: float) -> bool:
        # A ball of large numbers may well reach down to 0. That of their inverses is a small one.
        over = self.inverse.over(middle, radius, 1, DEEP)
        return over is not None and abs(over[0]) < 1 / TOWERING


class Models:
    """The certified polynomials of one formula, made where they are asked for."""

    def __init__(self, expression: sp.Expr) -> None:
        self.pieces = list(_pieces(at_setting(expression, {})))

    def cover(self, x: NDArray[np.float32]) -> Cover:
        """Of finite inputs in order of |x|, of one sign."""
        bits = x.view(np.uint32)
        if not _in_order(bits):
            raise ValueError("a cover is of inputs in order of |x|, of one sign")
        side = -1 if len(x) and np.signbit(x[0]) else 1
        here = [piece for piece in self.pieces if piece.side == side]
        with ctx.workprec(BITS[0]):
            found = sorted(cell for piece in here for cell in _cells(piece, bits))
        groups = groupby(_joined(found), _kind)
        runs = [_run(list(group)) for kind, group in groups if kind is not None]
        ends = [0, *(end for run in runs for end in (run.part.start, run.part.stop)), len(x)]
        gaps = [np.arange(*gap) for gap in zip(ends[::2], ends[1::2], strict=True)]
        return Cover(runs=runs, alone=np.concatenate(gaps))


def _in_order(bits: NDArray[np.uint32]) -> bool:
    """Of one sign, and in order of size; asked piece by piece, which stays in the cache."""
    starts = range(0, len(bits) - 1, 2**16)
    parts = (bits[start : start + 2**16 + 1] for start in starts)
    return not len(bits) or bool(
        (bits[0] ^ bits[-1]) < SIGN and all(np.all(part[:-1] <= part[1:]) for part in parts)
    )


Placed = tuple[int, int, Cell | None]
"""From which place among the inputs to which, and what is known there."""


def _pieces(f: sp.Expr) -> Iterator[Piece]:
    """From 0 outwards on either side. Inputs at an end of a piece, or next to one, are in none."""
    for expression, low, high in regions(f):
        side = 1 if low >= 0 else -1
        inner, outer = sorted((abs(low), abs(high)))
        first, last = _pattern(inner) + 2, min(_pattern(outer) - 1, BEYOND)
        if first < last:
            alike = without_cancelling(expression, side)
            yield Piece(expression=alike, side=side, low=first, high=last)


def _pattern(size: sp.Expr) -> int:
    """The bit pattern of a number ≥ 0, of a neighbour where it is no float32."""
    with np.errstate(over="ignore"):
        rounded = np.float32(float(size))
    return int(rounded.view(np.uint32)) + 2 * (size == sp.oo)


def _cells(piece: Piece, bits: NDArray[np.uint32]) -> Iterator[Placed]:
    """From the smallest |x| on: whole binades where that will do, else their halves, and so on."""
    waiting = [*_binades(piece, bits)][::-1]
    alone = 0
    while waiting:
        low, high = waiting.pop()
        sought = np.array([low + piece.sign, high + piece.sign], np.uint32)
        first, last = np.searchsorted(bits, sought).tolist()
        if first >= last:
            continue
        cell = piece.cell(low, high)
        if cell is not None:
            yield first, last, cell
        elif high - low > FEWEST and last - first > FEW:
            half = (low + high) // 2
            waiting += [(half, high), (low, half)]
        else:
            alone += last - first
            if alone > MOST:
                x = float(bits[first].view(np.float32))
                raise ValueError(f"no polynomial is close to {piece.expression} near {x!r}")


def _binades(piece: Piece, bits: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Those of the piece in which inputs may lie."""
    if len(bits):
        first, last = (int(end) & ~SIGN for end in (bits[0], bits[-1]))
        for start in range(first - first % BINADE, last + 1, BINADE):
            yield max(start, piece.low), min(start + BINADE, piece.high)


def _model(middle: float, radius: float, here: list[Ball], over: list[Ball]) -> Cell | None:
    """With the lowest degree that will do, if one does."""
    for degree in DEGREES:
        tail = abs(over[degree + 1]) * arb(radius) ** (degree + 1)
        sizes = [abs(c) * arb(radius) ** k for k, c in enumerate(here[: degree + 1])]
        spread = sum(sizes[1:], arb(0))
        smallest, largest = (sizes[0] - spread - tail).lower(), (sizes[0] + spread + tail).upper()
        if not (smallest > SMALLEST and tail <= smallest * REMAINDER):
            continue
        width = 2.0 ** np.frexp(radius)[1] if degree > 1 else 1.0
        leading = float(here[0].mid())
        exact = [here[0] - leading, *(c * arb(width) ** k for k, c in enumerate(here) if k)]
        exact = exact[: degree + 1]
        floats = tuple(float(c.mid()) for c in exact)
        # Each of Horner's 2 · degree steps rounds once, and so do a coefficient, what is subtracted
        # first and what is subtracted last (Higham, "Accuracy and stability", section 5.1).
        lost = (spread + abs(exact[0])) * UNIT * (2 * degree + 5)
        inexact = sum((c.rad() * arb(radius / width) ** k for k, c in enumerate(exact)), arb(0))
        doubt = float(((tail + lost + inexact) / smallest).upper()) * (1 + UNIT) + UNIT**2
        if doubt <= DOUBT and np.isfinite(leading):
            bounds = float(smallest) * (1 - UNIT), float(largest) * (1 + UNIT)
            return Cell(middle, width, leading, floats, doubt, *bounds)
    return None


def _joined(cells: Sequence[Placed]) -> Iterator[Placed]:
    """The cells, and the gaps between them."""
    end = 0
    for placed in cells:
        if placed[0] != end:
            yield end, placed[0], None
        yield placed
        end = placed[1]


def _kind(placed: Placed) -> tuple[int, float] | None:
    """What may stand together in one run: as many coefficients, or what f rounds to without any.

    None for a gap.
    """
    cell = placed[2]
    if cell is None:
        return None
    return len(cell.coefficients), 0.0 if cell.coefficients else cell.leading


def _run(cells: Sequence[Placed]) -> Run:
    edges = np.array([*(first for first, _, _ in cells), cells[-1][1]], np.intp)
    models = [cell for _, _, cell in cells if cell is not None]
    if not models[0].coefficients:
        return Run(edges, None, models[0].leading)
    columns = [
        (c.middle, c.width, c.leading, c.doubt, c.smallest, c.largest, *c.coefficients)
        for c in models
    ]
    return Run(edges, np.array(columns).T.copy(), 0.0)
