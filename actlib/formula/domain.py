"""The numbers that a parameter may be: the finite ones between two bounds."""

import math
from typing import Any, NamedTuple


class Domain(NamedTuple):
    """At least one bound and at most another, or above the one and below the other."""

    least: float = -math.inf
    above: float = -math.inf
    most: float = math.inf
    below: float = math.inf

    def has(self, number: Any) -> Any:
        """Is the number, or each of an array, among them?"""
        inside = (number > self.above) & (number < self.below)
        return inside & (number >= self.least) & (number <= self.most)

    @property
    def text(self) -> str:
        """As error messages and fact cards give it."""
        told = {">=": self.least, ">": self.above, "<=": self.most, "<": self.below}
        bounds = [f"{sign} {bound:g}" for sign, bound in told.items() if math.isfinite(bound)]
        return " and ".join(["finite", *bounds])


FINITE = Domain()
