"""Functions of vectors whose results are rational: correctly rounded, ties and supports exact."""

from dataclasses import replace
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

from actlib import hardmax, sparsemax, verify
from actlib.activations import sparsemax as module

DTYPES = [*map(np.dtype, (np.float16, ml_dtypes.bfloat16, np.float32, np.float64))]
every_type = pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.name)

SMALLEST = 2.0**-1074


def by_sorting(z):
    """The paper's algorithm in fractions: shares, and who is in the support."""
    z = [Fraction(v) for v in z.tolist()]
    total = tau = Fraction(0)
    for k, v in enumerate(sorted(z, reverse=True), 1):
        total += v
        if 1 + k * v > total:
            tau = (total - 1) / k
    return [max(v - tau, Fraction(0)) for v in z], [v > tau for v in z]


def truths(z, u):
    """The value, its Jacobian and its product with u, in fractions."""
    f, inside = by_sorting(z)
    m, n = sum(inside), range(len(f))
    slope = [[inside[i] * inside[j] * (Fraction(i == j) - Fraction(1, m)) for j in n] for i in n]
    u = [Fraction(v) for v in u.tolist()]
    mean = sum(u[i] for i in n if inside[i]) / m
    return f, [entry for row in slope for entry in row], [inside[j] * (u[j] - mean) for j in n]


def nearest(number, dtype):
    """A fraction as a number of this type; ties to even."""
    with np.errstate(all="ignore"):
        guess = np.array(float(number)).astype(dtype)
        near = [np.nextafter(guess, dtype.type(end)) for end in (-np.inf, np.inf)]
    finite = [n for n in (guess, *near) if np.isfinite(n)]
    best = min(finite, key=lambda n: (abs(Fraction(float(n)) - number), _is_odd(n)))
    return float(best)


def _is_odd(number):
    return bool(np.asarray(number).view(f"u{number.dtype.itemsize}") & 1)


def wrong(record, z, u):
    """Which of its results are not the number nearest to the truth."""
    found = set()
    got = record(z), record.jacobian(z), record.vjp(z, u)
    for i in range(len(z)):
        for name, result, truth in zip(("f", "J", "vjp"), got, truths(z[i], u[i]), strict=True):
            if result[i].ravel().tolist() != [nearest(number, z.dtype) for number in truth]:
                found.add(name)
    return found


def rows(dtype, size):
    """Those of the laws, equal ones, edges of the support, and numbers far apart in size."""
    random = np.random.default_rng(size)
    edge = np.repeat(random.normal(size=(20, 1)), size, axis=1).astype(dtype)
    edge[:, 1:] -= dtype.type(1)
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
def test_sparsemax_is_correctly_rounded_in_every_type(size, dtype):
    z = rows(dtype, size)
    assert wrong(sparsemax, z, second(z)) == set()


@every_type
def test_the_support_is_exact(dtype):
    """The share of one in it is positive, or so small that it is rounded to 0."""
    for z in rows(dtype, 5):
        inside = by_sorting(z)[1]
        assert ((sparsemax.jacobian(z) != 0).any(axis=-1) == inside).all() or sum(inside) == 1
        assert not sparsemax(z)[~np.array(inside)].any()


def test_one_on_the_edge_is_outside():
    for z in ([0.0, -1.0], [1.0, 0.0], [0.5, 0.0, -0.25]):
        assert sparsemax(z)[-1] == 0
        assert not sparsemax.jacobian(z)[-1].any()
    assert sparsemax([1.0, SMALLEST]).tolist() == [1.0, 0.0]
    assert sparsemax.jacobian([1.0, SMALLEST])[1, 1] == 0.5


@pytest.mark.parametrize(("spread", "length"), [(1e-6, 1000), (1.0, 1000), (30.0, 100_000)])
def test_long_vectors_are_too(spread, length):
    z = np.random.default_rng(0).normal(size=length) * spread
    assert sparsemax(z).tolist() == [float(share) for share in by_sorting(z)[0]]


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


def test_two_floats_are_not_enough(monkeypatch):
    """Where they cannot tell, fractions do; without these a result is wrong."""
    z = np.array([[2.0**-53, -(2.0**-1000)]])
    assert wrong(sparsemax, z, z) == set()
    monkeypatch.setattr(module, "decided", lambda nearest, side, sure, exact: (nearest, side))
    assert "f" in wrong(sparsemax, z, z)


@pytest.mark.parametrize(
    ("z", "limit"),
    [
        ([np.inf, 0, 1], [1, 0, 0]),
        ([-np.inf, 2, 1.5], [0, 0.75, 0.25]),
        ([-np.inf, np.inf, 5], [0, 1, 0]),
        ([np.inf, np.inf, 0], [np.nan] * 3),
        ([-np.inf, -np.inf, -np.inf], [np.nan] * 3),
        ([1e308, -1e308, 0], [1, 0, 0]),
        ([np.inf], [1]),
        ([-np.inf], [1]),
        ([np.nan, 0], [np.nan] * 2),
    ],
)
def test_sparsemax_at_infinity(z, limit):
    np.testing.assert_array_equal(sparsemax(z), limit)
    spoilt = np.isnan(sparsemax.jacobian(z))
    assert spoilt.all() if np.isnan(limit).any() else not spoilt.any()


def test_a_product_with_numbers_of_any_size_does_not_overflow():
    z = [0.0, 0.0, 0.0, -9.0]
    above = Fraction(1.7e308) * 2 / 3
    found = sparsemax.vjp(z, [1.7e308, 1.7e308, -1.7e308, np.inf])
    assert found.tolist() == [float(above), float(above), -np.inf, 0.0]
    found = sparsemax.vjp(z, [1.0, np.inf, 0.0, 1.0])
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 0.0])


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
