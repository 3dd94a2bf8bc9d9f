"""What was found among some numbers, and how two such findings become one.

Only bits decide what is misrounded. How far off that is, is computed for those alone: |got − value|
in ulp of the value, to 2^-24 ulp. What has no such distance, or one that says nothing, is a fault
of a class: NaN, an infinity, 0 or the other sign where the truth is a normal number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actlib.audit.line import column, place
from actlib.audit.rounding import smallest_normal, unit
from actlib.audit.spans import Spans
from actlib.audit.truth import Judged, Known

FAULTS = ("NaN", "infinity", "missed infinity", "zero", "sign", "out of range")
"""Classes of what is no matter of last digits, the worst first."""

FLUSHED, BACK = "flushed", "step back"
MARKS = (*FAULTS, FLUSHED, BACK)

FINE = 4  # bins of an octave of errors
BINS = 1 + 48 * FINE  # the first for correct results; beyond ½ ulp, up to 2^47
CLEAR = 2.0**-47  # of a value: a step of the truth that no error of it can turn round


class Point(NamedTuple):
    """A number, what came back for it, and what is right; how far apart these are."""

    ulp: float
    x: float
    got: float
    right: float
    steps: int  # numbers of the type from the one to the other


class Step(NamedTuple):
    """Two neighbours between which the results go against the truth, and by how many ulp."""

    ulp: float
    x: tuple[float, float]
    got: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What else belongs to the truth: how far the results reach, and what is not judged."""

    low: float = -np.inf
    high: float = np.inf
    exempt: tuple[float, ...] = ()  # kinks, of a derivative


@dataclass(kw_only=True)
class Tally:
    """Of some numbers of one type."""

    tried: int = 0
    undecided: int = 0
    misrounded: int = 0
    worst: Point | None = None
    back: Step | None = None
    found: Mapping[str, Spans] = field(default_factory=dict)  # by MARKS, places of numbers
    errors: Mapping[int, NDArray[np.int64]] = field(default_factory=dict)  # by column, BINS of them
    worst_in: Mapping[int, float] = field(default_factory=dict)  # by column, in ulp

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            tried=self.tried + other.tried,
            undecided=self.undecided + other.undecided,
            misrounded=self.misrounded + other.misrounded,
            worst=_further(self.worst, other.worst),
            back=_further(self.back, other.back),
            found=_joined(self.found, other.found, Spans.__add__),
            errors=_joined(self.errors, other.errors, np.add),
            worst_in=_joined(self.worst_in, other.worst_in, max),
        )

    def faults(self) -> dict[str, Spans]:
        """Those that are no matter of last digits."""
        return {name: self.found[name] for name in FAULTS if name in self.found}

    def histogram(self) -> NDArray[np.int64]:
        """How many errors lie in each of BINS."""
        return sum(self.errors.values(), np.zeros(BINS, np.int64))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return reduce(Tally.__add__, tallies, Tally())


def _further(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return other if other.ulp > one.ulp else one


def _joined(one: Mapping[Any, Any], other: Mapping[Any, Any], join: Any) -> dict[Any, Any]:
    both = {key: join(one[key], other[key]) for key in one.keys() & other.keys()}
    return {**one, **other, **both}


@np.errstate(all="ignore")
def tally(
    x: NDArray[Any], got: NDArray[Any], known: Known, terms: Terms, step: int = 1, seen: int = 0
) -> Tally:
    """Of numbers in order of |x|, each `step`-th of the line. The first `seen` of them are counted

    elsewhere, and stand here for the steps from them.
    """
    right = known.right
    bits = f"u{x.itemsize}"
    differs = got.view(bits) != right.view(bits)
    if not np.count_nonzero(differs) and known.decided.all():
        return _faultless(x[seen:])
    differs &= known.decided & ~((got == 0) & (right == 0)) & ~(np.isnan(got) & np.isnan(right))
    error = np.abs(got.astype(np.float64) - known.value) / unit(known.value, x.dtype)
    return count(x, got, Judged(known, differs, error), terms, step, seen)


@np.errstate(all="ignore")
def count(
    x: NDArray[Any], got: NDArray[Any], judged: Judged, terms: Terms, step: int, seen: int = 0
) -> Tally:
    """The same, when it is known which differ from the truth, and how far."""
    known, differs, error = judged
    right = known.right
    for point in terms.exempt:
        differs &= x.astype(np.float64) != point
    flushed = _flushed(x, got, right, differs)
    back, spans_back = _backwards(x, got, known.value, differs, step)
    new = slice(seen, None)
    where = np.flatnonzero(differs[new]) + seen
    chosen = x[where], got[where], right[where], error[where], flushed[where]
    result = _judged(*chosen, where, terms, step)
    if spans_back is not None:
        result.back, result.found = back, {**result.found, BACK: spans_back}
    result.undecided = int(np.count_nonzero(~known.decided[new]))
    result.tried = len(x) - seen
    _count_correct(result, x[new], differs[new] | ~known.decided[new], x.dtype.name)
    return result


def _faultless(x: NDArray[Any]) -> Tally:
    found = Tally(tried=len(x))
    _count_correct(found, x, np.zeros(len(x), bool), x.dtype.name)
    return found


def _count_correct(found: Tally, x: NDArray[Any], other: NDArray[np.bool_], name: str) -> None:
    """Add the correct results to the first bin of their columns."""
    columns = column(place(x[~other] if np.count_nonzero(other) else x), name)
    if not columns.size:
        return
    first = int(columns.min())
    correct: dict[int, NDArray[np.int64]] = {}
    for offset, count in enumerate(np.bincount(columns - first).tolist()):
        if count:
            correct[first + offset] = np.zeros(BINS, np.int64)
            correct[first + offset][0] = count
    found.errors = _joined(found.errors, correct, np.add)


def _flushed(
    x: NDArray[Any], got: NDArray[Any], right: NDArray[Any], differs: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """0 where the result, or the input, is below all normal numbers. It is a mode of the processor

    and no matter of accuracy: counted apart.
    """
    found = differs & (got == 0)
    if np.count_nonzero(found):
        tiny = smallest_normal(x.dtype)
        found &= (np.abs(right) < x.dtype.type(tiny)) | (np.abs(x) < x.dtype.type(tiny))
    return found


def _judged(
    x: NDArray[Any],
    got: NDArray[Any],
    right: NDArray[Any],
    error: NDArray[np.float64],
    flushed: NDArray[np.bool_],
    where: NDArray[np.intp],
    terms: Terms,
    step: int,
) -> Tally:
    """Those that differ, and where they are among all."""
    theirs, truth = got.astype(np.float64), right.astype(np.float64)
    tiny = smallest_normal(x.dtype)
    strange = {
        "NaN": np.isnan(theirs),
        "infinity": np.isinf(theirs) & np.isfinite(truth),
        "missed infinity": np.isinf(truth) & np.isfinite(theirs),
        "zero": (theirs == 0) & (np.abs(truth) >= tiny) & ~flushed,
        "sign": np.sign(theirs) * np.sign(truth) < 0,
        "out of range": (theirs > terms.high) | (theirs < terms.low),
        FLUSHED: flushed,
    }
    places = place(x)
    found = {
        name: Spans.of(places[at], where[at], step)
        for name, at in strange.items()
        if np.count_nonzero(at)
    }
    measured = np.isfinite(theirs) & np.isfinite(truth) & ~flushed
    error[~measured] = 0
    result = Tally(misrounded=len(x) - int(np.count_nonzero(flushed)), found=found)
    if not np.count_nonzero(measured):
        return result
    most = int(error.argmax())
    steps = abs(int(place(got[most : most + 1])[0]) - int(place(right[most : most + 1])[0]))
    result.worst = Point(
        float(error[most]), float(x[most]), float(theirs[most]), float(truth[most]), steps
    )
    _by_column(result, column(places[measured], x.dtype.name), error[measured])
    return result


def _by_column(result: Tally, columns: NDArray[np.int64], error: NDArray[np.float64]) -> None:
    octaves = np.log2(np.maximum(error, 0.5) * 2)
    bins = np.clip(np.ceil(octaves * FINE), 1, BINS - 1).astype(np.int64)  # may be infinite
    first = int(columns.min())
    count = int(columns.max()) - first + 1
    table = np.bincount((columns - first) * BINS + bins, minlength=count * BINS)
    worst = np.zeros(count)
    np.maximum.at(worst, columns - first, error)
    rows = table.reshape(count, BINS)
    here = [i for i in range(count) if rows[i].any()]
    result.errors = {first + i: rows[i] for i in here}
    result.worst_in = {first + i: float(worst[i]) for i in here}


def _backwards(
    x: NDArray[Any],
    got: NDArray[Any],
    value: NDArray[np.float64],
    differs: NDArray[np.bool_],
    step: int,
) -> tuple[Step | None, Spans | None]:
    """Steps of the results against those of the truth: correct results have none, so that one of

    the two neighbours is misrounded.
    """
    here = np.flatnonzero(differs[1:] | differs[:-1])
    if not here.size:
        return None, None
    one, other = got[here].astype(np.float64), got[here + 1].astype(np.float64)
    theirs, truth = other - one, value[here + 1] - value[here]
    clear = np.abs(truth) > CLEAR * np.abs(value[here + 1])
    against = clear & np.isfinite(truth) & np.isfinite(theirs) & (theirs * np.sign(truth) < 0)
    if not np.count_nonzero(against):
        return None, None
    here, theirs = here[against], np.abs(theirs[against])
    size = theirs / unit(value[here], x.dtype)
    most = int(size.argmax())
    pair = here[most], here[most] + 1
    numbers = (float(x[pair[0]]), float(x[pair[1]])), (float(got[pair[0]]), float(got[pair[1]]))
    return Step(float(size[most]), *numbers), Spans.of(place(x[here + 1]), here, step)
