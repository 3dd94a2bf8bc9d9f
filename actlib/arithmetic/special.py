"""erf, erfc and Φ, the distribution function of the normal law, which NumPy does not have.

erf(x) = 2/√π ∫ exp(−u²) du from 0 to x, erfc(x) = 1 − erf(x), Φ(x) = erfc(−x/√2) / 2.

In a tail 1 + erf cancels until nothing is left. There Φ is a product, with t = −x:

    Φ(−t) = φ(t) / (t + r(t)),  φ(t) = exp(−t²/2) / √(2π).

φ has the size. What it is divided by, the inverse of Mills' ratio, is nearly a straight line: r
falls from 0.8 at 0 towards 1/t. Near 0 there is no tail, and Taylor's series does.

Kernels: they take blocks of float64, and are within 2 ulp below the normal numbers too.
"""

import math

import numpy as np

from actlib.arithmetic.exact import Number, exact_square, leading, two_sum
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import at_most, where

NEAR = 1.0  # for Φ: |x| below it is near 0; for erf and erfc it is 1/√2
FAR = 39.0  # Φ(−FAR) is 0
ROOT_OF_2 = math.sqrt(2)
HIGH, LOW = 1.4142135381698608, 2.420323420895794e-08  # √2 in 26 bits, and what is missing

# r(t) = P(t − 1) / Q(t − 1) for t from 1 to FAR, within 6e-18 (t + r). No coefficient is negative,
# so nothing cancels; and the sums have least to round where r weighs most, at t = 1. Found as least
# squares of P − r Q on 240 points, weighted anew until all largest errors were alike (Lawson), and
# again after each coefficient that was rounded to float64: these are no roundings of better ones.
P = (
    0.5251352761609812,
    0.6273392214455544,
    0.3616760568901803,
    0.12928058068733558,
    0.031104528097945956,
    0.005142960393776683,
    0.0005709281917560366,
    3.904899091550654e-05,
    1.2699641219421593e-06,
)
Q = (
    1.0,
    1.5737599901069272,
    1.174063955277737,
    0.541230038176662,
    0.16939334863655248,
    0.03730616489093419,
    0.005789446703970924,
    0.0006125171095784136,
    4.0318955054073216e-05,
    1.2699641218490526e-06,
)

# erf(x) = x + x S(x²) and Φ(x) = (1 + x)/2 + x S(x²), each with its S: integrals of the series of
# exp, less the line. What is rounded in S is small beside the line, and 1 − x and 1 + x are exact
# where results are small.
TERMS = range(1, 15)
OF_ERF = (
    0.1283791670955126,  # 2/√π − 1
    *(2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in TERMS),
)
OF_CDF = (
    -0.10105771959856732,  # 1/√(2π) − 1/2
    *((-0.5) ** k / (math.sqrt(2 * math.pi) * math.factorial(k) * (2 * k + 1)) for k in TERMS),
)

# exp(−y) / √(2π) = 2^−100 exp(OFFSET − y). For a tail that is not 0 the exponential is a normal
# number, even where the tail is none; and by a power of 2 nothing is rounded twice.
OFFSET = 68.39577952278985, 6.687699551465082e-15  # 100 log 2 − log √(2π), in two floats
SCALE = 2.0**-100


def erf(x: Array) -> Array:
    """2/√π ∫ exp(−u²) du from 0 to x."""
    size = np.abs(x)
    f = np.copysign(1 - complement(size), x)
    near = np.flatnonzero(size < NEAR / ROOT_OF_2)
    x = x.take(near)
    f.put(near, x + x * horner(OF_ERF, x * x))
    return f


def erfc(x: Array) -> Array:
    """1 − erf(x)."""
    size = np.abs(x)
    f = complement(size)
    f = where(x < 0, 2 - f, f)
    near = np.flatnonzero(size < NEAR / ROOT_OF_2)
    x = x.take(near)
    f.put(near, (1 - x) - x * horner(OF_ERF, x * x))
    return f


def normal_cdf(x: Array) -> Array:
    """Φ(x), the share of the normal law that lies below x."""
    size = np.abs(x)
    t = at_most(FAR, size)
    square, lost = exact_square(t)
    f = tail(t, 0.0, square / 2, lost / 2) * SCALE
    f = where(x < 0, f, 1 - f)
    near = np.flatnonzero(size < NEAR)
    x = x.take(near)
    f.put(near, (x / 2 + 0.5) + x * horner(OF_CDF, x * x))
    return f


def complement(x: Array) -> Array:
    """erfc(x) = 2 Φ(−√2 x) for x ≥ 1/√2. Half the square of √2 x is x², which is known exactly."""
    x = at_most(FAR / ROOT_OF_2, x)
    t = ROOT_OF_2 * x
    high = leading(x)
    missing = (HIGH * high - t) + HIGH * (x - high) + LOW * x
    return tail(t, missing, *exact_square(x)) * (2 * SCALE)


def tail(t: Array, missing: Number, half: Array, lost: Array) -> Array:
    """Φ(−t − missing) / SCALE for t ≥ NEAR, where half + lost = (t + missing)² / 2."""
    e, less = bell(half, lost)
    r = excess(t)
    return quotient(e, t, r, missing + less * (t + r))


def bell(half: Array, lost: Array) -> tuple[Array, Array]:
    """φ(t) = SCALE · e · (1 − less), where half + lost = t²/2: e, less.

    An error of t²/2 is one of φ, and half an ulp of t²/2 can be 500 of φ. So t² is asked of
    `exact_square`, and what it lost is handed on.
    """
    y, more = two_sum(half, -OFFSET[0])
    return np.exp(-y), lost + (more - OFFSET[1])


def excess(t: Array) -> Array:
    """r(t) = 1/M(t) − t for t from NEAR to FAR, with Mills' ratio M(t) = Φ(−t)/φ(t).

    Right to the last digits of t + r: of r alone, which is small beside t in the end, to fewer.
    """
    s = t - NEAR
    r = horner(P, s)
    r /= horner(Q, s)
    return r


def quotient(a: Array, b: Array, c: Array, more: Array) -> Array:
    """a / (b + c + more), rounded once, where each is a normal number and b the largest.

    One step of a division by hand: the leading bits of the result, and the remainder divided.
    """
    total = b + c
    high = leading(total)
    low = (b - high) + c + more
    first = leading(a / total)
    return first + ((a - first * high) - first * low) / total


def horner(coefficients: tuple[float, ...], x: Array) -> Array:
    """c₀ + x (c₁ + x (c₂ + …)), in place."""
    total = coefficients[-1] * x
    total += coefficients[-2]
    for c in coefficients[-3::-1]:
        total *= x
        total += c
    return total
