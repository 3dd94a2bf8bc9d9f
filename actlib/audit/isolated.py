"""A peer in a process of its own: it may crash, hang or print, and harms nobody.

Numbers go there and back through shared memory, and a pipe says when. The process leads a group, so
that whatever it starts can be ended with it, and a Ctrl-C at the terminal reaches it only by us.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters.command import ending
from actlib.audit.adapters.contract import CallError, Peer, SpecError

TO_START = 120.0  # seconds: some libraries take ten to import, and more on a busy machine


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h


class Isolated:
    """A context manager, inside which the peer can be called as a function of arrays.

    Args:
        make: Makes the peer, in its process; it is pickled on its way there.
        patience: How many seconds a call may take.

    Entering it raises what `make` raises, SpecError above all, and CallError if the process ends
    or says nothing for two minutes.
    """

    spec: str
    about: Mapping[str, str]
    line: str

    def __init__(self, make: Callable[[], Peer], patience: float) -> None:
        self._make = make
        self._patience = patience
        self._memory: SharedMemory | None = None

    def __enter__(self) -> Self:
        self.spec, self.about, self.line = "the peer", {}, ""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._make, theirs, os.getpid()))
        self._process.start()
        theirs.close()  # or its end would never be seen
        try:
            self.spec, self.about, self.line = self._answer(TO_START, "was being made")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and give its memory back, before the time or when it is left."""
        self._end()
        if self._memory is not None:
            self._memory.close()
            self._memory.unlink()
            self._memory = None

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        """What the peer computes.

        Args:
            x: At least one number, in any shape.

        Returns:
            A new array of the same dtype and shape.

        Raises:
            CallError, SpecError: As `adapters.checked` does; and CallError if the process ended,
                before or meanwhile, or took longer than it may. It is gone then.
        """
        if self._pipe.closed:
            raise CallError(f"{self.spec}: its process has ended")
        memory = self._room(x.nbytes)
        # No view of the memory gets a name: a traceback would keep it, and the memory open.
        _view(memory, x.shape, x.dtype)[...] = x
        try:
            with suppress(BrokenPipeError):  # told below
                self._pipe.send((memory.name, x.shape, x.dtype))
            self._answer(self._patience, f"computed {_told(x)}")
        except KeyboardInterrupt:
            self._end()  # or its answer would be taken for that to the next call
            raise
        return _view(memory, x.shape, x.dtype).copy()

    def _room(self, size: int) -> SharedMemory:
        """The memory; a larger one if need be."""
        if self._memory is None or self._memory.size < size:
            if self._memory is not None:
                self._memory.close()
                self._memory.unlink()
            self._memory = SharedMemory(create=True, size=size)
        return self._memory

    def _answer(self, patience: float, doing: str) -> Any:
        if not self._pipe.poll(patience):
            self._end()
            raise CallError(f"{self.spec}: no answer within {patience:g} s while it {doing}")
        try:
            answer = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join(5)
            self._end()
            how = ending(self._process.exitcode or 0)
            raise CallError(f"{self.spec} ended its process with {how} while it {doing}") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _end(self) -> None:
        """Without a word, it and whatever it started."""
        assert self._process.pid  # 0 would be our own group
        with suppress(ProcessLookupError):  # it leads none yet, or all are gone
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(make: Callable[[], Peer], pipe: Connection, parent: int) -> None:
    """The life of the process."""
    os.setpgid(0, 0)
    _end_with(parent)
    keep_memory()
    # Of several such processes on as many cores each has one. Whoever knows better has set it.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.dup2(2, 1)  # what C prints; our standard output is not the peer's
    sys.stdout = sys.stderr
    try:
        peer = make()
    except (SpecError, CallError) as error:
        pipe.send(error)
        return
    pipe.send((peer.spec, dict(peer.about), peer.line))
    memory: SharedMemory | None = None
    with suppress(EOFError):  # the parent is gone
        while True:
            name, shape, dtype = pipe.recv()
            if memory is None or memory.name != name:
                memory = SharedMemory(name)
            pipe.send(_computed(peer, memory, shape, dtype))


def _computed(
    peer: Peer, memory: SharedMemory, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Exception | None:
    """The results take the place of the inputs. What went wrong is returned."""
    view = _view(memory, shape, dtype)
    try:
        view[...] = peer.compute(view)
    except (SpecError, CallError) as error:
        return error
    return None


def _view(memory: SharedMemory, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.ndarray(shape, dtype, memory.buf)


def _told(x: NDArray[Any]) -> str:
    first, last = float(x.flat[0]), float(x.flat[-1])
    return f"{x.size:,} numbers from {first:.9g} to {last:.9g}"


def _end_with(parent: int) -> None:
    """End this group of processes when its parent ends, even if that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def keep_memory() -> None:
    """Let malloc of glibc keep what is freed: arrays come and go with each call.

    Given back to the system and taken again, a million bytes cost more than the call.
    """
    with suppress(AttributeError):  # another malloc, which knows no such thing
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 25)
        ctypes.CDLL(None).mallopt(M_TRIM_THRESHOLD, 1 << 30)
