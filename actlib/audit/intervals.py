"""Intervals of x that a budget holds: few of them, so that a person reads what changed."""

from collections.abc import Iterable
from itertools import pairwise

from actlib.audit.line import number
from actlib.audit.spans import Spans

TOLD = 4  # in a sentence
FEW = 8  # intervals of a class: of more, those next to each other become one

Interval = tuple[float, float]
Intervals = tuple[Interval, ...]  # in order


def each(spans: Spans, dtype: str) -> Intervals:
    """All of them; or if some were left out, all that lies from the first to the last."""
    return _numbers(_ends(spans), dtype)


def few(spans: Spans, dtype: str) -> Intervals:
    """At most FEW that hold them all, those with the fewest numbers between them taken together."""
    ends = _ends(spans)
    while len(ends) > FEW:
        between = [b[0] - a[1] for a, b in pairwise(ends)]
        at = between.index(min(between))
        ends[at : at + 2] = [(ends[at][0], ends[at + 1][1])]
    return _numbers(ends, dtype)


def union(one: Intervals, other: Intervals) -> Intervals:
    """What lies in either."""
    found: list[Interval] = []
    for low, high in sorted([*one, *other]):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def outside(these: Iterable[Interval], budget: Intervals) -> Intervals:
    """Those that lie in none of a budget's."""
    return tuple(
        (low, high) for low, high in these if not any(a <= low and high <= b for a, b in budget)
    )


def text(intervals: Intervals) -> str:
    """For a person."""
    told = [between(*ends) for ends in intervals[:TOLD]]
    more = len(intervals) - TOLD
    return "; ".join(told) + (f" and {more} more intervals" if more > 0 else "")


def between(low: float, high: float) -> str:
    """One of them, for a person."""
    return f"x = {low!r}" if low == high else f"{low!r} ≤ x ≤ {high!r}"


def _ends(spans: Spans) -> list[tuple[int, int]]:
    ends = [(first, last) for first, last in spans.ends.tolist()]
    return ends if spans.all_told == len(ends) else [(ends[0][0], ends[-1][1])]


def _numbers(ends: Iterable[tuple[int, int]], dtype: str) -> Intervals:
    return tuple((number(first, dtype), number(last, dtype)) for first, last in ends)
