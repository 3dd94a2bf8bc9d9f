"""What an audit has found: for a person, the verdict first; and as JSON, of a schema that is told.

The schema is `SCHEMA`; what each field holds is told where `Report.record` writes it. Numbers are
given twice, in decimal and as hex, which loses nothing; NaN and infinities as words.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Context, Decimal
from functools import cached_property
from typing import Any

from actlib.audit.habits import Habits
from actlib.audit.intervals import between
from actlib.audit.line import number
from actlib.audit.spans import Spans
from actlib.audit.tally import BACK, FAULTS, FINE, FLUSHED, Point, Tally

SCHEMA = "actlib-audit/1"
TOLD = 5  # intervals of a fault in the text
WORDS = (1, 2, 4, 16, 256, 65536)  # ulp, in the text


@dataclass(frozen=True, kw_only=True)
class Report:
    """Of one function in one type."""

    subject: str  # as it was named
    title: str  # what it was held against: elu′ at alpha=0.3
    dtype: str
    tally: Tally
    habits: Habits
    every: bool  # were all finite numbers asked?
    complete: bool = True  # or did somebody stop it?
    ftz: bool = False  # are flushes taken for right?
    reading: str = "as given"  # of the parameters
    readings: Mapping[str, int] = field(default_factory=dict)  # misrounded of some, by reading
    about: Mapping[str, str] = field(default_factory=dict)  # versions, processor, device
    call: str = "f({x})"  # a line that shows one result, for an x
    seconds: float = 0.0

    @property
    def misrounded(self) -> int:
        """Of so many inputs the result is not the number of the type that is nearest to the truth;

        flushed ones are counted apart.
        """
        return self.tally.misrounded

    @property
    def worst(self) -> float:
        """The largest error in ulp; at most ½ where nothing is misrounded."""
        return 0.5 if self.tally.worst is None else self.tally.worst.ulp

    @property
    def at(self) -> float | None:
        """Where that is."""
        return None if self.tally.worst is None else self.tally.worst.x

    @cached_property
    def faults(self) -> dict[str, "Fault"]:
        """By class: what is no matter of last digits."""
        return {n: Fault.of(n, spans, self) for n, spans in self.tally.faults().items()}

    @cached_property
    def flushes(self) -> "Fault | None":
        """Subnormal numbers that were taken for 0."""
        spans = self.tally.found.get(FLUSHED)
        return None if spans is None else Fault.of(FLUSHED, spans, self)

    @cached_property
    def back(self) -> "Fault | None":
        """Steps against the direction of the truth."""
        spans = self.tally.found.get(BACK)
        return None if spans is None else Fault.of(BACK, spans, self)

    @property
    def verdict(self) -> str:
        """exact, faithful (below 1 ulp), within so many ulp, or the classes of its faults."""
        if self.faults:
            return f"faults: {', '.join(self.faults)}"
        if not self.complete:
            return "not finished"
        if self.tally.undecided:
            return f"{self.tally.undecided:,} results undecided"
        if self.flushes and not self.ftz:
            return f"flushes subnormal numbers to 0; else {self._accuracy}"
        return self._accuracy

    @property
    def _accuracy(self) -> str:
        if not self.misrounded:
            return "exact" if self.every else "no error found"
        if math.isinf(self.worst):
            return "within ∞ ulp"  # in float64, next to 0
        return "faithful" if self.worst < 1 else f"within {up(self.worst):.4g} ulp"

    def holds(self, max_ulp: float) -> bool:
        """Is all within so many ulp, and none a fault?"""
        flushes = self.flushes is not None and not self.ftz
        clean = self.complete and not (self.faults or flushes or self.tally.undecided)
        return clean and (not self.misrounded or self.worst <= max_ulp)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        tried = f"{self.tally.tried:,} finite numbers"
        all_of = f"all {tried}" if self.every and self.complete else f"{tried}, not all"
        yield f"{self.subject} as {self.title} in {self.dtype}, {all_of}: {self.verdict}"
        yield f"  misrounded: {self.misrounded:,}" + share(self.misrounded, self.tally.tried)
        if self.tally.worst is not None:
            yield f"  worst: {told(self.tally.worst)}"
            yield f"  errors in ulp: {'; '.join(f'{k}: {v:,}' for k, v in self._few().items())}"
        for fault in (*self.faults.values(), self.back, self.flushes):
            if fault is not None:
                yield from fault.lines(self.call)
        if self.tally.undecided:
            many = f"{self.tally.undecided:,}"
            yield f"  undecided: {many}, where nothing is defined or no ball was narrow enough"
        yield from self._habits()
        if len(self.readings) > 1:
            counts = ", ".join(f"{n} {wrong}" for n, wrong in self.readings.items())
            yield f"  parameters fit {self.reading}: misrounded of some numbers {counts}"
        if self.about:
            yield f"  with {', '.join(f'{k} {v}' for k, v in self.about.items())}"

    def _habits(self) -> Iterator[str]:
        for kind, found in (("limit", self.habits.limits), ("value", self.habits.zeros)):
            for end, (got, right) in found.items():
                if not same(got, right):
                    told = "none is" if right is None else f"{right:.9g} is right"
                    yield f"  {kind} at {end}: {got:.9g}, {told}"
        for kink, side in self.habits.kinks.items():
            yield f"  slope at the kink {kink:g}: {side}"
        placed = self.habits.placed
        if placed is not None and placed.example is not None:
            x, alone, among = placed.example
            yield (
                f"  the place in the array, or its length, changes {placed.differ} results of "
                f"{placed.tried}: {shown(alone)} for {shown(x)} alone, {shown(among)} among others"
            )

    def errors(self) -> dict[str, int]:
        """The distribution: how many results are at most so many ulp off."""
        bins = self.tally.histogram()
        found = {"≤ ½": int(bins[0])}
        for octave, start in enumerate(range(1, len(bins), FINE)):
            count = int(bins[start : start + FINE].sum())
            if count:
                found[f"≤ {2.0**octave:g}"] = count
        return found

    def _few(self) -> dict[str, int]:
        """The same in few words."""
        found: dict[str, int] = {}
        for told, count in self.errors().items():
            ulp = float(told.removeprefix("≤ ").replace("½", "0.5"))
            most = next((most for most in WORDS if ulp <= most), None)
            key = told if ulp < 1 else f"> {WORDS[-1]:,}" if most is None else f"≤ {most:,}"
            found[key] = found.get(key, 0) + count
        return found

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        worst = self.tally.worst
        faults = {name: fault.record(self.call) for name, fault in self.faults.items()}
        return {
            "subject": self.subject,
            "as": self.title,
            "dtype": self.dtype,
            "inputs": {
                "tried": self.tally.tried,
                "which": "all" if self.every else "sampled",
                "finished": self.complete,
                "undecided": self.tally.undecided,
            },
            "flushes are right": self.ftz,
            "verdict": self.verdict,
            "misrounded": self.misrounded,
            "worst": None if worst is None else point(worst),
            "errors": self.errors(),
            "faults": faults,
            "steps back": None if self.back is None else self.back.record(self.call),
            "flushes": None if self.flushes is None else self.flushes.record(self.call),
            "limits": {x: pair(got, right) for x, (got, right) in self.habits.limits.items()},
            "zeros": {x: pair(got, right) for x, (got, right) in self.habits.zeros.items()},
            "kinks": {f"{x:g}": side for x, side in self.habits.kinks.items()},
            "position": self._position(),
            "parameters fit": {"reading": self.reading, "misrounded": dict(self.readings)},
            "about": dict(self.about),
            "seconds": round(self.seconds, 3),
        }

    def _position(self) -> dict[str, Any] | None:
        placed = self.habits.placed
        if placed is None:
            return None
        names = ("x", "alone", "among others")
        example = placed.example and dict(zip(names, map(both, placed.example), strict=True))
        return {"tried": placed.tried, "differ": placed.differ, "example": example}

    def json(self) -> str:
        """The same file that the command line writes, of this report alone."""
        return reports([self])


def reports(found: Sequence[Report]) -> str:
    """Several, as JSON has them."""
    told = {"schema": SCHEMA, "reports": [each.record() for each in found]}
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


@dataclass(frozen=True)
class Fault:
    """Of one class: how many, where, and the one that is nearest to 0."""

    name: str
    count: int
    intervals: tuple[tuple[float, float], ...]  # of x: the longest, the first and last among them
    all_told: int  # intervals
    first: float  # the x nearest to 0
    largest: str = ""

    @staticmethod
    def of(name: str, spans: Spans, report: Report) -> "Fault":
        ends = tuple((number(a, report.dtype), number(b, report.dtype)) for a, b in spans.ends)
        first = number(spans.nearest_zero(), report.dtype)
        step = report.tally.back
        largest = ""
        if name == BACK and step is not None:
            largest = (
                f"largest {step.ulp:.4g} ulp: {shown(step.got[0])} at {shown(step.x[0])}, "
                f"{shown(step.got[1])} at {shown(step.x[1])}"
            )
        return Fault(name, spans.count, ends, spans.all_told, first, largest)

    def longest(self, count: int) -> list[tuple[float, float]]:
        """So many intervals, in order."""
        falling = sorted(self.intervals, key=lambda ends: abs(ends[1] - ends[0]), reverse=True)
        return sorted(falling[:count])

    def lines(self, call: str) -> Iterator[str]:
        """For a person."""
        where = "; ".join(between(*ends) for ends in self.longest(TOLD))
        more = f" and {self.all_told - TOLD:,} more intervals" if self.all_told > TOLD else ""
        yield f"  {self.name}: {self.count:,}, {where}{more}"
        yield f"    {self.largest or call.format(x=shown(self.first))}"

    def record(self, call: str) -> dict[str, Any]:
        """As JSON has it."""
        told = {"largest": self.largest} if self.largest else {}
        return {
            "count": self.count,
            "intervals": [[both(a), both(b)] for a, b in self.intervals],
            "all intervals": self.all_told,
            "first": both(self.first),
            "line": call.format(x=shown(self.first)),
            **told,
        }


def point(worst: Point) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "ulp": float(f"{worst.ulp:.6g}") if math.isfinite(worst.ulp) else "inf",
        "steps": worst.steps,
        "x": both(worst.x),
        "got": both(worst.got),
        "right": both(worst.right),
    }


def told(worst: Point) -> str:
    """For a person."""
    steps = f"{worst.steps:,} step{'s' * (worst.steps != 1)}"
    return (
        f"{worst.ulp:.4g} ulp ({steps}) at x = {shown(worst.x)} ({hexed(worst.x)}): "
        f"{shown(worst.got)}, right is {shown(worst.right)}"
    )


def pair(got: float, right: float | None) -> dict[str, Any]:
    """What came back, and what is right, if anything is."""
    return {"got": both(got), "right": None if right is None else both(right)}


def both(value: float) -> dict[str, str]:
    """A number in decimal and hex."""
    return {"decimal": shown(value), "hex": hexed(value)}


def shown(value: float) -> str:
    """The shortest decimal that is read as the same float64."""
    return repr(value)


def hexed(value: float) -> str:
    """As C and Python read it, without zeros that say nothing."""
    digits, _, exponent = value.hex().partition("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}" if exponent else digits


def same(got: float, right: float | None) -> bool:
    """Close enough for a limit, which no type may hold; and of a zero the same sign."""
    if right is None or math.isnan(right) or math.isnan(got):
        return math.isnan(got) and (right is None or math.isnan(right))
    return got == right or math.isclose(got, right, rel_tol=2.0**-7, abs_tol=1e-30)


def share(count: int, tried: int) -> str:
    """(3.1 %)"""
    if not count or not tried:
        return ""
    percent = 100 * count / tried
    return f" ({percent:.0f} %)" if percent >= 10 else f" ({percent:.2g} %)"


def up(ulp: float) -> float:
    """In three digits, and never less."""
    if math.isinf(ulp):
        return ulp
    return float(Context(prec=3, rounding=ROUND_CEILING).create_decimal(Decimal(ulp)))


assert set(FAULTS).isdisjoint({FLUSHED, BACK})
