"""Far out, where a curve is a line and a little: on which side of the line it lies is proved."""

import numpy as np
import pytest
import sympy as sp
from flint import ctx, fmpq

from actlib.formula.symbols import X
from actlib.proof.farout import far_out
from actlib.proof.proof import Function, prove
from actlib.vectors.rounded import rounded
from actlib.verify.agreement import NEAREST, DisagreementError, compare
from actlib.verify.asymptote import asymptotes, ball
from actlib.verify.balls import UndecidedError, decide, evaluator

MIDDLE = 1 + sp.Rational(1, 2**24)  # of 1 and the float32 after it
CURVE = X - sp.tanh(X)
TIES = np.float32([2.0**24 + 2, 2.0**24 + 6, 2.0**25 - 2])
"""Less 1, each is halfway between two float32 numbers."""


def by_even(x):
    """The line, rounded as a tie is; and before."""
    line = x - np.sign(x) * np.float64(1)
    return line.astype(np.float32), line


def right(x):
    """The float64 beside the line, on the side of the curve, rounded; and before."""
    _, line = by_even(x)
    beside = np.nextafter(line, np.sign(x) * np.inf)
    return beside.astype(np.float32), beside


def test_the_ends_of_a_curve_are_lines_and_a_little():
    left, right_ = asymptotes(CURVE)
    assert (left.slope, left.offset, left.sign) == (1, 1, -1)
    assert (right_.slope, right_.offset, right_.sign) == (1, -1, 1)
    assert 0 < right_.rest(64.0) < 2.0**-180


@pytest.mark.parametrize("straight", [X, 2 * X - 1, sp.Integer(3)])
def test_where_nothing_is_left_beside_the_line_there_is_no_such_end(straight):
    assert asymptotes(straight) == ()


@pytest.mark.parametrize("curve", [X**2, X + sp.sqrt(X**2 + 1) + X**2, sp.sin(X)])
def test_what_is_no_line_has_none(curve):
    assert asymptotes(curve) == ()


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_ball_lies_on_the_side_of_its_curve_however_close_the_line_is(sign):
    for x in (sign * TIES).tolist():
        truth = ball(CURVE, x)
        line = x - sign
        assert (truth > line) == (sign > 0)
        assert (truth < line) == (sign < 0)
        assert abs(truth - line) < 2.0**-1000


def test_however_far_out_the_side_of_the_line_is_told():
    with ctx.workprec(4096):
        assert 0 < ball(CURVE, 1e300) - fmpq(*(1e300).as_integer_ratio()) + 1 < 2.0**-900
    above = fmpq(2**60 + 255)
    assert decide(evaluator(CURVE, [X]), [2.0**60 + 256], lambda t: True if t > above else None)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (MIDDLE - 1 + sp.tanh(X), [-1, 1]),
        (MIDDLE + 1 / (1 + sp.exp(X)), [2, 1 + 2.0**-23]),
        (MIDDLE - 1 / (1 + sp.exp(-X)), [1, 2.0**-24]),
    ],
)
def test_the_side_of_a_middle_is_told(expression, expected):
    """At −∞ the first two are next to −1 + 2⁻²⁴ and to 2 + 2⁻²⁴."""
    far = np.float32([-1e24, 1e24])
    found = rounded(expression, far)
    assert found[1] == np.float32(expected[1])
    assert abs(found[0] - expected[0]) <= 2.0**-23


def test_what_has_no_asymptote_stays_undecided():
    for expression, x in ((sp.tanh(X), 2.0**-11), (sp.sin(X), 1e24), (X**2, 1e24)):
        assert ball(expression, x) is None
    nothing = sp.cos(X) ** 2 + sp.sin(X) ** 2 - 1
    with pytest.raises(UndecidedError, match="undecided"):
        decide(evaluator(nothing, [X]), [1.0], lambda truth: True if truth > 0 else None)


def test_a_piece_that_begins_beyond_the_start_has_no_say_before_it():
    late = sp.Piecewise((X - sp.tanh(X), X > 100), (X, True))
    assert [line.side for line in asymptotes(late)] == []
    assert ball(late, 80.0) is None
    assert ball(late, 200.0) is not None


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_tie_of_the_line_is_no_tie_of_the_curve(sign):
    x = sign * TIES
    compare("here", x, right(x)[0], CURVE, NEAREST)
    with pytest.raises(DisagreementError, match=r"at x = -?16777218"):
        compare("here", x, by_even(x)[0], CURVE, NEAREST)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_proof_tells_right_from_wrong_at_every_such_tie(sign):
    x = (sign * np.arange(2.0**24, 2.0**24 + 40_000, 2)).astype(np.float32)
    found = prove(Function(both=right, expression=CURVE), x)
    assert (found.straight, found.wrong) == (len(x) - 1, ())  # below 2^24 all halves are numbers
    found = prove(Function(both=by_even, expression=CURVE), x)
    assert len(found.wrong) == len(x) // 2


def test_a_midpoint_closer_to_the_line_than_the_curve_is_left_to_others():
    (end,) = far_out(X + sp.exp(-X) + 1)
    x = np.float32([64.0, 100.0])
    assert end.side(x, x.astype(float) + 1).tolist() == [1, 1]
    assert end.side(x, x.astype(float) + 2).tolist() == [-1, -1]
    wide = far_out(1 + 1 / X)[1]
    assert np.isnan(wide.side(x, np.array([1 + 2.0**-40] * 2))).all()


def test_an_infinity_is_no_point_of_a_curve():
    assert ball(CURVE, np.inf) is None
