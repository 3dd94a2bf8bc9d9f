"""The proof leaves no input out, catches one part in 2^48, and loses nothing that is finished."""

import datetime
import json
import math
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from cases import every_record, every_setting
from turns import due

from actlib import apl, elu, relu
from actlib.arithmetic.kernel import marked
from actlib.formula.symbols import X
from actlib.proof import narrow, settings, store, work
from actlib.proof.__main__ import main
from actlib.proof.chunks import CHUNKS, beyond, inputs, parts, some
from actlib.proof.proof import ASKED, CLOSE, Function, Outcome, _around, _close, prove
from actlib.proof.straight import line, sign_of_sum
from actlib.proof.work import (
    ELEMENTWISE,
    UnprovedError,
    chunk,
    function,
    learned,
    random_faults,
)
from actlib.verify.balls import decide, evaluator
from actlib.verify.models import DOUBT, UNIT
from actlib.verify.ulp import Rounding

FINITE = np.finfo(np.float32).max
PROOFS = Path(__file__).parents[1] / "proofs"
SMALL = slice(0, 20_000)
CURVED_AND_STRAIGHT = ["sigmoid", "tanh", "elu", "softsign", "leaky_relu", "rrelu", "hard_sigmoid"]
CURVE = X + sp.Rational(1, 2) + X**2 / 2**90  # just above X + 1/2
SIGMOID = function("sigmoid", 0)


def once(compute):
    """A kernel in float64, whose result is rounded to the dtype of x; and the float64."""

    def both(x):
        value = compute(x.astype(np.float64))
        return value.astype(x.dtype), value

    return both


def unseen(compute):
    """The same, of a kernel whose float64 nobody sees."""
    return lambda x: (once(compute)(x)[0], None)


def spoiled(name, order, spoil):
    """An activation's function whose kernel gives spoil(x, its float64), in the driver itself."""

    record = ELEMENTWISE[name]
    field = "derivative_kernel" if order else "value_kernel"
    kernel = marked(getattr(record, field))

    def compute(x, *parameters):
        return np.asarray(spoil(x, kernel.compute(x, *parameters)))

    changed = replace(record, **{field: replace(kernel, compute=compute)})
    both = partial(changed.before_rounding, order)
    return Function(both=both, expression=function(name, order).expression)


def test_chunks_hold_every_finite_number_once():
    chunks = [(len(x), x[0], x[-1]) for n in range(CHUNKS) if len(x := inputs(n))]
    counts, first, last = zip(*chunks, strict=True)
    assert sum(counts) == 2**32 - 2 * 2**23 == 4_278_190_080
    assert first[0] == 0
    assert max(last) == np.finfo(np.float32).max
    assert min(last) == np.finfo(np.float32).min


def test_each_chunk_is_in_order_and_of_one_sign():
    for n in (0, 1, 127, 128, 200, 255):
        x = inputs(n)
        assert np.all(np.diff(np.abs(x)) > 0)
        assert len(set(np.signbit(x))) == 1


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softsign"])
def test_a_kernel_off_at_one_single_input_is_caught(name):
    """Its float32 is right all the same: one part in 2^47 is seen where nothing else would."""
    x = inputs(64)[: 2**20]
    place = x[777_777]
    off = spoiled(name, 0, lambda x, y: y * np.where(x == place, 1 + 2.0**-47, 1.0))
    found = prove(off, x)
    assert found.apart == (place,)
    assert found.wrong == ()
    close = spoiled(name, 0, lambda x, y: y * np.where(x == place, 1 + 2.0**-49.5, 1.0))
    found = prove(close, x)
    assert (found.apart, found.furthest) == ((), place)
    assert 2.0**-49.6 < found.error < 2.0**-48.5


@pytest.mark.parametrize(("name", "order"), [("sigmoid", 0), ("tanh", 1), ("elu", 0)])
def test_a_kernel_worse_by_one_part_in_2_48_is_caught_everywhere(name, order):
    x = inputs(191)[:100_000]
    found = prove(spoiled(name, order, lambda x, y: y * (1 + ASKED * 1.5)), x)
    assert len(found.apart) == len(x)
    found = prove(spoiled(name, order, lambda x, y: y * (1 + ASKED)), x)
    assert len(found.apart) > 10_000  # the others are pulled back by their own errors


def test_a_kernel_that_loses_its_digits_at_a_root_is_caught():
    """x³ − x next to 1, computed as it stands: the result is right, the float64 is not close."""
    expression = X**3 - X
    naive = Function(both=once(lambda x: x**3 - x), expression=expression)
    factored = Function(both=once(lambda x: x * (x - 1) * (x + 1)), expression=expression)
    x = np.float32(1) + np.arange(-2000, 2000, dtype=np.float32) * np.float32(2.0**-23)
    assert len(prove(naive, np.unique(x)).apart) > 1000
    assert prove(factored, np.unique(x)).apart == ()


@pytest.mark.parametrize("vanishes", [lambda x: x > 0, lambda x: x < -80, lambda x: np.abs(x) < 1])
def test_a_result_of_0_is_no_way_out(vanishes):
    """Where the truth is a normal number, a kernel that returns 0 is as wrong as can be."""
    zero = spoiled("sigmoid", 0, lambda x, y: np.where(vanishes(x), 0.0, y))
    x = np.float32([-85.5, -1e-3, -1e-30, -0.0, 1e-30, 1e-3, 1.0, 10.0])
    for part in (x[:4][::-1], x[4:]):
        gone = tuple(part[vanishes(part)].tolist())
        assert sorted(prove(zero, part).apart) == sorted(gone)
        assert sorted(prove(zero, part).wrong) == sorted(gone)


def test_where_all_vanishes_the_float64_must_too():
    deep = np.sort(np.float32([-3e38, -1e30, -1e5, -800]))[::-1]
    kept = prove(SIGMOID, deep)
    assert (kept.vanishing, kept.wrong, kept.apart) == (4, (), ())
    high = prove(spoiled("sigmoid", 0, lambda x, y: y + 2.0**-150), deep)
    assert high.apart == tuple(deep.tolist())
    nan = prove(spoiled("sigmoid", 0, lambda x, y: y * np.nan), deep)
    assert nan.apart == nan.wrong == tuple(deep.tolist())


def test_where_all_rounds_to_infinity_the_float64_must_too():
    f, far = sp.exp(X), np.float32([130, 800, 1e5, 3e38])
    kept = prove(Function(both=once(np.exp), expression=f), far)
    assert (kept.vanishing, kept.wrong, kept.apart) == (4, (), ())
    for spoil in (np.negative, lambda y: np.minimum(y, 1e38), lambda y: y * np.nan):
        spoilt = once(lambda x, spoil=spoil: spoil(np.exp(x)))
        found = prove(Function(both=spoilt, expression=f), far)
        assert found.apart == found.wrong == tuple(far.tolist())


def test_a_nan_is_far_from_the_truth():
    x = inputs(64)[:1000]
    place = x[500]
    found = prove(spoiled("sigmoid", 0, lambda x, y: np.where(x == place, np.nan, y)), x)
    assert found.apart == found.wrong == (place,)


@pytest.mark.parametrize("chunk", [0, 60, 64, 66, 127, 128, 188, 192, 194, 255])
@pytest.mark.parametrize("name", CURVED_AND_STRAIGHT)
@pytest.mark.parametrize("order", [0, 1])
def test_nothing_is_misrounded(name, order, chunk):
    x = inputs(chunk)[SMALL]
    found = prove(function(name, order), x)
    assert (found.wrong, found.tried) == ((), len(x))


def test_a_tie_on_a_straight_piece_is_decided_exactly():
    ties = np.arange(2**24 - 1000, 2**24, dtype=np.float32)
    half = X + sp.Rational(1, 2)
    honest = Function(both=once(lambda x: x + 0.5), expression=half)
    above = Function(both=unseen(lambda x: x + 0.5 + 2.0**-28), expression=half)
    found = prove(honest, ties)
    assert (found.straight, found.settled, found.wrong, found.apart) == (1000, (), (), ())
    assert len(prove(above, ties).wrong) == 500  # of the ties, half go down to even


def test_thirds_are_decided_exactly_too():
    """Three of them are a sum of floats, so that x / 3 + 1/2 has ties that no float64 knows."""
    third = X / 3 + sp.Rational(1, 2)
    x = np.arange(3 * 2**23, 3 * 2**23 + 6000, 2).astype(np.float32)  # every third is a tie
    ties = Function(both=unseen(lambda x: x / 3 + 0.5), expression=third)
    found = prove(ties, x)
    assert found.settled == ()
    assert found.straight >= 1000
    assert found.wrong == tuple(
        point
        for point, got in zip(x.tolist(), ties.compute(x), strict=True)
        if not decide(evaluator(third, [X]), [point], partial(Rounding(np.array([got])).holds, 0))
    )
    assert line(sp.Rational(1, 2**26 + 1), sp.Integer(0), -sp.oo, sp.oo) is None


def test_a_product_that_is_rounded_twice_is_found():
    rrelu = function("rrelu", 0)
    twice = Function(both=unseen(lambda x: 11 / 48 * x), expression=rrelu.expression)
    x = inputs(194)[SMALL]
    found = prove(rrelu, x)
    assert found.wrong == ()
    assert found.straight > 1000
    assert len(prove(twice, x).wrong) > 100


def test_a_tie_on_a_curve_is_left_to_ball_arithmetic():
    ties = np.arange(2**24 - 100, 2**24, dtype=np.float32)
    found = prove(Function(both=once(lambda x: x + 0.5), expression=CURVE), ties)
    assert len(found.settled) == 100
    assert len(found.wrong) == 50


def test_signs_of_sums_are_exact():
    random = np.random.default_rng(0)
    terms = [np.ldexp(random.standard_normal(300), random.integers(-90, 90, 300)) for _ in range(4)]
    terms += [-terms[0], -terms[1], -terms[2]]  # what is left is the last of the four
    assert np.array_equal(sign_of_sum(terms), np.sign(terms[3]))
    assert not sign_of_sum([*terms, -terms[3]]).any()


def test_the_quick_question_misses_nothing():
    random = np.random.default_rng(0)
    value = random.integers(0, 2**64, 200_000, dtype=np.uint64).view(np.float64)
    floats = random.integers(0, 2**32, 200_000, dtype=np.uint32).view(np.float32)
    with np.errstate(all="ignore"):
        next_ = np.nextafter(floats, np.float32(np.inf))
        midpoints = (floats.astype(np.float64) + next_) / 2
        close = midpoints * (1 + random.uniform(-2, 2, len(floats)) * CLOSE)
        value = np.concatenate([value, midpoints, close, floats * (1 + CLOSE / 2)])
        below, above = _around(value)
        close = _close(value, 0.0, np.inf)
    missed = np.setdiff1d(np.flatnonzero(below != above), np.flatnonzero(close))
    assert np.isnan(value[missed]).all()
    assert np.sum(below != above) > 200_000
    assert CLOSE > 2 * (DOUBT + UNIT)


@every_setting
@pytest.mark.parametrize("chunk", [0, 64, 128, 194])
def test_nothing_is_misrounded_at_the_sampled_settings(record, setting, chunk):
    changes = tuple(setting.items())
    x = inputs(chunk)[:3000]
    for what in (0, 1, *learned(record.name, changes)):
        found = prove(function(record.name, what, changes), x)
        assert found.wrong == found.apart == (), what


def test_learned_parameters_are_functions_too():
    assert learned("prelu") == ["alpha"]
    assert learned("apl") == []
    assert learned("apl", (("a", (0.3, -0.7)), ("b", (-1.0, 0.4)))) == ["a_1", "a_2", "b_1", "b_2"]
    slope = function("prelu", "alpha", (("alpha", 0.3),))

    def beside(x):
        return np.nextafter(slope.compute(x), np.float32(0)), None

    wrong = Function(both=beside, expression=slope.expression)
    x = inputs(194)[:100]
    assert prove(slope, x).wrong == ()
    assert len(prove(wrong, x).wrong) == 100


def test_a_curve_next_to_its_tangent_is_decided_by_both():
    what = function("elu", 0, (("alpha", 0.3),))
    twice = Function(both=once(lambda x: 0.3 * np.expm1(x)), expression=what.expression)
    x = inputs(128)[100_001:104_000]  # small and subnormal; one in ten comes next to a tie
    found = prove(what, x)
    assert found.tangent > 350
    assert found.settled == found.wrong == ()
    assert len(prove(twice, x).wrong) > 100


def test_half_of_the_small_inputs_of_silu_lie_next_to_a_tie():
    silu = X / (1 + sp.exp(-X))
    down = Function(both=once(lambda x: x / (1 + np.exp(-x))), expression=silu)
    for number, wrong in ((0, 1000), (128, 1000)):  # x²/4 lifts all; half the ties round down
        found = prove(down, inputs(number)[100_001:104_001])
        assert found.tangent == 2000
        assert (found.settled, found.apart) == ((), ())
        assert len(found.wrong) == wrong


@pytest.mark.parametrize("alpha", [0.3, 0.5])
def test_the_side_of_a_curve_is_that_of_the_balls(alpha):
    (curve,) = function("elu", 0, (("alpha", alpha),)).curves
    evaluate = evaluator(function("elu", 0, (("alpha", alpha),)).expression, [X])
    x = -np.ldexp(np.linspace(1, 2, 60, dtype=np.float32), np.arange(-85, -25))
    for shift in (-(2.0**-60), -(2.0**-53), 0.0, 2.0**-53):
        middle = (alpha * x.astype(float)) * (1 + shift)
        for point, m, side in zip(x.tolist(), middle.tolist(), curve.side(x, middle), strict=True):
            truth = decide(evaluate, [point], lambda ball, m=m: _side_of_ball(ball, m))
            assert np.isnan(side) or side == truth
    assert np.isfinite(curve.side(x, alpha * x.astype(float))).sum() > 50
    with np.errstate(over="ignore"):
        here = curve.holds(np.float32([-1e-3, -1e-30, 0, 1e-30]))
    assert here.tolist() == [False, True, False, False]


def _side_of_ball(ball, middle):
    return 1 if ball > middle else -1 if ball < middle else None


def test_too_many_ties_are_refused():
    with pytest.raises(ValueError, match=r"8388608\.0 on, more than 100,000 are left to balls"):
        prove(
            Function(both=once(lambda x: x + 0.5), expression=CURVE),
            np.arange(2**23, 2**24, dtype=np.float32),
        )


def test_a_failure_says_where_it_was(monkeypatch):
    def fail(function, parts):
        raise ValueError(f"from {float(next(iter(parts))[0])!r} on")

    monkeypatch.setattr("actlib.proof.work.prove_each", fail)
    says = r"elu-alpha=0.3 f' in float32, chunk 64: ValueError: from 2.0 on"
    with pytest.raises(UnprovedError, match=says):
        chunk("elu", 1, (("alpha", 0.3),), 64)


@pytest.mark.parametrize("number", [0, 63, 127, 128, 255])
def test_the_parts_of_a_chunk_are_the_chunk(number):
    together = np.concatenate(list(parts(number)))
    assert np.array_equal(together.view(np.uint32), inputs(number).view(np.uint32))


def test_finished_chunks_are_kept_and_unfinished_ones_are_not(tmp_path):
    outcome = Outcome(tried=3, straight=2, settled=(0.1, 2.0**-149), wrong=(1.5,), error=2.0**-52)
    store.save(tmp_path, 7, outcome)
    (tmp_path / "008.tmp").write_text('{"tried": 3, "sett', "utf-8")
    assert store.load(tmp_path) == {7: outcome}
    assert store.load(tmp_path / "none") == {}


@every_record
@pytest.mark.parametrize("order", [0, 1])
def test_random_inputs_are_correctly_rounded(record, order, monkeypatch):
    """A hundred thousand: `make due`, a part of every run, tries another million each time."""
    monkeypatch.setattr(work, "some", partial(some, count=100_000))
    assert random_faults(record.name, order, seed=order) == []


@every_record
@pytest.mark.parametrize("order", [0, 1])
def test_every_bfloat16_is_correctly_rounded(record, order):
    """In its turn: a proof, made anew of what changes, asks all of them at once."""
    *_, dtype = narrow.narrow_types()
    x = narrow.every(dtype)
    assert dtype.name == "bfloat16"
    assert len(x) == 2 * 0x7F80
    x = due(x, datetime.date.today())
    assert narrow.misrounded(function(record.name, order), x) == []


def test_a_cast_to_bfloat16_that_rounds_twice_is_found():
    rrelu = function("rrelu", 0)
    twice = Function(
        both=lambda x: (rrelu.compute(x.astype(np.float32)).astype(x.dtype), None),
        expression=rrelu.expression,
    )
    *_, dtype = narrow.narrow_types()
    assert len(narrow.misrounded(twice, narrow.every(dtype))) > 500


def exponent(power):
    """Of 2^-52.3; of 0, far below."""
    return float(power.removeprefix("2^")) if power != "0" else -math.inf


@every_record
@pytest.mark.parametrize("sign", ["f", "f'"])
def test_the_kept_proof_is_whole_and_its_hardest_cases_hold(record, sign):
    path = PROOFS / f"{record.name}.json"
    assert path.exists(), f"no proof is kept; run `python -m actlib.proof {record.name}`"
    kept = json.loads(path.read_text("utf-8"))[sign]
    reach = record.reach_at(record.settings[0])
    last = int(np.float32(min(reach, FINITE)).view(np.uint32))
    assert {dtype: found["inputs"] for dtype, found in kept.items()} == {
        "float32": 2 * (last + 1),
        "float16": 63_488,
        "bfloat16": 65_280,
    }
    assert all(found["misrounded"] == [] for found in kept.values())
    found = kept["float32"]
    assert sum(found["decided by"].values()) == found["inputs"]
    if found["float64"]:
        assert found["float64"]["beyond"] == []
        assert found["float64"]["asked"] == "2^-48"
        largest, below = (
            exponent(found["float64"][k]) for k in ("largest error", "shown to be below")
        )
        assert largest <= below <= -48
    assert ("beyond" in found) == (reach < math.inf)
    if reach < math.inf:
        assert found["up to"] == reach
        assert found["beyond"] == {
            "tried": len(beyond(reach)),
            "misrounded": [],
            "float64 beyond": [],
        }
    x = np.array([float.fromhex(case) for case, _ in kept["float32"]["hardest"]], np.float32)
    x = x[np.argsort(np.abs(x))]
    for part in (x[np.signbit(x)], x[~np.signbit(x)]):
        assert prove(function(record.name, int(sign == "f'")), part).wrong == ()


def started_on_few_chunks(*arguments, folder, chunks):
    """The same command, on the first chunks alone. Types of 16 bits have none, and take longest."""
    code = (
        f"from actlib.proof import __main__ as m; m.sweep.CHUNKS = {chunks}; "
        "m.sweep.narrow.narrow_types = list; raise SystemExit(m.main())"
    )
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)


def finished_chunks(folder):
    return len(list(folder.glob("_build/proof/*/*/*.json")))


def wait_for_chunks(folder, count, process):
    while finished_chunks(folder) < count:
        assert process.poll() is None, "the sweep ended early"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a sweep of FEW chunks prints and keeps when nothing happens to it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    output, _ = started_on_few_chunks(*STEP, folder=folder, chunks=FEW).communicate(timeout=300)
    return output, folder.joinpath("step.json").read_bytes()


STEP = ("step", "--results", ".")
FEW = 8


def test_a_killed_sweep_goes_on_and_finds_the_same(tmp_path, undisturbed):
    first = started_on_few_chunks(*STEP, folder=tmp_path, chunks=FEW)
    wait_for_chunks(tmp_path, 4, first)
    first.kill()
    first.communicate(timeout=10)  # its workers have ended too: they held its output open
    before = finished_chunks(tmp_path)
    assert not tmp_path.joinpath("step.json").exists()
    second = started_on_few_chunks(*STEP, folder=tmp_path, chunks=FEW)
    output, _ = second.communicate(timeout=300)
    assert second.returncode == 0
    assert "step f: misrounded 0 of 134,217,728 float32" in output
    assert finished_chunks(tmp_path) == 2 * FEW >= before
    assert (output, tmp_path.joinpath("step.json").read_bytes()) == undisturbed


def test_settings_are_swept_killed_and_gone_on_with(tmp_path):
    arguments = ["prelu", "--at", "alpha=0.3", "--at", "alpha=2", "--learned"]
    apart, killed = tmp_path / "apart", tmp_path / "killed"
    for folder in (apart, killed):
        folder.mkdir()
    whole = started_on_few_chunks(*arguments, folder=apart, chunks=2)
    first = started_on_few_chunks(*arguments, folder=killed, chunks=2)
    wait_for_chunks(killed, 3, first)
    first.kill()
    first.communicate(timeout=10)
    second = started_on_few_chunks(*arguments, folder=killed, chunks=2)
    outputs = [process.communicate(timeout=300)[0] for process in (whole, second)]
    assert whole.returncode == second.returncode == 0
    assert outputs[0] == outputs[1]
    assert "prelu-alpha=0.3 df/dalpha: misrounded 0 of 33,554,432 float32" in outputs[0]
    assert finished_chunks(killed) == 2 * 3 * 2
    for name in ("prelu-alpha=0.3.json", "prelu-alpha=2.json"):
        kept, new = (folder / "_build" / "proof" / "settings" / name for folder in (apart, killed))
        assert kept.read_bytes() == new.read_bytes()
    found = json.loads(new.read_text("utf-8"))
    assert found["parameters"] == {"alpha": 2.0}
    assert {"f", "f'", "df/dalpha"} <= set(found)
    assert not tmp_path.joinpath("killed", "proofs").exists()


def test_settings_are_read_as_labels_are_written():
    assert settings.read(elu, "alpha=0.3") == (("alpha", 0.3),)
    assert settings.read(relu, "alpha = .25, max_value=None") == (
        ("alpha", 0.25),
        ("max_value", None),
    )
    two = (("a", (0.3, -0.7)), ("b", (-1.0, 0.4)))
    assert settings.read(apl, "a=[0.3, -0.7], b=[-1, 0.4]") == two
    assert settings.read(apl, "a=[],b=[]") == (("a", ()), ("b", ()))
    assert settings.label("apl", two) == "apl-a=[0.3,-0.7],b=[-1,0.4]"
    assert settings.label("elu", ()) == "elu"


@every_setting
def test_no_two_settings_share_a_file(record, setting):
    changes = tuple(setting.items())
    if changes:
        text = settings.label(record.name, changes).removeprefix(f"{record.name}-")
        assert settings.read(record, text) == changes


@pytest.fixture
def dask(tmp_path):
    """A scheduler and two workers on this machine: its address, and their processes."""

    def run(module, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.dask_{module}", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=tmp_path, **quiet)

    file = tmp_path / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    processes = [run("scheduler", *local, "--port", "0", "--scheduler-file", file)]
    while not file.exists():
        assert processes[0].poll() is None
        time.sleep(0.05)
    address = json.loads(file.read_text("utf-8"))["address"]
    for _ in range(2):
        processes.append(run("worker", address, *local, "--nthreads", "1", "--no-nanny"))
    yield address, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def test_a_cluster_loses_a_worker_and_nothing_else(tmp_path, dask, undisturbed):
    address, workers = dask
    arguments = (*STEP, "--scheduler", address)
    sweep = started_on_few_chunks(*arguments, folder=tmp_path, chunks=FEW)
    wait_for_chunks(tmp_path, 4, sweep)
    workers[0].kill()
    output, _ = sweep.communicate(timeout=300)
    assert sweep.returncode == 0
    assert (output, tmp_path.joinpath("step.json").read_bytes()) == undisturbed


REFUSED = [
    (["swish"], "no elementwise activation: swish"),
    ([], "--all"),
    (["elu", "--at", "beta=1"], "elu: unknown parameter beta=1.0; it has alpha"),
    (["elu", "--at", "alpha=-1"], "elu: alpha must be finite and >= 0; got alpha=-1.0"),
    (["elu", "--at", "alpha=nan"], "elu: alpha must be finite and >= 0; got alpha=nan"),
    (["elu", "--at", "alpha=a"], "no number: 'a'"),
    (["elu", "--at", "alpha"], "no setting: 'alpha'"),
    (["elu", "--at", "alpha=1, alpha=2"], "parameter alpha is given twice"),
    (["elu", "--at", "alpha=[1, 2]"], "elu: alpha takes one number"),
    (["apl", "--at", "a=[1]"], "apl: shapes must be equal: a (1,), b (0,)"),
    (["relu", "--at", "max_value=-1"], "threshold <= max_value is required"),
    (["elu", "--due", "--at", "alpha=1"], "what is due is proved at the defaults alone"),
    (["sigmoid", "tanh", "--samples"], "no sampled settings: sigmoid, tanh"),
]


@pytest.mark.parametrize(("arguments", "says"), REFUSED, ids=str)
def test_unknown_names_and_settings_are_refused(arguments, says, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["actlib.proof", *arguments])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert says in capsys.readouterr().err
