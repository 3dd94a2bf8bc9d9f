"""Exponentials with as many digits as it takes.

Where the largest logits stand alone, far above the others, a result is next to a rational number:
u₀/4 − u₁/4, say, less what exp(−600) contributes. No float64 holds both. A number that is split
into its rational part and the rest does, at any precision.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from mpmath.ctx_mp import MPContext

from actlib.arithmetic import rounding
from actlib.call.rows_kernel import Exact
from actlib.call.second_look.digits import ONE_AT_A_TIME

PRECISIONS = (256, 1024, 8192, 32_768)
"""In bits: exp(−10⁴) is 2^−14427. What shows no side with all of them is taken for a tie."""


@dataclass(frozen=True)
class Split:
    """The number exact + rest: a fraction, and what is added to it, however small."""

    exact: Fraction
    rest: Any  # an mpf

    def __add__(self, other: "Split") -> "Split":
        return Split(self.exact + other.exact, self.rest + other.rest)

    def __sub__(self, other: "Split") -> "Split":
        return Split(self.exact - other.exact, self.rest - other.rest)

    def __mul__(self, other: "Split") -> "Split":
        rest = self.rest * other.number()
        if self.exact:
            rest += self._digits(self.exact) * other.rest
        return Split(self.exact * other.exact, rest)

    def log(self) -> "Split":
        """Of a positive number; next to 1 without losing the rest."""
        context = self.rest.context
        near = self.exact == 1
        return Split(Fraction(0), context.log1p(self.rest) if near else context.log(self.number()))

    def number(self) -> Any:
        """The sum, rounded to the digits in use."""
        return self._digits(self.exact) + self.rest

    def _digits(self, number: Fraction) -> Any:
        return self.rest.context.mpf(number.numerator) / number.denominator


class SplitRow:
    """A row of them."""

    def __init__(self, context: Any, numbers: Sequence[Split]) -> None:
        self.context, self.numbers = context, numbers

    def __getitem__(self, k: int) -> Split:
        return self.numbers[k]

    @cached_property
    def total(self) -> Split:
        """Their sum."""
        return self._sum(self.numbers)

    def dot(self, other: "SplitRow") -> Split:
        """Σ_k self_k other_k, where a 0 of the other row makes a 0 of anything."""
        pairs = zip(self.numbers, other.numbers, strict=True)
        return self._sum([a * b for a, b in pairs if b.exact or b.rest])

    def _sum(self, terms: Sequence[Split]) -> Split:
        exact = sum((term.exact for term in terms if term.exact), start=Fraction(0))
        return Split(exact, self.context.fsum(term.rest for term in terms))


class SplitExponentials(SplitRow):
    """exp(shift_k) with shift_k = (z_k − max z) / temperature, for one vector z."""

    def __init__(
        self, context: Any, z: Sequence[float], temperature: float, known: dict[Any, Any]
    ) -> None:
        top, self.context, self.known = max(z), context, known
        self.temperature, self.top = self.number(temperature), self.number(top)
        self.shift = SplitRow(context, [self._shift(value, top, temperature) for value in z])
        tied = (value == top for value in z)
        pairs = zip(tied, self.shift.numbers, strict=True)
        super().__init__(context, [self.number(1) if t else self._exp(s) for t, s in pairs])

    def number(self, number: float) -> Split:
        """A float, exactly."""
        return Split(Fraction(number), self.context.zero)

    def _shift(self, value: float, top: float, temperature: float) -> Split:
        if value == top:
            return self.number(0)
        if math.isinf(value) or math.isinf(top):  # infinitely far below
            return Split(Fraction(0), self.context.ninf)
        exact = (Fraction(value) - Fraction(top)) / Fraction(temperature)
        return Split(exact, self.context.zero)

    def _exp(self, shift: Split) -> Split:
        key = self.context.prec, shift.exact, shift.rest
        if key not in self.known:
            self.known[key] = self.context.exp(shift.number())
        return Split(Fraction(0), self.known[key])


Look = tuple[Sequence[Sequence[float]], tuple[int, ...]]
"""The rows of one result, logits first, and its place in them."""


def beside_midpoints(
    exact: Exact, looks: Iterable[Look], dtype: np.dtype[Any], temperature: float
) -> list[float]:
    """For each look a float64 that rounds to the same number of the type as the exact value.

    The digits are those of a context of our own, and nobody else's precision is touched.
    """
    with ONE_AT_A_TIME:
        asked = Digits(exact, dtype, temperature)
        return [asked.beside(*look) for look in looks]


KEPT = 1000
"""How many exponentials are kept for the next row, which may be the same but for a shift."""


class Digits:
    """Rows are kept as long as the next look is at the same."""

    def __init__(self, exact: Exact, dtype: np.dtype[Any], temperature: float) -> None:
        self.exact, self.dtype, self.temperature = exact, dtype, temperature
        self.context, self.known = MPContext(), dict[Any, Any]()
        self.rows: Sequence[Sequence[float]] = ()
        self.kept: dict[int, tuple[SplitExponentials, list[SplitRow]]] = {}

    def beside(self, rows: Sequence[Sequence[float]], place: tuple[int, ...]) -> float:
        if rows is not self.rows:
            self.rows, self.kept = rows, {}
            if len(self.known) > KEPT:
                self.known.clear()
        middle, before = np.zeros(0), None
        for precision in PRECISIONS:
            self.context.prec = precision
            e, others = self._at(precision)
            numerator, below = self.exact(e, place, *others)
            if not middle.size:
                value = np.array([float(numerator.number() / below.number())])
                middle = rounding.midpoints(value, self.dtype)
            scaled = e.number(float(middle[0])) * below
            gap = numerator - scaled
            near = gap.number()
            alone = e.total.rest == 0 == gap.rest  # all is rational
            sure = alone or abs(near) > abs(scaled.number()) * 2.0**-64
            if sure or (before is not None and abs(near - before) < abs(near) / 2):
                sign = float(self.context.sign(near))
                return float(rounding.beside(middle, np.array([sign]))[0])
            before = near
        return float(middle[0])

    def _at(self, precision: int) -> tuple[SplitExponentials, list[SplitRow]]:
        if precision not in self.kept:
            z, *others = self.rows
            e = SplitExponentials(self.context, z, self.temperature, self.known)
            rows = [SplitRow(self.context, [e.number(n) for n in row]) for row in others]
            self.kept[precision] = e, rows
        return self.kept[precision]
