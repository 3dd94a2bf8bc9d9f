"""Numbers in two floats: what they miss is within the bound, and the bound is small."""

import operator
from fractions import Fraction

import numpy as np
import pytest

from actlib.arithmetic.two_floats import TwoFloats

COUNT = 2000


def drawn(seed, exponents=60):
    """Numbers of many sizes; every third is of a few digits."""
    random = np.random.default_rng(seed)
    high = np.ldexp(random.normal(size=COUNT), random.integers(-exponents, exponents, COUNT))
    low = high * random.uniform(-(2.0**-54), 2.0**-54, COUNT)
    high[::3], low[::3] = np.round(4 * random.normal(size=len(high[::3]))) / 4, 0
    return TwoFloats(high, low, np.zeros(COUNT))


def exactly(number):
    return [Fraction(a) + Fraction(b) for a, b in zip(*parts(number)[:2], strict=True)]


def parts(number):
    each = np.broadcast_arrays(number.high, number.low, number.missing)
    return [np.ravel(part).tolist() for part in each]


def off(found, truths):
    """By how much, and the bound, which is rounded itself."""
    distances = [abs(a - b) for a, b in zip(exactly(found), truths, strict=True)]
    bounds = [bound * (1 + 2.0**-40) for bound in parts(found)[2]]
    return list(zip(distances, bounds, strict=True))


OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@pytest.mark.parametrize("sign", OPERATIONS)
@pytest.mark.parametrize("exponents", [3, 60, 500])
def test_what_is_missing_is_within_the_bound(sign, exponents):
    operation, a, b = OPERATIONS[sign], drawn(1, exponents), drawn(2, exponents)
    if sign == "/":
        b = TwoFloats(np.where(b.high == 0, 1.0, b.high), b.low, b.missing)
    truths = [operation(x, y) for x, y in zip(exactly(a), exactly(b), strict=True)]
    with np.errstate(all="ignore"):
        found = off(operation(a, b), truths)
    assert all(distance <= bound for distance, bound in found)
    assert sum(bound == 0 for _, bound in found) >= COUNT // (5 if sign == "/" else 3)
    if exponents < 500:
        assert all(bound <= abs(t) * 2.0**-98 for (_, bound), t in zip(found, truths, strict=True))


def test_that_of_operands_is_carried_on():
    a, b = drawn(3), drawn(4)
    wide = [TwoFloats(x.high, x.low, 2.0**-80 * np.abs(x.high)) for x in (a, b)]
    true = [
        [v + sign * Fraction(e) for v, e in zip(exactly(x), parts(x)[2], strict=True)]
        for x, sign in zip(wide, (1, -1), strict=True)
    ]
    for operation in (operator.add, operator.sub, operator.mul):
        truths = [operation(x, y) for x, y in zip(*true, strict=True)]
        found = off(operation(*wide), truths)
        assert all(distance <= bound for distance, bound in found)
        assert any(distance > bound / 3 > 0 for distance, bound in found)


def test_a_root_lies_between_its_ends():
    a = drawn(5)
    a = TwoFloats(np.abs(a.high) + 1, np.zeros(COUNT))
    root = a.sqrt()
    for square, near, bound in zip(exactly(a), exactly(root), parts(root)[2], strict=True):
        assert (near - Fraction(bound)) ** 2 <= square <= (near + Fraction(bound)) ** 2
        assert bound <= near * 2.0**-98
    assert not TwoFloats(np.array([4.0, 2.25, 9.0])).sqrt().missing.any()


def test_a_sum():
    a = drawn(6)
    total = sum(exactly(a))
    ((distance, bound),) = off(a.sum(), [total])
    assert distance <= bound <= 2.0**-98 * sum(map(abs, exactly(a)))


def test_of_what_is_too_large_nothing_is_known():
    large = TwoFloats(np.array([1.7e308]))
    with np.errstate(all="ignore"):
        assert (large * TwoFloats(np.array([1.0]))).missing == np.inf
