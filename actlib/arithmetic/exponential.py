"""exp with more digits than a float64 has, where what it is added to cancels them."""

import math
from functools import cache

import numpy as np

from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.rounding import Array

STEPS = 64  # of the table, between two whole numbers
LEAST = -75  # exp(-75) is 2^-108: what float64 loses of it is nothing beside 1
FACTORIALS = [1 / math.factorial(n) for n in range(9, 2, -1)]


def exp_in_parts(x: Array) -> tuple[Array, Array, Array]:
    """exp(x) for x ≤ 0 as the sum of three numbers, in falling order.

    exp(j/64) is looked up, and what it is multiplied by is 1 + r + r²/2 + …, with |r| ≤ 1/128: of
    that the first terms are exact, and the others so small that a float64 holds enough of them.
    Next to x = 0 the first part is 1, and the others are as good, beside x, as all of it elsewhere.
    """
    near = np.maximum(x, LEAST)
    j = np.rint(near * STEPS)
    r = near - j / STEPS
    square, missing = exact_product(r, r)
    series, lost = exact_addition(r, square / 2)
    lost = lost + (missing / 2 + r**3 * np.polyval(FACTORIALS, r))
    table, below = (part[-j.astype(int)] for part in _table())
    product, more = exact_product(table, series)
    rest = more + (below + (table * lost + below * series))
    far = x < LEAST
    return np.where(far, np.exp(x), table), np.where(far, 0.0, product), np.where(far, 0.0, rest)


@cache
def _table() -> tuple[Array, Array]:
    """exp(−j/64) for j = 0, 1, …, each as the sum of two floats: powers of integers over 2^320."""
    bits = 320
    one = 1 << bits
    ratio = sum((-1) ** n * one // (STEPS**n * math.factorial(n)) for n in range(60))
    powers = [one]
    for _ in range(-LEAST * STEPS):
        powers.append(powers[-1] * ratio >> bits)
    high = [float(power) for power in powers]
    low = [float(power - int(first)) for power, first in zip(powers, high, strict=True)]
    return np.ldexp(high, -bits), np.ldexp(low, -bits)
