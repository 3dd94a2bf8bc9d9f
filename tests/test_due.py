"""What is due is proved, every function is asked a random million, and nothing is written."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from cases import every_record

from actlib.arithmetic.kernel import marked
from actlib.proof import due, narrow, report, sweep, work
from actlib.proof.chunks import some
from actlib.proof.due import differences, turn, why_stale
from actlib.proof.proof import Function

PROOFS = Path(__file__).parents[1] / "proofs"
NAMES = list(work.ELEMENTWISE)


@every_record
@pytest.mark.locked
def test_the_kept_proof_is_of_this_code(record):
    why = why_stale(record.name, PROOFS)
    assert not why, why


@pytest.mark.parametrize("first", [0, 5])
def test_each_function_has_its_turn_once_in_as_many_days(first):
    days = [datetime.date(2026, 11, 28) + datetime.timedelta(first + n) for n in range(len(NAMES))]
    assert sorted(turn(NAMES, day) for day in days) == sorted(NAMES)


def test_a_random_million_is_spread_over_all_binades():
    parts = some(7)
    for part, sign in zip(parts, (1, -1), strict=True):
        assert np.all(np.diff(np.abs(part)) > 0)
        assert np.all(np.copysign(1, part) == sign)
        normal = part[np.abs(part) >= np.finfo(np.float32).tiny]
        _, counts = np.unique(np.frexp(normal)[1], return_counts=True)
        assert len(counts) == 254
        assert counts.min() > 1500
    assert 999_000 < sum(map(len, parts)) <= 10**6


def test_a_random_million_finds_what_is_wrong_in_one_binade(monkeypatch):
    record = work.ELEMENTWISE["sigmoid"]
    kernel = marked(record.value_kernel)

    def compute(x, *parameters):
        wrong = (x >= 2) & (x < 4)
        return kernel.compute(x, *parameters) * np.where(wrong, 1 + 2.0**-46, 1.0)

    changed = replace(record, value_kernel=replace(kernel, compute=compute))
    expression = work.function("sigmoid", 0).expression
    spoiled = Function(both=partial(changed.before_rounding, 0), expression=expression)
    monkeypatch.setattr(work, "some", partial(some, count=20_000))
    assert work.random_faults("sigmoid", 0, 1) == []
    monkeypatch.setattr(work, "function", lambda name, what: spoiled)
    found = work.random_faults("sigmoid", 0, 1)
    assert len(found) > 20
    assert all(2 <= x < 4 for x in found)


@pytest.fixture
def proved(tmp_path, monkeypatch):
    """A folder with a proof of step, by few chunks; and a function that asks what is due there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sweep, "CHUNKS", 2)
    monkeypatch.setattr(work, "some", partial(some, count=2000))
    monkeypatch.setattr(narrow, "narrow_types", lambda: [np.dtype(np.float16)])
    monkeypatch.setattr(due, "turn", lambda names, day: "step")
    proofs = tmp_path / "proofs"
    with ThreadPoolExecutor(1) as executor:
        path = report.write(proofs, "step", (), sweep.prove(executor, "step"))
        yield path, lambda: list(due.check(executor, ["step"], proofs))


def changed(path, change):
    kept = json.loads(path.read_text("utf-8"))
    change(kept)
    path.write_text(json.dumps(kept), "utf-8")


def test_what_is_due_writes_nothing(proved, capsys):
    path, check = proved
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert check() == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]
    assert ": step\n" in capsys.readouterr().out


def test_a_proof_that_finds_something_else_fails_and_writes_nothing(proved):
    path, check = proved
    changed(path, lambda kept: kept["f"]["float32"]["decided by"].update(balls=3))
    before = path.read_bytes()
    assert check() == ["step f float32 decided by balls: 3 is kept, 2 was found"]
    assert path.read_bytes() == before


def test_a_proof_of_other_code_fails_and_says_what_to_run(proved, monkeypatch):
    path, check = proved
    monkeypatch.setattr(due, "turn", lambda names, day: "")
    assert check() == []
    changed(path, lambda kept: kept.update({"depends on": "other"}))
    cure = f"run `python -m actlib.proof step` and commit {path}"
    assert check() == [f"step: the proof that is kept is of other code; {cure}"]
    path.unlink()
    assert check() == [f"step: no proof is kept; {cure}"]
    assert not path.exists()


def test_a_wrong_result_at_random_is_told(proved, monkeypatch):
    _, check = proved
    monkeypatch.setattr(due, "turn", lambda names, day: "")
    monkeypatch.setattr(due, "random_faults", lambda name, what, seed: [0.5] * what)
    assert check() == ["step f': wrong at 1 of a random million: 0x1.0000000000000p-1"]


def test_the_last_digits_of_another_processor_are_no_difference():
    kept = {"float64": {"largest error": "2^-51", "at": "0x1", "beyond": []}, "inputs": 3}
    other = {"float64": {"largest error": "2^-50", "at": "0x2", "beyond": []}, "inputs": 3}
    assert list(differences(kept, other)) == []
    other["float64"]["beyond"] = ["0x3"]
    assert list(differences(kept, other)) == ["float64 beyond: [] is kept, ['0x3'] was found"]
    assert list(differences(kept, {"float64": None})) == [
        f"float64: {kept['float64']} is kept, None was found"
    ]
