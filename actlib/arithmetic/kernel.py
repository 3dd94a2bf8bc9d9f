"""The marks of a kernel: what it takes, and what its result is worth.

Without one it is handed float64, and its result is near the truth: rounded, and next to a midpoint
looked at a second time.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from actlib.arithmetic.rounding import Array

Kernel = Callable[..., Array | float]


K = TypeVar("K", bound=Kernel)


_single: dict[Kernel, Callable[..., bool]] = {}


_widening: set[Kernel] = set()


_settled: set[Kernel] = set()


_sides: dict[Kernel, Kernel] = {}


def single(when: Callable[..., bool] = lambda dtype, *parameters: True) -> Callable[[K], K]:
    """Mark a kernel that rounds at most once: right in any dtype, without float64.

    `when(dtype, *parameters)` says for which numbers that is so. A slope that is returned, or goes
    into `lines.line`, may be any: it is rounded there, once. A point at which pieces meet must
    fit, since x is compared with it.
    """

    def mark(kernel: K) -> K:
        _single[kernel] = when
        return kernel

    return mark


def widening(kernel: K) -> K:
    """Mark a kernel that takes a narrow x as it is, and returns float64 all the same.

    What is narrow comes out narrow again: a formula may do that loses a few ulp of float64, or
    fails where the result is as good as 0.
    """
    _widening.add(kernel)
    return kernel


def settled(kernel: K) -> K:
    """Mark a kernel that rounds to odd, or picks one of several numbers: no second look."""
    _settled.add(kernel)
    return kernel


def side_of(kernel: Kernel) -> Callable[[K], K]:
    """Mark what takes a second look: side(middle, x, *parameters) has the sign of f(x) − middle,

    exactly, for arrays of few x and of numbers next to `kernel` at x. No x has more than 24 bits.
    """

    def mark(side: K) -> K:
        _sides[kernel] = side
        return side

    return mark


def is_single(kernel: Kernel, dtype: np.dtype[Any], numbers: Sequence[Any]) -> bool:
    """Does the kernel round at most once, in this dtype with these numbers for parameters?"""
    when = _single.get(_bare(kernel))
    return when is not None and when(dtype, *numbers)


def widens(kernel: Kernel) -> bool:
    """Does it take a narrow x as it is?"""
    return _bare(kernel) in _widening


def needs_second_look(kernel: Kernel) -> bool:
    """Is it a formula, whose result may lie on the wrong side of a midpoint?"""
    return _bare(kernel) not in _settled


def side(kernel: Kernel) -> Kernel | None:
    """What was marked as side_of(kernel), if anything was; else the definition is asked."""
    return _sides.get(_bare(kernel))


def _bare(kernel: Kernel) -> Kernel:
    """The kernel itself, of one that was wrapped as functools.partial wraps."""
    return getattr(kernel, "func", kernel)
