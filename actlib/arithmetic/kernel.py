"""The mark of a kernel: what it takes, and what its result is worth.

|               | near                | decided                    | rounded                    |
| ------------- | ------------------- | -------------------------- | -------------------------- |
| takes float64 | no mark             | `kernel(gives=DECIDED)`    |                            |
| takes its own | `kernel(takes=OWN)` | `kernel(…, gives=DECIDED)` | `kernel(…, gives=ROUNDED)` |

Near the truth: within 16 ulp of float64. It is rounded, and next to a midpoint looked at again.
Decided: rounded to odd, or one of several numbers. It is rounded, and lies on the right side.
Rounded: at most once, in any dtype, so that it needs no float64 on the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial, update_wrapper
from typing import Any

import numpy as np

from actlib.arithmetic.rounding import Array

Function = Callable[..., Array | float]
"""On a block of x and the parameters, each of them a number or a block."""

Side = Callable[..., Array]
"""side(middle, x, *parameters): an array of the sign of f(x) − middle, exactly, or NaN where it

cannot tell; for a few x, and the midpoints next to their results. No x has more than 24 bits.
"""


class Takes(Enum):
    """In what a kernel is handed x."""

    FLOAT64 = "float64"
    OWN = "its own dtype, if that is one of NumPy's floats and no parameter is an array"


class Gives(Enum):
    """What its result is worth."""

    NEAR = "near the truth"
    DECIDED = "on the right side of every midpoint"
    ROUNDED = "rounded at most once"


FLOAT64, OWN = Takes
NEAR, DECIDED, ROUNDED = Gives


@dataclass(eq=False)
class Kernel:
    """A function of blocks, and what the driver has to know of it."""

    compute: Function
    takes: Takes = FLOAT64
    gives: Gives = NEAR
    when: Callable[..., bool] | None = None
    otherwise: Gives = NEAR
    side: Side | None = None

    def __post_init__(self) -> None:
        update_wrapper(self, self.compute, updated=())
        if (self.takes, self.gives) == (FLOAT64, ROUNDED):
            raise TypeError(f"{self}: no kernel takes {FLOAT64.value} and is {ROUNDED.value}")
        if not self.depends and (self.when or self.otherwise is not NEAR):
            raise TypeError(f"{self}: only what takes OWN and is more than NEAR says when")

    @property
    def depends(self) -> bool:
        """Is what it gives worth less where it cannot take x as it is?"""
        return self.takes is OWN and self.gives is not NEAR

    def __call__(self, *arguments: Any) -> Any:
        return self.compute(*arguments)

    def second_look(self, side: Side) -> Side:
        """A decorator: what decides results next to a midpoint; else their definition is asked."""
        self.side = side
        return side

    def of(self, place: int) -> "Kernel":
        """That of one number of a stacked parameter."""
        return replace(self, compute=partial(self.compute, place))

    def at(self, dtype: np.dtype[Any], numbers: Sequence[Any] | None) -> tuple[Takes, Gives]:
        """For an x of this dtype, and these numbers for parameters, unless one is an array."""
        own = self.takes is OWN and dtype.kind == "f" and numbers is not None
        if not self.depends:
            return (OWN if own else FLOAT64), self.gives
        if own and (self.when is None or self.when(dtype, *(numbers or ()))):
            return OWN, self.gives
        return FLOAT64, self.otherwise


def kernel(
    *,
    takes: Takes = FLOAT64,
    gives: Gives = NEAR,
    when: Callable[..., bool] | None = None,
    otherwise: Gives = NEAR,
) -> Callable[[Function], Kernel]:
    """Mark a kernel.

    What takes a narrow x as it is may return float64 all the same: what is narrow comes out narrow
    again, and a formula may do that loses a few ulp of float64, or fails where the result is as
    good as 0.

    What takes OWN and is more than NEAR may say `when(dtype, *parameters)` that is so. A slope that
    is returned, or goes into `lines.line`, may be any number: it is rounded there, once. A point at
    which pieces meet must fit the dtype, since x is compared with it. Where it is not so, or x has
    no dtype of NumPy's, the kernel is handed float64; `otherwise` says what its result is worth.
    """
    return partial(Kernel, takes=takes, gives=gives, when=when, otherwise=otherwise)


def marked(function: Function) -> Kernel:
    """The kernel itself; of a function without a mark, the one that it is."""
    return function if isinstance(function, Kernel) else Kernel(function)
