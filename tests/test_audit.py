"""Each class of fault, planted in a function that is right otherwise, is seen; without it, nothing.

"Right" is actlib itself, which a proof has shown; the audit takes nothing from it.
"""

import datetime
import itertools
import json
import math
from fractions import Fraction

import ml_dtypes
import mpmath
import numpy as np
import pytest
import sympy as sp
from turns import due

import actlib
from actlib.audit import AuditError, Report, audit, check, line
from actlib.audit.adapters import CallError
from actlib.audit.asked import AskedError, asked, read
from actlib.audit.habits import Habits
from actlib.audit.report import share
from actlib.audit.rounding import around, doubtful, nearest, unit
from actlib.audit.spans import Spans
from actlib.audit.sweep import swept, terms
from actlib.audit.tally import BACK, FAULTS, FLUSHED
from actlib.audit.truth import Truth
from actlib.audit.verdicts import report as audited
from actlib.call.shapes import is_elementwise
from actlib.vectors.rounded import rounded

TYPES = ("float16", "bfloat16", "float32", "float64")
TINY = {"float16": 2.0**-14, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}


def spoiled(function, where, value):
    """The same, but for some inputs, where it returns something else."""

    def other(x):
        y = np.array(function(x))
        here = where(x)
        y[here] = np.broadcast_to(value(x, y) if callable(value) else value, x.shape)[here]
        return y

    return other


def between(low, high):
    return lambda x: (x >= low) & (x <= high)


def away(x, y):
    """The next number, outwards."""
    return np.nextafter(y, np.copysign(np.inf, y.astype(float)).astype(y.dtype))


PLANTED = {
    "NaN": ("tanh", spoiled(actlib.tanh, between(1, 2), math.nan)),
    "infinity": ("tanh", spoiled(actlib.tanh, between(1, 2), math.inf)),
    "missed infinity": (
        "exponential",
        spoiled(actlib.exponential, lambda x: actlib.exponential(x) == np.inf, 1.0),
    ),
    "zero": ("tanh", spoiled(actlib.tanh, between(1, 2), 0.0)),
    "sign": ("tanh", spoiled(actlib.tanh, between(1, 2), lambda x, y: -y)),
    "out of range": ("tanh", spoiled(actlib.tanh, between(600, 700), lambda x, y: away(x, y))),
}


def test_each_class_has_its_planted_function():
    assert set(PLANTED) == set(FAULTS)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen_by_its_name(name, dtype):
    activation, function = PLANTED[name]
    report = audit(function, activation, dtype=dtype)
    others = {"out of range", "missed infinity"} if name in {"infinity", "sign"} else set()
    assert name in report.faults
    assert set(report.faults) <= {name, *others}
    assert report.verdict.startswith("faults: ")
    assert name in report.verdict
    assert not report.holds(2.0**60)
    fault = report.faults[name]
    assert fault.count >= len(fault.intervals) >= 1
    assert report.misrounded >= fault.count
    assert f"f({fault.first!r})" in str(report)


@pytest.mark.parametrize("name", ["NaN", "infinity", "zero", "sign"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_fault_is_told_as_an_interval(name, dtype):
    fault = audit(PLANTED[name][1], PLANTED[name][0], dtype=dtype).faults[name]
    assert fault.intervals == ((1.0, 2.0),)
    assert fault.first == 1.0
    kind = line.form(dtype)
    assert (
        fault.count
        == int(line.place(np.array([2], kind))[0] - line.place(np.array([1], kind))[0]) + 1
    )


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["tanh", "exponential", "elu"])
def test_without_a_fault_nothing_is_seen(name, dtype):
    report = audit(getattr(actlib, name), name, dtype=dtype)
    assert not report.faults
    assert report.back is None
    assert report.flushes is None
    assert report.tally.undecided == 0
    assert not report.habits.placed.differ
    if dtype != "float64":
        assert report.misrounded == 0
        assert report.verdict == ("exact" if dtype != "float32" else "no error found")
    assert report.holds(2.0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("x", [0.75, -3.0, 0.1875])
def test_one_wrong_last_bit_is_seen(x, dtype):
    function = spoiled(actlib.tanh, lambda at: at == x, away)
    report = audit(function, "tanh", dtype=dtype)
    assert report.misrounded == 1
    assert report.at == x
    assert report.tally.worst.steps == 1
    assert 0.5 < report.worst < 1.5
    assert report.verdict in ("faithful", "within 1.5 ulp") or report.verdict.startswith(
        "within 1."
    )


def test_a_wrong_tie_is_seen():
    # Halves of odd numbers of steps: to even is right, and away from 0 is not.
    def away_from_zero(x):
        halves = x.astype(np.float64) / 2
        step = unit(halves, x.dtype)
        return (np.sign(halves) * np.floor(np.abs(halves) / step + 0.5) * step).astype(x.dtype)

    for dtype in ("float16", "bfloat16"):
        report = audit(away_from_zero, formula="x/2", dtype=dtype)
        assert report.misrounded > 100
        assert report.worst == 0.5
        assert report.verdict == "faithful"
        assert audit(lambda x: x / x.dtype.type(2), formula="x/2", dtype=dtype).verdict == "exact"


@pytest.mark.parametrize("dtype", TYPES)
def test_flushes_are_told_apart(dtype):
    def tiny(x):
        return np.abs(x.astype(np.float64)) < TINY[dtype]

    function = spoiled(actlib.tanh, tiny, 0.0)
    report = audit(function, "tanh", dtype=dtype)
    assert not report.faults
    assert report.flushes.count > 0
    assert "flushes" in report.verdict
    assert not report.holds(10)
    taken = audit(function, "tanh", dtype=dtype, ftz=True)
    assert taken.flushes.count == report.flushes.count
    assert taken.holds(2.0)
    assert "flushes" not in taken.verdict


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_a_step_back_is_seen(dtype):
    # Half of what is right, on an interval: it falls at one end of it, and rises at the other.
    function = spoiled(actlib.softplus, between(3, 5), lambda x, y: y * y.dtype.type(0.5))
    report = audit(function, "softplus", dtype=dtype)
    assert report.back.count == 1
    assert report.tally.back.x[1] <= 3.01
    assert not report.faults


def test_a_function_that_falls_may_fall():
    report = audit(lambda x: -x, formula="-x", dtype="float16")
    assert report.back is None


@pytest.mark.parametrize(("end", "sign"), [("inf", 1), ("-inf", -1)])
def test_a_limit_is_told(end, sign):
    function = spoiled(actlib.tanh, lambda x: x == sign * math.inf, math.nan)
    report = audit(function, "tanh", dtype="float16")
    got, right = report.habits.limits[end]
    assert math.isnan(got)
    assert right == sign
    assert f"limit at {end}: nan, {sign} is right" in str(report)
    assert report.holds(1.0)


def test_a_nan_that_is_lost_is_told():
    report = audit(lambda x: np.nan_to_num(actlib.tanh(x)), "tanh", dtype="float16")
    assert report.habits.limits["nan"][0] == 0
    assert "limit at nan: 0, nan is right" in str(report)


def test_the_sign_of_zero_is_kept_for_the_record():
    assert str(audit(actlib.tanh, "tanh", dtype="float16").habits.zeros["-0.0"][0]) == "-0.0"
    plus = audit(lambda x: actlib.tanh(x) + x.dtype.type(0), "tanh", dtype="float16")
    assert str(plus.habits.zeros["-0.0"][0]) == "0.0"


@pytest.mark.parametrize(
    ("slope", "told"), [(0.0, "left"), (1.0, "right"), (0.5, "mean"), (0.25, "0.25")]
)
def test_the_slope_at_a_kink_is_named_and_no_error(slope, told):
    function = spoiled(actlib.relu.derivative, lambda x: x == 0, slope)
    report = audit(function, "relu", derivative=True, dtype="float16")
    assert report.habits.kinks == {0.0: told}
    assert report.verdict == "exact"


def test_a_result_that_depends_on_the_length_is_seen():
    def function(x):
        return away(x, actlib.tanh(x)) if len(x) == 1 else actlib.tanh(x)

    placed = audit(function, "tanh", dtype="float16").habits.placed
    assert placed.differ > 300
    assert placed.example is not None


def test_a_result_that_depends_on_the_place_is_seen():
    def function(x):
        y = np.array(actlib.tanh(x))
        y[len(y) // 8 * 8 :] = away(x, y)[len(y) // 8 * 8 :]
        return y

    assert audit(function, "tanh", dtype="bfloat16").habits.placed.differ > 0


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [("float16", "as given"), ("float16", "in float16"), ("float32", "in float32")],
)
def test_it_is_told_how_a_parameter_is_read(dtype, kind):
    slope = 0.01 if kind == "as given" else float(np.dtype(kind.split()[1]).type(0.01))
    report = audit(lambda x: actlib.leaky_relu(x, alpha=slope), "leaky_relu", dtype=dtype)
    assert report.reading == kind
    assert report.misrounded == 0
    assert report.readings[kind] == 0
    assert all(wrong > 0 for told, wrong in report.readings.items() if told != kind) or (
        dtype == "float16"  # where a slope in float32 is as good as the right one
    )


def test_a_sixth_is_a_fraction():
    def sixth(x):
        return actlib.hard_sigmoid(x, slope=1 / 6)

    exactly = asked("hard_sigmoid", None, 0, {"slope": Fraction(1, 6)})
    assert exactly.definition.has(sp.Rational(1, 6))
    assert audit(sixth, "hard_sigmoid", setting={"slope": Fraction(1, 6)}, dtype="float16").holds(1)


def test_inputs_are_never_silently_a_sample():
    assert "finite numbers, not all" in str(audit(np.tanh, "tanh", dtype="float32"))
    assert "all 63,488 finite numbers" in str(audit(np.tanh, "tanh", dtype="float16"))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize(
    "formula",
    ["x*(1+erf(x/sqrt(2)))/2", "max(x, 0.01*x)", "x*min(max(x+3, 0), 6)/6", "exp(-x**2)", "sin(x)"],
)
def test_the_truth_is_what_balls_say(formula, dtype):
    kind = line.form(dtype)
    random = np.random.default_rng(1)
    f = read(formula)
    for sign in (1, -1):
        bits = np.unique(random.integers(0, line.finite(dtype), 300)).astype(f"u{kind.itemsize}")
        x = bits.view(kind) * kind.type(sign)
        found = Truth(f).at(x)
        assert found.decided.all()
        np.testing.assert_array_equal(found.right, rounded(f, x))
        np.testing.assert_array_equal(Truth(f).by_balls(x).right, found.right)


def test_errors_are_those_that_mpmath_finds():
    """A computation that shares no code with the audit."""

    def rough(x):
        return (1 / (1 + np.exp(-x))).astype(x.dtype)

    with np.errstate(over="ignore"):
        report = audit(rough, "sigmoid", dtype="float32")
        worst = report.tally.worst
        with mpmath.workdps(60):
            truth = 1 / (1 + mpmath.exp(-mpmath.mpf(worst.x)))
            ulp = mpmath.mpf(2) ** (mpmath.floor(mpmath.log(truth, 2)) - 23)
            assert abs(abs(worst.got - truth) / ulp - worst.ulp) < 2.0**-24
        assert worst.got == float(rough(np.full(64, worst.x, np.float32))[0])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_numbers_are_rounded_as_by_hand(dtype):
    kind = line.form(dtype)
    digits, lowest = {"float16": (11, -14), "bfloat16": (8, -126), "float32": (24, -126)}[dtype]
    random = np.random.default_rng(2)
    exponents = random.integers(lowest - digits - 2, 2 - lowest, 4000)
    value = np.ldexp(random.integers(2**29, 2**30, 4000) / 2**30, exponents) * 2
    value = np.concatenate([value, -value])

    def by_hand(v):
        exact = Fraction(v)
        exponent = max(math.frexp(v)[1] - 1, lowest) - digits + 1
        whole = round(exact / Fraction(2) ** exponent)  # ties to even
        found = whole * Fraction(2) ** exponent
        return math.copysign(math.inf, v) if abs(found) >= 2 ** (1 - lowest + 1) else float(found)

    with np.errstate(over="ignore"):
        got = nearest(value, kind).astype(np.float64)
    np.testing.assert_array_equal(got, [by_hand(v) for v in value.tolist()])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_what_is_next_to_a_midpoint_is_doubtful(dtype):
    kind = line.form(dtype)
    random = np.random.default_rng(3)
    bits = random.integers(1, line.finite(dtype) - 1, 500).astype(f"u{kind.itemsize}")
    low = bits.view(kind).astype(np.float64)
    high = (bits + np.array(1, bits.dtype)).view(kind).astype(np.float64)
    middle = (low + high) / 2
    for close in (middle, middle * (1 + 2.0**-51), middle * (1 - 2.0**-51)):
        assert len(doubtful(close, kind, 2.0**-49)) == len(middle)
        below, above, between_, even = around(close, kind)
        np.testing.assert_array_equal(below, low)
        np.testing.assert_array_equal(above, high)
        np.testing.assert_array_equal(between_, middle)
        np.testing.assert_array_equal(even, np.where(bits % 2 == 0, low, high))
    far = middle + (high - low) * 2.0**-12
    assert not len(doubtful(far, kind, 2.0**-49))


def test_places_are_in_order_and_lead_back():
    for dtype in TYPES:
        kind = line.form(dtype)
        x = np.array([-np.inf, -2, -1, -0.0, 0.0, 1, 2, np.inf], kind)
        places = line.place(x)
        assert (np.diff(places) > 0).all()
        assert places[4] - places[3] == 1
        found = [line.number(int(place), dtype) for place in places]
        np.testing.assert_array_equal(found, x.astype(np.float64))
        assert math.copysign(1, found[3]) == -1


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_the_parts_are_all_finite_numbers(dtype):
    every = np.concatenate([x for part in line.parts(dtype) for x in part.numbers()])
    bits = np.arange(2**16, dtype=np.uint16)
    with np.errstate(invalid="ignore"):  # bfloat16 says so of its NaNs
        finite = bits[np.isfinite(bits.view(line.form(dtype)))]
    np.testing.assert_array_equal(np.sort(every.view(np.uint16)), finite)


def test_the_parts_of_float32_are_all_finite_numbers():
    parts = line.parts("float32")
    assert sum(map(len, parts)) == 4_278_190_080
    by_sign = [[p for p in parts if p.sign == sign] for sign in (0, 1)]
    for side in by_sign:
        assert side[0].start == 0
        assert all(a.stop == b.start for a, b in itertools.pairwise(side))
        assert side[-1].stop == 0x7F800000
    assert sum(map(len, line.parts("float32", every=False))) > 10**6


def test_a_whole_chunk_of_float32_is_judged():
    part = next(p for p in line.parts("float32") if p.sign and p.least() >= 2.0)
    target = asked("tanh", None, 0)
    low = float(-np.nextafter(np.float32(part.least()), np.float32(9)))
    wrong = spoiled(actlib.tanh, lambda x: x == np.float32(low), 0.0)
    for function, count in ((actlib.tanh, 0), (wrong, 1)):
        found = swept(function, target, part, terms(target, "float32"))
        assert found.tried == len(part) == line.CHUNK
        assert found.misrounded == count
        assert found.undecided == 0


def test_steps_between_blocks_are_looked_at(monkeypatch):
    monkeypatch.setattr(line, "AT_ONCE", 64)
    low = np.array([0x4060], np.uint16).view(ml_dtypes.bfloat16)[0]  # where a block begins
    lower = spoiled(actlib.softplus, lambda x: x == low, lambda x, y: y * y.dtype.type(0.5))
    report = audit(lower, "softplus", dtype="bfloat16")
    assert report.back.count == 1
    assert report.tally.back.x[1] == float(low)


def test_spans_join_what_touches():
    one = Spans.of(np.array([3, 4, 9]), np.array([0, 1, 2 + 4]), 1)
    two = Spans.of(np.array([12, 11, 10]), np.array([0, 1, 2]), 1)
    both = one + two
    assert both.ends.tolist() == [[3, 4], [9, 12]]
    assert both.count == 6
    assert both.all_told == 2


def test_of_noise_the_longest_and_the_ends_are_kept():
    places = np.arange(-4000, 4000, 2)
    spans = Spans.of(places, np.arange(0, 8000, 2), 1)
    assert spans.all_told == 4000
    assert len(spans.ends) == 64
    assert spans.ends[0, 0] == -4000
    assert spans.ends[-1, 1] == 3998
    assert spans.nearest_zero() in (0, -2)


FORMULAS = {
    "": "no formula",
    "y": "alone",
    "x+": "no formula",
    "gamma(x)": "no formula",
    "zeta": "no formula",
    "__import__('os').system('true')": "no formula",
    "x.__class__": "no formula",
    "(1,2)": "alone",
    "x/0": "alone",
    "floor(x)": "nothing tells the truth",
    "x // 2": "nothing tells the truth",
    "Piecewise((x, sin(x) > x/2), (0, True))": "nothing tells the truth",
    "x > 0": "alone",
    "I*x": "no formula",
    "True": "alone",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(AskedError, match=FORMULAS[formula]):
        audit(np.tanh, formula=formula, dtype="float16")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "tanhh"}, "no activation 'tanhh'"),
        ({"name": "softmax"}, "no function of one number"),
        ({}, "one of the two"),
        ({"name": "tanh", "formula": "x"}, "one of the two"),
        ({"name": "elu", "setting": {"alpah": 1.0}}, "alpah"),
        ({"name": "elu", "setting": {"alpha": -1.0}}, "alpha"),
        ({"formula": "x", "setting": {"alpha": 1.0}}, "has no parameters"),
        ({"name": "tanh", "dtype": "float8"}, "no type 'float8'"),
        ({"name": "tanh", "inputs": "some"}, "'all' or 'sampled'"),
        ({"name": "tanh", "dtype": "float64", "inputs": "all"}, "nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused(given, told):
    with pytest.raises(AskedError, match=told):
        audit(np.tanh, **{"name": None, "dtype": "float16", **given})


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x: x.astype(np.float64), "returned float64"),
        (lambda x: x[:-1], "shape"),
        (lambda x: list(x), "list"),
        (lambda x: None, "None"),
        (lambda x: np.tanh(x, out=x), "wrote into its input"),
        (lambda x: 1 // 0, "ZeroDivisionError"),
    ],
)
def test_what_is_no_answer_is_refused(function, told):
    with pytest.raises(CallError, match=told):
        audit(function, "tanh", dtype="float16")


def test_where_a_formula_is_not_defined_nothing_is_decided():
    with np.errstate(invalid="ignore"):
        report = audit(np.sqrt, formula="sqrt(x)", dtype="float16")
    assert report.tally.undecided == 31743  # negative numbers, and none of them is a fault
    assert not report.faults
    assert not report.misrounded


def test_a_slope_that_is_infinite_is_no_kink_of_a_number():
    report = audit(lambda x: x, formula="abs(x)**0.3", derivative=True, dtype="float16")
    assert set(report.habits.kinks) <= {0.0}


def test_a_preset_is_asked_by_its_name():
    report = audit(actlib.relu6, "relu6", dtype="float16")
    assert report.verdict == "exact"


def test_check_is_silent_or_tells_all():
    check(actlib.tanh, "tanh")
    check(np.tanh, "tanh", dtype="float32", max_ulp=1.5)
    with pytest.raises(AuditError) as raised:
        check(PLANTED["zero"][1], "tanh")
    text = str(raised.value)
    assert "not within 1 ulp" in text
    for dtype in ("float16", "bfloat16"):
        assert f"as tanh in {dtype}" in text
    assert "1.0 ≤ x ≤ 2.0" in text
    assert isinstance(raised.value, AssertionError)


def test_the_report_is_json_of_its_schema():
    told = json.loads(audit(PLANTED["NaN"][1], "tanh", dtype="float16").json())
    assert told["schema"] == "actlib-audit/1"
    (report,) = told["reports"]
    assert report["verdict"] == "faults: NaN"
    assert report["inputs"] == {"tried": 63488, "which": "all", "finished": True, "undecided": 0}
    fault = report["faults"]["NaN"]
    assert fault["first"] == {"decimal": "1.0", "hex": "0x1p+0"}
    assert float.fromhex(fault["intervals"][0][1]["hex"]) == 2
    assert sum(report["errors"].values()) + fault["count"] == 63488


def test_of_a_zero_in_float64_the_error_may_be_infinite():
    """The smallest number goes into it more often than the largest one says."""
    wrong = spoiled(actlib.relu, lambda x: (x > -2) & (x < -1), 0.25)
    report = audit(wrong, "relu", dtype="float64")
    assert report.verdict == "within ∞ ulp"
    assert list(report.errors()) == ["≤ ½", "≤ 1.40737e+14"]
    assert json.loads(report.json())["reports"][0]["worst"]["ulp"] == "inf"


def test_what_no_ball_decides_is_counted():
    # It is 1 + 2^-11 everywhere, a tie, and no ball is narrow enough to know.
    target = asked(None, "sin(2*x) / (2*sin(x)*cos(x)) * (1 + 2**-11)", 0)
    part = line.Part("float16", 0, 0x3C00, 0x3C10)
    found = swept(np.ones_like, target, part, terms(target, "float16"))
    assert (found.tried, found.undecided, found.misrounded) == (16, 16, 0)
    report = Report(subject="", title="", dtype="float16", tally=found, habits=Habits(), every=True)
    assert report.verdict == "16 results undecided"
    assert "undecided: 16" in str(report)
    assert not report.holds(100)


def test_far_out_a_wave_is_sampled_and_that_is_told():
    target = asked("sine", None, 0)
    (part,) = (p for p in line.parts("float32") if not p.sign and p.least() == 2.0**21)
    found = swept(actlib.sine, target, part, terms(target, "float32"))
    assert 4000 < found.tried < 5000
    assert found.misrounded == 0


def test_marks_have_names_of_their_own():
    assert len({*FAULTS, FLUSHED, BACK}) == len(FAULTS) + 2


EVERY = [(r.name, order) for r in actlib.ALL.values() if is_elementwise(r) for order in (0, 1)]


def pytest_generate_tests(metafunc):
    """It takes a second each."""
    if "in_turn" in metafunc.fixturenames:
        chosen = EVERY if metafunc.config.getoption("whole") else due(EVERY, datetime.date.today())
        metafunc.parametrize("in_turn", chosen, ids=lambda turn: f"{turn[0]}-{turn[1]}")


def test_actlib_itself_is_exact(in_turn):
    name, order = in_turn
    record = actlib.ALL[name]
    for dtype in ("float16", "bfloat16", "float32"):
        report = audit(
            record.derivative if order else record, name, derivative=bool(order), dtype=dtype
        )
        assert report.misrounded == 0, str(report)
        assert report.holds(0.5)


def test_all_is_not_said_where_a_part_was_sampled():
    """As of a wave far out, where balls alone can tell."""

    def some(target, judged):
        return swept(actlib.tanh, target, line.Part("float16", 0, 0, 1000), judged), True

    found = audited(
        actlib.tanh, asked("tanh", None, 0), "float16", subject="f", every=True, sweep=some
    )
    assert not found.every
    assert found.verdict == "no error found"
    assert "1,000 finite numbers, not all" in str(found)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, ""), (1, " (0.1 %)"), (15, " (1.5 %)"), (184, " (18 %)"), (999, " (100 %)")],
)
def test_a_share_is_told_in_two_digits(count, told):
    assert share(count, 1000) == told
