"""Functions of vectors are correctly rounded in float16, bfloat16 and float32.

At the vectors of the laws, and where a result lies next to a tie because the largest logits are far
above the others: what those contribute, down to exp(-10,000), decides where it rounds.
"""

from functools import partial

import ml_dtypes
import numpy as np
import pytest
import sympy as sp
from cases import at_setting, every_vector_setting, in_rows, second_rows

from actlib import log_softmax, softmax, softmax_cross_entropy, verify
from actlib.call import blocks
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import Rounding

NARROW = [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16), np.dtype(np.float32)]
SIZE = 3

every_narrow_dtype = pytest.mark.parametrize("dtype", NARROW, ids=lambda d: d.name)


def symbols(size):
    return sp.symbols(f"z_1:{size + 1}", real=True), sp.symbols(f"u_1:{size + 1}", real=True)


def halves(function, rows):
    """A function of logits and of a second vector, of both in one row."""
    size = rows.shape[1] // 2
    return in_rows(function(rows[:, :size], rows[:, size:]))


def functions_of(record, size, setting=None):
    """Each with what it must be."""
    z, u = symbols(size)
    given = record.settings[0] if setting is None else setting
    f = at_setting(record, z, given)
    matrix = f.jacobian(z)
    product = [sum(u[i] * matrix[i, j] for i in range(len(f))) for j in range(size)]

    def vjp(z, u):
        return record.vjp(z, second_rows(record, u), **given)

    return {
        "value": (lambda rows: in_rows(record(rows[:, :size], **given)), list(f)),
        "jacobian": (lambda rows: in_rows(record.jacobian(rows[:, :size], **given)), matrix),
        "vjp": (partial(halves, vjp), product),
    }


def loss_functions(size):
    z, y = symbols(size)
    f = softmax.definition(z)
    loss = sum(-label * sp.log(p) for label, p in zip(y, f, strict=True))
    slope = [p * sum(y) - label for label, p in zip(y, f, strict=True)]
    return {
        "loss": (partial(halves, softmax_cross_entropy), [loss]),
        "slope": (partial(halves, softmax_cross_entropy.derivative), slope),
    }


def misrounded(function, expressions, rows):
    """The results that are not the number nearest to the true value."""
    z, u = symbols(rows.shape[1] // 2)
    evaluators = [evaluator(e, [*z, *u]) for e in expressions]
    got = function(rows)
    rounded = Rounding(got.reshape(-1))
    return [
        (at, k)
        for i, at in enumerate(rows.tolist())
        for k, evaluate in enumerate(evaluators)
        if not decide(evaluate, at, partial(rounded.holds, i * len(evaluators) + k))
    ]


def next_to_ties(dtype, size=SIZE, count=25):
    """Two equal logits, the others far below; second vectors whose differences need more bits."""
    random = np.random.default_rng(0)
    found = []
    for depth in (40, 96, 608, 9984):
        level = dtype.type(depth)
        half_gap = (float(np.nextafter(level, dtype.type(np.inf))) - depth) / 2
        for _ in range(count):
            z = np.full(size, -float(depth))
            z[random.permutation(size)[:2]] = 0
            found.append([*z, *random.normal(size=size) * [1, 8, 1 / 4][:size]])
            # One logit on top, and losses just above the tie between depth and the next number.
            alone = np.full(size, -float(depth))
            alone[0] = half_gap
            found.append([*alone, *np.eye(size)[random.integers(size)]])
    return np.array(found).astype(dtype)


def nearly_probabilities(dtype):
    """Logarithms of numbers whose sum is 1 but for their last bits; and -t beside log t."""
    random = np.random.default_rng(2)
    rows = random.normal(size=(50, 2 * SIZE)) * 3
    rows[:, :SIZE] = log_softmax(rows[:, :SIZE])
    small = -(10.0 ** random.uniform(-6, -1, 20))
    rows[:20, :SIZE] = np.stack([small, np.log(-small), np.full(20, -9000.0)], axis=-1)
    return rows.astype(dtype)


@every_vector_setting
@every_narrow_dtype
def test_vectors_are_correctly_rounded(record, setting, dtype):
    for rows in (verify.rows(dtype, 2 * SIZE), next_to_ties(dtype), nearly_probabilities(dtype)):
        for name, (function, expressions) in functions_of(record, SIZE, setting).items():
            assert misrounded(function, expressions, rows) == [], name


@every_narrow_dtype
def test_the_loss_and_its_slope_are_correctly_rounded(dtype):
    for rows in (verify.rows(dtype, 2 * SIZE), next_to_ties(dtype)):
        for name, (function, expressions) in loss_functions(SIZE).items():
            assert misrounded(function, expressions, rows) == [], name


@every_narrow_dtype
def test_exact_ties_go_to_even(dtype):
    """Of two equal logits each is 1/2, and the vjp (u_1 - u_2) / 4: often halfway."""
    rows = np.random.default_rng(1).normal(size=(200, 4)) * [1, 1, 1, 8]
    rows[:, :2] = 0
    rows = rows.astype(dtype)
    exact = (rows[:, 2].astype(np.float64) - rows[:, 3].astype(np.float64)) / 4
    down, up = (np.nextafter(exact.astype(dtype), dtype.type(end)) for end in (-np.inf, np.inf))
    middles = [(exact.astype(dtype).astype(float) + end.astype(float)) / 2 for end in (down, up)]
    assert np.sum((exact == middles[0]) | (exact == middles[1])) > 5
    for name, (function, expressions) in {**functions_of(softmax, 2), **loss_functions(2)}.items():
        assert misrounded(function, expressions, rows) == [], name


@every_narrow_dtype
def test_rounding_a_float64_is_not_enough(dtype, monkeypatch):
    """The check finds what the second look is there for."""

    def fill(kernel, arrays, out, **parameters):
        blocks.rows(lambda *rows: kernel(*rows, **parameters)[0], arrays, out)

    rows = next_to_ties(dtype)
    monkeypatch.setattr("actlib.call.rows.fill", fill)
    functions = {**functions_of(softmax, SIZE), **loss_functions(SIZE)}
    found = {name: misrounded(*both, rows) for name, both in functions.items()}
    assert all(found[name] for name in ("vjp", "loss", "slope")), found


@pytest.mark.parametrize("depth", [40, 600, 5000])
def test_a_side_that_only_many_digits_show(depth):
    """Less than exp(-depth), and its first power cancels too: -exp(-2 depth) is what is left."""
    above = 1 + 3 * 2.0**-24  # a tie of float32: 1 + 2^-22, the one above, is even
    u = np.float32([1, 1 - above, 1 - above])
    assert u[0] - u[1].astype(float) == above
    got = softmax.vjp(np.float32([0, 0, -depth]), u)[0]
    assert got == (1 + 2.0**-23) / 4
    assert softmax.vjp(np.float32([0, 0]), u[:2])[0] == (1 + 2.0**-22) / 4
