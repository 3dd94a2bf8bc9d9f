"""The whole line, part by part: the function is asked, and what it answers is judged.

Float32 is shared out among processes, each of which makes the function for itself. What is finished
stays when somebody stops it.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Event
from multiprocessing.util import Finalize
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.asked import Asked
from actlib.audit.isolated import keep_memory
from actlib.audit.line import Part, form
from actlib.audit.tally import Tally, Terms, count, tally, total
from actlib.audit.truth import FarFromModelsError, Known
from actlib.proof.work import end_with

Function = Callable[[NDArray[Any]], NDArray[Any]]
"""An array in, an array of the same type and shape out."""

Make = Callable[[], AbstractContextManager[Function]]
"""What makes a function in the process in which it is asked, and takes it down."""

Progress = Callable[[float, float], None]
"""What is told: the share that is done, and how many seconds are left."""


def terms(asked: Asked, dtype: str) -> Terms:
    """What a type makes of a formula's range and kinks."""
    low, high = (_end(end, form(dtype), way) for end, way in zip(asked.range, (-1, 1), strict=True))
    exempt = tuple(asked.kinks) if asked.order else ()
    return Terms(low=low, high=high, exempt=exempt)


def _end(end: float, dtype: np.dtype[Any], way: int) -> float:
    """The outermost number of a type to which a value at an end of the range may be rounded, up or

    down: no result that is off by less than an ulp is out of range.
    """
    with np.errstate(over="ignore"):
        nearest = np.array(end).astype(dtype)
        if np.isfinite(nearest) and float(nearest) * way < end * way:
            nearest = np.nextafter(nearest, dtype.type(way * np.inf))
    return float(nearest)


def swept(function: Function, asked: Asked, part: Part, judged: Terms) -> Tally:
    """One part. Far out, where no polynomial is close to the formula or none was proved, balls tell

    the truth of some of its numbers.
    """
    outside = part.dtype == "float32" and part.least() >= asked.reach
    if not outside:
        try:
            return total(_blocks(function, part, judged, asked.truth.at))
        except FarFromModelsError:
            pass
    return total(_blocks(function, part.sparse(), judged, asked.truth.by_balls))


def _blocks(
    function: Function, part: Part, judged: Terms, truth: Callable[[NDArray[Any]], Known]
) -> Iterator[Tally]:
    """Each block is asked alone, and so is the step from one to the next: with a number more, the

    last one would be computed by other instructions than its neighbours.
    """
    last: tuple[NDArray[Any], ...] = ()
    for x in part.numbers():
        known = truth(x)
        here = x, function(x), known.right, known.value, known.decided
        yield tally(x, here[1], known, judged, part.step)
        if last:
            ends = (np.concatenate([a[-1:], b[:1]]) for a, b in zip(last, here, strict=True))
            two, got, *pair = ends
            yield tally(two, got, Known(*pair), judged, part.step, seen=2)
        last = here


def by_balls(x: NDArray[Any], got: NDArray[Any], asked: Asked, judged: Terms) -> Tally:
    """Some numbers in order of |x|, of a sign, or in no order: then what is next to what says

    nothing, and is not asked.
    """
    if x.dtype == np.float64:
        return count(x, got, asked.truth.of_float64(x, got), judged, 0)
    return tally(x, got, asked.truth.by_balls(x), judged)


def one_by_one(
    function: Function, asked: Asked, parts: Sequence[Part], judged: Terms, progress: Progress
) -> tuple[Tally, bool]:
    """In this process. What was found, and whether it is all; Ctrl-C stops it."""
    found, started = Tally(), time.perf_counter()
    for done, part in enumerate(parts, 1):
        try:
            found += swept(function, asked, part, judged)
        except KeyboardInterrupt:
            return found, False
        _tell(progress, done / len(parts), started)
    return found, True


def shared_out(
    make: Make,
    asked: Asked,
    parts: Sequence[Part],
    judged: Terms,
    progress: Progress,
    jobs: int,
    context: BaseContext | None = None,
) -> tuple[Tally, bool]:
    """The same, by several processes, which `context` starts.

    Without one they are spawned: a process that has loaded a library may have threads, and then it
    must not be forked.
    """
    context = context or get_context("spawn")
    found, started = Tally(), time.perf_counter()
    stop = context.Event()
    start = (os.getpid(), make, asked, judged, stop)
    executor = ProcessPoolExecutor(jobs, context, _begin, start)
    waiting: set[Future[Tally]] = {executor.submit(_part, part) for part in _mixed(parts)}
    try:
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            found = total([found, *(future.result() for future in done)])
            _tell(progress, 1 - len(waiting) / len(parts), started)
    except KeyboardInterrupt:
        return found, False
    finally:
        stop.set()  # for parts that have begun, or wait in the pipe
        executor.shutdown(cancel_futures=True)
    return found, True


def _mixed(parts: Sequence[Part]) -> Iterable[Part]:
    """Signs in turn, so that the time that is left can be told."""
    return sorted(parts, key=lambda part: (part.start % 7, part.start))


def _tell(progress: Progress, share: float, started: float) -> None:
    progress(share, (time.perf_counter() - started) * (1 - share) / share)


_here: dict[str, Any] = {}


def _begin(parent: int, make: Make, asked: Asked, judged: Terms, stop: Event) -> None:
    """In a new process: it leaves Ctrl-C to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)
    keep_memory()
    made = make()
    _here.update(asked=asked, judged=judged, function=made.__enter__(), stop=stop)
    Finalize(None, made.__exit__, (None, None, None), exitpriority=10)


class _StoppedError(Exception):
    """Nobody waits for the rest."""


def _part(part: Part) -> Tally:
    """Nothing, once it was stopped."""
    with suppress(_StoppedError):
        return swept(_unless_stopped, _here["asked"], part, _here["judged"])
    return Tally()


def _unless_stopped(x: NDArray[Any]) -> NDArray[Any]:
    if _here["stop"].is_set():
        raise _StoppedError
    return _here["function"](x)
