"""A number of a formula as floats that add up to it, whatever the parameters are."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from actlib.call.operands import Number

BITS = 26  # of each of them: products with an x of 24 bits are exact
MOST = 4
LARGEST = 2**20  # by which a midpoint of 25 bits may be multiplied


@dataclass(frozen=True)
class Terms:
    """Floats that add up to a number: exactly, or to 104 bits."""

    of: Callable[..., Sequence[Number]]  # of the values of the parameters
    is_exact: bool


def terms(number: sp.Expr, symbols: Sequence[sp.Symbol]) -> Terms | None:
    """Of a fraction, or of a parameter times a power of two; None for anything else."""
    factor, rest = number.as_coeff_Mul()
    if number.is_Rational:
        return _of_fraction(number)
    if rest not in symbols or abs(math.frexp(float(factor))[0]) != 0.5:
        return None
    place, power = list(symbols).index(rest), float(factor)
    return Terms(lambda *values: [power * values[place]], is_exact=True)


def _of_fraction(fraction: sp.Rational) -> Terms:
    found: list[Number] = []
    left = fraction
    while left != 0 and len(found) < MOST:
        mantissa, exponent = math.frexp(float(left))
        found.append(math.ldexp(round(mantissa * 2**BITS), exponent - BITS))
        left -= sp.Rational(found[-1])
    return Terms(lambda *values: found, is_exact=left == 0)


def denominator(*numbers: sp.Expr) -> int:
    """What to multiply them by, for more of them to be sums of floats: 3 if they are thirds."""
    odd = (int(n.q) // (int(n.q) & -int(n.q)) for n in numbers if n.is_Rational)
    return math.lcm(*(q for q in odd if q <= LARGEST)) if numbers else 1
