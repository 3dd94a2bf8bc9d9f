"""Results that were computed elsewhere: the inputs are written to a file, the outputs are read.

So a chip, a simulator or any language can be audited. All 65,536 bit patterns of a type of 16 bits
are written in their order; of wider types, the numbers that an audit asks for.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters import CallError, outputs
from actlib.audit.line import form


class Asking:
    """A function that answers nothing, and remembers what it was asked: an audit of it is the list

    of inputs.
    """

    def __init__(self) -> None:
        self.seen: list[NDArray[Any]] = []

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        self.seen.append(x.copy())
        return np.zeros_like(x)


def patterns(dtype: str) -> NDArray[Any]:
    """All numbers of a type of 16 bits, NaNs and infinities too."""
    return np.arange(2**16, dtype=np.uint16).view(form(dtype))


def numbers(asking: Asking) -> NDArray[Any]:
    """What it was asked, each number once, in order of their bits."""
    every = np.concatenate([x.ravel() for x in asking.seen])
    return np.unique(every.view(f"u{every.itemsize}")).view(every.dtype)


class Recorded:
    """The outputs of a file as a function of these inputs."""

    def __init__(self, path: str, inputs: NDArray[Any]) -> None:
        self.path = path
        self.bits = inputs.view(f"u{inputs.itemsize}")
        self.found = outputs(path, len(inputs), inputs.dtype)

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        """Raises CallError for a number that is none of the inputs."""
        asked = x.view(self.bits.dtype)
        where = np.searchsorted(self.bits, asked).clip(0, len(self.bits) - 1)
        if np.any(self.bits[where] != asked):
            missing = float(x[self.bits[where] != asked][0])
            raise CallError(f"file:{self.path} has no result for {missing!r}")
        return self.found[where]
