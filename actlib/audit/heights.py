"""The errors of a picture: each column filled to its worst, marked at its median.

The scale is logarithmic from ½ ulp on. Below lies a floor, not to scale: of a result that is the
number nearest to the truth, the error is at most ½ ulp, and no more was asked.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from actlib.audit.axis import Axis, power
from actlib.audit.ink import LARGE
from actlib.audit.svg import add, decimal, stairs, write
from actlib.audit.tally import FINE, Tally

FLOOR = 20.0  # its height, in units of the picture
HIGHEST = 2.0**128  # ulp that are told apart; errors of float64 may be infinite
OCTAVES = 3  # shown at least: ½ to 4 ulp
FEW = 7  # octaves of which the powers of two are labelled; of more, powers of ten


@dataclass(frozen=True)
class Scale:
    """From the ground upwards; y runs down."""

    ground: float
    top: float
    octaves: int  # from ½ ulp to the top

    @staticmethod
    def of(found: Tally, ground: float, top: float) -> "Scale":
        """High enough for its worst error."""
        most = min(max([0.5, *found.worst_in.values()]), HIGHEST)
        return Scale(ground, top, max(OCTAVES, math.ceil(math.log2(most) + 1)))

    def at(self, ulp: float) -> float:
        """Where an error lies; ½ ulp for all that are smaller."""
        share = max(math.log2(min(ulp, HIGHEST)) + 1, 0) / self.octaves
        return self.ground - FLOOR - share * (self.ground - FLOOR - self.top)

    def rules(self) -> Iterator[tuple[float, str]]:
        """½, 1, and others that do not crowd the labels of those."""
        yield 0.5, "½"
        yield 1.0, "1"
        last, most = self.at(1), 2.0 ** (self.octaves - 1)
        few = self.octaves <= FEW
        for k in range(1, self.octaves if few else int(math.log10(most)) + 1):
            ulp, text = (2.0**k, str(2**k)) if few else (10.0**k, power(1, k))
            if last - self.at(ulp) >= 1.6 * LARGE:
                last = self.at(ulp)
                yield ulp, text


def draw(
    root: ET.Element, found: Tally, line: Axis, scale: Scale, left: float, right: float
) -> None:
    """All of it, from left to right."""
    filled, medians = "", ""
    for stretch, groups in line.columns():
        ends = [*(stretch.at(group.start) for group in groups), stretch.right]
        errors = [_errors(found, group) for group in groups]
        tops = [scale.at(error[0]) if error else scale.ground for error in errors]
        filled += f"{stairs(ends, tops, 'v')}V{decimal(scale.ground)}H{decimal(stretch.left)}z"
        middles = [scale.at(error[1]) if error else None for error in errors]
        medians += stairs(ends, middles, "m0 ")
    add(root, "path", "worst", d=filled)
    for ulp, text in scale.rules():
        y = scale.at(ulp)
        add(root, "path", "rule" if ulp <= 1 else "tick", d=f"M{decimal(left - 4)} {decimal(y)}"
            + (f"H{decimal(right)}" if ulp <= 1 else "h4"))  # fmt: skip
        label = write(root, left - 8, y, text)
        label.set("text-anchor", "end")
        # In a high picture ½ and 1 are close: each label keeps to its own side.
        label.set("dominant-baseline", {0.5: "hanging", 1.0: "auto"}.get(ulp, "central"))
    add(root, "path", "base", d=f"M{decimal(left)} {decimal(scale.ground)}H{decimal(right)}")
    add(root, "path", "median", d=medians)


def _errors(found: Tally, group: range) -> tuple[float, float] | None:
    """Of some columns the worst error and the median, ½ for all that are smaller.

    None where no error was measured: nothing was asked, or all are faults without one.
    """
    bins: Any = sum(found.errors[c] for c in group if c in found.errors)
    if not np.any(bins):
        return None
    so_far: NDArray[np.int64] = np.cumsum(bins)
    middle = int(np.searchsorted(so_far, (so_far[-1] + 1) // 2))
    worst = max(0.5, *(found.worst_in.get(c, 0.5) for c in group), 0.5)
    return worst, min(worst, 0.5 * 2 ** (max(middle - 0.5, 0) / FINE))
