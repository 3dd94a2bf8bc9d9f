"""The second look at rows: quick where midpoints are common, right, and nobody else's business."""

import ml_dtypes
import mpmath
import numpy as np
import pytest
from cases import VECTOR, second_rows
from threads import disturbed

from actlib import log_softmax, logsumexp, softmax, softmax_cross_entropy
from actlib.arithmetic import rounding
from actlib.call.second_look import leading, levels, split

TYPES = [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16), np.dtype(np.float32)]
NUMBERS = 100_000
FEW = 200

every_type = pytest.mark.parametrize("dtype", TYPES, ids=lambda d: d.name)


@pytest.fixture
def looks(monkeypatch):
    """Counts the results that are asked for their digits."""
    asked = []

    def counted(self, *look, ask=split.Digits.beside):
        asked.append(look)
        return ask(self, *look)

    monkeypatch.setattr(split.Digits, "beside", counted)
    return asked


def tied(random, count, size, dtype, depth=1000.5):
    """Rows all different: two components on top, the others far below them."""
    top = random.integers(-50, 50, (count, 1)).astype(float)
    z = np.repeat(top, size, axis=1)
    z[:, 2:] -= depth + random.integers(0, 40, (count, max(0, size - 2)))
    return random.permuted(z, axis=1).astype(dtype)


def alone(random, count, size, dtype):
    """One on top, and the others as far below it as lies halfway between two float16."""
    top = random.integers(-20, 20, (count, 1)).astype(float)
    z = np.repeat(top, size, axis=1)
    z[:, 1:] -= 1000.25 + random.integers(0, 20, (count, size - 1))
    return z.astype(dtype)


def seconds(random, shape, dtype):
    """What comes from above, or labels: of few bits, and of all that the type has."""
    few = random.integers(-8, 9, shape) / 4
    return np.where(random.random((shape[0], 1)) < 0.3, few, random.normal(size=shape)).astype(
        dtype
    )


def calls(z, u):
    """Every function of rows."""
    small = z[: max(1, len(z) // z.shape[1])]
    for record in VECTOR:
        yield from (record(z), record.jacobian(small), record.vjp(z, second_rows(record, u)))
    yield from (softmax_cross_entropy(z, u), softmax_cross_entropy.derivative(z, u))


@every_type
@pytest.mark.parametrize("size", [2, 3, 10, 1000])
@pytest.mark.parametrize("rows", ["zeros", "tied", "alone"])
def test_equal_and_tied_rows_are_decided_without_digits(rows, size, dtype, looks):
    random = np.random.default_rng(size)
    count = NUMBERS // size
    z = {"zeros": np.zeros((count, size), dtype)}.get(rows)
    z = {"tied": tied, "alone": alone}[rows](random, count, size, dtype) if z is None else z
    for _ in calls(z, seconds(random, z.shape, dtype)):
        pass
    assert len(looks) < FEW


@every_type
def test_equal_rows_are_asked_once(dtype, looks):
    """All alike, and hard: the first powers of what is far below, in two steps, cancel too."""
    z = np.tile([0, 0, -600, -700], (NUMBERS // 4, 1)).astype(dtype)
    above = 1 + 3 * 2.0 ** -rounding.FORMS[dtype.kind, dtype.itemsize][0]
    u = np.tile([1, *[1 - above] * 3], (len(z), 1)).astype(dtype)
    got = softmax.vjp(z, u)
    assert (got == got[0]).all()
    assert 0 < len(looks) <= 8  # two hard places in each of a few blocks


EXACT = {
    "value": (softmax.value_kernel, False),
    "jacobian": (softmax.jacobian_kernel, False),
    "vjp": (softmax.vjp_kernel, True),
    "log": (log_softmax.value_kernel, False),
    "log jacobian": (log_softmax.jacobian_kernel, False),
    "log vjp": (log_softmax.vjp_kernel, True),
    "sum": (logsumexp.value_kernel, False),
    "sum vjp": (logsumexp.vjp_kernel, True),
    "loss": (softmax_cross_entropy.value_kernel, True),
    "slope": (softmax_cross_entropy.derivative_kernel, True),
}


@np.errstate(all="ignore")
def both(name, dtype, z, u, temperature=1.0, ask=leading.beside_midpoints):
    """What NumPy finds at each place of each row, and what the digits do."""
    kernel, reads_second = EXACT[name]
    u = u[:, :1] if kernel is logsumexp.vjp_kernel else u
    rows = [np.asarray(a, np.float64) for a in ([z, u] if reads_second else [z])]
    shape = kernel(*rows)[0].shape
    places = np.argwhere(np.ones(shape, bool))
    row, place = places[:, 0], tuple(places[:, 1:].T)
    exact = kernel.exact_part
    quick = ask(exact, rows, row, place, dtype, temperature)
    asked = (([a[r].tolist() for a in rows], tuple(at)) for r, *at in places.tolist())
    slow = np.array(split.beside_midpoints(exact, asked, dtype, temperature))
    return quick, slow


DEPTHS = (20.0, 31.0, 36.0, 60.0, 104.0, 700.0, 1000.5, 9000.0)


@np.errstate(over="ignore")
def agree(name, dtype, quick, slow):
    found = ~np.isnan(quick)
    one, other = (rounding.rounded(v[found], dtype).astype(float) for v in (quick, slow))
    np.testing.assert_array_equal(one, other, err_msg=name)


@every_type
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", EXACT)
def test_numpy_says_what_the_digits_say_or_nothing(name, dtype, depth):
    random = np.random.default_rng(int(depth))
    for size in (2, 3, 5):
        z = tied(random, 3, size, dtype, depth)
        u = seconds(random, z.shape, dtype)
        agree(name, dtype, *both(name, dtype, z, u))
        agree(name, dtype, *both(name, dtype, z * 0, u))
        agree(name, dtype, *both(name, dtype, alone(random, 3, size, dtype), u))


@every_type
@pytest.mark.parametrize("temperature", [0.3, 7.0, 2.0**-40])
@pytest.mark.parametrize("name", ["value", "jacobian", "vjp"])
def test_so_it_does_at_any_temperature(name, dtype, temperature):
    random = np.random.default_rng(3)
    for depth in DEPTHS:
        z = tied(random, 2, 3, dtype, depth)
        agree(name, dtype, *both(name, dtype, z, seconds(random, z.shape, dtype), temperature))


def alike_below(random, count, size, dtype, depth=600.5):
    """All that is not on top is equal. So are the second numbers of all but the first, or all are

    of few bits: what is added often cancels, or all of it.
    """
    most = random.integers(1, size, (count, 1))
    z = np.where(np.arange(size) < most, 0.0, -depth)
    u = np.repeat(random.normal(size=(count, 1)), size, axis=1)
    u[:, 0] = random.normal(size=count)
    u[::2] = random.integers(-8, 9, (len(u[::2]), size)) / 8
    order = random.permuted(np.tile(np.arange(size), (count, 1)), axis=1)
    return (np.take_along_axis(a, order, 1).astype(dtype) for a in (z, u))


TEMPERATURES = dict.fromkeys(("value", "jacobian", "vjp"), (1.0, 0.75))  # those of softmax


@every_type
@pytest.mark.parametrize("depth", [5.0, 31.0, 60.0, 700.0, 2000.0])
@pytest.mark.parametrize("name", EXACT)
def test_levels_say_what_the_digits_say_or_nothing(name, dtype, depth):
    random, decided = np.random.default_rng(int(depth)), 0
    for size in (2, 3, 5):
        for temperature in TEMPERATURES.get(name, (1.0,)):
            z, u = alike_below(random, 8, size, dtype, depth)
            ask = levels.beside_midpoints
            quick, slow = both(name, dtype, z, u, temperature, ask)
            agree(name, dtype, quick, slow)
            decided += np.count_nonzero(~np.isnan(quick))
    assert (decided > 0) == (name not in ("log", "sum", "loss")), "a logarithm is no polynomial"


@every_type
@pytest.mark.parametrize("depth", [12.0, 45.0, 600.5])
def test_what_cancels_needs_no_digits(depth, dtype, looks):
    for temperature in (1.0, 3.0):
        z, u = alike_below(np.random.default_rng(0), NUMBERS // 3, 3, dtype, depth)
        softmax.vjp(z, u, temperature=temperature)
    assert len(looks) < FEW


@every_type
def test_numbers_that_add_up_to_nothing_need_no_digits(dtype, looks):
    """Logarithms of probabilities: of their sum only what was lost in rounding is left."""
    z = log_softmax(np.random.default_rng(0).normal(size=(NUMBERS // 10, 10)) * 3)
    logsumexp(z.astype(dtype))
    assert len(looks) < FEW


def test_a_side_that_no_digits_show():
    """exp(-20,000) is what is left: the digits of the last resort would call it a tie."""
    above = 1 + 3 * 2.0**-24
    u = np.float32([1, 1 - above, 1 - above])
    got = softmax.vjp(np.float32([0, 0, -5000]), u, temperature=0.5)[0]
    assert got == (1 + 2.0**-23) / 2
    assert softmax.vjp(np.float32([0, 0]), u[:2], temperature=0.5)[0] == (1 + 2.0**-22) / 2


def test_a_level_on_the_wrong_side_is_seen(monkeypatch):
    right = levels.Polynomial.sign
    monkeypatch.setattr(levels.Polynomial, "sign", lambda self, epsilon: -right(self, epsilon))
    z, u = alike_below(np.random.default_rng(1), 60, 3, TYPES[0])
    with pytest.raises(AssertionError):
        agree("vjp", TYPES[0], *both("vjp", TYPES[0], z, u, ask=levels.beside_midpoints))


def test_a_look_at_the_wrong_side_is_seen(monkeypatch):
    right = leading.Leading.sign
    monkeypatch.setattr(leading.Leading, "sign", lambda self, epsilon: -right(self, epsilon))
    random = np.random.default_rng(1)
    z = tied(random, 30, 3, TYPES[0])
    with pytest.raises(AssertionError):
        agree("vjp", TYPES[0], *both("vjp", TYPES[0], z, seconds(random, z.shape, TYPES[0])))


def test_threads_share_nothing():
    """Sixteen at once give the bits of one, while others set the precision of mpmath anew."""
    z = np.float32([[0, 0, -depth] for depth in range(100, 130)])
    above = 1 + 3 * 2.0**-24
    u = np.tile(np.float32([1, 1 - above, 1 - above]), (len(z), 1))

    def ask():
        return softmax.vjp(z, u)

    alone, before = ask(), mpmath.mp.prec
    assert all(np.array_equal(alone, other) for other in disturbed(ask))
    ask()
    assert mpmath.mp.prec == before
