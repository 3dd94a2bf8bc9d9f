"""Sines of a product, to all their digits: next to a zero, and after any number of turns.

Of the product of two floats, a float64 keeps half the digits. Where a sine is next to a zero the
others are all there is, and after 2⁵³ turns the first half says nothing. So a few inputs are done
again in whole numbers of Python: Payne & Hanek's method ("Radian reduction for trigonometric
functions", 1983) with as many digits of π as the exponents of a float64 can ask for.
"""

import math
from functools import cache

import numpy as np

from actlib.arithmetic.exact import exact_product, two_sum
from actlib.arithmetic.rounding import Array, fits

Number = Array | float

FLOAT32 = np.dtype(np.float32)

FAR = 2.0**20  # from here on what the product lost is no small angle, nor `PARTS` enough
CANCELS = 2.0**6  # a sine that is not so many times as large as what the product lost
BITS = 2400  # more than the exponents of both factors, and 200 for the digits


def is_exact(factor: Number, x: Array) -> bool:
    """Is factor · x a float64, for all of x? Of two float32 it is."""
    narrow = x.dtype != np.float64
    return narrow and not isinstance(factor, np.ndarray) and fits(FLOAT32, factor)


def sine_of_product(factor: Number, x: Array, quarters: int = 0) -> Array:
    """sin(factor · x + quarters · π/2) of the exact product, for finite x; else NaN."""
    y, lost = exact_product(factor, x)
    f, slope = (np.cos(y), -np.sin(y)) if quarters else (np.sin(y), np.cos(y))
    again = ~(np.abs(f) > CANCELS * np.abs(lost)) | ~(np.abs(y) < FAR)
    f += lost * slope
    return _again(f, again & (x != 0), factor, x, 2 * quarters)


def sine_with_eighth(factor: Number, x: Array) -> Array:
    """sin(factor · x + π/4) of the exact product, for finite x; else NaN.

    Half turns are taken off in parts that leave no error (Cody & Waite 1980).
    """
    y, lost = exact_product(factor, x)
    eighths = 4 * np.rint(y / math.pi + 0.25) - 1
    angle, rest = y, lost
    for part in PARTS:
        angle, missing = two_sum(angle, -eighths * part)
        rest = rest + missing
    angle, rest = two_sum(angle, rest)
    f = np.sin(angle)
    f += rest * np.cos(angle)
    f *= 1 - 2 * (((eighths + 1) / 4) % 2)
    again = ~(np.abs(angle) > 2.0**-30) | ~(np.abs(y) < FAR)
    return _again(f, again, factor, x, 1)


def _again(f: Array, where: Array, factor: Number, x: Array, eighths: int) -> Array:
    """f, with its elements there computed exactly."""
    places = np.flatnonzero(where & np.isfinite(x))
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


def _parts() -> tuple[float, ...]:
    """π/4 in numbers of 30 bits, whose products with 23 bits are exact, and a last one."""
    left, found = _quarter_turn() // 2, []
    for bits in (30, 60, 90):
        found.append(math.ldexp(left >> BITS - bits, -bits))
        left &= (1 << BITS - bits) - 1
    return (*found, left / (1 << BITS))


PARTS = _parts()
