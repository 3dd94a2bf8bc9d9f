"""Certified polynomials hold the truth of any formula, and say how far they are from it."""

import numpy as np
import pytest
import sympy as sp
from cases import every_setting

from actlib.formula.symbols import X, at_setting
from actlib.verify import models
from actlib.verify.balls import decide_each, evaluator
from actlib.verify.models import DOUBT, Models
from actlib.verify.pieces import differentiate
from actlib.verify.taylor import Taylor, falling
from actlib.verify.ulp import relative_error

BETA = sp.Rational(3, 2)
SIGMOID = 1 / (1 + sp.exp(-X))
FORMULAS = {
    "silu": X * SIGMOID,
    "silu with beta": X / (1 + sp.exp(-BETA * X)),
    "gelu": X * (1 + sp.erf(X / sp.sqrt(2))) / 2,
    "gelu by tanh": X
    * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (X + sp.Rational(44_715, 10**6) * X**3)))
    / 2,
    "mish": X * sp.tanh(sp.log(1 + sp.exp(X))),
    "softplus with beta": sp.log(1 + sp.exp(BETA * X)) / BETA,
    "log sigmoid": -sp.log(1 + sp.exp(-X)),
    "hard swish": X * sp.Min(sp.Max(X + 3, 0), 6) / 6,
    "square root": sp.sqrt(sp.Abs(X)),
    "sine, near 0": sp.Piecewise((sp.sin(X), sp.Abs(X) < 4), (0, True)),
    "sech squared": 1 / sp.cosh(X) ** 2,
    "sinh over cosh": sp.sinh(X) / sp.cosh(X),
    "erfc": sp.erfc(X),
    "logarithm": sp.Piecewise((sp.log(X), X > 0), (0, True)),
    "cubic with roots": X**3 - X,
    "bell": sp.exp(-(X**2)),
    "arctangent": sp.atan(X),
    "exponential": sp.exp(X),
    "less than everything": -sp.exp(-X) - X,
    "a root that cancels": (X + sp.sqrt(X**2 + 4)) / 2,
    "on the right": 3 * sp.sqrt(X**2 + sp.Rational(1, 7)) - 3 * X,
    "flat at 0": X - sp.tanh(X),
}


def some(count, seed=0):
    """Random bit patterns, so that each binade has its share; and the ends."""
    bits = np.random.default_rng(seed).integers(0, 0x7F800000, count, dtype=np.uint32)
    ends = [0, 1, 2, 3, 2**23 - 1, 2**23, 0x7F7FFFFF, 0x3F800000, 0x40800000]
    return np.unique(np.append(bits, np.array(ends, np.uint32))).view(np.float32)


def vanishes(ball):
    return True if abs(ball) < models.VANISHING else None if abs(ball).contains(0) else False


def towers(ball):
    return True if abs(ball) > models.TOWERING else None if not ball.is_finite() else False


@pytest.fixture(autouse=True)
def no_short_way(monkeypatch):
    """A few random inputs are no reason to leave them to balls."""
    monkeypatch.setattr(models, "FEW", 0)


def held(expression, x):
    """How many inputs are in models, vanish and are left alone; all but the last are tried."""
    cover = Models(expression).cover(x)
    evaluate = evaluator(at_setting(expression, {}), [X])
    seen = len(cover.alone)
    counts = [0, 0, seen]
    for run in cover.runs:
        points = x[run.part].tolist()
        seen += len(points)
        if run.cells is None:
            counts[1] += len(points)
            settled = towers if run.end else vanishes
            assert all(decide_each(evaluate, points, lambda i, ball, ask=settled: ask(ball)))
            continue
        counts[0] += len(points)
        truth = run.truth(x, run.part)
        nearest = np.broadcast_to(truth.nearest(), len(points)).tolist()
        errors = decide_each(evaluate, points, lambda i, b, n=nearest: relative_error(n[i], b))
        assert truth.doubt <= DOUBT
        sizes, off = np.abs(nearest), truth.doubt + 2.0**-52
        assert truth.smallest <= sizes.min() * (1 + off)
        assert truth.largest >= sizes.max() * (1 - off)
        assert max(errors) <= truth.doubt + 2.0**-53, points[int(np.argmax(errors))]
    assert seen == len(x)
    return counts


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("order", [0, 1])
def test_models_hold_the_truth(name, order):
    f = at_setting(FORMULAS[name], {})
    f = differentiate(f) if order else f
    for x in (some(1000), -some(1000)):
        in_models, vanishing, alone = held(f, x)
        assert in_models + vanishing > 950
        assert alone < 20


@every_setting
def test_models_hold_the_truth_of_every_record(record, setting):
    f = at_setting(record.definition, setting)
    near = some(300)
    near = near[near <= record.reach_at(setting)]
    for expression in (f, sp.diff(f, X)):
        for x in (near, -near):
            assert held(expression, x)[2] < 20


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("name", ["silu", "gelu", "sinh over cosh", "arctangent"])
def test_next_to_0_a_binade_needs_one_cell_of_the_lowest_degree(name, order):
    """Half of all float32 numbers are as small: they must cost little."""
    x = np.arange(0x14000000, 0x14800000, 2**15, dtype=np.uint32).view(np.float32)  # 2^-87
    f = sp.diff(at_setting(FORMULAS[name], {}), X, order)
    for side in (x, -x):
        (run,) = Models(f).cover(side).runs
        assert run.cells.shape == (6 + 2 - order, 1)


@pytest.mark.parametrize(("name", "root"), [("silu", -1.2784645), ("gelu", -0.7517916)])
def test_only_dozens_are_left_alone_at_a_root(name, root):
    """All float32 around the root of a slope: in models, but for those next to it."""
    slope = sp.diff(FORMULAS[name], X)
    bits = np.abs(np.float32(root)).view(np.uint32)
    x = -np.arange(bits - 20_000, bits + 20_000, dtype=np.uint32).view(np.float32)
    cover = Models(slope).cover(x)
    assert 0 < len(cover.alone) <= 256
    places = [np.arange(len(x))[run.part] for run in cover.runs]
    assert np.array_equal(np.sort(np.concatenate([cover.alone, *places])), np.arange(len(x)))


def test_the_leading_part_and_the_rest_are_better_than_one_float64():
    x = np.arange(2**23, 2**23 + 2**16, dtype=np.uint32)
    x = (x + np.uint32(0x3F800000 - 2**23 + 2**22)).view(np.float32)
    (run,) = Models(SIGMOID).cover(x).runs
    truth = run.truth(x, run.part)
    assert truth.doubt < 2.0**-54
    balls = decide_each(evaluator(SIGMOID, [X]), x[::997].tolist(), lambda i, ball: ball)
    leading, rest = (np.broadcast_to(part, len(x))[::997].tolist() for part in truth[:2])
    for ball, one, other in zip(balls, leading, rest, strict=True):
        assert abs(ball - one - other) < abs(ball) * truth.doubt


@pytest.mark.parametrize("place", [0, 1])
def test_a_wrong_coefficient_is_seen(monkeypatch, place):
    honest = Taylor.over

    def wrong(self, middle, radius, count, bits):
        found = honest(self, middle, radius, count, bits)
        if found is not None and radius == 0 and middle > 1 and len(found) > place:
            found[place] *= 1 + 2.0 ** (-48 + 3 * place)
        return found

    x = np.arange(0x3FA00000, 0x3FA00000 + 2**20, 2**10, dtype=np.uint32).view(np.float32)
    assert held(SIGMOID, x)[0] == len(x)
    monkeypatch.setattr(Taylor, "over", wrong)
    with pytest.raises(AssertionError):
        held(SIGMOID, x)


def test_a_remainder_that_is_too_small_is_seen(monkeypatch):
    honest = Taylor.over

    def small(self, middle, radius, count, bits):
        found = honest(self, middle, radius, count, bits)
        if found is not None and radius and count > 2:
            found[1:] = [ball * 2.0**-30 for ball in found[1:]]
        return found

    x = some(500)
    x = x[(x > 1) & (x < 64)]
    assert held(SIGMOID, x)[0] == len(x)
    monkeypatch.setattr(Taylor, "over", small)
    with pytest.raises(AssertionError):
        held(SIGMOID, x)


def test_a_piece_ends_where_it_does():
    """A jump between two neighbours: neither side has the model of the other."""
    third = sp.Rational(1, 3)
    f = sp.Piecewise((sp.exp(X), X < third), (2 + X, True))
    bits = np.float32(1 / 3).view(np.uint32)
    x = np.arange(bits - 5000, bits + 5000, dtype=np.uint32).view(np.float32)
    counts = held(f, x)
    assert counts[1] == 0
    assert 0 < counts[2] < 10


def test_what_no_polynomial_follows_is_refused_by_name():
    x = np.arange(0x7F000000, 0x7F7FFFFF, 2**4, dtype=np.uint32).view(np.float32)
    with pytest.raises(ValueError, match=r"no polynomial is close to sin\(x\) near \d"):
        Models(sp.sin(X)).cover(x)


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("name", FORMULAS)
def test_the_form_that_falls_is_the_same_function(name, side):
    f = at_setting(FORMULAS[name], {})
    if f.has(sp.Piecewise):
        pytest.skip("it is taken apart first")
    other, logs = falling(f, side)
    back = other.subs({t: sp.exp(log) for t, log in logs.items()})
    for at in (sp.Rational(1, 7), sp.Rational(5, 2), sp.Integer(9)):
        one, two = (sp.N(e.subs(X, side * at), 60) for e in (f, back))
        assert abs(one - two) <= abs(one) * sp.Rational(1, 10**40)


def test_far_out_a_whole_binade_is_settled_at_once():
    x = np.arange(0x7F000000, 0x7F7FFFFF, 2**10, dtype=np.uint32).view(np.float32)
    for name in ("silu", "gelu", "mish", "softplus with beta", "sech squared", "hard swish"):
        for side in (1, -1):
            cover = Models(FORMULAS[name]).cover(side * x)
            (run,) = cover.runs
            assert not len(cover.alone)
            assert run.cells is None or run.cells.shape[1] <= 2, name


def test_the_checker_is_shown_a_point_that_is_off():
    """`held` itself: a truth that lies by 2^-49 at one input is not passed."""
    x = some(300)
    x = x[(x > 0.5) & (x < 2)]
    honest = models.Run.truth

    def off(self, x, part):
        truth = honest(self, x, part)
        rest = np.array(np.broadcast_to(truth.rest, x[part].shape))
        rest[len(rest) // 2] += 2.0**-49
        return truth._replace(rest=rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.Run, "truth", off)
        with pytest.raises(AssertionError):
            held(SIGMOID, x)
    assert held(SIGMOID, x)[0] == len(x)


def test_a_power_of_a_tiny_ball_is_a_number():
    """flint's own is not: (log(1 + exp(x)))² far to the left would be undecided for ever."""
    f = sp.log(1 + sp.exp(X)) ** 2
    ball = decide_each(evaluator(f, [X]), [-24583.75], lambda i, ball: vanishes(ball))
    assert ball == [True]


def test_inputs_that_are_not_in_order_are_refused():
    x = np.array([-2.0, -1.0], np.float32)
    with pytest.raises(ValueError, match="in order"):
        Models(sp.tanh(X)).cover(x)
