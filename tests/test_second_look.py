"""The second look at curves: it tells the truth, whoever else computes, and it has no cliff."""

import ml_dtypes
import mpmath
import numpy as np
import pytest
import sympy as sp
from cases import every_setting
from threads import disturbed

import actlib
from actlib.arithmetic import rounding
from actlib.call.second_look import digits
from actlib.call.second_look.curve import Curve
from actlib.formula.parameter import Parameter
from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import decide, decide_each, evaluator
from actlib.verify.ulp import Rounding

TYPES = [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16), np.dtype(np.float32)]
ALPHA, BETA = (Parameter(name=name, default=1.0, meaning="") for name in ("alpha", "beta"))
SILU = X / (1 + sp.exp(-BETA.symbol * X))
GELU = X * (1 + sp.erf(X / sp.sqrt(2))) / 2
ELU = sp.Piecewise((ALPHA.symbol * (sp.exp(X) - 1), X < 0), (X, True))

# An expression and its parameters' values. Each meets midpoints, next to 0 or far out.
CURVES = {
    "silu": (SILU, {BETA: 1.0}),
    "silu, beta=1.702": (SILU, {BETA: 1.702}),
    "silu, beta=2^40": (SILU, {BETA: 2.0**40}),
    "slope of silu": (SILU.diff(X), {BETA: 1.0}),
    "gelu": (GELU, {}),
    "slope of gelu": (GELU.diff(X), {}),
    "mish, of slope 3/5": (X * sp.tanh(sp.log(1 + sp.exp(X))), {}),
    "elu, alpha=0.5": (ELU, {ALPHA: 0.5}),
    "elu, alpha=0.3": (ELU, {ALPHA: 0.3}),
    "elu, alpha a midpoint": (ELU, {ALPHA: 1 + 2.0**-24}),
    "slope of elu, alpha a midpoint": (ELU.diff(X), {ALPHA: 1 + 2.0**-24}),
    "tanh": (sp.tanh(X), {}),
    "sigmoid": (1 / (1 + sp.exp(-X)), {}),
    "a slope of 32 digits": (
        sp.Rational("1.7580993408473768599402175208123") * (sp.exp(X) - 1),
        {},
    ),
    "a parabola of thirds": (X * (X + 3) / 6, {}),
}


def inputs():
    """float32 numbers: subnormal, small, of all sizes around 1, and far out on both sides."""
    random = np.random.default_rng(0)
    subnormal = random.integers(1, 2**23, 60) * 2.0**-149
    small = random.integers(1, 2**24, 120) * 2.0 ** random.integers(-149, -38, 120)
    usual = random.uniform(2**-14, 20, 60)
    x = np.concatenate([[2.0**-149], subnormal, small, usual, [17.0, 30.0, 50.0]])
    x = x.astype(np.float32).astype(np.float64)
    return np.concatenate([x, -x])


def truth(expression, x):
    """The nearest float64."""
    return decide(expression, [x], lambda ball: float(ball.mid()) if _narrow(ball) else None)


def side(expression, middle, x):
    """The sign of the expression at x less the middle, by balls."""

    def ask(ball):
        if ball.is_exact() and ball == middle:
            return 0
        return 1 if ball > middle else -1 if ball < middle else None

    return decide(expression, [x], ask)


def _narrow(ball):
    return ball.is_exact() or ball.rel_accuracy_bits() > 60


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_lies_where_the_balls_say(name):
    formula, values = CURVES[name]
    evaluate = evaluator(at_setting(formula, {p.name: v for p, v in values.items()}), [X])
    x = inputs()
    middle = rounding.midpoints(np.array([truth(evaluate, p) for p in x]), np.dtype(np.float32))
    found = Curve(formula, tuple(values)).sides(middle, x, *values.values())
    assert found.tolist() == [side(evaluate, *at) for at in zip(middle, x, strict=True)]


@pytest.mark.parametrize("name", CURVES)
def test_the_quick_looks_say_nothing_rather_than_the_wrong_thing(name):
    """At inputs where they know most, and at inputs that are none of theirs."""
    formula, values = CURVES[name]
    evaluate = evaluator(at_setting(formula, {p.name: v for p, v in values.items()}), [X])
    x = inputs()[::3]
    value = np.array([truth(evaluate, p) for p in x])
    float32 = np.dtype(np.float32)
    for near in (value, value * (1 + 2.0**-24), value * 1.5):
        middle = rounding.midpoints(near, float32)
        for look in Curve(formula, tuple(values))._quick:
            found = look(middle, x, *values.values())
            for s, *at in zip(found, middle, x, strict=True):
                assert np.isnan(s) or s == side(evaluate, *at)


def test_each_of_many_parameters_is_read():
    alpha = np.linspace(0.25, 3, 97).round(2)
    x, middle = np.full(97, -1.5 * 2.0**-60), -1.5 * alpha * 2.0**-60
    assert Curve(ELU, (ALPHA,)).sides(middle, x, alpha).tolist() == [
        side(evaluator(at_setting(ELU, {"alpha": a}), [X]), m, x[0])
        for a, m in zip(alpha.tolist(), middle, strict=True)
    ]


def test_digits_are_asked_until_they_are_sure():
    tiny = 2.0**-300
    half, curve = X + sp.Rational(1, 2), sp.exp(X)
    asked = [(half, tiny, 0.5), (half, 0.0, 0.5), (half, -tiny, 0.5), (curve, tiny, 1.0)]
    assert digits.sides(asked) == [1, 0, -1, 1]


def test_cancellation_in_a_definition_misleads_nobody():
    """(1 + x) - 1 - x is 0; with few digits it seems to be x."""
    expression = sp.Add(sp.Add(1, sp.exp(X), evaluate=False), -2, evaluate=False)
    x = 2.0**-400
    assert digits.sides([(expression, x, x), (expression, x, np.nextafter(x, 1))]) == [1, -1]


SIZES = np.arange(0, 2**31, 2**16 + 641)  # bits of float32 numbers


def hardest(record, setting, dtype, what):
    """Inputs next to a midpoint: of all that have 16 bits; of float32 those next to 0, and some."""
    size = dtype.itemsize
    bits = np.arange(2**16) if size == 2 else np.concatenate([np.arange(2**15), SIZES])
    bits = np.concatenate([bits, bits + 2 ** (8 * size - 1)]) % 2 ** (8 * size)
    return next_to_a_midpoint(record, setting, np.unique(bits.astype(f"u{size}")).view(dtype), what)


def next_to_a_midpoint(record, setting, x, what):
    """Those whose float64, as it is before it is rounded, may be rounded to either side."""
    with np.errstate(all="ignore"):
        x = x[np.isfinite(x)]
        value = (record, record.derivative)[what](x.astype(np.float64), **setting)
        return x[rounding.doubtful(value, x.dtype)[1]]


@every_setting
@pytest.mark.parametrize("dtype", TYPES, ids=lambda d: d.name)
@pytest.mark.parametrize("what", [0, 1], ids=["f", "slope"])
def test_what_lies_next_to_a_midpoint_has_no_cliff(record, setting, dtype, what, monkeypatch):
    """100,000 such inputs are rounded right, and few of them are asked for their digits."""
    asked = []
    monkeypatch.setattr(
        digits, "_side", lambda *one, ask=digits._side: asked.append(1) or ask(*one)
    )
    x = hardest(record, setting, dtype, what)
    if not x.size:
        return
    got = (record, record.derivative)[what](np.resize(x, 100_000), **setting)
    assert len(asked) < 2000
    formula = sp.diff(at_setting(record.definition, setting), X, what)
    some = np.unique(np.linspace(0, min(x.size, got.size) - 1, 60).astype(int))
    rounding_of = Rounding(got[some])
    assert all(decide_each(evaluator(formula, [X]), x[some].tolist(), rounding_of.holds))


def test_threads_share_nothing():
    """Sixteen at once give the bits of one, while others set the precision of mpmath anew."""
    x = np.linspace(-3, 3, 3001).astype(np.float32)
    curve = Curve(1 / (1 + sp.exp(-X)), ())
    value = 1 / (1 + np.exp(-x.astype(np.float64)))
    middle = rounding.midpoints(value, np.dtype(np.float32))[::40]

    def ask():
        return curve._with_digits(middle, x[::40].astype(np.float64))

    alone, before = ask(), mpmath.mp.prec
    assert all(np.array_equal(alone, other) for other in disturbed(ask))
    ask()
    assert mpmath.mp.prec == before


def test_a_second_look_leaves_mpmath_alone():
    with mpmath.workprec(77):
        actlib.elu(np.full(10, -1.5 * 2.0**-149, np.float32), alpha=0.5)
        actlib.softsign(np.float32([4095.0, 1 / 3]))
        assert mpmath.mp.prec == 77
