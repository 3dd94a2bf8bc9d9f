"""Functions of vectors that decide each result: correctly rounded, ties and supports exact."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

from actlib import entmax15, hardmax, sparsemax, verify
from actlib.activations import entmax15 as of_roots
from actlib.activations import sparsemax as of_fractions

DTYPES = [*map(np.dtype, (np.float16, ml_dtypes.bfloat16, np.float32, np.float64))]
every_type = pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.name)

SMALLEST = 2.0**-1074


@dataclass(frozen=True)
class Root:
    """a + b √c, in fractions."""

    a: Fraction
    b: Fraction = Fraction(0)
    c: Fraction = Fraction(0)

    def beyond(self, number):
        """The sign of what it is more than this fraction: squares decide where signs do not."""
        rest, root = self.a - number, self.b * abs(self.b) * self.c
        square = rest * abs(rest) + root
        return (square > 0) - (square < 0)


def by_sorting(z, threshold):
    """Who is in the support, as the papers find it, and the threshold: from the largest on, as long

    as each is above that of all so far.
    """
    total = squares = Fraction(0)
    for k, v in enumerate(sorted(map(Fraction, z), reverse=True), 1):
        total, squares = total + v, squares + v * v
        tau = threshold(k, total / k, squares / k)
        if tau is None or tau.beyond(v) >= 0:
            break
        last, found = v, tau
    return [v >= last for v in z], found


def of_sparsemax(z):
    """The support and τ = mean − 1/k."""
    return by_sorting(z, lambda k, mean, _: Root(mean - Fraction(1, k)))


def of_entmax15(z):
    """The support and 2τ = mean − √(4/k − variance), where there is one."""

    def threshold(k, mean, squares):
        left = Fraction(4, k) - (squares - mean * mean)
        return Root(mean, Fraction(-1), left) if left >= 0 else None

    return by_sorting(z, threshold)


SUPPORTS = {"sparsemax": of_sparsemax, "entmax15": of_entmax15}
SHARES = {
    "sparsemax": lambda z, tau: Root(z - tau.a),
    "entmax15": lambda z, tau: Root(((z - tau.a) ** 2 + tau.c) / 4, (z - tau.a) / 2, tau.c),
}


def shares(record, z, inside, tau):
    """Of those in the support, and 0 for the others."""
    share = SHARES[record.name]
    return [
        share(Fraction(v), tau) if i else Root(Fraction(0)) for v, i in zip(z, inside, strict=True)
    ]


def sparsemax_truths(z, u):
    """The value, its Jacobian and its product with u."""
    inside, tau = of_sparsemax(z)
    m, n, u = sum(inside), range(len(z)), [*map(Fraction, u)]
    slope = [inside[i] * inside[j] * (Fraction(i == j) - Fraction(1, m)) for i in n for j in n]
    mean = sum(u[i] for i in n if inside[i]) / m
    product = [inside[j] * (u[j] - mean) for j in n]
    return shares(sparsemax, z, inside, tau), [*map(Root, slope)], [*map(Root, product)]


def entmax15_truths(z, u):
    """The root of each share is (d + √c) / 2, and the sum of these is m √c / 2."""
    inside, tau = of_entmax15(z)
    m, n, u, c = sum(inside), range(len(z)), [*map(Fraction, u)], tau.c
    d = [inside[i] * (Fraction(z[i]) - tau.a) for i in n]

    def slope(i, j):
        """δ (d_i + √c) / 2 − (d_i + √c) (d_j + √c) / (2m √c)"""
        own, part = m * (i == j), Fraction(inside[i] * inside[j], 2 * m)
        return Root(part * (own * d[i] - d[i] - d[j]), part * (own - 1 - d[i] * d[j] / c), c)

    def product(j):
        parts = [(u[i], slope(i, j)) for i in n]
        return Root(sum(v * e.a for v, e in parts), sum(v * e.b for v, e in parts), c)

    f = shares(entmax15, z, inside, tau)
    return f, [slope(i, j) for i in n for j in n], [product(j) for j in n]


TRUTHS = {"sparsemax": sparsemax_truths, "entmax15": entmax15_truths}
each_record = pytest.mark.parametrize(
    "record", [sparsemax, entmax15], ids=lambda record: record.name
)

BITS = 3000


def nearest(number, dtype):
    """It as a number of this type; ties to even."""
    whole, over = number.c.numerator * number.c.denominator, number.c.denominator
    root = Fraction(math.isqrt(whole << 2 * BITS), over << BITS)
    with np.errstate(all="ignore"):
        guess = np.array(float(number.a + number.b * root)).astype(dtype)
        near = [np.nextafter(guess, dtype.type(end)) for end in (-np.inf, np.inf)]
    best, *above = [n for n in (near[0], guess, near[1]) if np.isfinite(n)]
    for each in above:
        side = number.beyond((Fraction(float(best)) + Fraction(float(each))) / 2)
        if side > 0 or (side == 0 and _is_odd(best)):
            best = each
    return float(best)


def _is_odd(number):
    return bool(np.asarray(number).view(f"u{number.dtype.itemsize}") & 1)


def wrong(record, z, u):
    """Which of its results are not the number nearest to the truth."""
    found = set()
    got = record(z), record.jacobian(z), record.vjp(z, u)
    for i in range(len(z)):
        truths = TRUTHS[record.name](z[i].tolist(), u[i].tolist())
        for name, result, truth in zip(("f", "J", "vjp"), got, truths, strict=True):
            if result[i].ravel().tolist() != [nearest(number, z.dtype) for number in truth]:
                found.add(name)
    return found


def rows(dtype, size):
    """Those of the laws, equal ones, edges of a support, and numbers far apart in size."""
    random = np.random.default_rng(size)
    edge = np.repeat(random.normal(size=(20, 1)), size, axis=1).astype(dtype)
    edge[:10, 1:] -= dtype.type(1)
    edge[10:, 1:] -= dtype.type(2)
    quarters = np.round(random.normal(size=(20, size)) * 4) / 4
    tiny = np.where(random.random((20, size)) < 0.5, SMALLEST, 1 - quarters % 1)
    mixed = random.normal(size=(20, size)) * 10.0 ** random.integers(-30, 3, (20, size))
    found = [verify.rows(dtype.type, size, 10), edge, quarters, tiny, mixed]
    return np.concatenate([each.astype(dtype) for each in found])


def second(z):
    random = np.random.default_rng(1)
    u = random.normal(size=z.shape) * 10.0 ** random.integers(-4, 4, (len(z), 1))
    u[::3] = np.round(u[::3] * 4) / 4
    return u.astype(z.dtype)


@every_type
@pytest.mark.parametrize("size", [1, 2, 3, 7])
@each_record
def test_it_is_correctly_rounded_in_every_type(record, size, dtype):
    z = rows(dtype, size)
    assert wrong(record, z, second(z)) == set()


@every_type
@each_record
def test_the_support_is_exact(record, dtype):
    """The share of one in it is positive, or so small that it is rounded to 0; its slopes are not,

    unless it has all.
    """
    for z in rows(dtype, 5):
        inside = SUPPORTS[record.name](z.tolist())[0]
        assert ((record.jacobian(z) != 0).any(axis=-1) == inside).all() or sum(inside) == 1
        assert not record(z)[~np.array(inside)].any()


@pytest.mark.parametrize(
    ("record", "z"),
    [
        (sparsemax, [0.0, -1.0]),
        (sparsemax, [1.0, 0.0]),
        (sparsemax, [0.5, 0.0, -0.25]),
        (entmax15, [0.0, -2.0]),
        (entmax15, [1.0, 1.0, 1.0, 1.0, 0.0]),
    ],
)
def test_one_on_the_edge_is_outside(record, z):
    assert record(z)[-1] == 0
    assert not record.jacobian(z)[-1].any()


def test_one_that_is_within_by_a_hair_is_inside():
    assert sparsemax([1.0, SMALLEST]).tolist() == [1.0, 0.0]
    assert sparsemax.jacobian([1.0, SMALLEST])[1, 1] == 0.5
    # Its share is 2^-2152, but the root of it is a slope.
    assert entmax15([1.0, 1.0, 1.0, 1.0, SMALLEST])[-1] == 0
    assert entmax15.jacobian([1.0, 1.0, 1.0, 1.0, 2 * SMALLEST])[-1, -1] == SMALLEST


@pytest.mark.parametrize(("spread", "length"), [(1e-6, 1000), (1.0, 1000), (30.0, 100_000)])
@each_record
def test_long_vectors_are_too(record, spread, length):
    z = np.random.default_rng(0).normal(size=length) * spread
    inside, tau = SUPPORTS[record.name](z.tolist())
    assert record(z)[~np.array(inside)].tolist() == [0] * (length - sum(inside))
    truths = [SHARES[record.name](Fraction(v), tau) for v in z[inside].tolist()]
    assert record(z)[inside].tolist() == [nearest(share, z.dtype) for share in truths]


@pytest.mark.parametrize(("dtype", "bits"), [(np.float32, 24), (ml_dtypes.bfloat16, 8)])
def test_rounding_a_float64_is_not_enough(dtype, bits):
    """A hair above the middle of two numbers: without the side it is taken for a tie."""

    def compute(z):
        found, side = sparsemax.value_kernel(z)
        return found, 0 * side

    z = np.array([[2.0**-bits, -(2.0**-100)]]).astype(dtype)
    assert wrong(sparsemax, z, z) == set()
    blind = replace(sparsemax, value_kernel=replace(sparsemax.value_kernel, compute=compute))
    assert wrong(blind, z, z) == {"f"}


@pytest.mark.parametrize(
    ("record", "module", "z"),
    [
        (sparsemax, of_fractions, [2.0**-53, -(2.0**-1000)]),
        (entmax15, of_roots, [0.0, 2.0**-52 - 2]),
    ],
)
def test_two_floats_are_not_enough(record, module, z, monkeypatch):
    """Where they cannot tell, fractions do; without these a result is wrong."""
    z = np.array([z])
    assert wrong(record, z, z) == set()
    monkeypatch.setattr(module, "decided", lambda nearest, side, sure, exact: (nearest, side))
    assert "f" in wrong(record, z, z)


def test_next_to_the_edge_float64_is_not_enough(monkeypatch):
    z = np.array([[1.0, 1.0, 1.0, 1.0, 2 * SMALLEST]])
    assert wrong(entmax15, z, z) == set()
    monkeypatch.setattr(of_roots, "DOUBT", -1)
    assert "J" in wrong(entmax15, z, z)


EXTREME = [
    ([np.inf, 0, 1], [1, 0, 0]),
    ([-np.inf, np.inf, 5], [0, 1, 0]),
    ([np.inf, np.inf, 0], [np.nan] * 3),
    ([-np.inf, -np.inf, -np.inf], [np.nan] * 3),
    ([1e308, -1e308, 0], [1, 0, 0]),
    ([np.inf], [1]),
    ([-np.inf], [1]),
    ([np.nan, 0], [np.nan] * 2),
]


@pytest.mark.parametrize(("z", "limit"), EXTREME)
@each_record
def test_at_infinity(record, z, limit):
    np.testing.assert_array_equal(record(z), limit)
    spoilt = np.isnan(record.jacobian(z))
    assert spoilt.all() if np.isnan(limit).any() else not spoilt.any()


@each_record
def test_one_at_minus_infinity_leaves_the_others_alone(record):
    assert record([-np.inf, 2, 1.5]).tolist() == [0, *record([2, 1.5]).tolist()]


@each_record
def test_a_product_with_numbers_of_any_size_does_not_overflow(record):
    z = [0.0, 0.0, 0.0, -9.0]
    u = [1.7e308, 1.7e308, -1.7e308]
    found = record.vjp(z, [*u, np.inf])
    slope = nearest(TRUTHS[record.name](z[:3], u)[2][0], found.dtype)
    expected = [slope, slope, -np.inf if record is sparsemax else -2 * slope, 0.0]
    assert found.tolist() == expected
    found = record.vjp(z, [1.0, np.inf, 0.0, 1.0])
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 0.0])


@each_record
@pytest.mark.parametrize("exponent", [-1070, -1000, 990, 1020])
def test_it_is_correctly_rounded_there_too(record, exponent):
    random = np.random.default_rng(0)
    z = random.normal(size=(20, 5)) / 10
    assert wrong(record, z, np.ldexp(random.normal(size=z.shape), exponent)) == set()


@pytest.mark.parametrize(
    ("z", "result"),
    [
        ([1, 3, 3], [0, 1, 0]),
        ([3, 3, 3], [1, 0, 0]),
        ([0.0, -0.0], [1, 0]),
        ([1, np.inf], [0, 1]),
        ([1, -np.inf], [1, 0]),
        ([np.inf, np.inf], [np.nan] * 2),
        ([-np.inf, -np.inf], [np.nan] * 2),
        ([-np.inf], [1]),
        ([np.nan, 1], [np.nan] * 2),
    ],
)
def test_hardmax_gives_all_to_the_first_of_the_largest(z, result):
    np.testing.assert_array_equal(hardmax(z), result)
    np.testing.assert_array_equal(hardmax.vjp(z, np.ones(len(z))), 0 * np.array(result))
