"""Roots, signs and extremes of any formula are proved, and what is not decided is not guessed."""

import pickle
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb

from actlib import verify
from actlib.formula.symbols import X, at_setting
from actlib.verify import closed, far
from actlib.verify.balls import UndecidedError
from actlib.verify.numbers import Root, Value, digits, known
from actlib.verify.signs import stretches


def sigmoid(u):
    return 1 / (1 + sp.exp(-u))


SIXTH = sp.Rational(1, 6)
SILU = X * sigmoid(X)
QUICK = X * sigmoid(sp.Rational(1.702) * X)
HARD_SWISH = sp.Piecewise((0, X <= -3), (X, X >= 3), (SIXTH * X * (X + 3), True))
GELU = X * (1 + sp.erf(X / sp.sqrt(2))) / 2
CUBIC = X + sp.Rational("0.044715") * X**3
GELU_TANH = X * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * CUBIC)) / 2
MISH = X * sp.tanh(sp.log(1 + sp.exp(X)))
CELU = sp.Piecewise((X, X >= 0), ((sp.exp(2 * X) - 1) / 2, True))
SQUAREPLUS = (X + sp.sqrt(X**2 + 4)) / 2
W = sp.LambertW(sp.exp(-1))
ROOTED = sp.Rational(562949953421312, 958140820723073)  # 1 / 1.702, the float64

# The turning point, the infimum and the Lipschitz constant: formulas, or their first digits, which
# were computed apart from this library.
TURNING = {
    "silu": (SILU, -1 - W, -W, "1.0998393201288669170"),
    "silu, beta=2": (X * sigmoid(2 * X), -(1 + W) / 2, -W / 2, "1.0998393201288669170"),
    "quick_gelu": (QUICK, -(1 + W) * ROOTED, -W * ROOTED, "1.0998393201288669170"),
    "hard_swish": (HARD_SWISH, sp.Rational(-3, 2), sp.Rational(-3, 8), sp.Rational(3, 2)),
    "gelu": (GELU, "-0.75179152469356445746", "-0.16997120747990366169", "1.1289041451851547863"),
    "gelu_tanh": (
        GELU_TANH,
        "-0.75246142207101625849",
        "-0.17004075057125405064",
        "1.1289930686587717655",
    ),
    "mish": (MISH, "-1.1924312145154952121", "-0.30884341301725040663", "1.0884981612517278612"),
    "lisht": (X * sp.tanh(X), sp.S.Zero, sp.S.Zero, "1.1996786402577338339"),
    "gaussian": (1 - sp.exp(-(X**2)), sp.S.Zero, sp.S.Zero, sp.sqrt(2) * sp.exp(-sp.S.Half)),
    "a logarithm": (sp.exp(X) - 2 * X, sp.log(2), 2 - 2 * sp.log(2), sp.oo),
}  # fmt: skip

# monotone, convex, Lipschitz constant, infimum, supremum
STEADY = {
    "softplus, beta=2": (sp.log(1 + sp.exp(2 * X)) / 2, "increasing", "convex", 1, 0, sp.oo),
    "celu": (CELU, "increasing", "convex", 1, sp.Rational(-1, 2), sp.oo),
    "tanh_shrink": (X - sp.tanh(X), "increasing", "neither", 1, -sp.oo, sp.oo),
    "squareplus": (SQUAREPLUS, "increasing", "convex", 1, 0, sp.oo),
    "log_sigmoid": (-sp.log(1 + sp.exp(-X)), "increasing", "concave", 1, -sp.oo, 0),
    "erf": (sp.erf(X), "increasing", "neither", 2 / sp.sqrt(sp.pi), -1, 1),
    "steep": (sp.erf(1000 * X), "increasing", "neither", 2000 / sp.sqrt(sp.pi), -1, 1),
}


def is_told(found, told):
    """A formula itself, or digits that are those of the number, rounded."""
    if isinstance(told, str):
        return abs(sp.N(found, 40) - sp.Rational(told)) <= sp.Rational(1, 10**19) / 2
    return found == told


BOUNDED = {"gaussian": 1}  # the suprema of those that have one


@pytest.mark.parametrize("name", TURNING)
def test_turning_points_and_extremes_are_found(name):
    f, turn, infimum, lipschitz = TURNING[name]
    (found,) = verify.turns(f)
    low, high = verify.extremes(f)
    assert is_told(found, turn)
    assert is_told(low, infimum)
    assert high == BOUNDED.get(name, sp.oo)
    assert is_told(verify.steepest(f), lipschitz)
    assert verify.directions(f)[-2:] == (-1, 1)
    assert verify.shape(f).monotone == "neither"


@pytest.mark.parametrize("name", STEADY)
def test_what_does_not_turn_is_decided_too(name):
    f, monotone, convex, lipschitz, *ends = STEADY[name]
    found = verify.shape(f)
    assert (found.monotone, found.convex, found.lipschitz) == (monotone, convex, lipschitz)
    assert verify.turns(f) == set()
    assert verify.extremes(f) == tuple(ends)


def test_inflections_have_a_formula_where_there_is_one():
    bends = [s.high for s in stretches(GELU, 2)]
    assert bends == [-sp.sqrt(2), 0, sp.sqrt(2), sp.oo]
    left, right = (s.high for s in stretches(SILU, 2) if s.high not in (0, sp.oo))
    assert isinstance(right, Root)
    assert digits(right) == "2.3993572805154676678…"
    assert left == -right or digits(-left) == digits(right)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (SILU, {0}),
        (X**4 - 5 * X**2 + 4, {-2, -1, 1, 2}),
        (X**2 * sp.exp(X), {0}),
        (sp.Abs(X) - 1, {-1, 1}),
        (HARD_SWISH, {0}),  # left of −3 it is 0 everywhere
        (sp.Piecewise((-1, X < 0), (1, True)), set()),
        (sp.Piecewise((-1, X < 0), (X, True)), {0}),
        (sp.exp(2 * X) - 3 * sp.exp(X) + 2, {0, sp.log(2)}),
        (1 + X + sp.exp(X), {-1 - W}),
        (sp.exp(X) * (X - 3) + 1, {3 + sp.LambertW(-sp.exp(-3), k) for k in (0, -1)}),
        (sp.exp(X), set()),
    ],
    ids=lambda part: "of" if isinstance(part, set) else str(part),  # a set has no order
)
def test_roots_are_found(f, expected):
    assert verify.roots(f) == expected


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", TURNING)
def test_signs_are_those_of_values(name, order):
    """Held against mpmath at points between the roots and close to them."""
    f = at_setting(TURNING[name][0], {})
    for stretch in stretches(f, order):
        g = sp.lambdify(X, sp.diff(stretch.part, X, order), "mpmath")
        low = -10 if stretch.low.is_infinite else stretch.low
        high = 10 if stretch.high.is_infinite else stretch.high
        with mpmath.workdps(120):
            ends = [mpmath.mpf(str(sp.N(end, 60))) for end in (low, high)]
            for share in ("1e-9", "0.01", "0.5", "0.99", "0.999999999"):
                x = ends[0] + mpmath.mpf(share) * (ends[1] - ends[0])
                assert mpmath.sign(g(x)) == stretch.sign, (stretch, x)


UNDECIDED = {
    "sin, with infinitely many": sp.sin(X),
    "snake, whose slope has double roots": X + sp.sin(X) ** 2,
    "a double root between two cuts": (X - 1) ** 2 * sp.exp(X),
    "a pole": 1 / (X - 2),
    "many waves": sp.exp(-(X**2)) * sp.sin(1000 * X),
    "a function without balls": sp.gamma(X**2 + 1),
    "a slope that has no limit at 0": sp.sqrt(sp.Abs(X)),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_undecided_is_said_to_be(name):
    with pytest.raises(UndecidedError):
        stretches(at_setting(UNDECIDED[name], {}), 0)


def test_a_formula_that_is_no_root_is_not_believed(monkeypatch):
    """One that lies between the fractions, and one that is a root elsewhere."""
    close, elsewhere = sp.Rational("-1.2784645427610737951"), -1 - sp.LambertW(sp.exp(-1)) + 5
    monkeypatch.setattr(closed, "_candidates", lambda expression: [close, elsewhere])
    found = closed.closed(SILU.diff(X), (Fraction(-21, 16), Fraction(-5, 4)))
    assert isinstance(found, Root)
    assert digits(found) == "-1.2784645427610737951…"


def test_a_value_that_no_ball_tells_from_0_is_undecided():
    """The square of a formula is 0 at its root: it is found, but not what it is worth."""
    squared = (X - sp.exp(-(X**2))) ** 2
    (turn,) = verify.turns(squared)
    assert digits(turn).startswith("0.6529186404")
    with pytest.raises(UndecidedError):
        verify.extremes(squared)


def test_of_numbers_that_no_ball_tells_apart_the_greater_is_meant():
    """LiSHT is as steep on the left as on the right."""
    steepest = verify.steepest(X * sp.tanh(X))
    assert isinstance(steepest, Value)
    assert digits(steepest) == digits(sp.Abs(-steepest)) == str(steepest)
    assert str(-steepest) == f"-{steepest}"


def test_two_roots_that_are_close_are_told_apart():
    apart = sp.Rational(1, 10**12)
    found = [s.high for s in stretches((X - 1) * (X - 1 - apart) * (sp.exp(X) + X**2), 0)]
    assert found == [0, 1, 1 + apart, sp.oo]
    assert len(stretches((X - 1) ** 2 + apart**2, 0)) == 2  # no root: only the cut at 0


def test_a_kink_is_no_turning_point():
    assert verify.turns(sp.Abs(X)) == set()
    assert verify.turns(sp.Abs(X) * X**2) == {0}
    assert verify.directions(sp.Abs(X)) == (-1, 1)


class TestFarOut:
    """An expansion holds from its start on, or is refused there."""

    @pytest.mark.parametrize("name", {**TURNING, **STEADY})
    @pytest.mark.parametrize("order", [0, 1, 2])
    def test_its_ball_holds_the_value(self, name, order):
        f = {**TURNING, **STEADY}[name][0]
        part = stretches(at_setting(f, {}), order)[-1].part
        g = sp.diff(part, X, order)
        for start in (8.0, 16.0):
            series = far.expand(g, start)
            for x in (start, start + 1, 3 * start):
                total = sum((c * far.value(monomial, x) for monomial, c in series.items()), arb(0))
                assert total.overlaps(known(g.subs(X, sp.Rational(x)), 30)), (g, x)

    def test_too_early_a_start_is_refused(self):
        with pytest.raises(UndecidedError):
            far.sign(X - 100, 64.0)
        assert far.sign(X - 100, 128.0) == 1

    def test_what_cancels_leaves_the_next_term(self):
        assert far.sign(sigmoid(X) - 1, 8.0) == -1
        assert far.sign(sp.sqrt(X**2 + 4) - X - 2 / X, 8.0) == -1
        assert far.sign(1 - sp.erf(X) - sp.exp(-(X**2)) / X, 4.0) == -1

    @pytest.mark.parametrize("u", [1 - X, X - 1, -X, X, -(X**2) - X, 3 * X / 7])
    def test_erf_and_erfc_on_either_side(self, u):
        """SymPy turns signs round as it likes, and has 2 for the limit of erfc(x − 1)."""
        for f in (sp.erf(u), sp.erfc(u)):
            series = far.expand(f, 16.0)
            total = sum((c * far.value(m, 16.5) for m, c in series.items()), arb(0))
            assert total.overlaps(known(f.subs(X, sp.Rational(33, 2)), 30))
            assert far.limit(f, 16.0) == round(float(sp.N(f.subs(X, 100), 30)))

    def test_what_cancels_only_in_balls_is_undecided(self):
        with pytest.raises(UndecidedError):
            far.sign(1 - sp.erf(X) - sp.exp(-(X**2)) / (X * sp.sqrt(sp.pi)), 4.0)


class TestDigits:
    def test_each_digit_is_certified(self):
        (turn,) = verify.turns(MISH)
        assert str(turn) == "-1.1924312145154952121…"
        slope = sp.lambdify(X, MISH.diff(X), "mpmath")
        with mpmath.workdps(60):
            right = mpmath.nstr(mpmath.findroot(slope, -1.19), 60)
        told = digits(turn, 40).removesuffix("…")
        assert len(told) == len("-1.") + 39
        assert right.startswith(told)

    def test_a_number_that_ends_is_not_called_endless(self):
        assert str(Value(sp.sin(1) ** 2 + sp.cos(1) ** 2)).startswith("1.0000000000000000000 ± ")

    @pytest.mark.parametrize(
        ("number", "told"),
        [
            (sp.pi, "3.1415926535897932384…"),
            (-100 * sp.pi, "-314.15926535897932384…"),
            (sp.pi / 1000, "0.0031415926535897932384…"),
            (sp.pi * 10**30, "3141592653589793238462643383279.5…"),
        ],
        ids=str,
    )
    def test_of_known_numbers(self, number, told):
        assert digits(number) == told

    def test_sympy_takes_it_for_a_number(self):
        (turn,) = verify.turns(MISH)
        assert turn < -1
        assert sp.Max(turn, -2, -1) == -1
        assert float(turn) == pytest.approx(-1.1924312145154952)
        assert float(-turn) == -float(turn)
        assert turn.is_finite
        assert not turn.is_infinite
        assert sp.latex(turn).endswith(r"\ldots")
        assert pickle.loads(pickle.dumps(turn)) == turn
        assert {turn, *verify.turns(MISH)} == {turn}
