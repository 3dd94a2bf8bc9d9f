"""Laws of the gated pairs, the check that holds them, and the halves of one array."""

import inspect
import re
import threading
from functools import partial
from types import SimpleNamespace

import ml_dtypes
import numpy as np
import pytest
import sympy as sp
from cases import every_dtype, told
from flint import arb, ctx

import actlib
from actlib import bilinear, glu, halves, reglu, swiglu, verify
from actlib.arithmetic import rounding
from actlib.call.second_look import digits
from actlib.call.second_look.surface import Surface
from actlib.call.shapes import gated
from actlib.formula.kink import Kink
from actlib.formula.pair import factor
from actlib.formula.symbols import GATE, VALUE, X
from actlib.verify.balls import UndecidedError, decide, evaluator
from actlib.verify.pairs import answer, next_to_the_product, points
from actlib.verify.ulp import Rounding

GATED = gated(actlib.ALL.values())
every_pair = pytest.mark.parametrize("record", GATED, ids=lambda r: r.name)
SYMBOLS = {"value": VALUE, "gate": GATE}


def functions(record):
    """The value and both derivatives, each with its formula."""
    yield record, record.definition
    for side, symbol in SYMBOLS.items():

        def derivative(value, gate, side=side):
            return record.derivatives(value, gate)[side]

        yield derivative, record.definition.diff(symbol)


def some(count=24, dtype=np.float32):
    """Values and gates of both signs."""
    value = np.linspace(-3, 3, count).astype(dtype)
    return value, np.cos(7 * np.linspace(-3, 3, count)).astype(dtype) * dtype(5)


@every_pair
def test_it_is_value_times_a_function_of_the_gate(record):
    assert sp.simplify(record.definition - VALUE * factor(record.definition)) == 0
    assert not factor(record.definition).has(VALUE)


@every_pair
def test_it_agrees_with_its_definition(record):
    verify.pairs(record, record.definition)


@every_pair
def test_bfloat16_is_correctly_rounded(record):
    """At the pairs of float32, which has its sizes, and at its own smallest numbers."""
    small = np.arange(1, 9) * 2.0**-133
    pairs = [np.stack(points(np.float32), 1)[::2], np.stack(np.meshgrid(small, [0, *small, 1]), 2)]
    with np.errstate(over="ignore", under="ignore"):
        together = np.concatenate([p.reshape(-1, 2) for p in pairs]).astype(ml_dtypes.bfloat16)
    value, gate = together[np.isfinite(together.astype(float)).all(axis=1)].T
    for function, formula in functions(record):
        got = function(value, gate)
        assert got.dtype == together.dtype
        wrong = wrongly_rounded(got, formula, value, gate)
        assert not wrong, f"{record.name}: {wrong[0]}"


def wrongly_rounded(got, formula, value, gate):
    """The pairs at which `got` is not the nearest to the formula."""
    evaluate, right = evaluator(formula, [VALUE, GATE]), Rounding(got)
    pairs = zip(value.astype(float).tolist(), gate.astype(float).tolist(), strict=True)
    return [
        pair
        for i, pair in enumerate(pairs)
        if not answer(formula, evaluate, pair, lambda ball, i=i: right.holds(i, ball))
    ]


def crowds(count):
    """float32 pairs that lie next to a midpoint by their form, not by chance."""
    random = np.random.default_rng(0)
    subnormal = random.integers(1, 2**23, count) * 2.0**-149
    sign = random.choice([-1.0, 1.0], count)
    odd = (2 * random.integers(0, 2**9, count) + 1) * 2.0**-23
    usual = random.normal(size=count).astype(np.float32)
    return {
        "ties: no gate": (sign * subnormal, np.zeros(count)),
        "next to ties: a gate that is nearly none": (subnormal, sign * subnormal[::-1]),
        "small gates of all sizes": (subnormal, sign * 2.0 ** random.integers(-149, -13, count)),
        "values of few bits, gates of few bits": (random.integers(1, 64, count), sign * odd),
        "copies of one pair": (np.full(count, 1.0), np.full(count, odd[0])),
        "the smallest results": (subnormal, -4 * np.abs(usual)),
        "products that are ties, and gates wide open": (
            2 * random.integers(2**17, 2**18, count) + 1,
            2 * random.integers(16, 24, count) + 1,
        ),
        "by chance": (usual, usual[::-1]),
        "out of the tail": (2.0**127 * (1 + odd), -170 - np.abs(usual)),
        "out of the tail of a normal law": (2.0**127 * (1 + odd), -12 - np.abs(usual)),
    }


CROWDS = list(crowds(1))


@every_pair
@pytest.mark.parametrize("name", CROWDS)
def test_next_to_midpoints_it_is_correctly_rounded(record, name):
    value, gate = (np.asarray(a, np.float32) for a in crowds(150)[name])
    for function, formula in functions(record):
        wrong = wrongly_rounded(function(value, gate), formula, value, gate)
        assert not wrong, f"{record.name}: {wrong[0]}"


@every_pair
@pytest.mark.parametrize("name", CROWDS)
def test_few_are_asked_for_their_digits(record, name, monkeypatch):
    """A formula with digits takes 0.1 ms: what decides a crowd must be NumPy."""
    asked, sides = [], digits.sides

    def counted(questions, *rest):
        questions = list(questions)
        asked.extend(questions)
        return sides(questions, *rest)

    monkeypatch.setattr(digits, "sides", counted)
    value, gate = (np.asarray(a, np.float32) for a in crowds(20_000)[name])
    for function, _ in functions(record):
        function(value, gate)
    assert len(asked) <= 20, f"{record.name}: {asked[0]}"


FORMULAS = {
    "a gate of thirds": VALUE * (GATE + 1) / 3,
} | {record.name: record.definition for record in GATED}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_second_look_lies_where_the_balls_say(name):
    """Next to midpoints, on both sides of them, and at numbers that are none of its own."""
    formula = FORMULAS[name]
    for e in (formula, *(formula.diff(symbol) for symbol in SYMBOLS.values())):
        evaluate, surface = evaluator(e, [VALUE, GATE]), Surface(e)
        for crowd, pairs in crowds(20).items():
            value, gate = (np.asarray(a, np.float32).astype(float) for a in pairs)
            if formula.has(sp.erf) and gate.min() < -100:
                continue  # there is nothing left of it, and no midpoint near
            at = list(zip(value.tolist(), gate.tolist(), strict=True))
            near = np.array([decide(evaluate, pair, middle_of) for pair in at])
            for scaled in (near, near * (1 + 2.0**-24), near * 1.5):
                middle = rounding.midpoints(scaled, np.dtype(np.float32))
                found = surface.sides(middle, value, gate).tolist()
                asked = zip(at, middle.tolist(), strict=True)
                right = [decide(evaluate, pair, partial(side_of, m)) for pair, m in asked]
                assert found == right, crowd


def middle_of(ball):
    return float(ball.mid()) if ball.is_exact() or ball.rel_accuracy_bits() > 60 else None


def side_of(middle, ball):
    if ball.is_exact() and ball == middle:
        return 0
    return 1 if ball > middle else -1 if ball < middle else None


@every_pair
@every_dtype
def test_shape_and_dtype(record, dtype):
    value, gate = (a.astype(dtype).reshape(2, 3, 4) for a in some())
    for function, _ in functions(record):
        whole = function(value, gate)
        assert (whole.shape, whole.dtype) == (value.shape, np.dtype(dtype))
        for change in (
            np.transpose,
            lambda a: a[:, ::-2],
            lambda a: a.astype(a.dtype.newbyteorder()),
        ):
            np.testing.assert_array_equal(function(change(value), change(gate)), change(whole))
        one = function(value[0, 0, 0], gate[0, 0, 0])
        assert isinstance(one, np.generic)
        assert one == whole[0, 0, 0]


@every_pair
def test_both_broadcast(record):
    value, gate = some(3)[0], some(4)[1][:, None]
    grid = [a.copy() for a in np.broadcast_arrays(value, gate)]
    for function, _ in functions(record):
        np.testing.assert_array_equal(function(value, gate), function(*grid))
        for i, number in enumerate(gate[:, 0].tolist()):
            np.testing.assert_array_equal(function(value, number), function(*grid)[i])
            np.testing.assert_array_equal(
                function(number, value), function(np.float32([number]), value)
            )


@every_pair
def test_what_dtype_the_result_has(record):
    value, gate = some()
    numbers = (True, 2, 2.0)
    for dtype in (np.float16, np.float32, np.float64, ml_dtypes.bfloat16):
        for number in numbers:
            narrow = dtype(number)
            np.testing.assert_array_equal(
                record(value.astype(dtype), number), record(value.astype(dtype), narrow)
            )
            assert record(number, gate.astype(dtype)).dtype == dtype
    assert record(1, True).dtype == record([1, 2], [True, False]).dtype == np.float64
    assert record(value.astype(float), [2]).dtype == np.float64
    infinite = record(np.float16([1.0]), np.float16(np.inf))
    np.testing.assert_array_equal(record(np.float16([1.0]), 1e300), infinite)
    for wrong in (gate.astype(np.float64), np.float64(1), gate.astype(np.float16), [1] * 24):
        for function, _ in functions(record):
            with pytest.raises(TypeError, match=f"{record.name}: value and gate must have one"):
                function(value, wrong)


@every_pair
def test_empty(record):
    for function, _ in functions(record):
        assert function([], []).shape == (0,)
        assert function(np.empty((3, 0)), np.empty((1, 0))).shape == (3, 0)
        assert function(np.empty((2, 0, 3)), 1.0).shape == (2, 0, 3)


@every_pair
def test_nan_in_either_gives_nan(record):
    one, nan = np.ones(3), np.array([np.nan, 1, np.nan])
    for function, _ in functions(record):
        for value, gate in ((nan, one), (one, nan), (nan, nan), (nan, -np.inf * one)):
            assert np.isnan(function(value, gate)[[0, 2]]).all()
        assert np.isnan(function(np.nan, 1.0))
        assert np.isnan(function(1.0, np.float32("nan")))


@every_pair
@pytest.mark.parametrize("size", [24, 100_000])
def test_out(record, size):
    value, gate = some(size)
    expected = record(value, gate)
    for out in (np.empty_like(value), np.empty((2, size), np.float32), np.empty((size, 2), "f4").T):
        given = out if out.ndim == 1 else (out,)
        assert record(value, gate, out=given) is out
        np.testing.assert_array_equal(out, np.broadcast_to(expected, out.shape))
    for argument in (0, 1):
        pair = [value.copy(), gate.copy()]
        assert record(*pair, out=pair[argument]) is pair[argument]
        np.testing.assert_array_equal(pair[argument], expected)
    grid = np.stack([gate, value])
    expected_grid = record(grid, grid[0].copy())
    np.testing.assert_array_equal(record(grid, grid[0], out=grid), expected_grid)
    both = np.concatenate([value, gate])
    record(both[:size], both[size:], out=both[size // 2 : size // 2 + size])
    np.testing.assert_array_equal(both[size // 2 : size // 2 + size], expected)


@every_pair
def test_inputs_are_read_only(record):
    pair = some()
    before = [a.copy() for a in pair]
    for a in pair:
        a.flags.writeable = False
    for function, _ in functions(record):
        function(*pair)
    np.testing.assert_array_equal(pair, before)


WRONG = [
    (dict(value=1j), TypeError, "value must hold"),
    (dict(gate="a"), TypeError, "gate must hold"),
    (dict(gate=None), TypeError, "gate must hold"),
    (dict(value=[[1], [1, 2]]), ValueError, "value is not an array"),
    (dict(value=np.ma.array([1.0])), TypeError, "value is a MaskedArray"),
    (dict(gate=np.ones(3).view(np.recarray)), TypeError, "gate is a recarray"),
    (dict(value=np.ones(2)), ValueError, r"shapes do not broadcast: value \(2,\), gate \(3,\)"),
]


@every_pair
@pytest.mark.parametrize(("wrong", "error", "message"), WRONG)
def test_errors_name_the_function_and_the_argument(record, wrong, error, message):
    pair = {"value": np.ones(3), "gate": np.ones(3)} | wrong
    for function, _ in functions(record):
        with pytest.raises(error, match=f"^{record.name}: {message}"):
            function(**pair)


@every_pair
@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        (np.empty(2), ValueError, r"shapes do not broadcast: out \(2,\), result \(3,\)"),
        (np.empty(3, np.float32), TypeError, "out must have dtype float64; got float32"),
        ([0.0] * 3, TypeError, "out must be an array; got"),
        (np.broadcast_to(0.0, (3,)), ValueError, "out is read-only"),
    ],
)
def test_out_that_does_not_fit(record, out, error, message):
    with pytest.raises(error, match=f"^{record.name}: {message}"):
        record(np.ones(3), np.ones(3), out=out)


@every_pair
def test_many_are_the_same_as_few_and_threads_as_one(record):
    value, gate = (np.asarray(a, np.float32) for a in crowds(60_007)["small gates of all sizes"])
    for function, _ in functions(record):
        whole = function(value, gate)
        parts = [range(i, len(value), 7) for i in range(7)]
        found = {}

        def work(part, function=function, found=found):
            found[part] = function(value[part], gate[part])

        threads = [threading.Thread(target=work, args=[part]) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for part in parts:
            np.testing.assert_array_equal(found[part], whole[part])


@every_pair
def test_it_says_what_it_takes_and_what_it_does_at_infinities(record):
    assert list(inspect.signature(record).parameters) == ["value", "gate", "out"]
    assert repr(record) == f"<gated pair {record.name}(value, gate, out=None)>"
    unwrapped = " ".join(record.__doc__.split())
    assert " ".join(record.infinities.split()) in unwrapped
    assert re.match(rf"{record.title}.*: f\(value, gate\) = ", record.__doc__)
    assert max(map(len, record.__doc__.splitlines())) <= 100


def undeclared(record):
    """The gates at which the slope jumps, other than the kinks of the record; and the reverse."""
    bends = verify.jumps(factor(record.definition).subs(GATE, X))
    return set(bends) ^ {kink.at for kink in record.kinks}


@every_pair
def test_kinks_are_where_the_gate_bends(record):
    assert not undeclared(record)


@pytest.mark.parametrize("at", [(), (0, 1)])
def test_a_kink_too_many_or_too_few_is_seen(at):
    assert undeclared(told(reglu, kinks=tuple(Kink(at=gate) for gate in at)))


def naive(value, gate):
    """As it is written."""
    with np.errstate(all="ignore"):
        wide = value.astype(float) / (1 + np.exp(-gate.astype(float)))
        return wide.astype(value.dtype)


def planted(call=glu, record=glu, **derivatives):
    """GLU, or another, with something else in its place."""

    def each(v, g):
        return record.derivatives(v, g) | {k: f(v, g) for k, f in derivatives.items()}

    class Planted(SimpleNamespace):
        __call__ = staticmethod(call)

    return Planted(name="planted", derivatives=each)


def at(test, wrong):
    """GLU but where the test holds."""
    return lambda v, g: np.where(test(v, g), wrong(glu(v, g)), glu(v, g)).astype(v.dtype)


@np.errstate(all="ignore")
def rounded_again(value, gate):
    """The nearest float64, rounded: a wide number next to a midpoint goes to either side."""
    return glu(value.astype(float), gate.astype(float)).astype(value.dtype)


@np.errstate(all="ignore")
def beside(y):
    return np.nextafter(y, y.dtype.type(np.inf))


def without(limit):
    """Where there is no limit, something else."""
    none = lambda v, g: np.isinf(v) & np.isinf(g) & (g < 0)  # noqa: E731
    return at(none, lambda y: np.full_like(y, limit))


def kept(side):
    """The derivative in an argument, but for NaN."""
    return lambda v, g: np.nan_to_num(glu.derivatives(v, g)[side], posinf=np.inf, neginf=-np.inf)


def other(side):
    """The derivative in the other argument."""
    return lambda v, g: glu.derivatives(v, g)[side]


FAULTS = {
    "the halves are swapped": (planted(lambda v, g: glu(g, v)), "value in float16 at"),
    "as it is written": (
        planted(lambda v, g: np.where(np.isfinite(v), naive(v, g), glu(v, g))),
        "value in float32 at",
    ),
    "one type in its tail": (
        planted(lambda v, g: naive(v, g) if v.dtype == float else glu(v, g)),
        "value in float64 at",
    ),
    "no gate": (planted(at(lambda v, g: g == 0, beside)), "value in float16 at"),
    "subnormal values": (
        planted(at(lambda v, g: np.abs(v) < np.finfo(v.dtype).tiny, beside)),
        "value in float16 at",
    ),
    "what a large value brings back": (
        planted(at(lambda v, g: (v.astype(float) > 1e30) & (g < -120), beside)),
        "value in float32 at",
    ),
    "an infinite gate": (planted(at(lambda v, g: np.isinf(g), beside)), "value in float16 at"),
    "0 where there is no limit": (planted(without(0.0)), "expected NaN, got 0"),
    "a NaN that is lost": (planted(gate=kept("gate")), "derivative in gate in float16 at"),
    "derivatives that are swapped": (planted(gate=other("value")), "derivative in gate in"),
    "another dtype": (
        planted(value=lambda v, g: glu.derivatives(v, g)["value"].astype(float)),
        "derivative in value in float16: expected float16 of shape",
    ),
    "a float64 for each, rounded again": (
        planted(rounded_again),
        "value in float32 at",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_caught(fault):
    subject, message = FAULTS[fault]
    with pytest.raises(verify.DisagreementError, match=f"planted.*{message}"):
        verify.pairs(subject, glu.definition)


@np.errstate(all="ignore")
def wide_open(value, gate):
    """SwiGLU as if nothing were missing from the product where next to nothing is."""
    return np.where(gate > 3e4, value * gate, swiglu(value, gate))


@np.errstate(all="ignore")
def never_limited(value, gate):
    """The product of a value and its gate, whatever they are: infinity times a closed gate too."""
    return value * np.maximum(gate, 0)


@np.errstate(all="ignore")
def always_limited(value, gate):
    """Where the product of infinity and 0 has no limit, 0."""
    return np.nan_to_num(value * gate, posinf=np.inf, neginf=-np.inf)


def cancelled(value, gate):
    """SwiGLU's slope in the gate by the product rule, where that cancels."""
    s = 1 / (1 + np.exp(-gate))
    right = swiglu.derivatives(value, gate)["gate"]
    return np.where(np.abs(gate + 1.278) < 0.01, value * (s + gate * s * (1 - s)), right)


OF_OTHERS = {
    "a tie that only the tail decides": (swiglu, wide_open, "value in float16 at .* expected"),
    "no limit at a closed gate": (reglu, never_limited, r"\(-inf, -inf\): expected 0, got nan"),
    "0 at a gate that passes through 0": (bilinear, always_limited, r"0.0\): expected NaN, got 0"),
}


@pytest.mark.parametrize("fault", OF_OTHERS)
def test_faults_of_other_pairs_are_caught(fault):
    record, call, message = OF_OTHERS[fault]
    with pytest.raises(verify.DisagreementError, match=f"planted.*{message}"):
        verify.pairs(planted(call, record), record.definition)


@np.errstate(all="ignore")
def test_a_slope_that_cancels_next_to_its_root_is_caught():
    subject = planted(swiglu, swiglu, gate=cancelled)
    with pytest.raises(verify.DisagreementError, match=r"derivative in gate in .*, -1\.2[78]"):
        verify.pairs(subject, swiglu.definition)


def test_only_next_to_a_product_is_the_truth_taken_from_it():
    """Elsewhere what is undecided stays so."""
    for value, gate in ((3.0, 40.0), (3.0, -3e4)):
        with pytest.raises(UndecidedError, match="not next to a product"):
            next_to_the_product(swiglu.definition, value, gate)
    for value in (3.0, -3.0):
        below = next_to_the_product(swiglu.definition, value, 3e4)
        with ctx.workprec(4096):
            assert 0 < 9e4 - abs(below) < arb(2) ** -1900


def test_what_is_whole_is_reported_line_by_line():
    assert str(verify.pairs(planted(), glu.definition)).count("correctly rounded at all") == 6


def test_a_wrong_formula_is_caught():
    wrong = VALUE / (1 + sp.exp(-2 * GATE))
    with pytest.raises(verify.DisagreementError, match=r"^glu value in float16 at"):
        verify.pairs(glu, wrong)
    slopes = {side: glu.definition.diff(symbol) for side, symbol in SYMBOLS.items()}
    verify.pairs(glu, glu.definition, slopes)
    with pytest.raises(verify.DisagreementError, match=r"^glu derivative in gate in float16 at"):
        verify.pairs(glu, glu.definition, slopes | {"gate": slopes["gate"] * 2})


def test_halves():
    x = np.arange(24.0).reshape(2, 3, 4)
    for axis, length in ((0, 2), (2, 4), (-1, 4)):
        places = np.arange(length)
        middle = length // 2
        for gate, where in (
            ("first", (places[middle:], places[:middle])),
            ("second", (places[:middle], places[middle:])),
            ("interleaved", (places[1::2], places[::2])),
        ):
            for got, half in zip(halves(x, axis, gate), where, strict=True):
                np.testing.assert_array_equal(got, x.take(half, axis))
                assert np.shares_memory(got, x)
    value, gate = halves([1, 2, 3, 4], gate="second")
    assert (value.tolist(), gate.tolist()) == ([1, 2], [3, 4])
    narrow = np.ones((2, 0, 4), ml_dtypes.bfloat16)
    assert [(h.shape, h.dtype) for h in halves(narrow, gate="first")] == [
        ((2, 0, 2), narrow.dtype)
    ] * 2
    assert halves(narrow, axis=1, gate="first")[0].shape == (2, 0, 4)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(), TypeError, 'gate must be "first", "second" or "interleaved", since'),
        (dict(gate="last"), ValueError, "gate must be .*; got gate='last'"),
        (dict(gate=1), ValueError, "gate must be .*; got gate=1"),
        (dict(gate=["first"]), ValueError, "gate must be .*; got"),
        (dict(axis=0, gate="first"), ValueError, "x must have an even length along axis=0; got 3"),
        (dict(axis=2, gate="first"), ValueError, "axis=2 does not exist in 2 dimensions"),
        (dict(axis=0.0, gate="first"), TypeError, "axis must be an integer; got axis=0.0"),
        (dict(x=1.0, gate="first"), ValueError, "axis=-1 does not exist in 0 dimensions"),
        (dict(x=[1j, 1], gate="first"), TypeError, "x must hold"),
        (dict(x=np.ma.ones(2), gate="first"), TypeError, "x is a MaskedArray"),
    ],
)
def test_halves_refuses(arguments, error, message):
    with pytest.raises(error, match=f"^halves: {message}"):
        halves(**{"x": np.ones((3, 4))} | arguments)
