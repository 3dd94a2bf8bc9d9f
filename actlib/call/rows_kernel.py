"""The mark of a kernel of rows: with it goes what its results exactly are.

@rows_kernel
def value(z): …

@value.exact
def exact_value(e, place): …

Where nothing but sums, products and roots occurs none is needed: the kernel decides each result
itself, and is marked @exact_rows.
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
    mirrored: bool = False  # its exact part is asked about the exponentials of −z

    def __post_init__(self) -> None:
        update_wrapper(self, self.compute, updated=())

    def __call__(self, *rows: Array, **parameters: float) -> tuple[Array, Array]:
        return self.compute(*rows, **parameters)

    def exact(self, part: Exact) -> Exact:
        """A decorator: what its results exactly are."""
        self.exact_part = part
        return part

    def at_minus_z(self, sign: int) -> Callable[[Compute], "RowsKernel"]:
        """A decorator of what computes sign · kernel(−z), which is decided as the kernel is:

        rounding to nearest treats both signs alike.
        """

        def exact(e: Any, place: Any, *others: Any) -> Any:
            assert self.exact_part is not None, self
            above, below = self.exact_part(e, place, *others)
            return e.number(float(sign)) * above, below

        return lambda compute: RowsKernel(compute, exact, mirrored=True)


rows_kernel = RowsKernel


@dataclass(eq=False)
class ExactRows:
    """A function of rows that returns the nearest float64, and on which side of it the exact result

    lies: a number of the sign of exact − nearest, 0 where they are the same.
    """

    compute: Compute

    def __post_init__(self) -> None:
        update_wrapper(self, self.compute, updated=())

    def __call__(self, *rows: Array, **parameters: float) -> tuple[Array, Array]:
        return self.compute(*rows, **parameters)


exact_rows = ExactRows

AnyRows = RowsKernel | ExactRows


def require_exact(record: str, *kernels: AnyRows) -> None:
    """Refuse a record with a kernel that could not decide its results, before it is ever called."""
    for kernel in kernels:
        if isinstance(kernel, ExactRows):
            continue
        if getattr(kernel, "exact_part", None) is None:
            name = f"{kernel.__module__}.{getattr(kernel, '__qualname__', kernel)}"
            raise TypeError(
                f"{record}: kernel {name} has no exact part; mark it with @rows_kernel, and with "
                "@NAME.exact what its results exactly are, or with @exact_rows"
            )
