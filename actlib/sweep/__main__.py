"""python -m actlib.sweep NAME … or --all: prove f and f′ for every float32, at the defaults."""

import argparse
import hashlib
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from pathlib import Path

import sympy as sp

import actlib
from actlib.spec import Activation, X
from actlib.sweep import store
from actlib.sweep.bound import EPSILON, error_of
from actlib.sweep.chunks import CHUNKS, inputs
from actlib.sweep.proof import Function, Outcome, prove
from actlib.verify.pieces import at_setting

FINISHED = Path("_build", "sweep")
ELEMENTWISE = {n: r for n, r in actlib.ALL.items() if isinstance(r, Activation)}


def function(name: str, order: int) -> Function:
    """f of an activation, or f′, at its defaults."""
    record = ELEMENTWISE[name]
    f = at_setting(record.definition, record.settings[0])
    compute = record.derivative if order else record
    return Function(compute=compute, expression=sp.diff(f, X, order) if order else f)


def chunk(name: str, order: int, number: int) -> Outcome:
    """What a worker does."""
    return prove(function(name, order), inputs(number))


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
        print(f"\r  {len(found)} of {CHUNKS} chunks, {left:.0f} s left ", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found


def code() -> str:
    """Results hold for the code they were found with."""
    files = sorted(Path(actlib.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def main() -> int:
    """0 where every result is correctly rounded, else 1."""
    parser = argparse.ArgumentParser(prog="python -m actlib.sweep", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an elementwise activation")
    parser.add_argument("--all", action="store_true", help="all of them")
    given = parser.parse_args()
    names = list(ELEMENTWISE) if given.all else given.names
    if unknown := set(names) - set(ELEMENTWISE):
        parser.error(f"no elementwise activation: {', '.join(sorted(unknown))}")
    if not names:
        parser.error("name at least one activation, or say --all")
    wrong = 0
    with ProcessPoolExecutor() as executor:
        for name in names:
            for order, sign in enumerate(("f", "f'")):
                what = function(name, order)
                error = error_of(what.compute, what.expression)
                found = sweep(executor, name, order, FINISHED / code() / f"{name}-{order}").values()
                missed = [x for outcome in found for x in outcome.wrong]
                tried = sum(outcome.tried for outcome in found)
                straight = sum(outcome.straight for outcome in found)
                settled = sum(len(outcome.settled) for outcome in found)
                print(
                    f"{name} {sign}: {len(missed)} of {tried:,} misrounded; {straight:,} settled "
                    f"exactly, {settled:,} by ball arithmetic; float64 error at "
                    f"most {error:.2g}, assumed {EPSILON:.2g}",
                    flush=True,
                )
                wrong += len(missed)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
