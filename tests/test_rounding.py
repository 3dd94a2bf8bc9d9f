"""The second look: what lies next to a midpoint is found, in every type, and goes the right way."""

import ml_dtypes
import numpy as np
import pytest
import sympy as sp

from actlib import rounding, ziv
from actlib.spec import X

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
TYPES = [np.dtype(np.float16), BFLOAT16, np.dtype(np.float32)]


def every_midpoint(dtype, count=4000):
    """Midpoints of positive neighbours: all sizes, subnormal ones too, and the one next to 0."""
    kind = np.dtype(f"u{dtype.itemsize}")
    top = int(np.array([np.inf]).astype(dtype).view(kind)[0])
    low = np.unique(np.linspace(0, top - 2, count).astype(kind))
    below, above = low.view(dtype).astype(float), (low + kind.type(1)).view(dtype).astype(float)
    return (below + above) / 2


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("away", [-2, -1, 0, 1, 2])
def test_next_to_a_midpoint_everything_is_doubtful(dtype, away):
    middle = every_midpoint(dtype)
    value = np.concatenate([middle, -middle]) * (1 + away * 2.0**-52)
    found = rounding.doubtful(value, value.astype(dtype))
    assert len(found) == len(value)
    np.testing.assert_array_equal(rounding.midpoints(value, dtype), [*middle, *-middle])


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_numbers_themselves_are_not(dtype):
    kind = np.dtype(f"u{dtype.itemsize}")
    numbers = np.arange(0, 2**15 if dtype.itemsize == 2 else 2**31, 7919).astype(kind).view(dtype)
    with np.errstate(invalid="ignore"):
        numbers = numbers[np.isfinite(numbers)]
    assert rounding.doubtful(numbers.astype(float), numbers).size == 0


def test_bfloat16_is_rounded_once():
    value = np.array([1 + 2.0**-8 + 2.0**-30, 1 + 2.0**-8, -1 - 2.0**-8 - 2.0**-30])
    out = np.empty(3, BFLOAT16)
    rounding.store(value, out)
    np.testing.assert_array_equal(out.astype(float), [1 + 2.0**-7, 1, -1 - 2.0**-7])
    assert value.astype(BFLOAT16)[0] == 1  # the cast of ml_dtypes goes through float32


def test_a_definition_is_asked_until_it_is_sure():
    middle = np.array([0.5, 0.5, 0.5, 1.0])
    tiny = 2.0**-300
    sides = ziv.sides(
        [X + sp.Rational(1, 2)] * 3 + [sp.exp(X)], np.array([tiny, 0, -tiny, tiny]), middle
    )
    assert sides.tolist() == [1, 0, -1, 1]
    beside = rounding.beside(middle, sides)
    assert beside[0] > 0.5 == beside[1] > beside[2]


def test_cancellation_in_a_definition_misleads_nobody():
    """(1 + x) - 1 - x is 0; with few digits it seems to be x."""
    expression = sp.Add(sp.Add(1, sp.exp(X), evaluate=False), -2, evaluate=False)
    x = np.array([2.0**-400])
    assert ziv.sides([expression], x, x).tolist() == [1]
    assert ziv.sides([expression], x, np.nextafter(x, 1)).tolist() == [-1]
