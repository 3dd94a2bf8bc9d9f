"""python -m actlib.audit SPEC --as NAME: ask a function for every number of a type, and judge it.

SPEC is package.module.function (NumPy in, NumPy out), torch:…, jax:…, jax-eager:…, tf:…, keras:…,
onnx:Elu or onnx:model.onnx, cmd:./mine (raw little-endian numbers through a pipe), or
file:outputs.bin, the results for what --write-inputs wrote.

Exit status: 0 within --max-ulp or the baseline; 1 not; 2 it could not be run, in one line why.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from actlib.extras import needed_by

with needed_by("python -m actlib.audit", command=True):
    from actlib.audit.adapters import CallError, SpecError, peer
    from actlib.audit.adapters.command import to_bytes
    from actlib.audit.asked import Asked, AskedError, asked
    from actlib.audit.baseline import BaselineError, hold
    from actlib.audit.files import written
    from actlib.audit.isolated import Isolated
    from actlib.audit.known import spelled
    from actlib.audit.line import NAMES, form, parts
    from actlib.audit.picture import picture
    from actlib.audit.recorded import Asking, Recorded, numbers, patterns
    from actlib.audit.report import Report, reports
    from actlib.audit.settings import setting
    from actlib.audit.sweep import shared_out
    from actlib.audit.verdicts import SMALL, all_of, alone, report, within

ERRORS = AskedError, BaselineError, CallError, SpecError, OSError
"""What ends with one line, and 2."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m actlib.audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("spec", metavar="SPEC", nargs="?", help="what is asked")
    add("--as", dest="name", metavar="NAME", help="the activation it is meant to be")
    add("--formula", metavar="F", help="or a formula in x: 'x*(1+erf(x/sqrt(2)))/2'")
    add("--dtype", choices=("16", *NAMES), default="16", help="16: float16 and bfloat16")
    add("--derivative", action="store_true", help="f' instead of f")
    add("--set", action="append", default=[], metavar="alpha=0.3", help="a parameter")
    add("--all", action="store_true", help="all of float32: half a minute and more")
    add("--device", metavar="D", help="where PyTorch or JAX computes: cuda")
    add("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes, for --all")
    add("--max-ulp", type=float, default=1.0, metavar="N", help="the budget; 1 if it is not said")
    add("--ftz", action="store_true", help="take flushes of subnormal numbers for right")
    add("--baseline", type=Path, metavar="F", help="budgets of a library that cannot be perfect")
    add("--accept", action="store_true", help="write what is found into the baseline")
    add("--patience", type=float, default=60.0, metavar="S", help="seconds that a call may take")
    add("--json", type=Path, metavar="F", help="write the reports, for a program")
    add("--picture", type=Path, metavar="F.svg", help="write the error over the number line")
    add("--write-inputs", type=Path, metavar="F", help="write the inputs for file:, and stop")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """0, 1 or 2."""
    made = parser()
    given = made.parse_args(arguments)
    if given.spec is None and given.write_inputs is None:
        made.error("name what is asked: SPEC")
    if given.accept and given.baseline is None:
        made.error("--accept needs a --baseline")
    try:
        kinds = _kinds(given)
        if given.write_inputs is not None:
            for kind in kinds:
                written(_beside(given.write_inputs, kind, kinds), to_bytes(inputs(given, kind)))
            return 0
        found = []
        for kind in kinds:
            found.append(audited(given, kind))
            print(found[-1], flush=True)  # whatever becomes of the next
        return told(given, found)
    except ERRORS as error:
        print(f"python -m actlib.audit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("python -m actlib.audit: stopped", file=sys.stderr)
        return 2


def told(given: argparse.Namespace, found: Sequence[Report]) -> int:
    """Write what was found: does it hold?"""
    holds = True
    for each in found:
        if given.picture is not None:
            path = _beside(given.picture, each.dtype, _kinds(given))
            written(path, picture(each).encode())
        compared = None
        if given.baseline is not None and each.complete:
            compared = hold(each, given.baseline, given.accept)
            for line in (*compared.worse, *compared.better):
                print(f"  {line}")
        holds &= within(each, given.max_ulp, compared)
    if given.json is not None:
        written(given.json, reports(found).encode())
    if not all(each.complete for each in found):
        raise CallError("stopped before all numbers were asked")
    return 0 if holds else 1


def inputs(given: argparse.Namespace, kind: str) -> Any:
    """What an audit of results in a file asks for."""
    if kind in SMALL:
        return patterns(kind)
    if given.all:
        raise AskedError("files hold 16 bits whole, and of wider types what is sampled: no --all")
    asking = Asking()
    target = asked(given.name, given.formula, int(given.derivative), setting(given.set))
    report(asking, target, kind, subject="", every=False, placed=False)
    return numbers(asking)


def audited(given: argparse.Namespace, kind: str) -> Report:
    """One type."""
    every = all_of(kind, "all" if given.all and kind == "float32" else None)
    passed, ours = spelled(given.spec, given.name, setting(given.set))
    target = asked(given.name, given.formula, int(given.derivative), ours)
    terms = {"subject": given.spec, "every": every, "ftz": given.ftz}
    if given.spec.startswith("file:"):
        path = str(_beside(Path(given.spec.removeprefix("file:")), kind, _kinds(given)))
        return report(Recorded(path, inputs(given, kind)), target, kind, placed=False, **terms)
    make = partial(
        peer,
        given.spec,
        dtype=form(kind),
        derivative=given.derivative,
        setting=passed,
        device=given.device,
    )
    with Isolated(make, given.patience) as function:
        sweep = alone(function, kind, every, progress)
        if every and kind == "float32" and given.jobs > 1:
            again = partial(Isolated, make, given.patience)
            sweep = partial(_shared, function, again, jobs=given.jobs)
        return report(
            function, target, kind, about=function.about, call=function.line, sweep=sweep, **terms
        )


def _shared(function: Isolated, make: Any, target: Asked, judged: Any, jobs: int) -> Any:
    function.close()  # each process makes its own, and PyTorch is large
    # This one has loaded no library. Forks of it have SymPy in memory once, as long as nobody
    # counts its objects.
    gc.freeze()
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    return shared_out(make, target, parts("float32"), judged, progress, jobs, context)


def progress(share: float, left: float) -> None:
    """On one line of a terminal; nothing in a log."""
    if sys.stderr.isatty():
        line = f"{share:4.0%}, {left:.0f} s left"
        print(f"\r{line:<40}", end="\r" if share < 1 else f"\r{'':<40}\r", file=sys.stderr)


def _kinds(given: argparse.Namespace) -> Sequence[str]:
    return SMALL if given.dtype == "16" else (given.dtype,)


def _beside(path: Path, kind: str, kinds: Sequence[str]) -> Path:
    """The file of one type: with its name in it, where there are several."""
    return path if len(kinds) == 1 else path.with_name(f"{path.stem}-{kind}{path.suffix}")


if __name__ == "__main__":
    sys.exit(main())
