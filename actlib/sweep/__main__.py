"""python -m actlib.sweep NAME … or --all: prove f and f′ for every float32, at the defaults."""

import argparse
import hashlib
import os
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path
from typing import Any

import actlib
from actlib.sweep import narrow, report, store
from actlib.sweep.bound import error_of
from actlib.sweep.chunks import CHUNKS
from actlib.sweep.proof import Outcome
from actlib.sweep.work import ELEMENTWISE, chunk, end_with, function, misrounded

FINISHED = Path("_build", "sweep")


def sweep(executor: Executor, name: str, order: int, folder: Path) -> dict[int, Outcome]:
    """All chunks: those on disk, then the others, each saved when it is finished."""
    found = store.load(folder)
    missing = [number for number in range(CHUNKS) if number not in found]
    running = {executor.submit(chunk, name, order, number): number for number in missing}
    started, before = time.perf_counter(), len(found)
    for future in as_completed(running):
        number = running[future]
        found[number] = future.result()
        store.save(folder, number, found[number])
        left = (time.perf_counter() - started) / (len(found) - before) * (CHUNKS - len(found))
        progress(f"{name}{chr(39) * order} {bar(len(found) / CHUNKS)} {left:.0f} s left ")
    progress("")
    return {number: found[number] for number in range(CHUNKS)}


def bar(part: float, width: int = 32) -> str:
    """[####    ]"""
    return f"[{'#' * int(part * width):<{width}}] {part:4.0%}"


def progress(text: str) -> None:
    """On one line of a terminal; nothing in a log."""
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="\r", file=sys.stderr, flush=True)


def prove_all(executor: Executor, name: str, order: int) -> dict[str, Any]:
    """f or f′ of one activation, in float32, float16 and bfloat16."""
    what = function(name, order)
    error = error_of(what.compute, what.expression)
    small = {d: executor.submit(misrounded, name, order, d.name) for d in narrow.narrow_types()}
    outcomes = sweep(executor, name, order, FINISHED / code() / f"{name}-{order}").values()
    found = {"float32": report.summary(what, outcomes, error)}
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
    parser = argparse.ArgumentParser(prog="python -m actlib.sweep", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an elementwise activation")
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler: tcp://host:8786")
    parser.add_argument("--results", type=Path, default=Path("proofs"), metavar="FOLDER")
    given = parser.parse_args()
    names = list(ELEMENTWISE) if given.all else given.names
    if unknown := set(names) - set(ELEMENTWISE):
        parser.error(f"no elementwise activation: {', '.join(sorted(unknown))}")
    if not names:
        parser.error("name at least one activation, or say --all")
    total = 0
    with workers(given.scheduler) as executor:
        for name in names:
            found = {sign: prove_all(executor, name, i) for i, sign in enumerate(("f", "f'"))}
            report.write(given.results, name, found)
            for sign, types in found.items():
                wrong = {dtype: len(result["misrounded"]) for dtype, result in types.items()}
                total += sum(wrong.values())
                counts = "; ".join(
                    f"{wrong[dtype]} of {result['inputs']:,} {dtype}"
                    for dtype, result in types.items()
                )
                print(f"{name} {sign}: misrounded {counts}", flush=True)
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
