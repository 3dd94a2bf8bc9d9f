"""What one function may do: what it did when somebody accepted that, and nothing worse.

A budget holds the worst error and the largest step back, rounded up to three digits; for each class
of fault, and for what is flushed to 0, the intervals of x; and its conventions as they are: limits,
values at ±0, slopes at kinks. It holds no counts, since those of misrounded results change with the
processor. What is worse is *grave* if it is a fault, or an error beyond a ceiling: nobody accepts
that without saying why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from actlib.audit.intervals import Intervals, each, few, outside, text, union
from actlib.audit.report import Report, same, shown, up
from actlib.audit.tally import BACK, FAULTS, FLUSHED


class Worse(NamedTuple):
    """A sentence on what is worse than the budget."""

    told: str
    grave: bool = False


class Changed(NamedTuple):
    """A convention: what it was and what it is; was it wrong, and is it right now?"""

    what: str
    was: str
    now: str
    mended: bool = False


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Of one function in one type on one processor."""

    every: bool  # was it made of all finite numbers?
    worst: float = 0.5  # ulp
    back: float = 0.0  # ulp of the largest step back; 0 if there is none
    undecided: int = 0  # results for which no ball was narrow enough
    found: Mapping[str, Intervals]  # by class of FAULTS, and FLUSHED
    limits: Mapping[str, str]  # each as it was shown
    zeros: Mapping[str, str]
    kinks: Mapping[str, str]
    why: str = ""  # a sentence, or an address

    @staticmethod
    def of(report: Report) -> "Budget":
        """What a report needs, without a why."""
        found = report.tally.found
        step = report.tally.back
        return Budget(
            every=report.every,
            worst=up(report.worst),
            back=0.0 if step is None else up(step.ulp),
            undecided=report.tally.undecided,
            found={n: few(found[n], report.dtype) for n in (*FAULTS, FLUSHED) if n in found},
            limits={x: shown(got) for x, (got, _) in report.habits.limits.items()},
            zeros={x: shown(got) for x, (got, _) in report.habits.zeros.items()},
            kinks={f"{x:g}": side for x, side in report.habits.kinks.items()},
        )

    def flawless(self) -> "Budget":
        """That of a function with the same conventions that makes no error."""
        return replace(self, worst=0.5, back=0.0, undecided=0, found={})

    def holding(self, other: "Budget") -> "Budget":
        """This one, widened so far that the other fits in; with the conventions of the other."""
        classes = [n for n in (*FAULTS, FLUSHED) if n in self.found or n in other.found]
        return replace(
            other,
            every=self.every,
            worst=max(self.worst, other.worst),
            back=max(self.back, other.back),
            undecided=max(self.undecided, other.undecided),
            found={n: union(self.found.get(n, ()), other.found.get(n, ())) for n in classes},
        )

    def worse(self, report: Report, ceiling: float) -> Iterator[Worse]:
        """What does not fit in; the ceiling is in ulp."""
        if not report.complete:
            yield Worse("not finished")
        if report.worst > self.worst:
            at = "" if report.at is None else f" at x = {shown(report.at)}"
            told = f"worst {report.worst:.4g} ulp{at}, budget {self.worst:.4g}"
            yield Worse(told, report.worst > ceiling)
        for name in (*FAULTS, FLUSHED):
            if name in report.tally.found:
                budget = self.found.get(name, ())
                beyond = outside(each(report.tally.found[name], report.dtype), budget)
                allowed = f"outside of {text(budget)}" if budget else "and there was none"
                if beyond:
                    yield Worse(f"{name} for {text(beyond)}, {allowed}", name in FAULTS)
        step = report.tally.back
        if step is not None and step.ulp > self.back:
            allowed = f"budget {self.back:.4g}" if self.back else "and there was none"
            yield Worse(f"{BACK} of {step.ulp:.4g} ulp at x = {shown(step.x[1])}, {allowed}")
        if report.tally.undecided > self.undecided:
            yield Worse(f"undecided: {report.tally.undecided:,}, budget {self.undecided:,}")
        for other in self._changed(report):
            if not other.mended:
                yield Worse(f"{other.what}: {other.now}, was {other.was}")

    def better(self, report: Report) -> Iterator[str]:
        """What could be tightened: by no report of some numbers, if this was made of all."""
        if not report.complete or (self.every and not report.every):
            return
        now = Budget.of(report)
        if now.worst < self.worst:
            yield f"worst {now.worst:.4g} ulp, budget {self.worst:.4g}"
        for name, budget in self.found.items():
            needed = now.found.get(name, ())
            if not needed:
                yield f"{name} no more, budget {text(budget)}"
            elif needed != budget and not outside(needed, budget):
                yield f"{name} for {text(needed)}, budget {text(budget)}"
        if now.back < self.back:
            yield f"{BACK} of {now.back:.4g} ulp, budget {self.back:.4g}"
        if now.undecided < self.undecided:
            yield f"undecided: {now.undecided:,}, budget {self.undecided:,}"
        for other in self._changed(report):
            if other.mended:
                yield f"{other.what}: {other.now}, which is right; was {other.was}"

    def _changed(self, report: Report) -> Iterator[Changed]:
        """Conventions that are others now: the sign of 0 is one, last digits of a limit are not."""
        habits = report.habits
        for kind, found, accepted in (
            ("limit", habits.limits, self.limits),
            ("value", habits.zeros, self.zeros),
        ):
            for x, (got, right) in found.items():
                was = float(accepted.get(x, "nan"))
                mended = same(got, right) and not same(was, right)
                close = same(got, right) and same(was, right) and not was == got == 0
                if shown(was) != shown(got) and not close:
                    yield Changed(f"{kind} at {x}", shown(was), shown(got), mended)
        for kink, side in habits.kinks.items():
            known = self.kinks.get(f"{kink:g}", "none")
            if known != side:
                yield Changed(f"slope at the kink {kink:g}", known, side)
