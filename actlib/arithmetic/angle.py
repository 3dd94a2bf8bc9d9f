"""Sines of a product, to all their digits: next to a zero, and after any number of turns.

With t = tan(y/2), sin y is 2t / (1 + t²) and cos y is (1 − t²) / (1 + t²): of the sine nothing
cancels. NumPy leaves the sine of a float64 to the C library, one by one; its tangent takes eight
at a time, is as exact, and ten times as fast.

Of the product of two floats, a float64 keeps half the digits. Where a sine is next to a zero the
others are all there is, and after 2⁵³ turns the first half says nothing. So a few inputs are done
again in whole numbers of Python: Payne & Hanek's method ("Radian reduction for trigonometric
functions", 1983) with as many digits of π as the exponents of a float64 can ask for.
"""

import math
from functools import cache

import numpy as np

from actlib.arithmetic.exact import exact_square, two_sum
from actlib.arithmetic.product import product
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import HALF, ONE

Number = Array | float

FLOAT32 = np.dtype(np.float32)

FAR = 2.0**20  # from here on what the product lost is no small angle
CANCELS = 2.0**6  # a sine that is not so many times as large as what the product lost
SMALL = 2.0**-4  # of a cosine: where (1 − t) (1 + t) loses four bits
EIGHTH = 0.7853981633974483, 3.061616997868383e-17  # π/4 in two floats
BITS = 2400  # more than the exponents of both factors, and 200 for the digits


def is_exact(factor: Number, x: Array) -> bool:
    """Is factor · x a float64, for all of x? Of two float32 it is."""
    narrow = x.dtype != np.float64
    return narrow and not isinstance(factor, np.ndarray) and fits(FLOAT32, factor)


def sin(y: Array) -> Array:
    """sin(y), within 3 ulp, in the place of y."""
    y *= HALF
    t = np.tan(y, out=y)
    below = t * t
    below += ONE
    t /= below
    t += t
    return t


def cos(y: Array) -> Array:
    """cos(y), to fewer digits where it is not SMALL."""
    t = y * HALF
    np.tan(t, out=t)
    f = ONE - t
    below = t * t
    below += ONE
    t += ONE
    f *= t
    f /= below
    small = np.flatnonzero(np.abs(f, out=t) < SMALL)
    f[small] = np.cos(y[small])
    return f


def sine_of_product(factor: Number, x: Array, eighths: int = 0) -> Array:
    """sin(factor · x + eighths · π/4) of the exact product, for finite x; else NaN.

    `eighths` is 0 or a power of 2.
    """
    y, lost = product(factor, x)
    if eighths:
        y, missing = two_sum(y, eighths * EIGHTH[0])
        lost += missing
        lost += eighths * EIGHTH[1]
    t = y * HALF
    np.tan(t, out=t)
    square, less = exact_square(t)
    below = square + ONE
    less -= (below - ONE) - square
    np.subtract(ONE, square, out=square)
    square *= lost
    t /= below
    t += t
    less *= t
    square -= less
    square /= below
    t += square
    np.abs(lost, out=lost)
    lost *= CANCELS
    again = np.greater(np.abs(t, out=square), lost)
    again &= np.less(np.abs(y, out=y), FAR)
    return _again(t, ~again, factor, x, eighths)


def _again(f: Array, where: Array, factor: Number, x: Array, eighths: int) -> Array:
    """f, with its elements there computed exactly."""
    places = np.flatnonzero(where)
    places = places[(x.flat[places] != 0) & np.isfinite(x.flat[places])]
    if places.size:
        factors = np.broadcast_to(factor, x.shape)
        pairs = zip(x.flat[places].tolist(), factors.flat[places].tolist(), strict=True)
        f.flat[places] = [exactly(*pair, eighths) for pair in pairs]
    return f


def exactly(x: float, factor: float, eighths: int) -> float:
    """sin(factor · x + eighths · π/4), of the exact product."""
    (m, p), (n, q) = x.as_integer_ratio(), factor.as_integer_ratio()
    quarter = _quarter_turn()
    product = (m * n << BITS) // (p * q) + eighths * quarter // 2
    turns = (2 * product + quarter) // (2 * quarter)
    angle = (product - turns * quarter) / (1 << BITS)
    size = math.cos(angle) if turns % 2 else math.sin(angle)
    return -size if turns % 4 > 1 else size


@cache
def _quarter_turn() -> int:
    """π/2 · 2^BITS, by Machin's formula, π/4 = 4 arctan(1/5) − arctan(1/239)."""
    one = 1 << BITS + 64

    def arctan(n: int) -> int:
        power, total, k = one // n, 0, 1
        while power:
            total += power // k if k % 4 == 1 else -(power // k)
            power //= n * n
            k += 2
        return total

    return 2 * (4 * arctan(5) - arctan(239)) >> 64
