"""The test vectors: whole, the same each time, right by an independent reader, and usable."""

import hashlib
import json
import math
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import every_record

import actlib
from actlib import sigmoid
from actlib.testvectors import files, inputs

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "book" / "reference" / "examples"
PROOFS = ROOT / "proofs"
HEX = re.compile(r"-?0x[01](\.[0-9a-f]+)?p[+-]\d+|-?inf|nan")
BITS = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All of them, by the command that the page names."""
    folder = tmp_path_factory.mktemp("vectors")
    command = [sys.executable, "-m", "actlib.testvectors", str(folder)]
    subprocess.run([*command, "--proofs", str(PROOFS)], check=True, stdout=subprocess.DEVNULL)
    return folder


def read(folder, record):
    """An independent reader: the standard library alone."""
    data = json.loads((folder / f"{record.name}.json").read_text("ascii"))
    assert data["schema"] == 1
    assert data["activation"] == record.name
    return data


@every_record
def test_the_same_bytes_each_time(record, folder, tmp_path):
    for path in files.write(tmp_path, record, PROOFS):
        once, again = (hashlib.sha256(p.read_bytes()).digest() for p in (path, folder / path.name))
        assert once == again


@every_record
def test_every_number_is_one_of_its_type(record, folder):
    data = read(folder, record)
    assert list(data["vectors"]) == list(BITS)
    for dtype, rows in data["vectors"].items():
        assert len(rows) > 150
        for row in rows:
            assert len(row) == len(data["columns"])
            for text in row:
                assert HEX.fullmatch(text)
                number = float.fromhex(text)
                if math.isfinite(number):
                    mantissa, _ = math.frexp(number)
                    assert (mantissa * 2 ** BITS[dtype]).is_integer()


@every_record
def test_the_library_returns_what_the_vectors_say(record, folder):
    data = read(folder, record)
    for dtype in ("float16", "float32", "bfloat16"):
        columns = np.array([[float.fromhex(t) for t in row] for row in data["vectors"][dtype]]).T
        x = columns[0].astype(inputs.TYPES[dtype])
        ours = {"f": record(x), "f'": record.derivative(x)}
        ours |= {f"df/d{k}": v for k, v in record.parameter_derivatives(x).items()}
        for name, expected in zip(data["columns"][1:], columns[1:], strict=True):
            np.testing.assert_array_equal(ours[name].astype(np.float64), expected)


@every_record
def test_the_points_that_ports_get_wrong_are_there(record, folder):
    x = {row[0] for row in read(folder, record)["vectors"]["float32"]}
    assert {"-0x0p+0", "0x0p+0", "inf", "-inf", "nan"} <= x
    finite = {float.fromhex(text) for text in x}
    assert {2.0**-149, 2.0**-126, struct.unpack("f", b"\xff\xff\x7f\x7f")[0]} <= finite
    for kink in map(np.float32, record.kinks_at(record.settings[0])):
        assert {
            float(kink),
            *(float(np.nextafter(kink, s * np.float32(9e9))) for s in (-1, 1)),
        } <= finite
    for sign in ("f", "f'"):
        assert set(inputs.hard_cases(PROOFS, record.name, sign)) <= finite


@every_record
def test_both_files_say_the_same(record, folder):
    data = read(folder, record)
    with np.load(folder / f"{record.name}.npz") as arrays:
        for dtype, rows in data["vectors"].items():
            for i, column in enumerate(data["columns"]):
                array = arrays[f"{dtype}/{column.replace('/', '_')}"]
                array = array.view(inputs.TYPES[dtype]) if dtype == "bfloat16" else array
                expected = [float.fromhex(row[i]) for row in rows]
                np.testing.assert_array_equal(array.astype(np.float64), expected)


def test_a_wrong_library_is_found(folder):
    data = read(folder, sigmoid)
    rows = np.array([[float.fromhex(t) for t in row] for row in data["vectors"]["float32"]])
    x, f = rows[:, 0].astype(np.float32), rows[:, 1].astype(np.float32)
    with np.errstate(over="ignore"):
        assert not np.array_equal(1 / (1 + np.exp(-x)), f, equal_nan=True)


def test_the_hard_cases_of_every_proof_are_read():
    assert all(
        len(inputs.hard_cases(PROOFS, name, "f")) == 20 for name in ("sigmoid", "tanh", "softplus")
    )
    assert inputs.hard_cases(PROOFS, "no such activation", "f") == []
    assert set(actlib.ALL) - {"softmax"} == {path.stem for path in PROOFS.glob("*.json")}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_example_in_python_runs(folder):
    output = run(sys.executable, str(EXAMPLES / "vectors.py"), str(folder / "sigmoid.json"))
    assert re.search(r"^float64 \d+ steepest: 0.25 ", output, re.M)


@pytest.mark.skipif(not shutil.which("gcc"), reason="no C compiler")
def test_the_example_in_c_runs(folder, tmp_path):
    program = str(tmp_path / "vectors")
    run("gcc", "-Wall", "-Werror", "-O1", "-o", program, str(EXAMPLES / "vectors.c"), "-lm")
    assert "below 1e-15: yes" in run(program, str(folder / "sigmoid.json"))


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
def test_the_example_in_javascript_runs(folder):
    for name in ("elu", "sigmoid"):
        output = run("node", str(EXAMPLES / "vectors.js"), str(folder / f"{name}.json"))
        count, total = re.match(r"(\d+) of (\d+) rows", output).groups()
        # A NaN is a float32 too: Object.is knows.
        assert count == total
