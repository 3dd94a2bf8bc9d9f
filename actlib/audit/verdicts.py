"""audit: one function in one type, and a report. check: one line in a test."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from actlib.audit import wide
from actlib.audit.adapters import checked
from actlib.audit.asked import Asked, AskedError, asked
from actlib.audit.baseline import Comparison, hold
from actlib.audit.habits import habits, readings
from actlib.audit.line import NAMES, finite, parts
from actlib.audit.machine import machine
from actlib.audit.report import Report
from actlib.audit.sweep import Function, Progress, one_by_one, terms
from actlib.audit.tally import Tally, Terms

SMALL = ("float16", "bfloat16")


class AuditError(AssertionError):
    """What was asked for does not hold: the reports that say so."""


def audit(
    fn: Function,
    name: str | None = None,
    *,
    formula: str | None = None,
    dtype: str = "bfloat16",
    derivative: bool = False,
    setting: Mapping[str, Any] | None = None,
    inputs: str | None = None,
    ftz: bool = False,
) -> Report:
    """How far the results of a function are from the truth.

    Args:
        fn: An array of any shape (n,) in, an array of the same dtype and shape out.
        name: The activation that it is meant to be: a name in actlib.ALL or actlib.PRESETS.
        formula: Or any formula in x, as Python and SymPy write it; decimals are taken exactly.
        dtype: float16, bfloat16 (of ml_dtypes), float32 or float64.
        derivative: Is fn the derivative of it?
        setting: Parameters that are not at their defaults.
        inputs: "all" finite numbers, or "sampled". All of them in 16 bits if it is not said, a
            million of float32; of float64 never all.
        ftz: Take subnormal numbers that were flushed to 0 for right.

    Raises:
        AskedError: There is no such activation, formula, setting or type.
        CallError: fn returns something else than an array of this dtype and shape.
    """
    every = all_of(dtype, inputs)
    target = asked(name, formula, int(derivative), setting)
    label = _label(fn)
    return report(checked(fn, label), target, dtype, subject=label, every=every, ftz=ftz)


def _label(fn: Function) -> str:
    """As a SPEC names it: so the budget that a command accepted is that of a test."""
    module, name = getattr(fn, "__module__", None), getattr(fn, "__qualname__", None)
    if name is None:
        return getattr(fn, "name", type(fn).__name__)
    return name if module in (None, "__main__") else f"{module}.{name}"


def check(
    fn: Function,
    name: str | None = None,
    *,
    formula: str | None = None,
    dtype: str | Iterable[str] = SMALL,
    derivative: bool = False,
    setting: Mapping[str, Any] | None = None,
    inputs: str | None = None,
    ftz: bool = False,
    max_ulp: float = 1.0,
    baseline: str | os.PathLike[str] | None = None,
) -> None:
    """The same for a test, in both types of 16 bits if none is said.

    Args:
        baseline: A file of budgets for what cannot be perfect: they take the place of `max_ulp`.

    Raises:
        AuditError: A result is more than `max_ulp` off, or a fault, or what is worse than its
            budget: with the report to read.
        BaselineError: There is no such file, or it is none.
        AskedError, CallError: As audit does.
    """
    found = [
        audit(
            fn,
            name,
            formula=formula,
            dtype=kind,
            derivative=derivative,
            setting=setting,
            inputs=inputs,
            ftz=ftz,
        )
        for kind in ((dtype,) if isinstance(dtype, str) else tuple(dtype))
    ]
    failed = [why for each in found if (why := beyond(each, max_ulp, baseline))]
    if failed:
        raise AuditError("\n".join(failed))


def beyond(
    found: Report, max_ulp: float, baseline: str | os.PathLike[str] | None = None
) -> str | None:
    """What is wrong with a report: more than its budget, or than so many ulp if it has none."""
    compared = None if baseline is None else hold(found, baseline)
    if within(found, max_ulp, compared):
        return None
    if compared is not None and compared.known:
        told = [f"not within its budget in {os.fspath(str(baseline))}", str(found), *compared.worse]
        return "\n  ".join(told)
    return f"not within {max_ulp:g} ulp\n{found}"


def within(found: Report, max_ulp: float, compared: Comparison | None) -> bool:
    """Does a report hold: to its budget, or if it has none, to so many ulp?"""
    if compared is not None and compared.known:
        return compared.holds
    return found.holds(max_ulp)


Sweep = Callable[[Asked, Terms], tuple[Tally, bool]]
"""What was found among all numbers, and whether it is all."""


def report(
    function: Function,
    target: Asked,
    dtype: str,
    *,
    subject: str,
    every: bool,
    ftz: bool = False,
    placed: bool = True,
    about: Mapping[str, str] | None = None,
    call: str = "f({x})",
    sweep: Sweep | None = None,
) -> Report:
    """Of what is asked: a few numbers in this process, and all of them by `sweep`, or here too."""
    started = time.perf_counter()
    read = readings(function, target, dtype)
    best = read[0].asked
    seen = habits(function, best, dtype, placed)
    found, complete = (sweep or alone(function, dtype, every))(best, terms(best, dtype))
    if complete and found.tried < 2 * finite(dtype):  # where no polynomial is close, a sample is
        every = False
    return Report(
        subject=subject,
        title=target.title,
        dtype=dtype,
        tally=found,
        habits=seen,
        every=every,
        complete=complete,
        ftz=ftz,
        reading=read[0].told,
        readings={each.told: each.misrounded for each in read},
        about={**(about or {}), **machine()},
        call=call,
        seconds=time.perf_counter() - started,
    )


def alone(
    function: Function, dtype: str, every: bool, progress: Progress = lambda share, left: None
) -> Sweep:
    """In this process."""

    def sweep(target: Asked, judged: Terms) -> tuple[Tally, bool]:
        if dtype == "float64":
            return wide.tallied(function, target, judged), True
        return one_by_one(function, target, parts(dtype, every), judged, progress)

    return sweep


def all_of(dtype: str, inputs: str | None) -> bool:
    """Are all finite numbers of a type asked? AskedError if there is no such type, or way."""
    if dtype not in NAMES:
        raise AskedError(f"no type {dtype!r}: {', '.join(NAMES)}")
    if inputs not in (None, "all", "sampled"):
        raise AskedError(f"inputs are 'all' or 'sampled', not {inputs!r}")
    if dtype == "float64" and inputs == "all":
        raise AskedError("of float64, nobody can ask all numbers")
    return dtype in SMALL if inputs is None else inputs == "all"
