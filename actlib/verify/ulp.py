"""How far a floating-point number is from the truth, when the truth is a ball.

Each question is answered True, False or with a bound, or with None where the ball is too wide.
"""

import math
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

Ball = Any


class Rounding:
    """For each entry of `got`: the real numbers that round to it, to nearest and ties to even."""

    def __init__(self, got: NDArray[Any]) -> None:
        self.got = got.tolist()
        self.low, self.high = _midpoints(got, -np.inf), _midpoints(got, np.inf)
        self.even = (got.view(f"u{got.itemsize}") & 1 == 0).tolist()

    def holds(self, i: int, truth: Ball) -> bool | None:
        """Is entry i the correctly rounded truth?"""
        low, high = self.low[i], self.high[i]
        if truth > low and truth < high:
            return True
        if math.isnan(self.got[i]) or truth < low or truth > high:
            return False
        if truth.is_exact() and truth in (low, high):
            return self.even[i]
        return None


def _midpoints(got: NDArray[Any], end: float) -> list[Any]:
    """Halfway from each entry to its neighbour towards an end; beyond infinity there is no limit.

    Infinity stands for the power of 2 beyond the largest number.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        beside = np.nextafter(got, got.dtype.type(end))
    power = 128 if got.dtype.kind == "V" else int(np.finfo(got.dtype).maxexp)  # V: bfloat16
    if got.itemsize < 8:  # of two narrow numbers the float64 between is exact
        low, high = (
            np.clip(a.astype(np.float64), -(2.0**power), 2.0**power) for a in (got, beside)
        )
        middles: list[float] = np.where(got == beside, end, (low + high) / 2).tolist()
        return middles
    beyond = {sign * math.inf: sign * arb(2) ** power for sign in (1, -1)}
    with ctx.workprec(64):
        return [
            arb(end) if a == b else (beyond.get(a, arb(a)) + beyond.get(b, arb(b))) / 2
            for a, b in zip(got.tolist(), beside.tolist(), strict=True)
        ]


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
