"""Straight pieces, decided exactly: the side of a midpoint on which slope · x + offset lies.

Where a slope such as 11/48 meets an x that is a multiple of 3, the result comes within 2^-54 of a
tie, for one input in nine. No float64 can tell the sides apart, and ball arithmetic would
take hours. But every number here is a sum of few floats, products of 26 by 24 bits are exact, and
the sign of such a sum is found without rounding (Shewchuk, "Adaptive Precision Floating-Point
Arithmetic", 1997).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.symbols import X
from actlib.verify.pieces import regions

Array = NDArray[np.float64]
BITS = 26  # with the 24 bits of a float32, fewer than the 53 of a float64
PARTS = 4


@dataclass(frozen=True, kw_only=True)
class Piece:
    """(slope · x + offset) / denominator strictly between two floats; an odd denominator, and

    both numbers as sums of floats.
    """

    low: float
    high: float
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    denominator: int

    def holds(self, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which inputs lie on it."""
        found: NDArray[np.bool_] = (x > self.low) & (x < self.high)
        return found

    def terms(self, x: NDArray[np.float32], middle: Array) -> list[Array]:
        """What adds up to slope · x + offset − denominator · middle."""
        wide = x.astype(np.float64)
        products = [part * wide for part in self.slope]
        offsets = [np.full_like(wide, part) for part in self.offset]
        return [*products, *offsets, -self.denominator * middle]

    def side(self, x: NDArray[np.float32], middle: Array) -> NDArray[Any]:
        """The exact sign of (slope · x + offset) / denominator − middle."""
        return sign_of_sum(self.terms(x, middle))


def pieces(expression: sp.Expr) -> list[Piece]:
    """The straight pieces of an expression, those that are sums of few floats."""
    found = []
    for f, low, high in regions(expression):
        slope = sp.diff(f, X)
        piece = line(slope, f.subs(X, 0), low, high) if slope.is_Rational else None
        if piece is not None:
            found.append(piece)
    return found


def line(slope: sp.Expr, offset: sp.Expr, low: sp.Expr, high: sp.Expr) -> Piece | None:
    """slope · x + offset between two points, if both numbers are sums of few floats,

    or would be but for an odd denominator: thirds are none, three of them are.
    """
    if not (slope.is_Rational and offset.is_Rational):
        return None
    denominator = sp.ilcm(*(_odd(int(number.q)) for number in (slope, offset)))
    slopes, offsets = (_parts(number * denominator) for number in (slope, offset))
    if slopes is None or offsets is None or denominator >= 2**BITS:
        return None
    # The ends may lie between floats: an input beside one is left to ball arithmetic.
    inside = math.nextafter(float(low), math.inf), math.nextafter(float(high), -math.inf)
    return Piece(
        low=inside[0],
        high=inside[1],
        slope=slopes,
        offset=offsets,
        denominator=int(denominator),
    )


def sign_of_sum(terms: Sequence[Array]) -> NDArray[Any]:
    """The exact sign of a sum of arrays, term by term; nothing may overflow."""
    return np.sign(sum_of(terms))


def sum_of(terms: Sequence[Array]) -> Array:
    """The sum, of the exact sign, and to a few units of its last place."""
    expansion: list[Array] = []
    for term in terms:
        grown = []
        for part in expansion:
            term, rest = _two_sum(term, part)
            grown.append(rest)
        expansion = [*grown, term]
    # The parts do not overlap, and grow: the last one that is not 0 is all but the sum.
    found = np.zeros_like(terms[0])
    for part in expansion:
        found = np.where(part != 0, part, found)
    return found


def _two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """a + b as its rounded value and the error of that (Knuth)."""
    total = a + b
    b_kept = total - a
    return total, (a - (total - b_kept)) + (b - b_kept)


def _odd(number: int) -> int:
    """What is left of it without its factors of 2."""
    return number // (number & -number)


def _parts(number: sp.Rational) -> tuple[float, ...] | None:
    """The number as a sum of floats of 26 bits, or None where a few do not suffice."""
    found = tuple(_leading(number))
    return found if sum(map(sp.Rational, found)) == number else None


def _leading(number: sp.Rational) -> Iterable[float]:
    for _ in range(PARTS):
        if number == 0:
            return
        mantissa, exponent = math.frexp(float(number))
        part = math.ldexp(round(mantissa * 2**BITS), exponent - BITS)
        number -= sp.Rational(part)
        yield part
