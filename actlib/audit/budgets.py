"""All budgets of a file: a report against its own, and a report that is accepted.

A reason is asked for where users would ask for one: a fault, or an error beyond the ceiling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from actlib.audit.budget import Budget
from actlib.audit.report import Report

MEASURED = "As measured"  # a why that nobody wrote
CEILING = 9.0  # ulp: that of most functions in the tests of glibc; in bfloat16, 7 % of a result


class BaselineError(Exception):
    """A file of budgets cannot be read or written, or an entry says nothing: why, in one line."""


@dataclass(frozen=True)
class Comparison:
    """Of a report with its budget."""

    key: str
    worse: tuple[str, ...]  # sentences
    better: tuple[str, ...]
    known: bool = True  # is there a budget?

    @property
    def holds(self) -> bool:
        """Is nothing worse?"""
        return not self.worse

    def __str__(self) -> str:
        lines = [*self.worse, *self.better] or ["as its budget says"]
        return "\n".join([self.key, *(f"  {line}" for line in lines)])


@dataclass(frozen=True)
class Baseline:
    """All budgets of a file."""

    ceiling: float = CEILING
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    def compare(self, report: Report) -> Comparison:
        """What is worse than the budget, and what is better. Without a budget nothing holds."""
        name = key(report)
        budget = self.budgets.get(name)
        if budget is None:
            return Comparison(name, (self._unknown(report),), (), known=False)
        worse = [each.told for each in budget.worse(report, self.ceiling)]
        if not budget.why:
            worse.append("its why is empty: say in the file why this is accepted")
        better = [f"better: {told}: tighten" for told in budget.better(report)]
        return Comparison(name, tuple(worse), tuple(better))

    def accepted(self, report: Report, why: str | None) -> "Baseline":
        """With a budget that a report needs: a new one, or the old one tightened or loosened.

        Of some numbers alone, none that was made of all of them is tightened.

        Args:
            report: Of an audit that was finished.
            why: A sentence or an address. None: the old one stays, or it is told that this was
                measured; but if anything grave is new it is left empty, for somebody to write.

        Raises:
            BaselineError: The audit was not finished, or the why is blank.
        """
        name = key(report)
        if not report.complete:
            raise BaselineError(f"{name}: not finished, and not to be accepted")
        if why is not None and not why.strip():
            raise BaselineError(f"{name}: a why must not be blank")
        now = Budget.of(report)
        flawless = now.flawless()
        old = self.budgets.get(name, flawless)
        if old.every and not report.every:
            now = old.holding(now)
        told = self._why(old, now, flawless, report) if why is None else why.strip()
        return replace(self, budgets={**self.budgets, name: replace(now, why=told)})

    def _why(self, old: Budget, now: Budget, flawless: Budget, report: Report) -> str:
        if any(each.grave for each in old.worse(report, self.ceiling)):
            return ""
        written = old.why and not old.why.startswith(MEASURED)
        grave = any(each.grave for each in flawless.worse(report, self.ceiling))
        if written or grave or (old.why and replace(now, why=old.why) == old):
            return old.why
        versions = ", ".join(f"{name} {version}" for name, version in report.about.items())
        return f"{MEASURED}, with {versions}." if versions else f"{MEASURED}."

    def _unknown(self, report: Report) -> str:
        same = (f"{_named(report)}]", f"{_named(report)}, ")
        others = [name for name in self.budgets if name.startswith(same)]
        return "no budget yet" + (f", but for {'; '.join(others)}" if others else "")


def key(report: Report) -> str:
    """What a budget is for: what is computed, in which type, by whom, and where.

    Versions are not in it: what another version makes worse is to be seen.
    """
    where = [report.about[each] for each in ("device", "cpu") if report.about.get(each)]
    return f"{_named(report)}{''.join(f', {each}' for each in where)}]"


def _named(report: Report) -> str:
    return f"{report.title} {report.dtype} [{report.subject}"
