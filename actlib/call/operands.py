"""Parameters as kernels take them: a number where one is shared, else a block of numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Number = NDArray[Any] | float
Operand = Number | tuple[Number, ...]
"""One parameter: an array or a number, or for a stacked one as many of them as it has."""


def each(operand: Operand) -> tuple[Number, ...]:
    """The numbers and arrays of which it is made."""
    return operand if isinstance(operand, tuple) else (operand,)


def entries(operand: Operand, places: NDArray[Any]) -> Operand:
    """What it is at some places of a block."""
    if isinstance(operand, tuple):
        return tuple(number for n in operand for number in each(entries(n, places)))
    return operand[places] if isinstance(operand, np.ndarray) else operand


def entry(operand: Operand, i: int) -> float | tuple[float, ...]:
    """What it is at one place."""
    if isinstance(operand, tuple):
        return tuple(_number(number, i) for number in operand)
    return _number(operand, i)


def _number(value: Number, i: int) -> float:
    return float(value[i]) if isinstance(value, np.ndarray) else float(value)
