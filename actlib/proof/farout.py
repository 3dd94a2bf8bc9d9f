"""Curves far out, all but straight there: decided by their asymptote, and the sign of what is left.

x − tanh(x) is x − 1 and a little more. From 2²⁴ to 2²⁵ every second input is a tie of x − 1: eight
millions, far too many for balls. But the line's distance from a midpoint is a sum of floats. Where
it is more than what is left of the curve, it decides; where it is 0, the sign of that does.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.proof.straight import Array, Piece, line, sum_of
from actlib.verify.asymptote import START, Asymptote, asymptotes


@dataclass(frozen=True, kw_only=True)
class FarOut:
    """A curve beyond START, and the line that it comes close to."""

    line: Piece
    asymptote: Asymptote

    def holds(self, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which inputs lie so far out."""
        return self.line.holds(x)

    def side(self, x: NDArray[np.float32], middle: Array) -> NDArray[Any]:
        """The sign of f(x) − middle, where this can tell, else NaN."""
        nearest = float(np.abs(x).min())  # where most is left
        left = float(abs(self.asymptote.rest(nearest)).upper()) * self.line.denominator
        distance = sum_of(self.line.terms(x, middle))
        sure = np.abs(distance) > 2 * left
        known = np.where(sure, np.sign(distance), np.nan)
        return np.where(distance == 0, self.asymptote.sign, known)


def far_out(expression: sp.Expr) -> list[FarOut]:
    """The ends of a curve that come close to a line whose numbers are sums of few floats."""
    found = []
    for end in asymptotes(expression):
        low, high = (START, math.inf) if end.side > 0 else (-math.inf, -START)
        straight = line(end.slope, end.offset, sp.sympify(low), sp.sympify(high))
        if straight is not None:
            found.append(FarOut(line=straight, asymptote=end))
    return found
