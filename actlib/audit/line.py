"""The number line of a type: its finite numbers in order, in parts that are asked one by one.

A part holds neighbours of one sign, in order of |x|. A *place* is a whole number for each number of
the type, so that places of neighbours are neighbours too: −0 has −1, 0 has 0. And the line is cut
into columns of equally many numbers, some of them for each binade: what a picture can show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.extras import needed_by

NAMES = ("float16", "bfloat16", "float32", "float64")
AT_ONCE = 2**17  # numbers that stay in the cache while they are asked, and judged
CHUNK = 2**24  # float32 numbers that one process takes at a time
STRIDE = 4093  # a prime, so that all last bits occur: a million of float32's numbers
LONGER = 61  # times that, where each number takes its time
COLUMNS = {"float16": 6, "bfloat16": 6, "float32": 22, "float64": 52}  # bits of a place within one


@dataclass(frozen=True)
class Part:
    """Some neighbours, by the bits of |x|, every `step`-th of them, with a sign: 0 or 1."""

    dtype: str
    sign: int
    start: int
    stop: int
    step: int = 1

    def numbers(self) -> Iterator[NDArray[Any]]:
        """In order of |x|, a few at a time."""
        unsigned = np.dtype(f"u{form(self.dtype).itemsize}")
        sign = unsigned.type(self.sign) << unsigned.type(8 * unsigned.itemsize - 1)
        for start in range(self.start, self.stop, AT_ONCE * self.step):
            stop = min(start + AT_ONCE * self.step, self.stop)
            bits = np.arange(start, stop, self.step, dtype=unsigned) | sign
            yield bits.view(form(self.dtype))

    def sparse(self) -> "Part":
        """The same with gaps, or with longer ones."""
        step = STRIDE if self.step == 1 else self.step * LONGER
        return Part(self.dtype, self.sign, self.start, self.stop, step)

    def least(self) -> float:
        """The |x| with which it begins."""
        return number(self.start, self.dtype)

    def __len__(self) -> int:
        return len(range(self.start, self.stop, self.step))


def form(name: str) -> np.dtype[Any]:
    """The type of this name. ValueError if there is none."""
    if name == "bfloat16":
        with needed_by("bfloat16"):
            import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    if name not in NAMES:
        raise ValueError(f"no type {name!r}: {', '.join(NAMES)}")
    return np.dtype(name)


def finite(name: str) -> int:
    """How many numbers of each sign are finite: the bits of infinity."""
    dtype = form(name)
    return int(np.array(np.inf, dtype).view(f"u{dtype.itemsize}"))


def parts(name: str, every: bool = True) -> list[Part]:
    """The line of float16, bfloat16 or float32: all of it, or some numbers all along it."""
    stop = finite(name)
    starts = range(0, stop, CHUNK)
    whole = [Part(name, sign, a, min(a + CHUNK, stop)) for sign in (0, 1) for a in starts]
    return whole if every else [part.sparse() for part in whole]


def place(x: NDArray[Any]) -> NDArray[np.int64]:
    """Of each number: whole numbers in the order of the line."""
    bits = x.view(f"i{x.itemsize}").astype(np.int64)
    largest = 2 ** (8 * x.itemsize - 1) - 1
    return np.where(bits < 0, -1 - (bits & largest), bits)


def number(place: int, name: str) -> float:
    """The number at a place."""
    size, place = form(name).itemsize, int(place)
    bits = place if place >= 0 else (-1 - place) + 2 ** (8 * size - 1)
    return float(np.array(bits, f"u{size}").view(form(name)))


def column(places: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """In which column of a picture each place lies: 0 begins at x = 0, −1 ends there."""
    return places >> COLUMNS[name]
