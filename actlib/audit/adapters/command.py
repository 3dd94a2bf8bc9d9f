"""cmd:COMMAND: a process for each call. Raw little-endian numbers on stdin, as many on stdout."""

import shlex
import shutil
import signal
import subprocess
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters.contract import Asked, CallError, Compute, bits


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The command, which no shell sees. What it prints on stderr passes through."""
    if asked.setting:
        raise asked.error("takes its setting as arguments of the command")
    try:
        command = shlex.split(asked.name)
    except ValueError as error:
        raise asked.error(f"cannot be read: {error}") from None
    if not command or shutil.which(command[0]) is None:
        raise asked.error(f"there is no command {command[0] if command else ''}".rstrip())

    def call(x: NDArray[Any]) -> NDArray[Any]:
        done = subprocess.run(command, input=to_bytes(x), stdout=subprocess.PIPE, check=False)
        if done.returncode:
            raise CallError(f"{asked.spec} ended with {ending(done.returncode)}")
        if len(done.stdout) != x.nbytes:
            returned = f"{len(done.stdout)} bytes for {x.size} numbers of {x.dtype}"
            raise CallError(f"{asked.spec} returned {returned}, which are {x.nbytes}")
        return from_bytes(done.stdout, x.dtype).reshape(x.shape)

    return call, {}


def to_bytes(x: NDArray[Any]) -> bytes:
    """Its numbers, little-endian on every machine."""
    return bits(x).astype(f"<u{x.itemsize}").tobytes()


def from_bytes(raw: bytes, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The numbers back."""
    size = dtype.itemsize
    return np.frombuffer(raw, f"<u{size}").astype(f"u{size}").view(dtype)


def ending(status: int) -> str:
    """How a process ended, by its status as Python tells it: a signal is negative."""
    if status >= 0:
        return f"exit status {status}"
    return f"signal {-status} ({signal.Signals(-status).name})"
