"""Next to the root of a smooth slope: a difference from the root keeps its digits, a sum does not.

1 + x + exp(x) cancels next to its root r, where exp(r) = −1 − r. Written as d + exp(r) expm1(d),
with d = x − r, it is a sum of two terms of one sign, and right to the last digits on both sides.
"""

from typing import NamedTuple

from actlib.arithmetic.exact import Number


class Root(NamedTuple):
    """An irrational root as two floats: the nearest one, and what is missing from it."""

    nearest: float
    missing: float

    def before(self, x: Number, lost: Number = 0.0) -> Number:
        """(x + lost) − root. Next to the root the first difference is exact (Sterbenz)."""
        return (x - self.nearest) + (lost - self.missing)
