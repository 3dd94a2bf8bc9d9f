"""Roots as two floats: the nearest one, and what is missing from it, both rounded right."""

from decimal import Decimal

import numpy as np
import pytest
import sympy as sp

from actlib.activations import silu
from actlib.arithmetic.roots import Root
from actlib.verify.balls import decide, evaluator

ROOTS = {
    "silu": (silu.ROOT, -1 - sp.LambertW(sp.exp(-1))),
    "a square root": (Root.of(lambda x: x * x - 2, near=1.4), sp.sqrt(2)),
    "a logarithm": (Root.of(lambda x: x.exp() - 10, near=2.0), sp.log(10)),
}


def digits(number):
    """A number to fifty digits."""
    return sp.Rational(str(number.evalf(60)))


@pytest.mark.parametrize("name", ROOTS)
def test_a_root_is_right_to_its_last_bit(name):
    found, exact = ROOTS[name]
    nearest = float(digits(exact))
    assert found == (nearest, float(digits(exact) - sp.Rational(nearest)))


def test_next_to_a_root_the_difference_keeps_its_digits():
    root = ROOTS["a square root"][0]
    for x in (root.nearest, np.nextafter(root.nearest, 9), 1.5, 1.4):
        truth = evaluator(sp.Rational(float(x)) - sp.sqrt(2), [])
        right = decide(truth, [], lambda ball: float(ball.mid()))
        assert root.before(float(x)) == pytest.approx(right, rel=2**-52)


def test_a_root_that_is_a_float_misses_nothing():
    assert Root.of(lambda x: x * x - Decimal("2.25"), near=1.4) == (1.5, 0.0)
