"""Turning points, and infinities without a limit: declared, proved, and used as kinks are.

The records are made here. Their kernels ask the oracle, so what is tested is what is made of a
declaration, not a formula in floating point.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import sympy as sp
import test_laws
from cases import told

from actlib import tanh, verify
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.endless import NoLimit
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter
from actlib.formula.place import Turn
from actlib.formula.symbols import X, at_setting
from actlib.show import card
from actlib.vectors import tables
from actlib.vectors.rounded import rounded
from actlib.verify import agreement
from actlib.verify.points import neighbours


def made(name, definition, *parameters, samples=(), **known):
    """A record whose kernels are right by definition."""

    def kernel(expression, x, *values):
        setting = {p.name: float(v) for p, v in zip(parameters, values, strict=True)}
        return rounded(at_setting(expression, setting), x)

    return Activation(
        name=name,
        title=name,
        doc=f"{name}, made for a test: f(x).",
        formula=lambda *_: Formula(definition=definition, **known),
        parameters=parameters,
        samples=samples,
        value_kernel=partial(kernel, definition),
        derivative_kernel=partial(kernel, verify.differentiate(definition)),
        references=(),
        equivalents={},
    )


BETA = Parameter(name="beta", default=1.0, meaning="", domain=Domain(least=0))
b = BETA.symbol
W = sp.LambertW(sp.exp(-1))
SILU = made(
    "silu",
    X / (1 + sp.exp(-b * X)),
    BETA,
    turns=(Turn(at=-(1 + W) / b, when=b > 0),),
    range=(sp.Piecewise((-W / b, b > 0), (-sp.oo, True)), sp.oo),
    samples=({"beta": 0.0}, {"beta": 1.702}, {"beta": 2.0}),
)
HARD_SWISH = made(
    "hard_swish",
    sp.Piecewise((0, X <= -3), (X, X >= 3), (X * (X + 3) / 6, True)),
    turns=(Turn(at=sp.Rational(-3, 2)),),
    range=(sp.Rational(-3, 8), sp.oo),
)
MISH = made(
    "mish",
    X * sp.tanh(sp.log(1 + sp.exp(X))),
    turns=(Turn(at=sp.Rational("-1.1924312145154952121376")),),
    range=(sp.Rational("-0.30884341301725040662814"), sp.oo),
)
OSCILLATES = "a wave has no limit"
SINE = made(
    "sine",
    sp.sin(b * X),
    BETA,
    no_limits=(
        NoLimit(of="value", why=OSCILLATES, when=b > 0),
        NoLimit(of="derivative", why=OSCILLATES, when=b > 0),
    ),
    range=(sp.Integer(-1), sp.Integer(1)),
    samples=({"beta": 0.0},),
)
TURNING = [SILU, HARD_SWISH, MISH]


@pytest.fixture
def few(monkeypatch):
    """The oracle is slow for a kernel: not every float16, and no large numbers."""
    monkeypatch.setattr(agreement, "every_half", lambda: np.linspace(-9, 9, 99, dtype=np.float16))
    monkeypatch.setattr(agreement, "points", near)


def near(dtype, edges, count):
    """Neighbours of the edges, and some others."""
    grid = np.linspace(-9, 9, count // 5)
    return np.unique([*grid.astype(dtype), *(n for p in edges for n in neighbours(dtype(p)))])


every_turning = pytest.mark.parametrize("record", TURNING, ids=lambda r: r.name)


@every_turning
def test_what_is_declared_is_proved(record):
    verdict = str(verify.turning(record, record.definition))
    assert verdict.count("it turns at") == sum(bool(record.turns_at(s)) for s in record.settings)
    for setting in record.settings:
        test_laws.test_range_is_proved(record, setting)


FAULTS = {
    "missing": (HARD_SWISH, ()),
    "elsewhere": (HARD_SWISH, (Turn(at=sp.Rational(-5, 4)),)),
    "one too many": (HARD_SWISH, (*HARD_SWISH.turns, Turn(at=sp.Integer(1)))),
    "at a kink": (HARD_SWISH, (*HARD_SWISH.turns, Turn(at=sp.Integer(3)))),
    "without its condition": (SILU, (Turn(at=-(1 + W) / (b + 1)),)),
    "right at the defaults alone": (SILU, (Turn(at=-1 - W),)),
    "nineteen digits": (MISH, (Turn(at=sp.Rational("-1.192431214515495212")),)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_turn_that_is_not_as_declared_is_caught(fault):
    record, turns = FAULTS[fault]
    with pytest.raises(verify.DisagreementError, match="the record declares that it turns at"):
        verify.turning(told(record, turns=turns), record.definition)


@every_turning
def test_the_range_law_looks_at_the_turn(record):
    law = test_laws.test_range_holds_and_is_no_wider_than_needed
    law(record, record.settings[0])
    with pytest.raises(AssertionError):
        law(told(record, turns=()), record.settings[0])


@every_turning
def test_a_range_that_is_not_reached_is_caught(record):
    law = test_laws.test_range_is_proved
    low, high = record.range
    little = sp.Rational(1, 10**15)
    for end in ((low - little, high), (low + little, high), (low, 9)):
        with pytest.raises(AssertionError, match=f"{record.name}: its"):
            law(told(record, range=end), record.settings[0])


@every_turning
def test_checks_and_test_vectors_have_the_turn(record, few):
    """It is where a slope has no digits left, and where the infimum is."""
    seen = []

    def spy(x, *values):
        seen.append(x.copy())
        return record.value_kernel(x, *values)

    verify.value(replace(record, value_kernel=spy), record.definition)
    for setting, table in zip(record.settings, tables.tables(record), strict=True):
        for turn in map(float, record.turns_at(setting)):
            assert turn in np.concatenate(seen)
            assert {turn, *np.nextafter(turn, [-9, 9])} <= set(table.types["float64"]["x"])


def test_cards_have_the_turn():
    assert "| Turns | $x = " in str(card.facts(SILU))
    assert "Turns" not in str(card.facts(tanh))


class TestWithoutALimit:
    def test_nan_is_the_answer(self, few):
        assert np.isnan(SINE([-np.inf, np.inf])).all()
        verdict = str(verify.derivative(SINE, verify.differentiate(SINE.definition)))
        assert verdict.endswith(
            "an infinity the limit or, where there is none, NaN, and nothing warns"
        )
        for dtype in ("float16", "float64"):
            for setting in SINE.settings:
                test_laws.test_dtype_is_kept_and_nan_stays(SINE, setting, dtype)

    def test_it_must_be_declared(self, few):
        with pytest.raises(verify.DisagreementError, match="declares a limit, the definition has"):
            verify.value(told(SINE, no_limits=()), SINE.definition)
        only = told(SINE, no_limits=SINE.no_limits[:1])
        with pytest.raises(verify.DisagreementError, match="declares a limit, the definition has"):
            verify.derivative(only, verify.differentiate(SINE.definition))

    def test_it_must_be_true(self, few):
        fault = told(tanh, no_limits=(NoLimit(of="value", why="none", signs=(1,)),))
        with pytest.raises(verify.DisagreementError, match="declares no limit, the definition has"):
            verify.value(fault, tanh.definition)
        everywhere = tuple(replace(none, when=sp.true) for none in SINE.no_limits)
        with pytest.raises(verify.DisagreementError, match="beta=0"):
            verify.value(told(SINE, no_limits=everywhere), SINE.definition)

    def test_what_oscillates_has_no_finite_list_of_turns(self):
        with pytest.raises(verify.DisagreementError, match="could not be proved"):
            verify.turning(told(SINE, no_limits=()), SINE.definition)
        assert "turning points: undecided" in str(verify.turning(SINE, SINE.definition))
