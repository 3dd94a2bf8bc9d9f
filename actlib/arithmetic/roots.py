"""Next to the root of a smooth slope: a difference from the root keeps its digits, a sum does not.

1 + x + exp(x) cancels next to its root r, where exp(r) = −1 − r. Written as d + exp(r) expm1(d),
with d = x − r, it is a sum of two terms of one sign, and right to the last digits on both sides.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import NamedTuple

from actlib.arithmetic.exact import Number


class Root(NamedTuple):
    """An irrational root as two floats: the nearest one, and what is missing from it."""

    nearest: float
    missing: float

    @classmethod
    def of(cls, function: Callable[[Decimal], Decimal], near: float) -> "Root":
        """The root of a function next to a number, by the secant method in 50 digits."""
        with localcontext(prec=50):
            before, x = Decimal(near), Decimal(near) + Decimal("1e-3")
            while abs(x - before) > abs(x) * Decimal("1e-45"):
                slope = (function(x) - function(before)) / (x - before)
                before, x = x, x - function(x) / slope
            return cls(float(x), float(x - Decimal(float(x))))

    def before(self, x: Number, lost: Number = 0.0) -> Number:
        """(x + lost) − root. Next to the root the first difference is exact (Sterbenz)."""
        return (x - self.nearest) + (lost - self.missing)
