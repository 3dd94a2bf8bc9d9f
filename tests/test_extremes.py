"""Parameters of any size: no finite result passes through infinity, or loses its digits to 0."""

from functools import partial

import numpy as np
import sympy as sp
from cases import every_record

from actlib.call.values import read
from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import decide, evaluator
from actlib.verify.checks import SLOPE_BOUND, VALUE_BOUND
from actlib.verify.ulp import error

TINY = [5e-324, 1e-310, 2.2e-308, 1e-300, 1e-160, 1e-20]
USUAL = [0.3, 1.0, 3.0, 700.0, 745.0]
HUGE = [1e20, 1e160, 2.0**900, 1e300, 2.0**971, 9e307, np.finfo(float).max]
NUMBERS = [0.0, *TINY, *USUAL, *HUGE]
SIGNED = [*NUMBERS, *(-n for n in NUMBERS)]


def settings(record, count):
    """Settings of extreme numbers that the record takes."""
    random = np.random.default_rng(sum(map(ord, record.name)))
    found = []
    while len(found) < count:
        hinges = random.integers(1, 4)
        setting = {
            p.name: tuple(random.choice(SIGNED, hinges).tolist())
            if p.stacked
            else float(random.choice([n for n in SIGNED if accepts(p, n)]))
            for p in record.parameters
        }
        try:
            record(0.0, **setting)
        except ValueError:  # two of them do not go together
            continue
        found.append(setting)
    return found


def accepts(parameter, number):
    try:
        read("", parameter, number)
    except ValueError:
        return False
    return True


def functions(record, setting):
    """What is computed, its expression, and the bound in float64."""
    f = at_setting(record.definition, setting)
    yield record, f, record.bound_of("value", VALUE_BOUND, setting)
    yield record.derivative, sp.diff(f, X), record.bound_of("derivative", SLOPE_BOUND, setting)
    for p in record.parameters:
        if p.learned and not p.stacked:
            slope = at_setting(record.definition.diff(p.symbol), setting)
            bound = record.bound_of(f"derivative in {p.name}", SLOPE_BOUND, setting)
            yield partial(in_parameter, record, p.name), slope, bound


def in_parameter(record, name, x, **setting):
    return record.parameter_derivatives(x, **setting)[name]


@every_record
def test_a_result_is_right_at_parameters_of_any_size(record):
    random = np.random.default_rng(1)
    for setting in settings(record, 60 if record.parameters else 1):
        for function, expression, wide in functions(record, setting):
            evaluate = evaluator(expression, [X])
            for dtype, bound in ((np.float64, wide), (np.float32, 0.5)):
                x = random.choice([n for n in SIGNED if abs(n) <= float(np.finfo(dtype).max)], 4)
                x = x.astype(dtype)
                for point, got in zip(x.tolist(), function(x, **setting).tolist(), strict=True):
                    away = decide(evaluate, [point], partial(error, got, dtype=x.dtype))
                    assert away <= bound, f"{record.name} at {point} with {setting}: {got}"


@every_record
def test_an_array_of_parameters_gives_what_each_of_them_gives(record):
    plain = [p for p in record.parameters if not p.stacked]
    if len(plain) < len(record.parameters) or not plain:
        return
    x = np.array([-1e308, -745.0, -0.3, 5e-324, 1e300])
    many = settings(record, 30)
    arrays = {p.name: np.array([[s[p.name]] for s in many]) for p in plain}
    for got, setting in zip(record(x, **arrays), many, strict=True):
        np.testing.assert_allclose(got, record(x, **setting), rtol=1e-15, atol=1e-323)


@every_record
def test_a_finite_input_is_never_nan(record):
    for setting in settings(record, 60 if record.parameters else 1):
        for function, *_ in functions(record, setting):
            for dtype in (np.float64, np.float32):
                x = np.array([n for n in SIGNED if abs(n) <= float(np.finfo(dtype).max)], dtype)
                lost = x[np.isnan(function(x, **setting))]
                assert not lost.size, f"{record.name} at {lost} with {setting}"
