"""Many places of the number line as few intervals: "0 for 6.25 ≤ x ≤ 90.5" is what one can mend."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT = 64  # intervals that are told; of more, the longest


@dataclass(frozen=True, eq=False)
class Spans:
    """Some places of the line as [first, last] of each interval, in order; and how many there are.

    Of noise, the longest intervals are kept, and the first, the last and those next to 0. How many
    there were is `all_told`.
    """

    count: int
    ends: NDArray[np.int64]  # (n, 2)
    all_told: int
    step: int  # between neighbours that were tried; 0 if it is not the same everywhere

    @staticmethod
    def of(places: NDArray[np.int64], index: NDArray[np.intp], step: int) -> "Spans":
        """Places in order, rising or falling; and their numbers among all that were tried."""
        breaks = np.flatnonzero(np.diff(index) > 1)
        first, last = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(index) - 1]])
        ends = np.sort(np.stack([places[first], places[last]], axis=1), axis=1)
        ends = ends[ends[:, 0].argsort()]
        return Spans(len(places), _longest(ends), len(ends), step)

    def __add__(self, other: "Spans") -> "Spans":
        ends = np.concatenate([self.ends, other.ends])
        ends = ends[ends[:, 0].argsort()]
        apart = np.flatnonzero(ends[1:, 0] - self.step > ends[:-1, 1])
        first, last = np.concatenate([[0], apart + 1]), np.concatenate([apart, [len(ends) - 1]])
        joined = np.stack([ends[first, 0], ends[last, 1]], axis=1)
        met = len(ends) - len(joined)
        told = self.all_told + other.all_told - met
        return Spans(self.count + other.count, _longest(joined), told, self.step)

    def nearest_zero(self) -> int:
        """The place of its number that is closest to 0."""
        flat: Any = self.ends.ravel()
        return int(flat[np.abs(flat + 0.5).argmin()])


def _longest(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(ends) <= KEPT:
        return ends
    length = ends[:, 1] - ends[:, 0]
    above = int(np.searchsorted(ends[:, 0], 0))
    always = {0, len(ends) - 1, max(above - 1, 0), min(above, len(ends) - 1)}
    length[list(always)] = np.iinfo(np.int64).max
    return ends[np.sort(length.argsort(kind="stable")[-KEPT:])]
