"""Digests are those of the correctly rounded results, and one wrong bit changes one of them."""

import datetime
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from turns import due

from actlib import exponential, hard_tanh, relu, sine, tanh
from actlib.audit.asked import asked
from actlib.proof.work import ELEMENTWISE
from actlib.vectors import digests
from actlib.vectors.inputs import TYPES

ROOT = Path(__file__).parents[1]
EVERY = {"float16": range(31), "bfloat16": range(255)}
ALL = [(name, order) for name in ELEMENTWISE for order in (0, 1)]


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        whole = metafunc.config.getoption("whole")
        cases = ALL if whole else due(ALL, datetime.date.today())
        metafunc.parametrize(("name", "order"), [("hard_tanh", 1), ("tanh", 0), *cases])


def true(name, order):
    """The correctly rounded results, by no kernel of ours; at a kink, the slope that is ours."""
    target = asked(name, None, order)

    def function(x):
        known = target.truth.at(x)
        assert known.decided.all()
        for kink in target.kinks if order else ():
            here = x.astype(np.float64) == kink
            known.right[here] = ELEMENTWISE[name].derivative(x[here])
        return known.right

    return function


@pytest.mark.parametrize("sign", "+-")
def test_they_are_those_of_the_truth(name, order, sign):
    function = true(name, order)
    for dtype, exponents in EVERY.items():
        found = digests.of_activation(name, dtype, order, sign)
        assert found == digests.digests(function, dtype, sign, exponents)
    one = range(126, 127)  # from 1/2 up to 1
    record = ELEMENTWISE[name].derivative if order else ELEMENTWISE[name]
    found = digests.digests(record, "float32", sign, one)
    assert found == digests.digests(function, "float32", sign, one)


def test_they_are_hashes_of_raw_numbers():
    def sha(raw):
        return hashlib.sha256(raw).hexdigest()

    for dtype, exponents in EVERY.items():
        size = 2 ** digests.FRACTION[dtype]
        bits = np.arange(size * len(exponents), dtype="<u2").reshape(len(exponents), size)
        right = {f"+{e}": sha(bits[e].tobytes()) for e in exponents}
        assert digests.of_activation("relu", dtype, 0, "+") == right
        zeros = dict.fromkeys((f"-{e}" for e in exponents), sha(bytes(2 * size)))
        assert digests.of_activation("relu", dtype, 0, "-") == zeros


def spoiled(function, x, value):
    def other(given):
        y = function(given)
        y[given == x] = value(y[given == x])
        return y

    return other


def up(y):
    return np.nextafter(y, y.dtype.type(np.inf))


@pytest.mark.parametrize("dtype", EVERY)
@pytest.mark.parametrize(("x", "exponent"), [(1.5, 0), (-3.0, 1), (2.0**-14, -14)])
def test_one_bit_changes_one_digest(dtype, x, exponent):
    sign = "-" if x < 0 else "+"
    bias = 15 if dtype == "float16" else 127
    right = digests.digests(tanh, dtype, sign, EVERY[dtype])
    wrong = digests.digests(spoiled(tanh, x, up), dtype, sign, EVERY[dtype])
    changed = [key for key in right if wrong[key] != right[key]]
    assert changed == [f"{sign}{exponent + bias}"]


def test_one_bit_of_float32_changes_its_digest():
    one, x = range(127, 128), np.float32(1.9999999)
    right = digests.digests(hard_tanh, "float32", "+", one)
    assert digests.digests(spoiled(hard_tanh, x, up), "float32", "+", one) != right


def test_the_sign_of_zero_does_not_matter():
    for function, sign in ((relu, "-"), (exponential, "-"), (tanh, "+")):

        def other(x, function=function):
            y = function(x)
            return np.where(y == 0, -y, y)

        found = (digests.digests(f, "float16", sign, EVERY["float16"]) for f in (function, other))
        assert next(found) == next(found)


def covered(name, dtype):
    """How many inputs have a digest."""
    return 2 * len(digests.proved(name, dtype)) * 2 ** digests.FRACTION[dtype]


def test_every_input_that_is_hashed_is_proved():
    for name in ELEMENTWISE:
        proof = json.loads(ROOT.joinpath("proofs", f"{name}.json").read_text("utf-8"))
        for sign in ("f", "f'"):
            for dtype in TYPES.keys() & digests.FRACTION.keys():
                assert proof[sign][dtype]["misrounded"] == []
                assert covered(name, dtype) <= proof[sign][dtype]["inputs"]
    assert covered("tanh", "float32") == 255 * 2**24
    assert digests.proved("sine", "float32") == range(133)  # up to 64
    assert len(digests.proved("sine", "float16")) == 31
    assert sine.reach_at(sine.settings[0]) == 64


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return digests.write(tmp_path_factory.mktemp("digests"), "elu", "float16")


def test_a_file_has_a_line_for_each(file):
    data = json.loads(file.read_text("ascii"))
    assert data["parameters"] == {"alpha": 1.0}
    found = data["digests"]
    keys = [f"{f} {s}{e}" for f in ("f", "f'") for s in "+-" for e in EVERY["float16"]]
    assert list(found) == keys
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in found.values())
    for key, each in found.items():
        assert f'  "{key}": "{each}"' in file.read_text("ascii")
    assert found["f' -30"] == digests.of_activation("elu", "float16", 1, "-")["-30"]


@pytest.mark.parametrize("change", ['"depends on": "', '"schema": "actlib-digests/'])
def test_a_file_of_other_code_is_told(file, change, tmp_path):
    assert digests.why_stale(file) == ""
    other = tmp_path / file.name
    other.write_text(file.read_text("ascii").replace(change, change + "0"))
    cure = f"python -m actlib.vectors.digests --dtype float16 {tmp_path} elu"
    assert digests.why_stale(other) == f"elu-float16.json is of other code; run `{cure}`"


def test_those_that_are_kept_are_of_this_code_and_right():
    """They are made by hand: of float32, each takes a minute."""
    kept = sorted(ROOT.joinpath("digests").glob("*.json"))
    assert [why for path in kept if (why := digests.why_stale(path))] == []
    for path in due(kept, datetime.date.today()):
        data = json.loads(path.read_text("utf-8"))
        record, exponents = ELEMENTWISE[data["name"]], digests.proved(data["name"], data["type"])
        signs = [(f, s) for f in ("f", "f'") for s in "+-"]
        assert list(data["digests"]) == [f"{f} {s}{e}" for f, s in signs for e in exponents]
        for order, sign in digests.JOBS:
            function = record.derivative if order else record
            found = digests.digests(function, data["type"], sign, range(126, 127))
            assert found[f"{sign}126"] == data["digests"][f"{'f' + order * chr(39)} {sign}126"]


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "actlib.vectors.digests", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_same(file, tmp_path):
    done = command(tmp_path, "elu")
    assert done.stdout == f"{tmp_path / 'elu-float16.json'}\n{tmp_path / 'elu-bfloat16.json'}\n"
    assert tmp_path.joinpath(file.name).read_bytes() == file.read_bytes()


def test_the_command_refuses_what_is_no_function_of_one_number(tmp_path):
    done = command(tmp_path, "softmax", "elu")
    assert done.returncode == 2
    assert "no function of one number: softmax" in done.stderr
