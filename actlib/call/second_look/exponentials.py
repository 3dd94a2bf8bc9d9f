"""The second look at functions of exponentials: on which side of a midpoint does a result lie?

What softmax and its loss return is N / Tᵖ, where T = Σ_k exp(z_k − max z) and N is a sum of such
exponentials with rational factors. Where the largest z stand alone, far above the others, the
result is next to a rational number: u₀/4 − u₁/4, say, less what exp(−600) contributes. No float64
holds both. A sum that is split into its rational part and the rest does, at any precision.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.rounding import Array
from actlib.call.rows_kernel import RowsKernel

PRECISIONS = (256, 1024, 8192, 32_768)
"""In bits: exp(−10⁴) is 2^−14427. What shows no side with all of them is taken for a tie."""

ERROR = 2.0**-48
"""How large a kernel's error may be, against its terms; tests hold them to a quarter of it."""


@dataclass(frozen=True)
class Split:
    """The number exact + rest: a fraction, and what is added to it, however small."""

    exact: Fraction
    rest: Any  # an mpf of mpmath

    def __add__(self, other: "Split") -> "Split":
        return Split(self.exact + other.exact, self.rest + other.rest)

    def __sub__(self, other: "Split") -> "Split":
        return Split(self.exact - other.exact, self.rest - other.rest)

    def __mul__(self, other: "Split") -> "Split":
        rest = self.rest * other.number()
        if self.exact:
            rest += _mpf(self.exact) * other.rest
        return Split(self.exact * other.exact, rest)

    def log(self) -> "Split":
        """Of a positive number; next to 1 without losing the rest."""
        number = mpmath.log1p(self.rest) if self.exact == 1 else mpmath.log(self.number())
        return Split(Fraction(0), number)

    def number(self) -> Any:
        """The sum, rounded to the digits in use."""
        return _mpf(self.exact) + self.rest


def split(number: float) -> Split:
    """A float, exactly."""
    return Split(Fraction(number), mpmath.mpf(0))


def sum_of(terms: Sequence[Split]) -> Split:
    """Their sum."""
    exact = sum((term.exact for term in terms if term.exact), start=Fraction(0))
    return Split(exact, mpmath.fsum(term.rest for term in terms))


@dataclass(frozen=True)
class Exponentials:
    """exp(z_k − max z) for the components z_k of one vector, and T, their sum."""

    z: "Row"
    each: tuple[Split, ...]
    total: Split

    def shift(self, k: int) -> Split:
        """z_k − max z."""
        return split(self.z[k]) - split(max(self.z))


Row = tuple[float, ...]


def once(kernel: RowsKernel, dtype: np.dtype[Any], *rows: Array) -> NDArray[Any]:
    """What the kernel returns, rounded once to the type, on the right side of every midpoint.

    How large the error may be is said by the size of the terms, not by their sum, which may cancel.
    """
    value, size = kernel(*rows)
    if dtype == np.float64:
        return value
    error = np.where(np.isfinite(size), size, 0.0) * ERROR
    low, high = (rounding.rounded(end, dtype) for end in (value - error, value + error))
    for place in map(tuple, np.argwhere(low < high).tolist()):
        here = [tuple(array[place[0]].tolist()) for array in rows]
        beside = _beside_midpoint(kernel.exact_part, place[1:], here, dtype)
        low[place] = rounding.rounded(beside, dtype)[0]
    return low


def _beside_midpoint(
    exact: Any, place: tuple[int, ...], rows: Sequence[Row], dtype: np.dtype[Any]
) -> Array:
    """A float64 that rounds to the same number of the type as the exact value."""
    z, *others = rows
    middle, before = np.zeros(0), None
    for precision in PRECISIONS:
        with mpmath.workprec(precision):
            e = exponentials(z, precision)
            numerator, power = exact(e, place, *others)
            below = math.prod([e.total] * power, start=split(1.0))
            if not middle.size:
                value = np.array([float(numerator.number() / below.number())])
                middle = rounding.midpoints(value, dtype)
            scaled = split(float(middle[0])) * below
            gap = numerator - scaled
            near = gap.number()
            alone = e.total.rest == 0 == gap.rest  # all is rational
            sure = alone or abs(near) > abs(scaled.number()) * 2.0**-64
            if sure or (before is not None and abs(near - before) < abs(near) / 2):
                return rounding.beside(middle, np.array([float(mpmath.sign(near))]))
            before = near
    return middle


@lru_cache(maxsize=len(PRECISIONS))
def exponentials(z: Row, precision: int) -> Exponentials:
    """Of one vector, at the precision in use, which is named only to be remembered with it."""
    top = max(z)
    each = tuple(_exp(value, top) for value in z)
    return Exponentials(z, each, sum_of(each))


def _exp(value: float, top: float) -> Split:
    """exp(value − top); where top is infinite, all others are infinitely far below."""
    if value == top:
        return split(1.0)
    finite = math.isfinite(value) and math.isfinite(top)
    shift = mpmath.mpf(value) - mpmath.mpf(top)
    return Split(Fraction(0), mpmath.exp(shift) if finite else mpmath.mpf(0))


def _mpf(number: Fraction) -> Any:
    return mpmath.mpf(number.numerator) / number.denominator
