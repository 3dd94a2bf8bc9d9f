"""Budgets of functions that are not correct to the last digit, in a JSON file beside their tests.

    {
     "schema": "actlib-audit-baseline/1",
     "ceiling": 9.0,
     "budgets": {
      "sigmoid′ bfloat16 [mylib.sigmoid_grad, x86_64 avx512]": {
       "inputs": "all",
       "worst": 256.0,
       "faults": {"zero": ["5.5625 to 87.0"]},
       "flushed": [],
       "step back": 2.0,
       "undecided": 0,
       "limits": {"inf": "0.0", …},
       "zeros": {"0.0": "0.25", …},
       "kinks": {},
       "why": "1 − σ(x) cancels: https://…"
      }
     }
    }

What is worse than its budget fails; what is better is said, so that somebody tightens it and the
gain shows in a diff. A fault that is new, of whatever class, or an error beyond the ceiling in ulp
is accepted only with a reason that somebody wrote: `--accept` leaves it empty, and no test passes
with such a file until it is there. A file may set its own ceiling.
"""

import json
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from actlib.audit.budget import Budget
from actlib.audit.budgets import Baseline, BaselineError, Comparison
from actlib.audit.files import written
from actlib.audit.intervals import Interval, Intervals
from actlib.audit.report import Report
from actlib.audit.tally import BACK, FAULTS, FLUSHED

__all__ = ["Baseline", "BaselineError", "Comparison", "hold", "read", "write"]

SCHEMA = "actlib-audit-baseline/1"


def hold(report: Report, path: str | os.PathLike[str], accept: bool = False) -> Comparison:
    """A report against its budget in a file.

    Args:
        report: Of one function in one type.
        path: Of the file; it may be missing if its first budget is being accepted.
        accept: Make the budget what the report needs, and write the file if that changes it. What
            is still worse then, is grave and waits for its why.

    Raises:
        BaselineError: The file cannot be read or written, or the report not be accepted.
    """
    found = read(path, accept)
    if accept:
        after = found.accepted(report, None)
        if after != found:
            write(path, after)
        found = after
    return found.compare(report)


def read(path: str | os.PathLike[str], accept: bool = False) -> Baseline:
    """The budgets in a file. With `accept` it may be missing, and a why may be empty in it.

    Raises:
        BaselineError: There is no such file, it is of another schema, or a why is empty.
    """
    try:
        told = json.loads(Path(path).read_text("utf-8"), object_pairs_hook=_once)
    except FileNotFoundError:
        if accept:
            return Baseline()
        raise BaselineError(f"{path}: no such file; accept a first budget to make it") from None
    except (OSError, ValueError) as error:
        raise BaselineError(f"{path}: {error}") from None
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise BaselineError(f"{path}: not of the schema {SCHEMA}")
    budgets = {}
    at = "its head"
    try:
        ceiling = _ulp(told["ceiling"])
        for at, entry in told["budgets"].items():
            budgets[at] = _budget(entry)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BaselineError(f"{path}: {at}: not as the schema has it: {error!r}") from None
    silent = [name for name, budget in budgets.items() if not budget.why]
    if silent and not accept:
        raise BaselineError(f"{path}: {silent[0]}: its why is empty; say why this is accepted")
    return Baseline(ceiling, budgets)


def write(path: str | os.PathLike[str], baseline: Baseline) -> None:
    """The whole file or nothing: if it fails, and while it goes on, the old one is there.

    Raises:
        BaselineError: It cannot be written.
    """
    budgets = {name: _entry(budget) for name, budget in sorted(baseline.budgets.items())}
    told = {"schema": SCHEMA, "ceiling": baseline.ceiling, "budgets": budgets}
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        written(Path(path).resolve(), text.encode())
    except OSError as error:
        raise BaselineError(f"{path}: {error}") from None


def _entry(budget: Budget) -> dict[str, Any]:
    return {
        "inputs": "all" if budget.every else "sampled",
        "worst": _written(budget.worst),
        "faults": {name: _lines(budget.found[name]) for name in FAULTS if name in budget.found},
        FLUSHED: _lines(budget.found.get(FLUSHED, ())),
        BACK: _written(budget.back),
        "undecided": budget.undecided,
        "limits": dict(budget.limits),
        "zeros": dict(budget.zeros),
        "kinks": dict(budget.kinks),
        "why": budget.why,
    }


def _budget(entry: dict[str, Any]) -> Budget:
    """ValueError, KeyError or TypeError if it is none."""
    if entry["inputs"] not in ("all", "sampled"):
        raise ValueError(f"inputs {entry['inputs']!r}")
    faults = {name: _intervals(entry["faults"][name]) for name in entry["faults"]}
    found = {**faults, FLUSHED: _intervals(entry[FLUSHED])}
    budget = Budget(
        every=entry["inputs"] == "all",
        worst=_ulp(entry["worst"]),
        back=_ulp(entry[BACK]),
        undecided=int(entry["undecided"]),
        found={name: found[name] for name in (*FAULTS, FLUSHED) if found.get(name)},
        limits=_words(entry["limits"]),
        zeros=_words(entry["zeros"]),
        kinks={str(x): str(side) for x, side in entry["kinks"].items()},
        why=entry["why"].strip(),
    )
    strange = (entry.keys() - _entry(budget).keys()) | (found.keys() - {*FAULTS, FLUSHED})
    if strange:
        raise ValueError(f"unknown {', '.join(sorted(strange))}")
    return budget


def _words(told: dict[str, str]) -> dict[str, str]:
    """Numbers as words, so that NaN and the sign of 0 are kept."""
    for value in told.values():
        float(value)
    return dict(told)


def _lines(intervals: Intervals) -> list[str]:
    """A line for each, in a diff."""
    return [f"{low!r} to {high!r}" for low, high in intervals]


def _intervals(lines: Iterable[str]) -> Intervals:
    return tuple(_interval(*line.split(" to ")) for line in lines)


def _interval(low: str, high: str) -> Interval:
    if not float(low) <= float(high):
        raise ValueError(f"no interval from {low} to {high}")
    return float(low), float(high)


def _written(ulp: float) -> float | str:
    return "inf" if math.isinf(ulp) else ulp


def _ulp(told: Any) -> float:
    ulp = float(told)
    if not ulp >= 0:
        raise ValueError(f"{told!r} ulp")
    return ulp


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two entries of one name, as a merge may leave them, would be one at random."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"twice there: {next(n for n in names if names.count(n) > 1)}")
    return found
