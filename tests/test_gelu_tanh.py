"""The numbers with which the tanh form of GELU computes: each is the float next to what it is."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from actlib.activations import gelu_tanh
from actlib.formula.symbols import X
from actlib.verify.balls import decide, evaluator

LINEAR = sp.sqrt(8 / sp.pi)
CUBIC = LINEAR * sp.Rational("0.044715")
EXPONENT = LINEAR * X + CUBIC * X**3
NUMERATOR = 1 + X * EXPONENT.diff(X) + sp.exp(EXPONENT)
ROOT = sum(map(sp.Rational, gelu_tanh.ROOT))

NUMBERS = {
    "LINEAR": LINEAR,
    "CUBIC": CUBIC,
    "LINEAR_LOW": LINEAR - sp.Rational(gelu_tanh.LINEAR_HIGH),
    "CUBIC_LOW": CUBIC - sp.Rational(gelu_tanh.CUBIC_HIGH),
    "AT_ROOT": sp.exp(EXPONENT).subs(X, ROOT),
    "RISING": EXPONENT.diff(X).subs(X, ROOT),
    "STEEPNESS": NUMERATOR.diff(X).subs(X, ROOT),
}


def nearest(formula):
    return decide(evaluator(formula, []), [], lambda ball: float(ball.mid()))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_right(name):
    assert nearest(NUMBERS[name]) == getattr(gelu_tanh, name)


def test_the_root_is_one():
    assert abs(nearest(NUMERATOR.subs(X, ROOT))) < 1e-32


def test_the_leading_part_of_the_exponent_is_not_rounded():
    """For every multiple of 1/128 that can come: so `exponent` loses nothing but small parts."""
    steps = np.arange(int(gelu_tanh.VANISHED) * 128 + 1) / 128
    high = gelu_tanh.LINEAR_HIGH * steps + gelu_tanh.CUBIC_HIGH * steps**3
    linear, cubic = Fraction(gelu_tanh.LINEAR_HIGH), Fraction(gelu_tanh.CUBIC_HIGH)
    for step, got in zip(map(Fraction, steps.tolist()), high.tolist(), strict=True):
        assert got == linear * step + cubic * step**3


def test_the_exponent_in_two_parts_is_off_by_less_than_half_an_ulp_of_its_exponential():
    """An error of v is a relative error of exp(v). One float alone is not enough."""
    x = np.random.default_rng(0).uniform(-gelu_tanh.VANISHED, gelu_tanh.ENOUGH, 300)
    off = {1: [], 2: []}
    for point, *parts in zip(x.tolist(), *gelu_tanh.exponent(x), strict=True):
        for count, found in off.items():
            told = sum(map(sp.Rational, parts[:count])) - EXPONENT.subs(X, sp.Rational(point))
            found.append(abs(nearest(told)))
    assert max(off[2]) < 2.0**-53 < max(off[1]) / 100
