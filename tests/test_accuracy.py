"""The accuracy page: what its benchmark counts, what it wrote, and what the page makes of that."""

import importlib.util
import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import actlib
from actlib.call.shapes import is_elementwise
from actlib.formula.elsewhere import MEASURED
from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import UndecidedError
from reference import accuracy

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "accuracy.json"
RESULT = json.loads(RESULTS.read_text("utf-8"))


def benchmark(name):
    """A module of the benchmarks. None of these needs the libraries that are measured."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


judging, subjects = benchmark("judge"), benchmark("subjects")

SIGMOID, RELU, STEP, ELU = (
    at_setting(actlib.ALL[name].definition, actlib.ALL[name].settings[0])
    for name in ("sigmoid", "relu", "step", "elu")
)
X32 = np.array([-80, -20, -1, -0.5, 0, 0.5, 1, 20], np.float32)


def judged(definition, got, x=X32, order=0):
    return judging.judge(np.asarray(got, x.dtype), definition, order, x)


def total(found):
    return found["normal"]["count"] + found["below"]["count"] + found["kinks"]


class TestJudge:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_a_zero(self, dtype):
        """All digits are lost, however many are needed to see it."""
        found = judged(SIGMOID, 0 * X32, X32.astype(dtype))
        all_lost = 2.0 ** np.finfo(dtype).nmant  # to twice that
        assert all_lost <= found["normal"]["worst"] <= 2.001 * all_lost
        assert found["outright"] == {"zero": [0.0, 0.5]}

    def test_a_wrong_sign(self):
        found = judged(SIGMOID, -actlib.sigmoid(X32))
        assert found["normal"]["worst"] >= 2.0**24
        assert found["outright"] == {"sign": [0.0, 0.5]}

    def test_a_slightly_wrong_function(self):
        y = actlib.sigmoid(X32)
        y[1] = np.nextafter(y[1], np.float32(1))
        found = judged(SIGMOID, y)
        assert 0.5 < found["normal"]["worst"] < 1.5
        assert found["normal"]["at"] == -20
        assert found["outright"] == {}

    @pytest.mark.parametrize("factor", [0.999, 0.9, 3.0, 1e30])
    def test_a_wildly_wrong_function(self, factor):
        found = judged(SIGMOID, factor * actlib.sigmoid(X32.astype(np.float64)))
        away = abs(factor - 1) * 2.0**23
        assert 0.99 * away < found["normal"]["worst"] < 2.01 * away

    def test_no_number(self):
        for value, fault in ((math.nan, "nan"), (math.inf, "infinity"), (-math.inf, "infinity")):
            found = judged(SIGMOID, np.full_like(X32, value))
            assert found["normal"]["worst"] == "inf"
            assert found["outright"] == {fault: [0.0, 0.5]}

    def test_beyond_the_largest_number_infinity_is_right(self):
        x = np.array([3e38], np.float32)
        assert judged(2 * X, [math.inf], x)["normal"]["worst"] == 0
        assert judged(2 * X, [-math.inf], x)["outright"] == {"infinity": [float(x[0]), 6e38]}

    def test_every_point_is_counted_once(self):
        x = np.concatenate([X32, np.array([-1e-40, 1e-40], np.float32)])
        for order, got in ((0, np.maximum(x, 0)), (1, x > 0), (1, x >= 0)):
            found = judged(RELU, got, x, order)
            assert total(found) == found["points"] == len(x)
            assert found["normal"]["worst"] == 0

    def test_every_slope_between_two_sides_is_a_convention(self):
        zero = np.array([0], np.float32)
        for slope in (0, 0.5, 1):
            assert judged(RELU, [slope], zero, 1)["kinks"] == 1
        found = judged(RELU, [-1], zero, 1)
        assert (found["kinks"], found["outright"]) == (0, {"sign": [0.0, 1.0]})
        assert judged(RELU, [math.nan], zero, 1)["outright"] == {"nan": [0.0, 1.0]}

    def test_a_value_at_a_kink_is_none(self):
        zero = np.array([0], np.float32)
        assert judged(RELU, [0], zero)["kinks"] == 0
        assert judged(RELU, [1e-3], zero)["below"]["worst"] > 1e40
        assert judged(STEP, [0.5], zero)["kinks"] == 1
        assert judged(STEP, [2], zero)["normal"]["worst"] >= 2.0**23

    def test_what_is_flushed_to_zero_is_counted_apart(self):
        x = np.array([-1e-40, -90, -1], np.float32)
        right = actlib.elu.derivative(x)
        found = judged(ELU, np.where(x < -80, 0, right), x, 1)
        assert found["below"]["count"] == 2
        assert found["below"]["worst"] == pytest.approx(np.exp(-90) / 2.0**-149, rel=1e-5)
        assert found["outright"] == {}
        assert found["normal"]["worst"] <= 0.5

    def test_what_cannot_be_decided_is_refused(self):
        with pytest.raises(UndecidedError):
            judged(sp.Piecewise((1, sp.sin(X) ** 2 + sp.cos(X) ** 2 > 1), (2, True)), X32)

    def test_another_type_is_refused(self):
        with pytest.raises(TypeError, match="float64"):
            judging.judge(X32.astype(np.float64), SIGMOID, 0, X32)


class TestSubjects:
    def test_each_library_has_its_own_setting(self):
        found = subjects.subjects(actlib.hard_sigmoid)
        told = [(s.label, s.library) for s in found]
        assert told == [
            ("", "actlib"),
            ("slope=1/6", "actlib"),
            ("slope=1/6", "PyTorch"),
            ("slope=1/6", "JAX"),
        ]
        assert [s.setting["slope"] for s in found[1:3]] == [1 / 6, Fraction(1, 6)]
        assert found[2].definition.subs(X, -3) == 0

    def test_a_new_library_is_not_forgotten(self):
        record = actlib.ALL["tanh"]
        new = replace(
            record, equivalents={**record.equivalents, "Other": record.equivalents["JAX"]}
        )
        assert "Other" in {s.library for s in subjects.subjects(new)}


def keys(row):
    return tuple(row.get(name) for name in ("activation", "setting", "function", "library"))


def contradictions(rows):
    """Rows in which points are missing, or that call the same result wrong and right."""
    found = []
    for row in rows:
        worst, lost = float(row["normal"]["worst"]), 2.0 ** np.finfo(row["dtype"]).nmant
        least = {"zero": lost, "sign": lost, "nan": math.inf, "infinity": math.inf}
        complete = total(row) == row["points"]
        if not complete or any(worst < least[fault] for fault in row["outright"]):
            found.append((*keys(row), row["dtype"]))
    return found


class TestResults:
    def test_no_row_contradicts_itself(self):
        assert contradictions(RESULT["rows"]) == []

    @pytest.mark.parametrize(
        "fault",
        [
            {"points": 1},
            {"normal": {"count": 8, "worst": 3.88, "at": 0}, "outright": {"zero": [1, 1]}},
            {"normal": {"count": 8, "worst": 1e300, "at": 0}, "outright": {"nan": [1, 1]}},
        ],
    )
    def test_a_contradiction_is_seen(self, fault):
        row = {"activation": "sigmoid", "dtype": "float32", **judged(SIGMOID, 0 * X32)}
        assert contradictions([row]) == []
        assert contradictions([{**row, **fault}]) != []

    def test_nothing_is_left_out(self):
        """Each function of each library is measured in both types, or said to be absent."""
        expected = {
            (record.name, subject.label, function, subject.library)
            for record in actlib.ALL.values()
            if is_elementwise(record)
            for subject in subjects.subjects(record)
            for function in ("f", "f'")
        }
        absent = [keys(row) for row in RESULT["absent"]]
        assert {function for _, _, function, _ in absent} == {"f'"}
        for dtype in ("float32", "float64"):
            found = [keys(row) for row in RESULT["rows"] if row["dtype"] == dtype]
            assert sorted(found + absent) == sorted(expected)

    def test_actlib_is_within_its_bounds(self):
        for row in RESULT["rows"]:
            if row["library"] == subjects.OURS:
                record = actlib.ALL[row["activation"]]
                of, usual = {"f": ("value", 2), "f'": ("derivative", 4)}[row["function"]]
                bound = {"float32": 0.5, "float64": record.bound_of(of, usual, record.settings[0])}
                for points in ("normal", "below"):
                    assert row[points]["worst"] <= bound[row["dtype"]], row

    def test_the_versions_are_those_of_the_records(self):
        machine = RESULT["machine"]
        for library in ("PyTorch", "JAX", "TensorFlow"):
            package = {"PyTorch": "torch"}.get(library, library.lower())
            assert machine[package].partition("+")[0] == MEASURED[library]


class TestPage:
    def test_it_says_how_far_a_proof_goes(self, tmp_path):
        sine = actlib.ALL["sine"]
        proved = json.loads((ROOT / "proofs" / "elu.json").read_text("utf-8"))
        beyond = {"tried": 1234, "misrounded": ["0x1p+9"], "float64 beyond": ["0x1p+9"] * 5}
        for sign in ("f", "f'"):
            proved[sign]["float32"] |= {"up to": 64.0, "beyond": beyond}
        (tmp_path / "sine.json").write_text(json.dumps(proved), "utf-8")
        page = accuracy.markdown([sine], tmp_path, written(tmp_path, row()))
        assert "three types, in float32 of those named below up to a bound." in page
        assert rf"$\vert x \vert \leq 64$ | {sine.reach.why} | 1,234 | 1 |" in page
        assert "either:\n10 are." in page

    def test_it_counts_what_was_proved(self, tmp_path):
        elu = actlib.ALL["elu"]
        found = {"inputs": 10, "misrounded": []}
        ways = {"model": 2, "vanishing": 1, "straight": 3, "tangent": 2, "balls": 2}
        float64 = {"largest error": "2^-52.3", "at": "0x1p+0", "shown to be below": "2^-51"}
        single = found | {
            "decided by": ways,
            "float64": float64 | {"asked": "2^-48", "beyond": []},
            "hardest": [["0x1p+0", 1e-9]],
        }
        missed = {**single, "misrounded": ["0x1p+0"], "decided by": ways | {"balls": 4000}}
        missed["float64"] = float64 | {"beyond": ["0x1p+0"]}
        small = {"float16": found, "bfloat16": found}
        types = {"f": {"float32": single, **small}, "f'": {"float32": missed, **small}}
        (tmp_path / "elu.json").write_text(json.dumps(types), "utf-8")
        page = accuracy.markdown([elu], tmp_path, written(tmp_path, row()))
        assert "**1 of 60 results are misrounded**: those of f and f′ of all 1" in page
        assert "| 10 | 10 | 10 | 1 | 3 | 2 | 2 | 1.0e-09 |" in page
        assert "balls decided 2 to 4,000 results" in page
        assert "| f | $2^{-52.3}$ | 1.0 | $2^{-51}$ |" in page
        assert "1 results are further from the truth" in page
        assert "says 9.)" in page
        assert "do not go to the end" not in page
        two = accuracy.markdown([elu, actlib.ALL["relu"]], tmp_path, written(tmp_path, row()))
        assert "those of f and f′ of 1 of 2 elementwise" in two

    @pytest.mark.parametrize(
        ("dtype", "worst", "shown"),
        [
            ("float32", 2.0**22, "no digit"),
            ("float32", 4e6, "4e+06"),
            ("float64", 1.07e8, "1.07e+08"),
            ("float64", 2.0**51, "no digit"),
            ("float64", "inf", "no digit"),
        ],
    )
    def test_no_digit_depends_on_the_type(self, tmp_path, dtype, worst, shown):
        page = of_elu(tmp_path, row(worst, dtype=dtype, setting="alpha=2"))
        assert f"| `alpha=2` | f | {dtype} | {shown} |" in page

    def test_what_is_outright_wrong(self, tmp_path):
        page = of_elu(tmp_path, row("inf", outright={"nan": [2.9999997615814209, 0.5]}))
        assert "| defaults | f | float32 | JAX | NaN | 2.9999998 | 0.5 |" in page

    def test_below_the_normal_numbers_only_errors_are_shown(self, tmp_path):
        last = of_elu(tmp_path, row(below=1.0)).split("## Below")[1]
        assert "| float32 |" not in last
        last = of_elu(tmp_path, row(below=8e6), row(below=1e-30, library="A")).split("## Below")[1]
        assert "| defaults | f | float32 | 8e+06 | ≈ 0 |" in last
        assert "| NaN or infinite |" in of_elu(tmp_path, row(below="inf")).split("## Below")[1]

    def test_what_is_left_out_is_counted(self, tmp_path):
        page = of_elu(tmp_path, row(kinks=2), row(library="A"))
        assert "Of the 2,006 results, this table leaves out two kinds. 2 are at a kink" in page
        assert "6 are below the smallest normal number" in page

    def test_it_explains_every_setting_and_every_library(self):
        page = accuracy.markdown(list(actlib.ALL.values()), ROOT / "proofs", RESULTS)
        prose = [line for line in page.splitlines() if not line.startswith("|")]
        told = {row["setting"] for row in RESULT["rows"]} - {""}
        assert told == {"slope=1/6", "alpha=0.200000003", "omega=1"}
        for setting in told:
            assert any(f"`{setting}`" in line for line in prose)


def row(worst=1.0, below=0.0, kinks=0, outright=None, **changed):
    return {
        "activation": "elu",
        "setting": "",
        "function": "f",
        "library": "JAX",
        "dtype": "float32",
        "points": 1003,
        "kinks": kinks,
        "normal": {"count": 1000 - kinks, "worst": worst, "at": 0.0},
        "below": {"count": 3, "worst": below, "at": 0.0},
        "outright": outright or {},
        **changed,
    }


def written(folder, *rows):
    path = folder / "results" / "accuracy.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": {"cpu": "one"}, "absent": [], "rows": rows}), "utf-8")
    return path


def of_elu(folder, *rows):
    return accuracy.markdown([actlib.ALL["elu"]], ROOT / "proofs", written(folder, *rows))
