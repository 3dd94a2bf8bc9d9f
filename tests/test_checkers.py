"""Every checker is shown faults that it must catch."""

import math
import warnings
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import sympy as sp
from cases import told
from flint import arb, ctx

from actlib import (
    elu,
    hard_sigmoid,
    linear,
    prelu,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
    step,
    verify,
)
from actlib.formula.kink import Kink
from actlib.formula.symbols import X
from actlib.verify.balls import Arithmetic, UndecidedError, compiled, decide, evaluator
from actlib.verify.ulp import Rounding, error, known


def sigmoid_output(x):
    y = 1 / (1 + np.exp(-x))
    return y * (1 - y)


def noisy(x):
    warnings.warn("overflow", RuntimeWarning, stacklevel=2)
    return x


def greedy(x):
    x[...] = 0
    return x


FAULTS = {
    "elu: exp(x) - 1 for expm1": (
        verify.value,
        elu,
        {"value_kernel": lambda x, a: np.where(x < 0, a * (np.exp(np.minimum(x, 0)) - 1), x)},
        elu.definition,
    ),
    "elu: computed in float32": (
        verify.value,
        elu,
        {"value_kernel": lambda x, a: np.where(x < 0, a * np.expm1(np.float32(x)), x)},
        elu.definition,
    ),
    "prelu: rounded twice": (
        verify.value,
        prelu,
        {"value_kernel": lambda x, a: np.maximum(x, 0) + np.where(x < 0, a * x, 0)},
        prelu.definition,
    ),
    "elu: slope without alpha": (
        verify.derivative,
        elu,
        {"derivative_kernel": lambda x, a: np.exp(np.minimum(x, 0))},
        elu.definition.diff(X),
    ),
    "elu: a sign": (
        verify.derivative,
        elu,
        {"derivative_kernel": lambda x, a: np.where(x < 0, -a * np.exp(np.minimum(x, 0)), 1)},
        elu.definition.diff(X),
    ),
    "elu: other branch at 0": (
        verify.derivative,
        elu,
        {"derivative_kernel": lambda x, a: np.where(x <= 0, a * np.exp(np.minimum(x, 0)), 1)},
        elu.definition.diff(X),
    ),
    "relu: 0 at 0, as most frameworks have it": (
        verify.derivative,
        relu,
        {"derivative_kernel": lambda x, a, m, t: np.where(x > t, np.where(x < m, 1, 0), a)},
        relu.definition.diff(X),
    ),
    "relu: 0 · inf": (
        verify.value,
        relu,
        {"value_kernel": lambda x, a, m, t: np.where(x < t, a * (x - t), np.minimum(x, m))},
        relu.definition,
    ),
    "sigmoid: f (1 - f)": (
        verify.derivative,
        sigmoid,
        {"derivative_kernel": sigmoid_output},
        sigmoid.definition.diff(X),
    ),
    "sigmoid: the output's formula at the input": (
        verify.derivative,
        sigmoid,
        {"derivative_kernel": lambda x: x * (1 - x)},
        sigmoid.definition.diff(X),
    ),
    "sigmoid: wrong limit": (
        verify.value,
        sigmoid,
        {"value_kernel": lambda x: np.where(np.isinf(x), 0.5, sigmoid.value_kernel(x))},
        sigmoid.definition,
    ),
    "linear: a slope at one point": (
        verify.derivative,
        linear,
        {"derivative_kernel": lambda x: np.where(x == 0, 0.0, 1.0)},
        linear.definition.diff(X),
    ),
    "sigmoid: a wrong definition": (verify.value, sigmoid, {}, 1 / (1 + sp.exp(X))),
    "relu: a wrong slope in the chapter": (
        verify.derivative,
        relu,
        {},
        sp.Piecewise((0, X <= 0), (1, True)),
    ),
    "elu: kink declared away": (verify.kinks, elu, {"kinks": ()}, elu.definition),
    "relu: one of two kinks declared away": (
        verify.kinks,
        relu,
        {"kinks": relu.kinks[:1]},
        relu.definition,
    ),
    "sigmoid: a kink that is not there": (
        verify.kinks,
        sigmoid,
        {"kinks": (Kink(at=sp.Integer(0)),)},
        sigmoid.definition,
    ),
    "relu: another slope at its kink than its definition has": (
        verify.kinks,
        relu,
        {"derivative_kernel": lambda x, a, m, t: np.where(x == 0, 0.0, np.where(x > 0, 7.0, a))},
        relu.definition,
    ),
    "hard sigmoid: the middle's slope at floats that lie outside": (
        verify.kinks,
        hard_sigmoid,
        {"derivative_kernel": lambda x, s, o: np.where(np.abs(x) <= 2.5, s, 0.0)},
        hard_sigmoid.definition,
    ),
    "step: one half where it jumps": (
        verify.kinks,
        step,
        {"value_kernel": lambda x: np.heaviside(x, 0.5)},
        step.definition,
    ),
    "elu: kink said to be there for every alpha": (
        verify.kinks,
        elu,
        {"kinks": (Kink(at=sp.Integer(0)),)},
        elu.definition,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_caught(fault):
    check, record, changes, expression = FAULTS[fault]
    with pytest.raises(verify.DisagreementError):
        check(told(record, **changes), expression)


def test_parameter_derivative_with_a_wrong_sign():
    alpha = prelu.parameters[0].symbol
    fault = replace(prelu, parameter_kernels={"alpha": lambda x, a: -np.minimum(x, 0)})
    with pytest.raises(verify.DisagreementError, match="derivative in alpha"):
        verify.parameter_derivative(fault, "alpha", prelu.definition.diff(alpha))


def test_warning_and_written_input_are_caught():
    with pytest.raises(RuntimeWarning):
        verify.value(replace(linear, value_kernel=noisy), X)
    with pytest.raises(ValueError, match="read-only"):
        verify.value(replace(linear, value_kernel=greedy), X)


def test_the_message_says_where_and_what():
    fault = replace(linear, value_kernel=lambda x: np.where(x == 3, 2.0, x))
    with pytest.raises(
        verify.DisagreementError,
        match=r"^linear value in float16 at x = 3.0: expected 3.00*, got 2.0, "
        r"which is not correctly rounded$",
    ):
        verify.value(fault, X)


def test_the_message_has_digits_where_50_are_not_enough():
    fault = replace(softplus, value_kernel=lambda x, beta: np.where(x < -110, 0.0, softplus(x)))
    with pytest.raises(verify.DisagreementError, match=r"expected \d\.\d{10,}e-\d+, got 0"):
        verify.value(fault, softplus.definition)


def test_a_knee_between_two_floats_is_told_with_its_digits():
    told = str(verify.kinks(hard_sigmoid, hard_sigmoid.definition)).splitlines()
    assert told[0] == (
        "hard_sigmoid kinks: at -2.49999999999999986 the slope goes from 0 to 0.2, and "
        "0 is returned at -2.5, 0.2 at -2.4999999999999996"
    )


@pytest.fixture
def many_digits():
    with ctx.workprec(256):
        yield


class Widening:
    """A record whose results are all float64."""

    name, settings = "widening", linear.settings
    label, turns_at, has_limit = linear.label, linear.turns_at, linear.has_limit
    bound_of = linear.bound_of

    def __call__(self, x):
        return x.astype(np.float64)


def test_a_result_of_another_dtype():
    with pytest.raises(verify.DisagreementError, match="expected dtype float16, got float64"):
        verify.value(Widening(), X)


Z = sp.symbols("z_1:4", real=True)


@pytest.mark.parametrize(
    "fault",
    [
        lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True),
        lambda z: softmax(z, axis=0),
        lambda z: softmax(2 * z),
        lambda z: softmax(z.astype(np.float16)).astype(z.dtype),
    ],
    ids=["no shift", "axis", "temperature", "float16"],
)
def test_vector_faults(fault):
    with np.errstate(all="ignore"), pytest.raises(verify.DisagreementError):
        verify.vectors("softmax", fault, list(softmax.definition(Z)), Z)


def test_jacobian_without_its_diagonal():
    def fault(z):
        f = softmax(z)
        return (-f[:, :, None] * f[:, None, :]).reshape(len(z), -1)

    with pytest.raises(verify.DisagreementError):
        verify.vectors("jacobian", fault, list(softmax.definition(Z).jacobian(Z)), Z)


def test_cross_entropy_slope_that_cancels():
    """σ(z) − y as it is written loses everything where σ(z) is close to y."""

    def fault(z):
        return softmax(z) - np.array([1, 0, 0], z.dtype)

    def right(z):
        return softmax_cross_entropy.derivative(z, np.tile([1, 0, 0], (len(z), 1)))

    slope = list(softmax.definition(Z) - sp.Matrix([1, 0, 0]))
    verify.vectors("slope", right, slope, Z)
    with pytest.raises(verify.DisagreementError):
        verify.vectors("slope", fault, slope, Z)


class TestBalls:
    def test_many_digits_where_fifty_are_not_enough(self):
        """log(1 + exp(−316)) is about 6e-138; with 50 digits, or 100, it looks like 0."""
        at = evaluator(sp.log(1 + sp.exp(X)), [X])
        value = decide(at, [-316.0], lambda b: b if b.rel_accuracy_bits() > 60 else None)
        assert float(value.mid()) == pytest.approx(math.exp(-316), rel=1e-15)

    def test_a_ball_that_never_decides(self):
        with pytest.raises(UndecidedError):
            decide(evaluator(sp.sqrt(2) ** 2 - 2 + 0 * X, []), [], lambda b: None)

    def test_what_occurs_twice_is_computed_once_for_each_number_and_precision(self):
        """(exp(x) − 1 − x) exp(x) is about 2^-201, and no digit of it is left of 128 bits."""
        seen = []

        class Counting(Arithmetic):
            def of_balls(self, function):
                return lambda *balls: seen.append(balls) or function(*balls)

        small = (sp.exp(X) - 1 - X) * sp.exp(X)
        compute = compiled(small, [X], Counting())
        compute([arb(1)])
        assert len(seen) == 1
        at = evaluator(small, [X])
        for x in (2.0**-100, 2.0**-101):
            value = decide(at, [x], lambda b: b if b.rel_accuracy_bits() > 60 else None)
            assert float(value.mid()) == pytest.approx(x**2 / 2, rel=1e-15)

    def test_a_condition_that_no_digits_decide(self):
        undecidable = sp.Piecewise((1, sp.sin(X) ** 2 + sp.cos(X) ** 2 > 1), (0, True))
        with pytest.raises(UndecidedError):
            decide(evaluator(undecidable, [X]), [1.0], lambda b: b)

    def test_rounded_numbers_are_refused(self):
        with pytest.raises(TypeError, match="rounded number"):
            evaluator(0.2 * X, [X])

    def test_unknown_functions_are_refused(self):
        with pytest.raises(TypeError, match="no ball arithmetic for Mystery"):
            evaluator(sp.Function("Mystery")(X), [X])

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            (sp.Rational(1, 3) * X, Fraction(1, 2)),
            (sp.Abs(-X), Fraction(3, 2)),
            (sp.Max(X, 2, 1), Fraction(2)),
            (sp.Min(X, 2), Fraction(3, 2)),
            (X**-2, Fraction(4, 9)),
            (sp.Piecewise((1, (X > 1) & (X < 2)), (0, True)), Fraction(1)),
            (sp.Piecewise((1, (X < 1) | (X > 2)), (5, True)), Fraction(5)),
            (sp.Piecewise((1, X / 3 >= sp.Rational(1, 2)), (5, True)), Fraction(1)),
        ],
        ids=str,
    )
    def test_operations(self, expression, expected):
        ball = decide(evaluator(expression, [X]), [1.5], lambda b: b)
        assert (ball * expected.denominator).contains(arb(expected.numerator))
        assert ball.rad() < arb(1e-30)

    def test_a_power_of_a_ball_around_0_is_a_ball(self):
        """Where log(1 + exp(x)) has no digit left, its square is small, and no NaN."""
        squared = evaluator(sp.log(1 + sp.exp(X)) ** 2, [X])
        assert decide(squared, [-65504.0], lambda ball: abs(ball) < 1e-70 or None)

    def test_a_tie_of_thirds_is_decided(self):
        """No ball knows 1/6 exactly, with any digits; a fraction does."""
        x, thirds = -2.96484375, evaluator(X * (X + 3) / 6, [X])
        near = np.array([x * (x + 3) / 6], np.float16)
        both = [near, *(np.nextafter(near, np.float16(end)) for end in (-1, 0))]
        holds = [decide(thirds, [x], partial(Rounding(got).holds, 0)) for got in both]
        assert holds == [True, False, False]
        exact = Fraction(x) * (Fraction(x) + 3) / 6
        assert any(exact == (Fraction(float(near[0])) + Fraction(float(b[0]))) / 2 for b in both)

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            (sp.pi * X, math.pi * 1.5),
            (sp.E**X, math.e**1.5),
            (sp.erf(X), math.erf(1.5)),
            (sp.erfc(X), math.erfc(1.5)),
            (sp.sin(X) + sp.cos(X), math.sin(1.5) + math.cos(1.5)),
            (sp.sqrt(X + sp.Rational(1, 3)), math.sqrt(1.5 + 1 / 3)),
            (sp.log(1 + X / 3), math.log(1.5)),
            (sp.Max(X / 3, sp.sqrt(2)), math.sqrt(2)),
            (1 / (X - sp.Rational(3, 2)), math.nan),
        ],
        ids=str,
    )
    def test_functions_of_fractions(self, expression, value):
        ball = decide(evaluator(expression, [X]), [1.5], lambda b: b)
        assert float(ball.mid()) == pytest.approx(value, rel=1e-14, nan_ok=True)


@pytest.mark.usefixtures("many_digits")
class TestUlp:
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_rounding_agrees_with_exact_arithmetic(self, dtype):
        """Between two neighbours: below the middle, the middle itself, and above it."""
        every = verify.points(dtype)
        low, high = every[:-1:7], np.nextafter(every[:-1:7], dtype(np.inf))
        low, high = low[np.isfinite(high)], high[np.isfinite(high)]
        down, up = Rounding(low), Rounding(high)
        even = low.view(f"u{low.itemsize}") & 1 == 0
        for i, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
            middle = (arb(a) + arb(b)) / 2
            nudge = (arb(b) - arb(a)) / 2**20
            assert down.holds(i, middle - nudge) is True
            assert up.holds(i, middle - nudge) is False
            assert down.holds(i, middle) is bool(even[i])
            assert up.holds(i, middle) is not bool(even[i])
            assert up.holds(i, middle + nudge) is True
            assert down.holds(i, middle + nudge * arb(0, 1)) is None

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_overflow(self, dtype):
        form = np.finfo(dtype)
        half_ulp_above = arb(2) ** int(form.maxexp) * (1 - arb(2) ** -(int(form.nmant) + 2))
        below = half_ulp_above * (1 - arb(2) ** -80)
        rounding = Rounding(np.array([form.max, np.inf, -np.inf], dtype))
        assert [rounding.holds(i, half_ulp_above) for i in range(3)] == [False, True, False]
        assert [rounding.holds(i, below) for i in range(3)] == [True, False, False]
        assert [rounding.holds(i, -half_ulp_above * 2) for i in range(3)] == [False, False, True]
        assert error(math.inf, half_ulp_above, np.dtype(dtype)) == 0
        assert error(math.inf, below, np.dtype(dtype)) == math.inf

    def test_error_in_ulp(self):
        f64 = np.dtype(np.float64)
        assert error(1.0, arb(1) + arb(2) ** -53, f64) == pytest.approx(0.5)
        assert error(0.0, arb(2) ** -1074, f64) == pytest.approx(1)
        assert error(0.0, arb(2) ** -1022, f64) == pytest.approx(2.0**52)
        assert error(math.nan, arb(1), f64) == math.inf
        assert error(-1.0, arb(1), f64) > 1e15
        assert error(1.0, arb(1, 0.1), f64) is None

    def test_a_ball_around_zero_is_no_answer(self):
        """Its middle says nothing of the size of the truth, and so of the ulp."""
        f64 = np.dtype(np.float64)
        assert error(0.0, arb(0, 2.0**-130), f64) is None
        assert error(0.0, arb(0), f64) == 0
        softplus_of_200 = evaluator(sp.log(1 + sp.exp(X)), [X])
        far = decide(softplus_of_200, [-200.0], partial(error, 0.0, dtype=f64))
        assert 2.0**52 <= far < 2.0**53

    def test_a_scale_is_known_before_it_is_used(self):
        f64 = np.dtype(np.float64)
        for ball in (arb(0, 2.0**-130), arb(1, 2.0**-50)):
            assert known(ball, f64) is None
        for ball in (arb(0), arb(1), arb(1, 2.0**-60), arb(0, 2.0**-1023)):
            assert known(ball, f64) is ball

    def test_ulp_just_below_a_power_of_two(self):
        f64, truth = np.dtype(np.float64), arb(1) - arb(2) ** -60
        assert error(1 - 2.0**-53, truth, f64) == pytest.approx(1, abs=0.01)
        assert error(1.0, truth, f64) == pytest.approx(2.0**-7)


def test_moments_of_known_functions():
    mean, variance = verify.moments(X)
    assert abs(mean) < 1e-15
    assert variance == pytest.approx(1)
    mean, variance = verify.moments(sp.Max(X, 0))
    assert mean == pytest.approx(1 / math.sqrt(2 * math.pi))
    assert variance == pytest.approx(0.5 - 1 / (2 * math.pi))
