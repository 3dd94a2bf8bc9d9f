"""python -m actlib.proof NAME … or --all: prove f and f′ for every float32; --due: what is due.

At the default parameters; or at the settings that --at names, or at those at which laws are tested
(--samples). Results at the defaults are kept in proofs/NAME.json. Those at settings go to
_build/proof/settings/NAME-SETTING.json, which git ignores, or both to where --results says. What is
due is held against what is kept there, and nothing is written.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from actlib.extras import needed_by

with needed_by("python -m actlib.proof", command=True):
    from actlib.proof import due, report, sweep
    from actlib.proof.settings import Changes, label, read, sampled
    from actlib.proof.work import ELEMENTWISE, UnprovedError, end_with

PROOFS = Path("proofs")
DUE = "prove what is kept of other code or has its turn, try a random million of each"
AT = "parameters: alpha=0.3, or 'a=[0.3, -0.7], b=[-1, 0.4]'; may be given several times"


def workers(scheduler: str | None) -> Executor:
    """Processes of this machine, or a Dask cluster: to us, both are the same kind of executor."""
    if scheduler is None:
        return ProcessPoolExecutor(initializer=end_with, initargs=(os.getpid(),))
    with needed_by("python -m actlib.proof --scheduler", command=True):
        from distributed import Client
    # A chunk whose worker dies goes to another one; only one that kills several is given up.
    client: Any = Client
    return client(scheduler).get_executor(pure=False)


def main() -> int:
    """0 where every result is correctly rounded, else 1."""
    parser = argparse.ArgumentParser(prog="python -m actlib.proof", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an elementwise activation")
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--due", action="store_true", help=DUE)
    parser.add_argument("--at", action="append", default=[], metavar="SETTING", help=AT)
    parser.add_argument("--samples", action="store_true", help="every sampled setting")
    parser.add_argument("--learned", action="store_true", help="also df/dNAME where it is learned")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler: tcp://host:8786")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="where results are kept")
    given = parser.parse_args()
    every = given.all or (given.due and not given.names)
    names = list(ELEMENTWISE) if every else given.names
    if unknown := set(names) - set(ELEMENTWISE):
        parser.error(f"no elementwise activation: {', '.join(sorted(unknown))}")
    if not names:
        parser.error("name at least one activation, or say --all")
    if given.due and (given.at or given.samples or given.learned):
        parser.error("what is due is proved at the defaults alone")
    try:
        jobs = [(n, c) for n in names for c in settings(n, given.at, given.samples)]
    except (TypeError, ValueError) as error:
        parser.error(str(error))
    if not jobs:
        parser.error(f"no sampled settings: {', '.join(names)}")
    with workers(given.scheduler) as executor:
        if given.due:
            return tell(due.check(executor, names, given.results or PROOFS))
        faults = [tried(executor, *job, given.learned, given.results) for job in jobs]
    return int(any(faults))


def tell(faults: Iterable[str]) -> int:
    """Say what is wrong as soon as it is known: 1 where anything is."""
    wrong = 0
    for fault in faults:
        print(fault, file=sys.stderr, flush=True)
        wrong = 1
    return wrong


def settings(name: str, texts: Sequence[str], samples: bool) -> list[Changes]:
    """Those asked for, each once; the defaults where none are."""
    record = ELEMENTWISE[name]
    named = [read(record, text) for text in texts]
    asked = named + (sampled(record) if samples else [])
    return list(dict.fromkeys(asked)) if texts or samples else [()]


def tried(
    executor: Executor, name: str, changes: Changes, learned_too: bool, results: Path | None
) -> int:
    """The same as `run`; where there is no proof, that is told, and the next one has its turn."""
    try:
        return run(executor, name, changes, learned_too, results)
    except UnprovedError as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def run(
    executor: Executor, name: str, changes: Changes, learned_too: bool, results: Path | None
) -> int:
    """Prove one activation at one setting, and keep what was found: how many faults there are."""
    found = sweep.prove(executor, name, changes, learned_too)
    kept = results or (sweep.FINISHED / "settings" if changes else PROOFS)
    report.write(kept, name, changes, found)
    total = 0
    for key, types in found.items():
        wrong = {dtype: len(result["misrounded"]) for dtype, result in types.items()}
        float64 = types["float32"]["float64"]
        beyond = types["float32"].get("beyond", {"misrounded": (), "float64 beyond": ()})
        total += sum(wrong.values()) + len(float64["beyond"] if float64 else ())
        total += len(beyond["misrounded"]) + len(beyond["float64 beyond"])
        counts = "; ".join(
            f"{wrong[dtype]} of {result['inputs']:,} {dtype}" for dtype, result in types.items()
        )
        print(f"{label(name, changes)} {key}: misrounded {counts}", flush=True)
        if "up to" in types["float32"]:
            reach = types["float32"]["up to"]
            count = len(beyond["misrounded"])
            print(f"  up to {reach:g}; beyond it {count} of {beyond['tried']:,}", flush=True)
        if float64:
            print(
                f"  float64 within {float64['shown to be below']} of the truth; "
                f"{float64['largest error']} at {float64['at']}; "
                f"{len(float64['beyond'])} beyond {float64['asked']}",
                flush=True,
            )
    return total


if __name__ == "__main__":
    sys.exit(main())
