"""The exact product of a parameter and x: Dekker's, for those who know that it does not overflow.

In half the time of `exact_product`: halves are cut by bits, and nothing is asked of the result.
"""

import numpy as np

from actlib.arithmetic.exact import leading
from actlib.arithmetic.rounding import Array

Number = Array | float


def product(factor: Number, x: Array) -> tuple[Array, Array]:
    """factor · x as two numbers that add up to it exactly, but where it over- or underflows."""
    high = leading(np.asarray(factor))
    low = factor - high
    near = leading(x)
    rest = x - near
    y: Array = factor * x
    lost: Array = high * near
    lost -= y
    near *= low
    lost += near
    lost += high * rest
    rest *= low
    lost += rest
    return y, lost
