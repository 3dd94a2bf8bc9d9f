"""python -m actlib.proof NAME … or --all: prove f and f′ for every float32.

At the default parameters; or at the settings that --at names, or at those at which laws are tested
(--samples). Results at the defaults are kept in proofs/NAME.json. Those at settings go to
_build/proof/settings/NAME-SETTING.json, which git ignores, or both to where --results says.
"""

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path
from typing import Any

import actlib
from actlib.proof import narrow, report, store
from actlib.proof.chunks import CHUNKS
from actlib.proof.proof import Outcome
from actlib.proof.settings import Changes, label, read, sampled
from actlib.proof.work import (
    ELEMENTWISE,
    UnprovedError,
    chunk,
    end_with,
    function,
    learned,
    misrounded,
    sign,
    title,
)

FINISHED = Path("_build", "proof")
PROOFS = Path("proofs")
AT = "parameters: alpha=0.3, or 'a=[0.3, -0.7], b=[-1, 0.4]'; may be given several times"


def sweep(
    executor: Executor, name: str, what: int | str, changes: Changes, folder: Path
) -> dict[int, Outcome]:
    """All chunks: those on disk, then the others, each saved when it is finished.

    UnprovedError where one fails, when the others are saved too.
    """
    found, failed = store.load(folder), []
    missing = [number for number in range(CHUNKS) if number not in found]
    running = {executor.submit(chunk, name, what, changes, number): number for number in missing}
    started, before = time.perf_counter(), len(found)
    for future in as_completed(running):
        number = running[future]
        try:
            found[number] = future.result()
        except UnprovedError as error:
            failed.append(error)
            continue
        store.save(folder, number, found[number])
        left = (time.perf_counter() - started) / (len(found) - before) * (CHUNKS - len(found))
        progress(f"{title(name, what, changes)} {bar(len(found) / CHUNKS)} {left:.0f} s left ")
    progress("")
    if failed:
        raise failed[0]
    return {number: found[number] for number in range(CHUNKS)}


def bar(part: float, width: int = 32) -> str:
    """[####    ]"""
    return f"[{'#' * int(part * width):<{width}}] {part:4.0%}"


def progress(text: str) -> None:
    """On one line of a terminal; nothing in a log."""
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="\r", file=sys.stderr, flush=True)


def prove_all(executor: Executor, name: str, what: int | str, changes: Changes) -> dict[str, Any]:
    """f, f′ or a parameter derivative of one activation, in float32, float16 and bfloat16."""
    types = narrow.narrow_types()
    small = {d: executor.submit(misrounded, name, what, changes, d.name) for d in types}
    folder = FINISHED / code() / f"{label(name, changes)}-{what}"
    outcomes = sweep(executor, name, what, changes, folder).values()
    found = {"float32": report.summary(function(name, what, changes), outcomes)}
    for dtype, future in small.items():
        wrong = [x.hex() for x in future.result()]
        found[dtype.name] = {"inputs": len(narrow.every(dtype)), "misrounded": wrong}
    return found


@lru_cache
def code() -> str:
    """Results hold for the code they were found with."""
    files = sorted(Path(actlib.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def workers(scheduler: str | None) -> Executor:
    """Processes of this machine, or a Dask cluster: to us, both are the same kind of executor."""
    if scheduler is None:
        return ProcessPoolExecutor(initializer=end_with, initargs=(os.getpid(),))
    from distributed import Client

    # A chunk whose worker dies goes to another one; only one that kills several is given up.
    client: Any = Client
    return client(scheduler).get_executor(pure=False)


def main() -> int:
    """0 where every result is correctly rounded, else 1."""
    parser = argparse.ArgumentParser(prog="python -m actlib.proof", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an elementwise activation")
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--at", action="append", default=[], metavar="SETTING", help=AT)
    parser.add_argument("--samples", action="store_true", help="every sampled setting")
    parser.add_argument("--learned", action="store_true", help="also df/dNAME where it is learned")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler: tcp://host:8786")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="where results are kept")
    given = parser.parse_args()
    names = list(ELEMENTWISE) if given.all else given.names
    if unknown := set(names) - set(ELEMENTWISE):
        parser.error(f"no elementwise activation: {', '.join(sorted(unknown))}")
    if not names:
        parser.error("name at least one activation, or say --all")
    try:
        jobs = [(n, c) for n in names for c in settings(n, given.at, given.samples)]
    except (TypeError, ValueError) as error:
        parser.error(str(error))
    if not jobs:
        parser.error(f"no sampled settings: {', '.join(names)}")
    with workers(given.scheduler) as executor:
        faults = [tried(executor, *job, given.learned, given.results) for job in jobs]
    return int(any(faults))


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
    whats: list[int | str] = [0, 1, *(learned(name, changes) if learned_too else [])]
    found = {sign(what): prove_all(executor, name, what, changes) for what in whats}
    report.write(results or (FINISHED / "settings" if changes else PROOFS), name, changes, found)
    total = 0
    for key, types in found.items():
        wrong = {dtype: len(result["misrounded"]) for dtype, result in types.items()}
        float64 = types["float32"]["float64"]
        total += sum(wrong.values()) + len(float64["beyond"] if float64 else ())
        counts = "; ".join(
            f"{wrong[dtype]} of {result['inputs']:,} {dtype}" for dtype, result in types.items()
        )
        print(f"{label(name, changes)} {key}: misrounded {counts}", flush=True)
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
