"""The second look at a curve: on which side of a midpoint does its definition lie?

Where midpoints are common NumPy decides, for all inputs at once: next to 0, and where the curve is
a number and an exponential. What is left are a few hundred inputs of 2³², by chance: each is asked
once, with as many digits as it takes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.arithmetic.rounding import Array
from actlib.call.operands import Operand, each, entries, entry
from actlib.call.second_look import digits
from actlib.call.second_look.series import series
from actlib.call.second_look.tail import tails
from actlib.formula.parameter import Parameter
from actlib.formula.symbols import at_setting

Look = Callable[..., Array]
"""look(middle, x, *parameters): the sign of f(x) − middle, or NaN where it cannot tell."""


@dataclass(frozen=True, eq=False)
class Curve:
    """An expression in x and the parameters."""

    expression: sp.Expr
    parameters: tuple[Parameter, ...]

    def sides(self, middle: Array, x: Array, *values: Operand) -> Array:
        """The sign of f(x) − middle at each x; 0 for a tie."""
        found = np.full(x.shape, np.nan)
        for look in (*self._quick, self._with_digits):
            left = np.flatnonzero(np.isnan(found))
            if left.size:
                few = (entries(value, left) for value in values)
                found[left] = look(middle[left], x[left], *few)
        return found

    @cached_property
    def _quick(self) -> tuple[Look, ...]:
        if any(p.stacked for p in self.parameters):  # sums over a stack are decided by their kernel
            return ()
        symbols = [p.symbol for p in self.parameters]
        return (*series(self.expression, symbols), *tails(self.expression, symbols))

    def _with_digits(self, middle: Array, x: Array, *values: Operand) -> Array:
        columns = [x, *(n for value in values for n in each(value) if isinstance(n, np.ndarray))]
        first, same = groups(columns)
        sides = digits.sides(
            (self._at(*(entry(value, i) for value in values)), float(x[i]), float(middle[i]))
            for i in first.tolist()
        )
        return np.array(sides, np.float64)[same]

    def _at(self, *values: Any) -> sp.Expr:
        """The expression in x alone."""
        names = (p.name for p in self.parameters)
        return _at_setting(self.expression, tuple(zip(names, values, strict=True)))


@lru_cache(maxsize=256)
def _at_setting(expression: sp.Expr, values: tuple[tuple[str, Any], ...]) -> sp.Expr:
    return at_setting(expression, dict(values))


def groups(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of equal rows: where the first of each kind is, and of which kind each row is."""
    order = np.lexsort(columns)
    new = np.zeros(order.shape, bool)
    new[:1] = True
    for column in columns:
        new[1:] |= np.diff(column[order]) != 0
    kinds = np.empty_like(order)
    kinds[order] = np.cumsum(new) - 1
    return order[new], kinds
