"""exp in three parts: held to ball arithmetic, far from 0 and next to it."""

import numpy as np
import pytest
from flint import arb, ctx

from actlib.arithmetic import exponential

BITS = 300  # more than the numbers next to 0 need


def drawn():
    random = np.random.default_rng(0)
    steps = np.arange(0, 76, 1 / 128)  # those of the table, and halfway between
    near = 10.0 ** random.uniform(-25, -2, 500)
    return -np.concatenate([random.uniform(0, 75, 500), random.uniform(75, 700, 50), steps, near])


@pytest.fixture
def found(monkeypatch):
    """For each x the parts and the true value, as balls."""
    monkeypatch.setattr(ctx, "prec", BITS)
    x = drawn()
    parts = (part.tolist() for part in exponential.exp_in_parts(x))
    return [
        (v, list(map(arb, three)), arb(v).exp())
        for v, *three in zip(x.tolist(), *parts, strict=True)
    ]


def against(error, size):
    return float((abs(error) / size).mid())


def test_the_sum_is_as_good_as_it_says(found):
    for x, parts, true in found:
        bound = 2.0**-72 if x >= exponential.LEAST else 2.0**-52
        assert against(sum(parts, -true), true) < bound, x


def test_next_to_0_so_is_what_is_left_of_it_without_1(found):
    near = [(x, parts, true) for x, parts, true in found if parts[0] == 1 and x]
    assert len(near) > 400
    for x, parts, true in near:
        assert against(sum(parts, -true), 1 - true) < 2.0**-68, x


def test_minus_infinity_gives_0():
    for part in exponential.exp_in_parts(np.array([-np.inf])):
        assert part == 0
