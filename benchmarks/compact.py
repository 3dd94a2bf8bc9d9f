"""A report of an audit in one line of JSON: what the page of errata needs."""

import importlib
import math

import independent
import numpy as np

from actlib.audit.line import form
from actlib.audit.report import same

TOLD = 3  # intervals of a fault


def row(report, target, subject):
    """Of one audit; the first of each fault is shown by its line, here and now."""
    told = {
        **subject.told,
        "dtype": report.dtype,
        "inputs": "all" if report.every else "sampled",
        "tried": report.tally.tried,
        "verdict": report.verdict,
        "misrounded": report.misrounded,
        "line": report.call,
    }
    if report.tally.undecided:
        told["undecided"] = report.tally.undecided
    if report.tally.worst is not None:
        worst = report.tally.worst
        told["worst"] = {"ulp": few(worst.ulp), "steps": worst.steps}
        told["worst"] |= shown(worst.x, report, target, subject, worst.got)
    faults = {
        name: fault_of(fault, report, target, subject) for name, fault in report.faults.items()
    }
    if faults:
        told["faults"] = faults
    if report.back is not None:
        told["step back"] = {**counted(report.back), "ulp": few(report.tally.back.ulp)}
        told["step back"] |= {"at": list(map(number_of, report.tally.back.x))}
        told["step back"] |= {"got": list(map(number_of, report.tally.back.got))}
    if report.flushes is not None:
        told["flushes"] = counted(report.flushes)
    told |= habits(report)
    return told


def fault_of(fault, report, target, subject):
    return {**counted(fault), **shown(fault.first, report, target, subject)}


def counted(fault):
    """How many, and the longest intervals."""
    kept = [list(map(number_of, ends)) for ends in fault.longest(TOLD)]
    return {"count": fault.count, "intervals": kept, "of": fault.all_told}


def shown(x, report, target, subject, got=None):
    """At an x: what the line prints, what is right, and the truth by other means."""
    found = printed(report.call, x) if got is None else got
    kind = form(report.dtype)
    at = np.array([x], kind)
    known = target.truth.by_balls(at)
    right = known.value if kind == np.float64 else known.right  # what it tells of narrower types
    told = {"x": x, "got": number_of(found), "right": number_of(float(right[0]))}
    name = subject.record.name
    if dict(subject.setting) != independent.SETTINGS.get(name, {}):
        return told
    exact = independent.truth(name, subject.told["function"], x)
    if exact is None:
        return told
    alike = independent.rounded(exact, report.dtype) == float(right[0])
    if report.reading != "as given" and not alike:  # the truth of another parameter
        return told
    return {**told, "truth": independent.told(exact)}


def printed(line, x):
    """What a line computes for an x."""
    source = line.format(x=repr(x))
    names = {"numpy": np, "tf": "tensorflow"}
    roots = {"actlib", "jax", "keras", "ml_dtypes", "scipy", "textbook", "torch", *names}
    scope = {}
    for root in roots:
        if f"{root}." in source:
            known = names.get(root, root)
            scope[root] = importlib.import_module(known) if isinstance(known, str) else known
    for module in ("scipy.special", "actlib.audit.adapters", "actlib.audit.line"):
        if module in source:
            importlib.import_module(module)
    with np.errstate(all="ignore"):
        return float(eval(source, scope))


def habits(report):
    """What deviates from a limit, from a zero; slopes at kinks; whether the place matters."""
    found, told = report.habits, {}
    for name, pairs in (("limits", found.limits), ("zeros", found.zeros)):
        wrong = {x: list(map(number_of, pair)) for x, pair in pairs.items() if not same(*pair)}
        if wrong:
            told[name] = wrong
    if found.kinks:
        told["kinks"] = {f"{x:g}": side for x, side in found.kinks.items()}
    if found.placed is not None and found.placed.differ:
        x, alone, among = map(number_of, found.placed.example)
        told["position"] = {
            "differ": found.placed.differ,
            "tried": found.placed.tried,
            "example": {"x": x, "alone": alone, "among": among},
        }
    if report.reading != "as given":
        told["reading"] = report.reading
    return told


def few(ulp):
    """Six digits."""
    return number_of(float(f"{ulp:.6g}"))


def number_of(value):
    """JSON has no infinity and no NaN: they are words."""
    return value if value is None or math.isfinite(value) else str(value)
