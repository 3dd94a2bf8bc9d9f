"""Budgets: each thing that is worse is seen, what is better is said, and reasons are asked for."""

import json
import os
from dataclasses import replace
from functools import partial
from importlib import import_module

import numpy as np
import pytest

import actlib
from actlib.audit import audit
from actlib.audit.baseline import BaselineError, hold, read, write
from actlib.audit.budget import up
from actlib.audit.budgets import CEILING, Baseline, key
from actlib.audit.habits import Habits
from actlib.audit.intervals import FEW, few, outside, union
from actlib.audit.line import number, place
from actlib.audit.report import Report
from actlib.audit.spans import KEPT, Spans
from actlib.audit.tally import BACK, FAULTS, FLUSHED, Point, Step, Tally

WHY = "https://example.org/1"


def spans(*intervals):
    """Of float16 numbers, from each x to the next."""
    ends = place(np.array(intervals, np.float16))
    return Spans(int((ends[:, 1] - ends[:, 0] + 1).sum()), ends, len(ends), 1)


def report(ulp=2.0, step=None, limit=1.0, right=1.0, zero=0.0, kink="left", **more):
    """Of elu′ in float16, with an error, faults, a step back and conventions as they are given."""
    found = more.pop("found", {})
    back = None if step is None else Step(step, (1.0, 1.001), (2.0, 1.9))
    tally = Tally(
        tried=63_488,
        misrounded=10,
        worst=Point(ulp, 1.5, 1.0, 1.01, 3),
        undecided=more.pop("undecided", 0),
        found={name: spans(*ends) for name, ends in found.items()}
        | ({BACK: spans((1, 1))} if step else {}),
        back=back,
    )
    habits = Habits(
        limits={"inf": (limit, right), "nan": (np.nan, np.nan)},
        zeros={"0.0": (zero, 0.0)},
        kinks={0.0: kink},
    )
    given = dict(subject="mylib.elu", title="elu′", dtype="float16", every=True)
    about = {"numpy": "2.4", "cpu": "x86_64 avx512"}
    return Report(tally=tally, habits=habits, **{**given, "about": about, **more})


OLD = {
    "ulp": 2.0, "step": 1.5, "undecided": 1,
    "found": {"zero": [(-4, -3), (5, 6)], FLUSHED: [(8, 9)]},
}  # fmt: skip


@pytest.fixture
def baseline():
    return Baseline().accepted(report(**OLD), WHY)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "accuracy.json"


def test_the_key_tells_what_where_and_in_which_type():
    assert key(report()) == "elu′ float16 [mylib.elu, x86_64 avx512]"
    assert key(report(about={"device": "cuda"})) == "elu′ float16 [mylib.elu, cuda]"
    assert key(report(about={})) == "elu′ float16 [mylib.elu]"


def test_what_was_accepted_holds(baseline):
    found = baseline.compare(report(**OLD))
    assert found.holds
    assert not found.better
    assert str(found).endswith("as its budget says")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ulp": 2.001}, "worst 2.001 ulp at x = 1.5, budget 2"),
        ({"step": 1.51}, "step back of 1.51 ulp at x = 1.001, budget 1.5"),
        ({"undecided": 2}, "undecided: 2, budget 1"),
        ({"complete": False}, "not finished"),
        ({"found": {"zero": [(-4.5, -3)]}}, "zero for -4.5 ≤ x ≤ -3.0, outside of -4.0 ≤ x ≤ -3.0"),
        ({"found": {"zero": [(5.5, 7)]}}, "zero for 5.5 ≤ x ≤ 7.0, outside of"),
        ({"found": {FLUSHED: [(9, 10)]}}, "flushed for 9.0 ≤ x ≤ 10.0, outside of 8.0 ≤ x ≤ 9.0"),
        ({"limit": np.nan}, "limit at inf: nan, was 1.0"),
        ({"limit": 0.0}, "limit at inf: 0.0, was 1.0"),
        ({"zero": -0.0}, "value at 0.0: -0.0, was 0.0"),
        ({"kink": "right"}, "slope at the kink 0: right, was left"),
        *(
            ({"found": {fault: [(1, 1)]}}, f"{fault} for x = 1.0, and there was none")
            for fault in FAULTS
            if fault != "zero"
        ),
    ],
)
def test_whatever_is_worse_is_told(baseline, change, told):
    found = baseline.compare(report(**{**OLD, **change}))
    assert not found.holds
    assert len(found.worse) == 1
    assert found.worse[0].startswith(told)


def test_a_first_flush_and_a_first_step_back_are_worse():
    strict = Baseline().accepted(report(), WHY)
    found = strict.compare(report(step=0.1, found={FLUSHED: [(8, 8)]}))
    assert [told.endswith("and there was none") for told in found.worse] == [True, True]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ulp": 1.234}, "worst 1.24 ulp, budget 2"),
        ({"step": None}, "step back of 0 ulp, budget 1.5"),
        ({"undecided": 0}, "undecided: 0, budget 1"),
        ({"found": {"zero": OLD["found"]["zero"]}}, "flushed no more, budget 8.0 ≤ x ≤ 9.0"),
        (
            {"found": {"zero": [(5, 5.5)], FLUSHED: [(8, 9)]}},
            "zero for 5.0 ≤ x ≤ 5.5, budget -4.0 ≤ x ≤ -3.0; 5.0 ≤ x ≤ 6.0",
        ),
    ],
)
def test_what_is_better_is_told_and_holds(baseline, change, told):
    new = report(**{**OLD, **change})
    found = baseline.compare(new)
    assert found.holds
    assert found.better == (f"better: {told}: tighten",)
    after = baseline.accepted(new, None).compare(new)
    assert (after.worse, after.better) == ((), ())


def test_counts_of_misrounded_results_are_let_be(baseline):
    more = report(**OLD)
    more.tally.misrounded = 60_000
    assert baseline.compare(more).holds


def test_a_convention_that_was_mended_is_better(baseline):
    wrong = Baseline().accepted(report(limit=np.nan, kink="mean"), WHY)
    found = wrong.compare(report(kink="mean"))
    assert found.holds
    assert found.better == ("better: limit at inf: 1.0, which is right; was nan: tighten",)
    # Last digits of a limit are no convention.
    assert baseline.compare(report(**OLD, limit=1.0009)).holds


def test_a_report_of_some_numbers_tightens_no_budget_of_all(baseline):
    some = report(ulp=1.0, found={"zero": [(5, 5.5)]}, every=False)
    assert baseline.compare(some).holds
    assert not baseline.compare(some).better
    assert baseline.accepted(some, None) == baseline


def test_but_it_loosens_one(baseline):
    some = report(ulp=3.0, found={"zero": [(5.5, 7)]}, every=False)
    after = baseline.accepted(some, "seen of some")
    budget = after.budgets[key(some)]
    assert budget.every
    assert budget.worst == 3
    assert budget.back == 1.5
    assert budget.found == {"zero": ((-4, -3), (5, 7)), FLUSHED: ((8, 9),)}
    assert after.compare(some).holds
    assert after.compare(report(**OLD)).holds


def test_without_a_budget_nothing_holds(baseline):
    found = Baseline().compare(report())
    assert found.worse == ("no budget yet",)
    assert not found.known
    other = baseline.compare(report(about={"cpu": "aarch64 neon"}))
    assert other.worse == ("no budget yet, but for elu′ float16 [mylib.elu, x86_64 avx512]",)
    assert baseline.compare(report(subject="mylib.el")).worse == ("no budget yet",)


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_grave_waits_for_its_why(path, name):
    grave = report(found={name: [(1, 2)]})
    first = hold(grave, path, accept=True)
    assert first.worse == ("its why is empty: say in the file why this is accepted",)
    with pytest.raises(BaselineError, match=r"elu′ float16 .* why is empty"):
        hold(grave, path)
    # Nor does a second --accept fill it.
    assert not hold(grave, path, accept=True).holds
    path.write_text(path.read_text("utf-8").replace('"why": ""', f'"why": "{WHY}"'), "utf-8")
    assert hold(grave, path).holds


def test_so_does_an_error_beyond_the_ceiling(path):
    assert hold(report(ulp=CEILING), path, accept=True).holds
    assert not hold(report(ulp=CEILING + 0.01), path, accept=True).holds


def test_a_file_has_its_own_ceiling(path):
    write(path, Baseline(ceiling=100.0))
    assert hold(report(ulp=99), path, accept=True).holds
    assert read(path).ceiling == 100


def test_a_reason_stays_until_something_grave_is_new(baseline):
    name = key(report())

    def why(**change):
        return baseline.accepted(report(**{**OLD, **change}), None).budgets[name].why

    assert why(ulp=1.0) == WHY
    assert why(ulp=8.0) == WHY
    assert why(found={"NaN": [(1, 1)]}) == ""
    assert why(found={"zero": [(7, 7)]}) == ""
    assert why(found={FLUSHED: [(7, 7)]}) == WHY
    assert Baseline().accepted(report(), None).budgets[name].why == (
        "As measured, with numpy 2.4, cpu x86_64 avx512."
    )


def test_a_reason_that_is_no_longer_needed_is_not_asked_for(path):
    assert not hold(report(found={"NaN": [(1, 1)]}), path, accept=True).holds
    assert hold(report(), path, accept=True).holds


def test_who_measured_is_told_anew_with_each_other_budget():
    first = Baseline().accepted(report(), None)
    newer = {"numpy": "3.0", "cpu": "x86_64 avx512"}
    assert first.accepted(report(about=newer), None) == first
    after = first.accepted(report(1.0, about=newer), None).budgets[key(report())]
    assert after.why == "As measured, with numpy 3.0, cpu x86_64 avx512."


def test_a_blank_reason_is_none(baseline):
    with pytest.raises(BaselineError, match="blank"):
        baseline.accepted(report(), "  ")
    with pytest.raises(BaselineError, match="not finished"):
        baseline.accepted(report(complete=False), WHY)


def test_a_file_is_read_as_it_was_written(path, baseline):
    noisy = report(ulp=np.inf, step=np.inf, title="noise", limit=np.nan, right=None, every=False)
    both = replace(baseline, ceiling=12.0).accepted(noisy, "inf − inf")
    write(path, both)
    assert read(path) == both
    before = path.read_bytes()
    write(path, Baseline(12.0, dict(reversed(both.budgets.items()))))
    assert path.read_bytes() == before
    # A line for each interval, so that a diff shows what changed.
    assert '"5.0 to 6.0"' in [line.strip() for line in path.read_text("utf-8").splitlines()]


def test_nothing_is_written_when_nothing_changed(path):
    hold(report(), path, accept=True)
    os.utime(path, (0, 0))
    hold(report(), path, accept=True)
    assert path.stat().st_mtime == 0


def test_a_missing_file_is_made_by_accepting_alone(path):
    with pytest.raises(BaselineError, match="no such file"):
        hold(report(), path)
    assert hold(report(), path, accept=True).holds
    assert hold(report(), path).holds


@pytest.mark.parametrize("fails", ["replace", "fsync"])
def test_whatever_fails_the_old_file_stays(path, baseline, monkeypatch, fails):
    write(path, baseline)
    before = path.read_bytes()

    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, fails, broken)
    with pytest.raises(BaselineError, match="no space left"):
        write(path, Baseline())
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_ctrl_c_leaves_the_old_file(path, baseline, monkeypatch):
    write(path, baseline)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(path, Baseline())
    assert read(path) == baseline
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_cannot_be_written_is_told(tmp_path, baseline):
    with pytest.raises(BaselineError, match="gone"):
        write(tmp_path / "gone" / "accuracy.json", baseline)


@pytest.mark.parametrize(
    "told",
    [
        "", "{", "[]", "3", '{"schema": "actlib-audit-baseline/2", "budgets": {}}',
        '{"schema": "actlib-audit-baseline/1"}',
        '{"schema": "actlib-audit-baseline/1", "ceiling": -1, "budgets": {}}',
        '{"schema": "actlib-audit-baseline/1", "ceiling": 9, "budgets": []}',
        '{"schema": "actlib-audit-baseline/1", "ceiling": 9, "budgets": {"a": 1}}',
        '{"schema": "actlib-audit-baseline/1", "ceiling": 9, "budgets": {"a": {}}}',
        '{"schema": "actlib-audit-baseline/1", "schema": "actlib-audit-baseline/1"}',
    ],
)  # fmt: skip
def test_another_file_is_refused_in_one_line(path, told):
    path.write_text(told)
    with pytest.raises(BaselineError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("inputs", "many"), ("worst", "much"), ("worst", -1), ("step back", None),
        ("faults", {"slow": ["1.0 to 2.0"]}), ("faults", {"zero": ["2.0 to 1.0"]}),
        ("faults", {"zero": ["1.0"]}), ("flushed", 3), ("limits", {"inf": "up"}), ("kinks", None),
        ("why", None), ("extra", 1),
    ],
)  # fmt: skip
def test_an_entry_that_says_something_else_is_named(path, baseline, where, value):
    write(path, baseline)
    told = json.loads(path.read_text("utf-8"))
    told["budgets"][key(report())][where] = value
    path.write_text(json.dumps(told))
    with pytest.raises(BaselineError, match=r"elu′ float16 \[mylib"):
        read(path)


def test_budgets_are_rounded_up():
    assert [up(x) for x in (0.5, 2.041, 2.05, 255.75, 1e21 + 1e6)] == [
        0.5,
        2.05,
        2.05,
        256,
        1.01e21,
    ]
    assert all(x <= up(x) <= x * 1.01 for x in np.random.default_rng(0).uniform(0.5, 99, 500))


def test_many_intervals_become_few_that_hold_them():
    random = np.random.default_rng(0)
    starts = np.sort(random.choice(3000, 40, replace=False)) * 10
    ends = np.stack([starts, starts + random.integers(0, 9, 40)], axis=1)
    found = few(Spans(400, ends, 40, 1), "float16")
    assert len(found) == FEW
    assert not outside(
        [(number(a, "float16"), number(b, "float16")) for a, b in ends.tolist()], found
    )


def test_intervals_that_were_left_out_are_held_too():
    """Of noise the audit keeps some intervals; the others lie between the first and the last."""
    index = np.arange(0, 6 * KEPT, 2)
    found = Spans.of(index + 100, index, 1)
    assert found.all_told > len(found.ends)
    assert few(found, "float16") == ((number(100, "float16"), number(98 + 6 * KEPT, "float16")),)


def test_a_real_report_holds_once_it_is_accepted(path):
    def zero_for_some(x):
        y = np.maximum(x, 0).astype(x.dtype)
        y[(x >= 1) & (x <= 2)] = 0
        return y

    def zero_for_more(x):
        return np.where(x == 3, np.float16(0), zero_for_some(x))

    found = audit(zero_for_some, "relu", dtype="float16")
    assert not hold(found, path, accept=True).holds  # 1024 ulp
    write(path, read(path, accept=True).accepted(found, WHY))
    assert hold(found, path).holds
    other = audit(zero_for_more, "relu", dtype="float16")
    worse = hold(replace(other, subject=found.subject), path).worse
    assert any(told.startswith("zero for x = 3.0, outside of 1.0 ≤ x ≤ 2.0") for told in worse)


def test_a_union_holds_both():
    assert union(((1, 2), (5, 6)), ((2, 3), (5.5, 5.6))) == ((1, 3), (5, 6))
    assert union((), ((-1, 0),)) == ((-1, 0),)


def test_a_budget_of_the_command_is_that_of_a_test(tmp_path, monkeypatch):
    tmp_path.joinpath("halves.py").write_text("def half(x): return x / 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    half = import_module("halves").half
    assert audit(half, "linear").subject == "halves.half"
    assert audit(np.tanh, "tanh", dtype="float16").subject == "numpy.tanh"
    assert audit(actlib.tanh, "tanh").subject == "tanh"
    assert audit(partial(np.multiply, 1), "linear", dtype="float16").subject == "partial"
