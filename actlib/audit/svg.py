"""Elements of an SVG, and its numbers: to a tenth of a unit, in as few letters as they need."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from xml.etree import ElementTree as ET


def add(parent: ET.Element, tag: str, kind: str = "", **attributes: str | float) -> ET.Element:
    """An element of a class."""
    told = {k: v if isinstance(v, str) else decimal(v) for k, v in attributes.items()}
    return ET.SubElement(parent, tag, {"class": kind} if kind else {}, **told)


def write(parent: ET.Element, x: float, y: float, text: str, kind: str = "") -> ET.Element:
    """A line of text that begins at x, on the base line y."""
    element = add(parent, "text", kind, x=x, y=y)
    element.text = text
    return element


def decimal(value: float) -> str:
    """To a tenth: 12.5, -.3."""
    text = f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
    return text.replace("0.", ".") if abs(value) < 0.95 else text


def stairs(ends: Sequence[float], heights: Sequence[float | None], riser: str) -> str:
    """A step from each end to the next, at its height; a gap where that is None.

    Between steps it rises by "v", or without a line by "m0 ".
    Steps are relative, so that a thousand of them are short; in whole tenths, so that they add up.
    """
    across = [round(10 * end) for end in ends]
    levels = [None if height is None else round(10 * height) for height in heights]
    path, before = "", None
    steps = zip(across, across[1:], levels, strict=False)
    for level, run in groupby(steps, key=itemgetter(2)):
        same = list(run)
        left, right = same[0][0], same[-1][1]
        if level is not None:
            fresh = f"M{_tenths(left)} {_tenths(level)}"
            path += fresh if before is None else f"{riser}{_tenths(level - before)}"
            path += f"h{_tenths(right - left)}"
        before = level
    return path


def _tenths(count: int) -> str:
    return decimal(count / 10)
