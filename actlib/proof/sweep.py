"""All of float32, chunk by chunk, and all of the types of 16 bits: what a proof is made of."""

import math
import sys
import time
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any

from actlib.proof import narrow, report, store
from actlib.proof.chunks import CHUNKS
from actlib.proof.depends import digest
from actlib.proof.proof import Outcome
from actlib.proof.settings import Changes, label
from actlib.proof.work import (
    UnprovedError,
    chunk,
    far_out,
    function,
    learned,
    misrounded,
    sign,
    title,
)

FINISHED = Path("_build", "proof")
"""Chunks that are finished, by the hash of what they depend on: they hold while that stays."""


def prove(
    executor: Executor, name: str, changes: Changes = (), learned_too: bool = False
) -> dict[str, Any]:
    """f and f′ of one activation at one setting, and its parameter derivatives if asked for."""
    whats: list[int | str] = [0, 1, *(learned(name, changes) if learned_too else [])]
    return {sign(what): prove_all(executor, name, what, changes) for what in whats}


def prove_all(executor: Executor, name: str, what: int | str, changes: Changes) -> dict[str, Any]:
    """f, f′ or a parameter derivative of one activation, in float32, float16 and bfloat16."""
    types = narrow.narrow_types()
    small = {d: executor.submit(misrounded, name, what, changes, d.name) for d in types}
    folder = FINISHED / digest(name) / f"{label(name, changes)}-{what}"
    subject = function(name, what, changes)
    beyond = executor.submit(far_out, name, what, changes) if subject.reach < math.inf else None
    outcomes = sweep(executor, name, what, changes, folder).values()
    found = {"float32": report.summary(subject, outcomes)}
    if beyond is not None:
        found["float32"] |= report.far_out(subject, beyond.result())
    for dtype, future in small.items():
        wrong = [x.hex() for x in future.result()]
        found[dtype.name] = {"inputs": len(narrow.every(dtype)), "misrounded": wrong}
    return found


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
