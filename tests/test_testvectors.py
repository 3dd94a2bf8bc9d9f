"""The test vectors: whole, the same each time, right by an independent reader, and usable."""

import datetime
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest
from cases import every_record
from compiler import compiler
from turns import due

import actlib
from actlib import apl, relu, sigmoid, softmax, softmax_cross_entropy, softsign, srelu
from actlib.call.shapes import is_elementwise, is_gated
from actlib.proof import depends
from actlib.vectors import files, inputs, tables
from actlib.vectors.hardest import FILE, collected, hardest
from actlib.vectors.tables import subjects
from reference import vectors

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "book" / "reference" / "examples"
PROOFS = ROOT / "proofs"
OFFERED = ROOT / "_build" / "reference" / "vectors"
HEX = re.compile(r"-?0x[01](\.[0-9a-f]+)?p[+-]\d+|-?inf|nan")
BITS = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}

every_file = pytest.mark.parametrize("subject", subjects(), ids=lambda s: s.name)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What a wheel installs: the package, in a folder with nothing else of the project."""
    folder = tmp_path_factory.mktemp("installed")
    caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "actlib", folder / "actlib", ignore=caches)
    return folder


@pytest.fixture(scope="module")
def folder():
    """Those that the site offers: they are judged here."""
    assert OFFERED.is_dir(), "there is no site as it is now; run `make site`"
    return OFFERED


OF_SOME = """
from actlib.vectors import __main__ as command
every = command.subjects()
command.subjects = lambda: [subject for subject in every if subject.name in {names}]
raise SystemExit(command.main())
"""


@pytest.fixture(scope="module")
def again(installed, tmp_path_factory, pytestconfig):
    """Those whose turn it is, by the command that the page names, where nothing else is."""
    names = [subject.name for subject in subjects()]
    if not pytestconfig.getoption("whole"):
        names = due(names, datetime.date.today())
    folder = tmp_path_factory.mktemp("vectors")
    command = [sys.executable, "-c", OF_SOME.format(names=names), str(folder)]
    run(*command, cwd=tmp_path_factory.mktemp("elsewhere"), PYTHONPATH=str(installed))
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.{form}" for name in names for form in ("json", "npz")
    }
    return folder


def read(folder, subject):
    """An independent reader: the standard library alone."""
    data = json.loads((folder / f"{subject.name}.json").read_text("ascii"))
    assert data["schema"] == 2
    assert data["name"] == subject.name
    return data


def numbers(cell):
    """The hexadecimal numbers of a cell, which may hold lists of them, as floats."""
    return [numbers(each) for each in cell] if isinstance(cell, list) else float.fromhex(cell)


def flat(cell):
    return [text for each in cell for text in flat(each)] if isinstance(cell, list) else [cell]


def columns(table, dtype):
    """The columns of a table as arrays of float64, by name."""
    cells = zip(*table["vectors"][dtype], strict=True)
    return {
        name: np.array(numbers(list(column)))
        for name, column in zip(table["columns"], cells, strict=True)
    }


def test_they_are_the_same_bytes_each_time(folder, again):
    """Those of the site were made at another place; or kept, if nothing has changed since."""
    differ = [
        path.name
        for path in again.iterdir()
        if path.read_bytes() != folder.joinpath(path.name).read_bytes()
    ]
    assert not differ


@pytest.mark.parametrize("change", ["nothing", "file", "hardest inputs", "module", "version"])
def test_they_are_made_anew_if_anything_has_changed(change, tmp_path, monkeypatch):
    made, sources = tmp_path / "made", [tmp_path / "module.py", tmp_path / "hardest.json"]
    for source in sources:
        source.write_text("1")
    asked = []

    def write(folder, subject):
        asked.append(subject.name)
        folder.mkdir(exist_ok=True)
        for form in ("json", "npz"):
            (folder / f"{subject.name}.{form}").write_text("1")

    monkeypatch.setattr(files, "write", write)
    monkeypatch.setattr(vectors, "_sources", lambda subject: sources)
    vectors.write([relu], made)
    match change:
        case "file":
            (made / "relu.npz").write_text("2")
        case "module" | "hardest inputs":
            sources[change != "module"].write_text("2")
        case "version":
            monkeypatch.setattr(depends, "versions", dict)
    vectors.write([relu], made)
    assert asked == ["relu"] * (1 if change == "nothing" else 2)


def test_they_depend_on_their_own_module_and_on_how_they_are_made():
    names = {path.relative_to(ROOT).as_posix() for path in vectors._sources(relu)}
    for name in ("activations/relu", "vectors/rounded", "vectors/inputs", "verify/balls"):
        assert f"actlib/{name}.py" in names
    assert "actlib/vectors/hardest.json" in names
    assert "actlib/activations/softmax.py" not in names
    loss = {path.stem for path in vectors._sources(softmax_cross_entropy)}
    assert "softmax_cross_entropy" in loss


def test_elsewhere_is_not_here(installed, tmp_path):
    program = "from actlib.vectors import hardest; print(hardest.FILE)"
    command = [sys.executable, "-c", program]
    assert run(*command, cwd=tmp_path, PYTHONPATH=str(installed)).startswith(str(installed))


def test_a_case_that_is_left_out_makes_other_bytes(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "hardest", lambda name: hardest(name)[1:])
    for path in files.write(tmp_path, softsign):
        assert path.read_bytes() != (folder / path.name).read_bytes()


@every_file
def test_every_number_is_one_of_its_type(subject, folder):
    for table in read(folder, subject)["tables"]:
        assert list(table["vectors"]) == list(BITS)
        for dtype, rows in table["vectors"].items():
            assert len(rows) >= 30
            assert len({json.dumps(row) for row in rows}) == len(rows)
            for row in rows:
                assert len(row) == len(table["columns"])
                for text in flat(row):
                    assert HEX.fullmatch(text)
                    number = float.fromhex(text)
                    if math.isfinite(number):
                        mantissa, _ = math.frexp(number)
                        assert (mantissa * 2 ** BITS[dtype]).is_integer()


def ours(subject, table, given):
    """What the library returns for the inputs of a table, by the names of its columns."""
    if is_elementwise(subject):
        x, setting = given["x"], table["parameters"]
        found = {"f": subject(x, **setting), "f'": subject.derivative(x, **setting)}
        for name, slope in subject.parameter_derivatives(x, **setting).items():
            if isinstance(setting[name], list):
                found |= {f"df/d{name}_{s}": each for s, each in enumerate(slope, 1)}
            else:
                found[f"df/d{name}"] = slope
        return found
    if subject is softmax_cross_entropy:
        z, y = given["z"], given["y"]
        return {"loss": subject(z, y), "slope": subject.derivative(z, y)}
    if is_gated(subject):
        pair = given["value"], given["gate"]
        slopes = {f"df/d{side}": slope for side, slope in subject.derivatives(*pair).items()}
        return {"f": subject(*pair), **slopes}
    z, u = given["z"], given["u"]
    return {"f": subject(z), "jacobian": subject.jacobian(z), "vjp": subject.vjp(z, u)}


INPUTS = ("x", "z", "u", "y", "value", "gate")


@every_file
def test_the_library_returns_what_the_vectors_say(subject, folder):
    for table in read(folder, subject)["tables"]:
        for dtype in ("float16", "float32", "bfloat16"):
            expected = columns(table, dtype)
            given = {k: expected.pop(k) for k in INPUTS if k in expected}
            typed = {k: array.astype(inputs.TYPES[dtype]) for k, array in given.items()}
            found = ours(subject, table, typed)
            assert set(found) == set(expected)
            for name, array in found.items():
                np.testing.assert_array_equal(array.astype(np.float64), expected[name], name)


@every_record
def test_every_setting_has_its_table(record, folder):
    tables = read(folder, record)["tables"]
    assert [json.dumps(table["parameters"]) for table in tables] == [
        json.dumps(setting) for setting in record.settings
    ]
    for table, setting in zip(tables, record.settings, strict=True):
        x = {row[0] for row in table["vectors"]["float32"]}
        assert {"-0x0p+0", "0x0p+0", "inf", "-inf", "nan"} <= x
        finite = {float.fromhex(text) for text in x}
        assert {2.0**-149, 2.0**-126, struct.unpack("f", b"\xff\xff\x7f\x7f")[0]} <= finite
        for place in map(np.float32, record.kinks_at(setting) | record.turns_at(setting)):
            assert {
                float(place),
                *(float(np.nextafter(place, s * np.float32(9e9))) for s in (-1, 1)),
            } <= finite
    x = {float.fromhex(row[0]) for row in tables[0]["vectors"]["float32"]}
    assert set(hardest(record.name)) <= x


def test_learned_parameters_have_their_columns(folder):
    names = [table["columns"][3:] for table in read(folder, apl)["tables"]]
    two = ["df/da_1", "df/da_2", "df/db_1", "df/db_2"]
    assert names == [[], ["df/da_1", "df/db_1"], ["df/da_1", "df/db_1"], two, two, two]
    four = [f"df/d{p}" for p in ("t_l", "a_l", "t_r", "a_r")]
    assert all(table["columns"][3:] == four for table in read(folder, srelu)["tables"])


def test_the_points_where_softmax_goes_wrong_are_there(folder):
    for table in read(folder, softmax)["tables"]:
        for dtype, bits in BITS.items():
            found = columns(table, dtype)
            z, f, vjp = found["z"], found["f"], found["vjp"]
            assert {np.inf, -np.inf} <= set(z.flat)
            assert np.isnan(z).any()
            assert (z == z[:, :1]).all(axis=1).sum() >= 3
            if table["K"] == 1:
                continue
            assert np.ptp(z[np.isfinite(z).all(axis=1)], axis=1).max() > 9e3
            smallest = {"float16": -14, "float64": -1022}.get(dtype, -126)
            subnormal = (f > 0) & (f < 2.0**smallest)
            assert subnormal.sum() >= 2
            assert (f == 0).sum() > 5
            nowhere = ((z == np.inf).sum(axis=1) > 1) | (z == -np.inf).all(axis=1)
            assert nowhere.any()
            undefined = nowhere | np.isnan(z).any(axis=1)
            np.testing.assert_array_equal(np.isnan(f), undefined[:, None] & np.ones_like(z, bool))
            assert np.count_nonzero(vjp) > 20 + bits


def test_an_outside_library_agrees_on_softmax(folder):
    """mpmath, which had no part in these numbers."""
    for table in read(folder, softmax)["tables"]:
        found = columns(table, "float64")
        with mpmath.workprec(400):
            for z, f in zip(found["z"].tolist(), found["f"].tolist(), strict=True):
                if not all(map(math.isfinite, z)):
                    continue
                e = [mpmath.exp(mpmath.mpf(value) - max(z)) for value in z]
                for ours_, theirs in zip(f, e, strict=True):
                    away = abs(mpmath.mpf(ours_) - theirs / sum(e))
                    assert away <= mpmath.mpf(math.ulp(ours_)) / 2


@every_file
def test_both_files_say_the_same(subject, folder):
    data = read(folder, subject)
    with np.load(folder / f"{subject.name}.npz") as arrays:
        count = 0
        for number, table in enumerate(data["tables"]):
            for dtype in table["vectors"]:
                for column, expected in columns(table, dtype).items():
                    array = arrays[f"{number}/{dtype}/{column.replace('/', '_')}"]
                    array = array.view(inputs.TYPES[dtype]) if dtype == "bfloat16" else array
                    np.testing.assert_array_equal(array.astype(np.float64), expected)
                    count += 1
            for name, value in table.get("parameters", {}).items():
                expected = math.inf if value is None else value
                np.testing.assert_array_equal(arrays[f"{number}/parameters/{name}"], expected)
                count += 1
        assert count == len(arrays.files)


def test_an_absent_parameter_is_null(folder):
    assert read(folder, relu)["tables"][0]["parameters"]["max_value"] is None


def test_a_wrong_library_is_found(folder):
    found = columns(read(folder, sigmoid)["tables"][0], "float32")
    x, f = found["x"].astype(np.float32), found["f"].astype(np.float32)
    with np.errstate(over="ignore"):
        assert not np.array_equal(1 / (1 + np.exp(-x)), f, equal_nan=True)


def test_the_hardest_inputs_are_those_of_the_proofs(tmp_path):
    assert FILE.read_text("utf-8") == collected(PROOFS), "run `make hardest`"
    elementwise = {name for name, r in actlib.ALL.items() if is_elementwise(r)}
    assert elementwise == set(json.loads(FILE.read_text("utf-8")))
    assert all(len(hardest(name)) == 40 for name in ("sigmoid", "tanh", "softplus"))
    assert hardest("no such activation") == []
    shutil.copy(PROOFS / "elu.json", tmp_path)
    assert set(json.loads(collected(tmp_path))) == {"elu"}


def run(*command, cwd=None, **variables):
    """What a command prints."""
    variables = {**os.environ, **variables}
    done = subprocess.run(
        command, cwd=cwd, env=variables, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_the_example_in_python_runs(folder):
    output = run(sys.executable, str(EXAMPLES / "vectors.py"), str(folder / "sigmoid.json"))
    assert re.search(r"^  float64 \d+ steepest: 0.25 ", output, re.M)


def test_the_example_of_softmax_says_what_the_page_does(folder):
    output = run(sys.executable, str(EXAMPLES / "softmax.py"), str(folder / "softmax.json"))
    assert [line.split()[-1] for line in output.splitlines()] == ["2^-19"] * 3


def test_the_example_in_c_runs(folder, tmp_path):
    program = str(tmp_path / "vectors")
    run(compiler(), "-Wall", "-Werror", "-O1", "-o", program, str(EXAMPLES / "vectors.c"), "-lm")
    assert "below 1e-15: yes" in run(program, str(folder / "sigmoid.json"))


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
def test_the_example_in_javascript_runs(folder):
    for name in ("elu", "apl", "softmax", "softmax_cross_entropy"):
        output = run("node", str(EXAMPLES / "vectors.js"), str(folder / f"{name}.json"))
        count, total = re.match(r"(\d+) of (\d+) rows", output).groups()
        # A NaN is a float32 too: Object.is knows.
        assert count == total
