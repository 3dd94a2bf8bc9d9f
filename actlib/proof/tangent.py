"""Curves next to 0, all but straight there: decided by their tangent and their curvature.

α (exp(x) − 1) with α = 0.3 is 0.3 x and a little. Of the inputs whose results are subnormal, one in
ten comes next to a tie, and half of them with α = 1/2: far too many for balls. But f(x) = tangent +
x² f″(ξ) / 2 with a ξ between 0 and x (Taylor), the tangent's distance from a midpoint is a sum of
floats, and a ball holds f″(ξ) / 2 for all ξ from 0 to the input that is furthest. Where f″(0) is 0,
as that of a sine, the third derivative takes its place.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.symbols import X
from actlib.proof.straight import Array, Piece, line, sum_of
from actlib.verify.pieces import regions
from actlib.verify.taylor import Taylor

NEAR = 2.0**-20
ORDERS = (2, 3, 4)  # whose power of a subnormal x is a normal float64
ROUNDING = 2.0**-48  # of the few operations in float64 here, many times over
BITS = 320  # at 1e-45 a coefficient of f may cancel down to it


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A piece that begins or ends at 0, and its tangent there."""

    tangent: Piece
    taylor: Taylor
    order: int  # of the first derivative after the slope that is not 0 at 0

    def holds(self, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which inputs lie on it, and close to 0."""
        found: NDArray[np.bool_] = self.tangent.holds(x) & (np.abs(x) < NEAR)
        return found

    def side(self, x: NDArray[np.float32], middle: Array) -> NDArray[Any]:
        """The sign of f(x) − middle, where this can tell, else NaN."""
        wide = x.astype(np.float64)
        far = float(wide[np.abs(wide).argmax()])
        found = self.taylor.over(far / 2, abs(far) / 2, self.order + 1, BITS)
        if found is None or not found[self.order].is_finite():
            return np.full(x.shape, np.nan)
        bent, power = found[self.order], wide**self.order
        bend = float(bent.mid()) * self.tangent.denominator
        spread = float(bent.rad().upper()) * self.tangent.denominator + abs(bend) * ROUNDING
        distance = sum_of(self.tangent.terms(x, middle))
        gap = distance + power * bend
        size = np.abs(power)
        terms = np.abs(distance) + size * (abs(bend) + spread)
        sure = np.abs(gap) > size * spread + ROUNDING * terms
        return np.where(sure, np.sign(gap), np.nan)


def curves(expression: sp.Expr) -> list[Curve]:
    """The pieces on either side of 0 whose tangent is known exactly."""
    found = []
    for f, low, high in regions(expression):
        if 0 not in (low, high) or sp.diff(f, X, 2) == 0:
            continue
        slope, offset = (sp.simplify(e.subs(X, 0)) for e in (sp.diff(f, X), f))
        tangent = line(slope, offset, low, high)
        order = next((k for k in ORDERS if sp.simplify(sp.diff(f, X, k).subs(X, 0)) != 0), None)
        if tangent is not None and order is not None:
            taylor = Taylor(f, 1 if low == 0 else -1)
            found.append(Curve(tangent=tangent, taylor=taylor, order=order))
    return found
