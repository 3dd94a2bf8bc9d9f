"""The mark of a kernel of rows: with it goes what its results exactly are.

@rows_kernel
def value(z): …

@value.exact
def exact_value(e, place): …
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from actlib.arithmetic.rounding import Array

Compute = Callable[..., tuple[Array, Array]]
"""From float64 rows, and parameters by name: a result, and the size of the terms that it sums."""

Exact = Callable[..., Any]
"""From the exponentials, a place in the result, and further rows: what the result there exactly is.

It is asked only next to a midpoint: see actlib.call.second_look.exponentials.
"""


@dataclass(eq=False)
class RowsKernel:
    """A function of rows, and what decides its results next to a midpoint."""

    compute: Compute
    exact_part: Exact | None = None

    def __post_init__(self) -> None:
        update_wrapper(self, self.compute, updated=())

    def __call__(self, *rows: Array, **parameters: float) -> tuple[Array, Array]:
        return self.compute(*rows, **parameters)

    def exact(self, part: Exact) -> Exact:
        """A decorator: what its results exactly are."""
        self.exact_part = part
        return part


rows_kernel = RowsKernel


def require_exact(record: str, *kernels: RowsKernel) -> None:
    """Refuse a record with a kernel that could not decide its results, before it is ever called."""
    for kernel in kernels:
        if getattr(kernel, "exact_part", None) is None:
            name = f"{kernel.__module__}.{getattr(kernel, '__qualname__', kernel)}"
            raise TypeError(
                f"{record}: kernel {name} has no exact part; mark it with @rows_kernel, and with "
                "@NAME.exact what its results exactly are"
            )
