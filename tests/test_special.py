"""erf, erfc and Φ: within 2 ulp of the truth everywhere."""

import math

import numpy as np
import pytest
import sympy as sp

from actlib.arithmetic import special
from actlib.arithmetic.exact import exact_square
from actlib.formula.symbols import X
from actlib.verify import ulp
from actlib.verify.balls import decide, decide_each, evaluator

ROOT_OF_2 = sp.sqrt(2)
FLOAT64 = np.dtype(np.float64)
TINY = 2.0**-1022
CDF = sp.erfc(-X / ROOT_OF_2, evaluate=False) / 2
DENSITY = sp.exp(-(X**2) / 2) / sp.sqrt(2 * sp.pi)
FUNCTIONS = {
    "erf": (special.erf, sp.erf(X)),
    "erfc": (special.erfc, sp.erfc(X)),
    "normal_cdf": (special.normal_cdf, CDF),
}
TRUTHS = {name: evaluator(formula, [X]) for name, (_, formula) in FUNCTIONS.items()}

every_function = pytest.mark.parametrize("name", FUNCTIONS)

# Where one formula takes over from another, and where a result becomes subnormal, or 0.
JOINS = (special.NEAR, special.NEAR / special.ROOT_OF_2)
ENDS = (26.543, 27.226, 37.519, 38.485, special.FAR / special.ROOT_OF_2, special.FAR)


def around(point, count=40):
    """A number and its neighbours, in order."""
    there = np.float64(point).view(np.int64) + np.arange(-count, count + 1)
    return there.view(np.float64)


def points(count=600):
    """Of all sizes down to the smallest float; where a result is neither 0 nor 1; at joins."""
    random = np.random.default_rng(0)
    sizes = np.ldexp(random.uniform(0.5, 1, count), random.integers(-1073, 1025, count))
    x = np.concatenate([
        sizes,
        random.uniform(0, 3, 2 * count),
        random.uniform(0, 40, count),
        *(random.uniform(end - 0.7, end + 0.1, count // 4) for end in ENDS),
        *map(around, JOINS + ENDS),
        [5e-324, TINY, np.finfo(np.float64).max],
    ])  # fmt: skip
    return np.concatenate([x, -x])


def worst(name, x, compute=None):
    """The largest error in ulp."""
    got = (compute or FUNCTIONS[name][0])(x).tolist()
    return max(decide_each(TRUTHS[name], x.tolist(), lambda i, y: ulp.error(got[i], y, FLOAT64)))


@every_function
def test_the_error_is_below_2_ulp(name):
    assert worst(name, points(4000)) < 2


@every_function
def test_below_the_normal_numbers_only_the_last_step_rounds(name):
    x = points(2000)
    y = FUNCTIONS[name][0](x)
    small = (y != 0) & (np.abs(y) < TINY / 32)
    assert np.count_nonzero(small) > 50
    assert worst(name, x[small]) < 0.6


def test_at_zero_and_at_the_ends():
    x = np.array([-math.inf, -0.0, 0.0, math.inf])
    for name, expected in {
        "erf": [-1, -0.0, 0, 1],
        "erfc": [2, 1, 1, 0],
        "normal_cdf": [0, 0.5, 0.5, 1],
    }.items():
        y = FUNCTIONS[name][0](x)
        assert np.array_equal(y, expected)
        assert np.array_equal(np.signbit(y), np.signbit(expected))


@every_function
def test_nan_stays_and_nothing_complains(name):
    """Nothing overflows, is divided by 0, or has no value on the way."""
    compute, _ = FUNCTIONS[name]
    x = np.concatenate([points(), [math.nan, -math.nan, math.inf, -math.inf]])
    with np.errstate(all="raise", under="ignore"):
        y = compute(x)
    assert np.array_equal(np.isnan(y), np.isnan(x))


@every_function
@pytest.mark.parametrize("shape", [(0,), (1,), (2, 3), (0, 3)])
def test_shapes(name, shape):
    compute, _ = FUNCTIONS[name]
    x = np.linspace(-2, 2, math.prod(shape))
    y = compute(x.reshape(shape))
    assert y.shape == shape
    assert y.dtype == np.float64
    assert np.array_equal(y.ravel(), compute(x))


def test_erf_is_odd_bit_for_bit():
    x = points()
    assert np.array_equal(special.erf(-x), -special.erf(x))


def test_halves_make_a_whole():
    x = points()
    assert np.abs(special.normal_cdf(x) + special.normal_cdf(-x) - 1).max() <= 2.0**-52
    assert np.abs(special.erf(x) + special.erfc(x) - 1).max() <= 2.0**-52


@every_function
def test_it_is_monotone_across_joins(name):
    """Of numbers 2^-48 apart: between neighbours an error of 1 ulp is more than the slope."""
    compute, _ = FUNCTIONS[name]
    for join in (*JOINS, *(-join for join in JOINS)):
        y = compute(join * (1 + np.arange(-100, 101) * 2.0**-48))
        assert (np.diff(y) * np.sign(y[-1] - y[0]) >= 0).all()


# Mills' ratio.


def excess_is_within(bound):
    """|P/Q − r| <= bound (t + r), by balls: the rational function as its coefficients have it."""
    s = X - sp.Rational(special.NEAR)
    top, bottom = (
        sum(sp.Rational(c) * s**k for k, c in enumerate(numbers))
        for numbers in (special.P, special.Q)
    )
    hazard = DENSITY / CDF.subs(X, -X)
    distance = evaluator((X + top / bottom) / hazard - 1, [X])
    t = np.concatenate([np.linspace(1, 4, 150), np.linspace(4, special.FAR, 150)])

    def narrow(i, ball):
        return float(abs(ball).upper()) if ball.rad() < 1e-20 else None

    return max(decide_each(distance, t.tolist(), narrow)) <= bound


def test_the_rational_function_is_as_close_to_mills_ratio_as_is_said():
    assert excess_is_within(6e-18)
    assert min(special.P + special.Q) > 0


@pytest.mark.parametrize(
    ("part", "place"), [(p, i) for p in "PQ" for i in range(len(getattr(special, p)))]
)
def test_a_coefficient_that_is_off_in_its_twelfth_digit_is_noticed(monkeypatch, part, place):
    spoil(monkeypatch, part, place)
    assert not excess_is_within(6e-18)


def test_numbers_in_two_floats_are_right():
    for parts, exact in (
        (special.OFFSET, 100 * sp.log(2) - sp.log(2 * sp.pi) / 2),
        ((special.HIGH, special.LOW), ROOT_OF_2),
        ((special.ROOT_OF_2,), sp.sqrt(2)),
    ):
        missing = evaluator(exact - sum(map(sp.Rational, parts[:-1])), [])
        assert decide(missing, [], lambda ball: float(ball.mid())) == parts[-1]


def test_what_gelu_is_made_of():
    """x Φ(x) in the tail, where no factor is subnormal before the last."""
    t = np.concatenate([np.random.default_rng(1).uniform(1, special.FAR, 800), around(38.4)])
    square, lost = exact_square(t)
    e, less = special.bell(square / 2, lost / 2)
    r = special.excess(t) / t
    got = -special.quotient(e, np.ones_like(t), r, less * (1 + r)) * special.SCALE
    truth = evaluator(-X * CDF.subs(X, -X), [X])
    errors = decide_each(truth, t.tolist(), lambda i, y: ulp.error(got[i], y, FLOAT64))
    assert max(errors) < 2


# What must be noticed.


def spoil(monkeypatch, name, place):
    numbers = list(getattr(special, name))
    numbers[place] *= 1 + 1e-12
    monkeypatch.setattr(special, name, tuple(numbers))


@pytest.mark.parametrize(
    ("part", "place", "name"),
    [
        ("P", 0, "erfc"),
        ("P", 4, "normal_cdf"),
        ("Q", 9, "erfc"),
        ("OF_ERF", 0, "erf"),
        ("OF_ERF", 1, "erfc"),
        ("OF_CDF", 3, "normal_cdf"),
        ("OFFSET", 0, "normal_cdf"),
    ],
)
def test_a_wrong_number_is_more_than_2_ulp(monkeypatch, part, place, name):
    spoil(monkeypatch, part, place)
    assert worst(name, points(100)) > 2


def test_the_textbook_is_more_than_2_ulp():
    def textbook(x):
        return (1 + special.erf(x / math.sqrt(2))) / 2

    assert worst("normal_cdf", np.linspace(-8, -6, 50), textbook) > 1e6
