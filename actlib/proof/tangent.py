"""Curves next to 0, all but straight there: decided by their tangent and their curvature.

α (exp(x) − 1) with α = 0.3 is 0.3 x and a little. Of the inputs whose results are subnormal, one in
ten comes next to a tie: far too many for balls. But f(x) = tangent + x² f″(ξ) / 2 with a ξ between
0 and x (Taylor), the tangent's distance from a midpoint is a sum of floats, and f″ lies between its
values at both ends.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import X
from actlib.proof.straight import Array, Piece, line, sum_of
from actlib.verify.balls import Evaluator, decide, evaluator
from actlib.verify.coefficients import sign
from actlib.verify.pieces import regions

NEAR = 2.0**-20
ROUNDING = 2.0**-48  # of the few operations in float64 here, many times over


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A piece that begins or ends at 0: its tangent there, and f″, which is monotone on it."""

    tangent: Piece
    curvature: Evaluator

    def holds(self, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which inputs lie on it, and close to 0."""
        found: NDArray[np.bool_] = self.tangent.holds(x) & (np.abs(x) < NEAR)
        return found

    def side(self, x: NDArray[np.float32], middle: Array) -> NDArray[Any]:
        """The sign of f(x) − middle, where this can tell, else NaN."""
        wide = x.astype(np.float64)
        ends = [0.0, float(wide[np.abs(wide).argmax()])]
        bends = [decide(self.curvature, [end], _float) for end in ends]
        bend, spread = sum(bends) / 4, abs(bends[0] - bends[1]) / 4
        distance = sum_of(self.tangent.terms(x, middle))
        gap = distance + wide**2 * bend
        terms = np.abs(distance) + wide**2 * (abs(bend) + spread)
        sure = np.abs(gap) > wide**2 * spread + ROUNDING * terms
        return np.where(sure, np.sign(gap), np.nan)


def curves(expression: sp.Expr) -> list[Curve]:
    """The pieces on either side of 0 of which all that is known."""
    found = []
    for f, low, high in regions(expression):
        slope, offset = (e.subs(X, 0) for e in (sp.diff(f, X), f))
        tangent = line(slope, offset, low, high) if 0 in (low, high) else None
        curved = sp.diff(f, X, 2) != 0 and sign(sp.diff(f, X, 3), low, high) is not None
        if tangent is not None and curved:
            found.append(Curve(tangent=tangent, curvature=evaluator(sp.diff(f, X, 2), [X])))
    return found


def _float(ball: Any) -> float | None:
    """The nearest float, where the ball is narrow enough; what that loses is counted above."""
    narrow = ball.rad() <= abs(ball.mid()) * 2.0**-60
    return float(ball.mid()) if narrow else None
