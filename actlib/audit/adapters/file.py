"""file:PATH: results that were computed elsewhere, on a chip or in a browser, for known inputs."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters.command import from_bytes
from actlib.audit.adapters.contract import CallError, SpecError


def outputs(path: str | Path, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The numbers of a file that has nothing else: raw and little-endian.

    Args:
        path: The file.
        count: How many inputs there were.
        dtype: Of the numbers.

    Returns:
        An array of shape (count,).

    Raises:
        SpecError: The file cannot be read.
        CallError: It has not as many numbers.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise SpecError(f"file:{path}: cannot be read: {error.strerror}") from None
    wanted = count * dtype.itemsize
    if len(raw) != wanted:
        told = f"{len(raw)} bytes; the results for {count} inputs of {dtype} are {wanted}"
        raise CallError(f"file:{path} has {told}")
    return from_bytes(raw, dtype)
