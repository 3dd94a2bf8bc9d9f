"""The number line along a picture: every number of the type takes the same width.

So it is a logarithmic axis of both signs with 0 in the middle, cut into columns. Where nothing
happens for long it is folded: what is left of it says how much of the line it stands for. Decades
are labelled where there is room, the rounder ones first.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from actlib.audit.line import COLUMNS, finite, form, number, place

MARGIN = 6  # quiet columns that are shown beside busy ones
LONG = 1 / 25  # share of the line from which a quiet stretch is folded
FOLDS = 6  # at most
FOLD = 28.0  # the width of one, in units of the picture
FINEST = 1200  # columns that can be told apart


@dataclass(frozen=True)
class Stretch:
    """Some columns, and the room that they take."""

    first: int
    stop: int
    left: float
    right: float
    folded: bool

    def at(self, position: float) -> float:
        """Of a position in columns: that in the picture."""
        share = (position - self.first) / (self.stop - self.first)
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True)
class Axis:
    """Of a type."""

    dtype: str
    stretches: tuple[Stretch, ...]

    def at(self, position: float) -> float:
        """Of a position in columns: that in the picture."""
        return self.stretch(position).at(position)

    def stretch(self, position: float) -> Stretch:
        """In which a position lies."""
        return next((s for s in self.stretches if position < s.stop), self.stretches[-1])

    def position(self, x: float) -> float:
        """Of a number, in columns."""
        with np.errstate(over="ignore"):
            one = place(np.array([abs(x)]).astype(form(self.dtype)))
        return float(np.copysign(float(one[0]) / 2.0 ** COLUMNS[self.dtype], x))

    def columns(self) -> Iterator[tuple[Stretch, list[range]]]:
        """Of each stretch that is shown: its columns, neighbours taken together if there are more

        than can be told apart.
        """
        shown = [s for s in self.stretches if not s.folded]
        step = -(-sum(s.stop - s.first for s in shown) // FINEST)
        for s in shown:
            yield s, [range(a, min(a + step, s.stop)) for a in range(s.first, s.stop, step)]

    def share(self, stretch: Stretch) -> float:
        """Of all finite numbers, how many lie in it."""
        whole = self.stretches[-1].stop - self.stretches[0].first
        return (stretch.stop - stretch.first) / whole


def axis(busy: Iterable[int], dtype: str, left: float, right: float) -> Axis:
    """Of a type, from left to right, with all busy columns in view."""
    stop = -(-finite(dtype) // 2 ** COLUMNS[dtype])
    folds = _folds(sorted(busy), -stop, stop)
    cuts = sorted({-stop, stop, *(end for fold in folds for end in fold)})
    shown = 2 * stop - sum(b - a for a, b in folds)
    width = (right - left - FOLD * len(folds)) / shown
    stretches, at = [], left
    for a, b in pairwise(cuts):
        folded = (a, b) in folds
        after = at + (FOLD if folded else (b - a) * width)
        stretches.append(Stretch(a, b, at, after, folded))
        at = after
    return Axis(dtype, tuple(stretches))


def _folds(busy: list[int], first: int, stop: int) -> set[tuple[int, int]]:
    """The longest quiet stretches, from column to column."""
    starts = [first, *(c + 1 + MARGIN for c in busy)]
    stops = [*(c - MARGIN for c in busy), stop]
    quiet = [(a, b) for a, b in zip(starts, stops, strict=True) if b - a >= LONG * (stop - first)]
    return set(sorted(quiet, key=lambda ends: ends[0] - ends[1])[:FOLDS])


@dataclass(frozen=True)
class Label:
    """A number of the line, in the picture."""

    at: float
    text: str
    everywhere: bool  # or only where the letters are small?


def labels(line: Axis, width: Callable[[str, bool], float], right: float) -> list[Label]:
    """Decades, as many as there is room for: those of large letters first, then more small ones.

    Args:
        width: Of a text, in large letters or in small ones; with the room around it.
        right: Where the picture ends; it begins at 0.
    """
    found: list[Label] = []
    candidates = [(line.at(p), text) for p, text in _decades(line)]
    for large in (True, False):
        for at, text in candidates:
            if _fits(at, width(text, large) / 2, found, width, large, right):
                found.append(Label(at, text, large))
    return sorted(found, key=lambda label: label.at)


def _fits(
    at: float,
    half: float,
    others: list[Label],
    width: Callable[[str, bool], float],
    large: bool,
    right: float,
) -> bool:
    apart = all(abs(at - other.at) >= half + width(other.text, large) / 2 for other in others)
    return apart and half <= at <= right - half


def _decades(line: Axis) -> Iterator[tuple[float, str]]:
    """0, ±1, and the other powers of ten, the rounder the earlier; then twice and five times them.

    Of those in a fold, 0 alone.
    """
    ends = number(1, line.dtype), number(finite(line.dtype) - 1, line.dtype)
    least, most = math.ceil(math.log10(ends[0])), math.floor(math.log10(ends[1]))
    yield 0.0, "0"
    exponents = sorted(range(least, most + 1), key=lambda k: (-_twos(k), abs(k)))
    for factor in (1, 2, 5):
        for k in exponents:
            for sign in (1, -1):
                position = line.position(sign * factor * 10.0**k)
                if abs(position) <= line.stretches[-1].stop and not line.stretch(position).folded:
                    yield position, "−" * (sign < 0) + power(factor, k)


def _twos(k: int) -> int:
    """How often 2 divides an exponent."""
    return 64 if k == 0 else (k & -k).bit_length()


def power(factor: int, k: int) -> str:
    """factor · 10^k as one writes it."""
    if -4 < k < 0:
        return f"{factor * 10.0**k:.{-k}f}"
    if 0 <= k < 4:
        return str(factor * 10**k)
    raised = str(k).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{factor}·10{raised}" if factor > 1 else f"10{raised}"
