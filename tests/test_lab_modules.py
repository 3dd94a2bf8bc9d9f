"""The generator of the labs: every record becomes a module; what JavaScript lacks is refused."""

import math

import pytest
import sympy as sp
from cases import ELEMENTWISE, every_record

import actlib
from actlib.call.values import read
from actlib.formula.domain import Domain
from actlib.formula.parameter import Parameter
from actlib.formula.symbols import COUNT, X
from lab import javascript, modules, sliders


@pytest.mark.parametrize("record", actlib.ALL.values(), ids=lambda r: r.name)
def test_every_record_becomes_a_module(record):
    made = modules.module(record)
    assert f'title: "{record.title}"' in made
    assert "None" not in made
    assert "True" not in made


def test_the_compare_page_has_all():
    made = modules.together(ELEMENTWISE)
    for record in ELEMENTWISE:
        assert f'name: "{record.name}"' in made


@every_record
def test_every_number_of_the_opening_setting_has_a_slider_around_it(record):
    start = sliders.opening(record)
    found = list(sliders.sliders(record))
    numbers = [v for v in start.values() for v in (v if isinstance(v, tuple) else (v,))]
    assert len(found) == len(numbers)
    for slider, number in zip(found, numbers, strict=True):
        if number is None:
            assert slider["absent"] == math.inf
            number = slider["present"]
        assert slider["low"] <= number <= slider["high"]
        assert slider["low"] < slider["high"]
        assert 0 < slider["step"] < slider["high"] - slider["low"]


@every_record
def test_sliders_stay_within_the_domain(record):
    parameters = {p.name: p for p in record.parameters}
    for slider in sliders.sliders(record):
        parameter = parameters[slider["name"]]
        for end in ("low", "high"):
            one = slider[end]
            read(record.name, parameter, [one] if parameter.stacked else one)


def test_an_open_end_is_left_out():
    unit = Parameter(name="u", default=0.5, domain=Domain(above=0, below=1), meaning="")
    low, high, _ = sliders.span(unit, [0.5])
    assert 0 < low < 0.1
    assert 0.9 < high < 1


@every_record
def test_constraints_hold_where_a_lab_opens(record):
    start = sliders.opening(record)
    for smaller, larger in sliders.order(record):
        upper = math.inf if start[larger] is None else start[larger]
        assert start[smaller] <= upper


def test_digits_near_zero_are_kept():
    assert javascript.expression(sp.exp(X) - 1) == "Math.expm1(x)"
    assert javascript.expression(sp.log(1 + sp.exp(X))) == "Math.log1p(Math.exp(x))"


def test_long_fractions_are_the_float_next_to_them():
    assert javascript.expression(sp.Rational("1.0507009873554804934193349852946")) == repr(
        1.0507009873554804934193349852946
    )


def test_what_javascript_lacks_is_refused():
    with pytest.raises(NotImplementedError, match="besselj"):
        javascript.expression(sp.besselj(0, X))


def test_sums_are_written_out_for_as_many_as_there_are():
    i = sp.Symbol("i", integer=True)
    total = sp.Sum(sp.IndexedBase("a", real=True)[i], (i, 1, COUNT))
    spelled = javascript.spelled(total, {"a": (0.0, 0.0, 0.0)})
    assert javascript.expression(spelled) == "p.a[0] + p.a[1] + p.a[2]"


def test_names_are_those_of_the_formulas():
    assert [sliders.label(name) for name in ("alpha", "t_l", "a_1", "max_value", "slope")] == [
        "α", "tₗ", "a₁", "max_value", "slope",
    ]  # fmt: skip


def test_literals():
    assert javascript.literal({"a": None, "b": (1.5, -math.inf), "c": True, "d": 'x"y'}) == (
        r'{"a": Infinity, "b": [1.5, -Infinity], "c": true, "d": "x\"y"}'
    )


def test_tails_are_written_without_cancellation():
    x = sp.Symbol("x")
    for formula, written in (
        (1 - sp.tanh(x), "2/(Math.exp(2*x) + 1)"),
        (1 - sp.tanh(x) ** 2, "Math.pow(Math.cosh(x), -2)"),
        (-sp.log(1 + sp.exp(-x)), "-Math.log1p(Math.exp(-x))"),
        (javascript.with_tanh(3 * (2 / (1 + sp.exp(-2 * x)) - 1)), "3*Math.tanh(x)"),
        (javascript.with_tanh(1 - 2 / (1 + sp.exp(x))), "Math.tanh((1/2)*x)"),
        (javascript.with_tanh(1 + 2 / (1 + sp.exp(x))), "1 + 2/(Math.exp(x) + 1)"),
    ):
        assert javascript.expression(formula) == written


def test_a_tail_that_a_constant_takes_away_is_added_last():
    c, d = sp.symbols("c d", real=True)
    assert javascript.values(d * sp.tanh(X)) == "d*Math.tanh(x)"
    low, _, high = javascript.values(c + d * sp.tanh(X)).partition(" : ")
    assert low == "x < 0 ? (c - d) + 2*d/(1 + Math.exp(-2*x))"
    assert high == "(c + d) + -2*d/(Math.exp(2*x) + 1)"
