"""How far a floating-point number is from the truth, when the truth is a ball.

Each question is answered True, False or with a bound, or with None where the ball is too wide.
"""

import math
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

Ball = Any


class Rounding:
    """For each entry of `got`: the real numbers that round to it, to nearest and ties to even."""

    def __init__(self, got: NDArray[Any]) -> None:
        largest = 128 if got.dtype.kind == "V" else int(np.finfo(got.dtype).maxexp)  # V: bfloat16
        self.beyond = arb(2) ** largest  # what infinity stands for
        self.got = got.tolist()
        with np.errstate(over="ignore", under="ignore"):
            self.below = np.nextafter(got, got.dtype.type(-np.inf)).tolist()
            self.above = np.nextafter(got, got.dtype.type(np.inf)).tolist()
        self.even = (got.view(f"u{got.itemsize}") & 1 == 0).tolist()

    def holds(self, i: int, truth: Ball) -> bool | None:
        """Is entry i the correctly rounded truth?"""
        if math.isnan(self.got[i]):
            return False
        low, high = self._midpoint(i, self.below[i]), self._midpoint(i, self.above[i])
        if low < truth < high:
            return True
        if truth < low or truth > high:
            return False
        if truth.is_exact() and truth in (low, high):
            return self.even[i]
        return None

    def _midpoint(self, i: int, neighbour: float) -> Ball:
        """Halfway from entry i to its neighbour; beyond infinity there is no limit."""
        if self.got[i] == neighbour:
            return arb("inf") if neighbour > 0 else arb("-inf")
        return (self._exact(self.got[i]) + self._exact(neighbour)) / 2

    def _exact(self, value: float) -> Ball:
        if math.isinf(value):
            return self.beyond if value > 0 else -self.beyond
        return arb(value)


def error(got: float, truth: Ball, dtype: np.dtype[Any], scale: Ball | None = None) -> float | None:
    """An upper bound of |got − truth| in ulp of the truth (or of `scale`), sharp to 1e-12."""
    if math.isnan(got):
        return math.inf
    if not truth.is_finite():
        return None
    form = np.finfo(dtype)
    largest, smallest, digits = int(form.maxexp), int(form.minexp), int(form.nmant)
    if math.isinf(got):
        # Infinity is right from half an ulp above the largest float on.
        overflow = arb(2) ** largest * (1 - arb(2) ** -(digits + 2))
        return 0.0 if math.copysign(1, got) * truth >= overflow else math.inf
    exponent = _exponent((truth if scale is None else scale).mid(), smallest)
    ulp = arb(2) ** (min(max(exponent, smallest), largest - 1) - digits)
    distance = abs(arb(got) - truth) / ulp
    return float(distance.upper()) if distance.rad() < arb(1e-12) else None


def known(scale: Ball, dtype: np.dtype[Any]) -> Ball | None:
    """The ball itself, if it tells an ulp of it: it is narrow, or below the normal numbers."""
    narrow = scale.rad() <= abs(scale.mid()) * arb(2) ** -53
    return scale if narrow or abs(scale) < arb(float(np.finfo(dtype).tiny)) else None


def _exponent(middle: Ball, of_zero: int) -> int:
    """The e of 2^e <= |middle| < 2^(e+1). As a float64, it could be rounded up to a power of 2."""
    mantissa, power = middle.man_exp()
    return int(mantissa.bit_length() + power) - 1 if mantissa else of_zero


def relative_error(got: float, truth: Ball) -> float | None:
    """|got / truth − 1|, an upper bound sharp to 2^-60."""
    if truth == 0:
        return 0.0 if got == 0 else math.inf
    if truth.contains(0):
        return None
    found = abs(arb(got) / truth - 1)
    return float(found.upper()) if found.rad() < arb(2) ** -60 else None


def distance_from_tie(truth: Ball) -> float | None:
    """From the next midpoint of two float32 numbers, in their ulp; 0 for a tie, and next to 0."""
    nearest = np.float32(float(truth.mid()))
    if not np.isfinite(nearest) or nearest == 0:
        return 0.0
    ulp = arb(float(np.spacing(abs(nearest))))
    distance = abs(abs(truth - arb(float(nearest))) / ulp - arb(0.5))
    if truth.is_exact() and distance == 0:
        return 0.0
    return float(distance.mid()) if distance.rad() < arb(1e-6) * abs(distance.mid()) else None
