"""Which proofs are due, and whether what is kept holds; nothing in proofs/ is written here.

A proof takes a minute, and most changes concern none. So a run proves those that are kept for
other code, or not at all, and of the rest the one whose turn it is. Besides, it asks every function
a random million of inputs, new ones each time: a fault of more than a few inputs does not wait.
"""

import datetime
import json
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from actlib.proof import sweep
from actlib.proof.depends import digest
from actlib.proof.work import ELEMENTWISE, UnprovedError, random_faults, sign

OF_THE_PROCESSOR = {"largest error", "at", "shown to be below"}
"""What another processor may find otherwise: the last bits of a float64 are those of its exp.

That none is "beyond" what is asked holds on any; and all else is decided by sums, products and
balls, which are the same everywhere.
"""


def check(executor: Executor, names: Sequence[str], proofs: Path) -> Iterator[str]:
    """What is wrong with these functions or with their proofs, one sentence each."""
    today, seed = datetime.date.today(), secrets.randbits(32)
    stale = {name: why for name in names if (why := why_stale(name, proofs))}
    in_turn = turn(list(ELEMENTWISE), today)
    due = [name for name in names if name in stale or name == in_turn]
    print(f"due on {today}: {', '.join(due) or 'none'}", flush=True)
    print(f"a random million of {len(names)}, seed {seed}", flush=True)
    jobs = [(name, what) for name in names for what in (0, 1)]
    running = {job: executor.submit(random_faults, *job, seed) for job in jobs}
    yield from stale.values()
    for name in due:
        yield from against_kept(executor, name, proofs / f"{name}.json")
    for job, future in running.items():
        yield from at_random(*job, future)


def against_kept(executor: Executor, name: str, path: Path) -> Iterator[str]:
    """What a proof that is made now finds otherwise than the one that is kept."""
    try:
        found = sweep.prove(executor, name)
    except UnprovedError as error:
        yield str(error)
        return
    if path.exists():
        kept = json.loads(path.read_text("utf-8"))
        yield from (f"{name} {text}" for text in differences(kept, found))


def at_random(name: str, what: int, future: Future[list[float]]) -> Iterator[str]:
    """What a random million found."""
    try:
        wrong = future.result()
    except UnprovedError as error:
        yield str(error)
        return
    if wrong:
        first = ", ".join(x.hex() for x in wrong[:3])
        yield f"{name} {sign(what)}: wrong at {len(wrong):,} of a random million: {first}"


def turn(names: Sequence[str], day: datetime.date) -> str:
    """The one whose turn it is: a run takes no longer where functions are more."""
    return names[day.toordinal() % len(names)]


def why_stale(name: str, proofs: Path) -> str:
    """Why a proof must be made, and how to; nothing where the one that is kept is of this code."""
    path = proofs / f"{name}.json"
    cure = f"run `python -m actlib.proof {name}` and commit {path}"
    if not path.exists():
        return f"{name}: no proof is kept; {cure}"
    if json.loads(path.read_text("utf-8")).get("depends on") != digest(name):
        return f"{name}: the proof that is kept is of other code; {cure}"
    return ""


def differences(kept: Any, found: dict[str, Any], place: str = "") -> Iterator[str]:
    """What was found otherwise than it is kept, on any processor: f' float32 inputs: 1 kept, …"""
    for key in (key for key in found if key not in OF_THE_PROCESSOR):
        here = f"{place} {key}".strip()
        old, new = kept.get(key), found[key]
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differences(old, new, here)
        elif old != new:
            yield f"{here}: {old} is kept, {new} was found"
