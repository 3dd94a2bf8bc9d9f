"""The second look: what lies next to a midpoint is found, in every type, and goes the right way."""

import math
import sys
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

from actlib import linear, prelu, step
from actlib.arithmetic import lines, rounding
from actlib.arithmetic.kernel import DECIDED, FLOAT64, NEAR, OWN, ROUNDED, kernel

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
    _, found = rounding.doubtful(value, dtype)
    assert len(found) == len(value)
    np.testing.assert_array_equal(rounding.midpoints(value, dtype), [*middle, *-middle])


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_numbers_themselves_are_not(dtype):
    kind = np.dtype(f"u{dtype.itemsize}")
    numbers = np.arange(0, 2**15 if dtype.itemsize == 2 else 2**31, 7919).astype(kind).view(dtype)
    with np.errstate(invalid="ignore"):
        numbers = numbers[np.isfinite(numbers)]
    rounded, found = rounding.doubtful(numbers.astype(float), dtype)
    assert found.size == 0
    np.testing.assert_array_equal(rounded, numbers)


def test_bfloat16_is_rounded_once():
    value = np.array([1 + 2.0**-8 + 2.0**-30, 1 + 2.0**-8, -1 - 2.0**-8 - 2.0**-30])
    rounded = rounding.rounded(value, BFLOAT16)
    np.testing.assert_array_equal(rounded.astype(float), [1 + 2.0**-7, 1, -1 - 2.0**-7])
    assert value.astype(BFLOAT16)[0] == 1  # the cast of ml_dtypes goes through float32


SLOPES = [0.01, 0.2, 0.3, 1 / 3, 11 / 48, 1 / 12 + 1 / 16, 0.1, 1.1, -0.7, 1e-30, 3e20, 2.0**-130]


def wrong_side(product, x, slope):
    """How many of these products are not the nearest number, or at a tie not the even one."""
    even = product.view(f"u{product.itemsize}") % 2 == 0
    wrong = np.zeros(x.shape, bool)
    for end in (-np.inf, np.inf):
        beside = np.nextafter(product, product.dtype.type(end)).astype(float)
        middle = (product.astype(float) + beside) / 2
        side = lines.line_side(middle, x.astype(float), slope) * np.sign(end)
        wrong |= np.isfinite(middle) & ((side > 0) | ((side == 0) & ~even))
    return np.count_nonzero(wrong)


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_narrow_product_is_rounded_once(slope, dtype):
    bits = np.random.default_rng(0).integers(0, 2 ** (8 * np.dtype(dtype).itemsize), 200_000)
    x = bits.astype(f"u{np.dtype(dtype).itemsize}").view(dtype)
    with np.errstate(all="ignore"):
        x = x[np.isfinite(x) & np.isfinite(x * dtype(slope))]
        assert wrong_side(lines.line(slope, x), x, slope) == 0


def test_a_product_with_the_slope_itself_is_not():
    """11/48 as a float64 is a little less: next to ties the float64 product is the tie."""
    x = np.arange(2**23, 2**23 + 30_000).astype(np.float32)
    assert wrong_side((x * np.float64(11 / 48)).astype(np.float32), x, 11 / 48) > 1000
    assert wrong_side(lines.line(11 / 48, x), x, 11 / 48) == 0
    assert abs(lines.factor(11 / 48) / (11 / 48) - 1) < 2.0**-51
    assert lines.factor(0.3) != 0.3
    assert lines.factor(0.375) == 0.375


def test_nan_is_kept_where_a_kernel_does_not_keep_it():
    x = np.array([1, np.nan, -np.nan, -1], np.float32)
    for function in (prelu, prelu.derivative, step, step.derivative, linear.derivative):
        assert np.isnan(function(x)).tolist() == [False, True, True, False]


def test_slopes_that_bring_an_x_to_a_midpoint():
    """m · (N/m) is N, an odd number of 25 bits: the worst that a float64 slope can do to m."""
    random = np.random.default_rng(0)
    tops = (2 * random.integers(2**23, 2**24, 2000) + 1).tolist()
    bottoms = random.integers(2**23, 2**24, 2000).tolist()
    plain = 0
    for top, bottom in zip(tops, bottoms, strict=True):
        x, slope = np.array([bottom], np.float32), top / bottom
        assert wrong_side(lines.line(slope, x), x, slope) == 0
        assert wrong_side(lines.line(-slope, x), x, -slope) == 0
        plain += wrong_side((x * np.float64(slope)).astype(np.float32), x, slope)
    assert plain > 500


USUAL = [(0.2, 0.5), (1 / 6, 0.5), (0.3, -0.7), (3e-5, 1e5), (0.3, 0.0)]
EXTREME = [(1e-290, 1e13), (1e290, 3e10)]  # whose root is nearly infinite, or nearly 0


@pytest.mark.parametrize("as_numbers", [True, False], ids=["numbers", "arrays"])
@pytest.mark.parametrize(("slope", "offset"), USUAL + EXTREME)
def test_a_line_keeps_its_digits_near_its_root(slope, offset, as_numbers):
    """Where all but the last digits of product and offset cancel, and far away."""
    root = np.float64(-offset / slope if offset else 1.0)
    near = root + np.arange(-40, 41) * np.spacing(root)
    x = np.concatenate([near, root * np.linspace(-3, 3, 61), root * 2.0 ** np.arange(-60.0, 0)])
    given = (slope, offset) if as_numbers else (np.full(x.shape, slope), np.full(x.shape, offset))
    for value, one in zip(lines.affine(given[0], x, given[1]).tolist(), x.tolist(), strict=True):
        exact = Fraction(slope) * Fraction(one) + Fraction(offset)
        if abs(exact) > sys.float_info.min:
            assert abs(Fraction(value) - exact) <= 2 * Fraction(math.ulp(float(exact)))


@pytest.mark.parametrize("gives", [DECIDED, ROUNDED])
def test_what_is_good_for_its_own_dtype_is_looked_at_again_for_another(gives):
    """bfloat16 comes as float64, and so does x beside an array of parameters."""
    mark = kernel(takes=OWN, gives=gives)(np.negative)
    assert mark.at(np.dtype(np.float32), ()) == (OWN, gives)
    assert mark.at(BFLOAT16, ()) == mark.at(np.dtype(np.float32), None) == (FLOAT64, NEAR)


def test_a_mark_that_says_nothing_is_refused():
    with pytest.raises(TypeError, match="takes float64 and is rounded"):
        kernel(gives=ROUNDED)(np.negative)
    for takes, gives in ((FLOAT64, DECIDED), (OWN, NEAR)):
        with pytest.raises(TypeError, match="more than NEAR"):
            kernel(takes=takes, gives=gives, otherwise=DECIDED)(np.negative)
