"""The quotients of polynomials with which gelu computes: as close as is said of them."""

import numpy as np
import pytest
import sympy as sp
from test_special import CDF, DENSITY

from actlib.activations import gelu
from actlib.arithmetic import special
from actlib.formula.symbols import X
from actlib.verify.balls import decide, decide_each, evaluator

LEFT = CDF.subs(X, -X)  # Φ(−t)
MILLS = LEFT / DENSITY
ROOT = sum(map(sp.Rational, gelu.ROOT))
SLOPE = CDF + X * DENSITY


def quotient(top, bottom):
    """Of polynomials, as their coefficients have it."""
    sums = [sum(sp.Rational(c) * X**k for k, c in enumerate(numbers)) for numbers in (top, bottom)]
    return sums[0] / sums[1]


def largest(formula, end):
    """The largest size of a formula at numbers from 0 to an end, by balls."""
    t = np.concatenate([np.linspace(0.01, 3, 100), np.linspace(3, end, 100)])

    def narrow(i, ball):
        return float(abs(ball).upper()) if ball.rad() < 1e-20 else None

    return max(decide_each(evaluator(formula, [X]), t.tolist(), narrow))


def of_mills_ratio():
    return largest(quotient(gelu.A, gelu.B) * sp.sqrt(2 * sp.pi) / MILLS - 1, gelu.END)


def of_the_factor_beside_the_root():
    told = (-ROOT - X) * (1 + quotient(gelu.C, gelu.D))
    return largest(told / (MILLS - X) - 1, special.FAR)


def test_they_are_as_close_as_is_said():
    assert of_mills_ratio() < 3e-16
    assert of_the_factor_beside_the_root() < 3e-17


def test_no_coefficient_is_negative():
    assert min(gelu.A + gelu.B + gelu.C + gelu.D) > 0


@pytest.mark.parametrize(
    ("part", "place", "distance", "bound"),
    [(p, i, of_mills_ratio, 3e-16) for p in "AB" for i in range(len(getattr(gelu, p)))]
    + [
        (p, i, of_the_factor_beside_the_root, 3e-17)
        for p in "CD"
        for i in range(len(getattr(gelu, p)))
    ],
)
def test_a_coefficient_that_is_off_in_its_twelfth_digit_is_noticed(
    monkeypatch, part, place, distance, bound
):
    numbers = list(getattr(gelu, part))
    numbers[place] *= 1 + 1e-12
    monkeypatch.setattr(gelu, part, tuple(numbers))
    assert distance() > bound


def test_numbers_in_two_floats_are_right():
    area = evaluator(sp.sqrt(2 * sp.pi) - sp.Rational(gelu.AREA[0]), [])
    assert decide(area, [], lambda ball: float(ball.mid())) == gelu.AREA[1]
    gap = decide(evaluator(SLOPE.subs(X, ROOT), []), [], lambda ball: float(abs(ball).upper()))
    assert gap < 1e-32
