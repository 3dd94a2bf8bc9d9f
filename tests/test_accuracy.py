"""The accuracy page: what is proved, and what it makes of the results of audits."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
import subjects

import actlib
from actlib.formula.elsewhere import MEASURED
from reference import accuracy
from reference.audits import load, newest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "audit"


FAULT = {"count": 1, "intervals": [[2.5, 2.5]], "of": 1, "x": 2.5, "got": "nan", "right": 0.5}


class TestSubjects:
    def test_each_library_has_its_own_setting(self):
        found = [s for s in subjects.subjects("torch") if s.record is actlib.hard_sigmoid]
        assert [(s.label, s.order, s.setting["slope"]) for s in found] == [
            ("slope=1/6", 0, Fraction(1, 6)),
            ("slope=1/6", 1, Fraction(1, 6)),
        ]

    def test_actlib_is_asked_at_the_settings_of_all(self):
        found = [s for s in subjects.subjects("actlib") if s.record is actlib.hard_sigmoid]
        labels = ["", "slope=1/6", "slope=0.5"]
        assert list(dict.fromkeys(s.label for s in found)) == labels
        assert found[2].setting["slope"] == 1 / 6

    def test_what_needs_an_array_says_why_it_is_not_asked(self):
        found = {s.name: s.unasked for s in subjects.subjects("onnxruntime")}
        assert found["PRelu"].startswith("it takes a parameter as an array")
        assert found["Elu"] == ""


def test_the_versions_are_those_of_the_records():
    latest = newest(load(RESULTS))
    for library in ("PyTorch", "JAX", "TensorFlow", "Keras", "SciPy", "NumPy"):
        package = {"PyTorch": "torch"}.get(library, library.lower())
        assert latest[package].version == MEASURED[library]


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
        ("change", "shown"),
        [
            ({"worst": {"ulp": 2.0**22}}, "no digit\\*"),
            ({"worst": {"ulp": 4e6}}, "4e+06\\*"),
            ({"worst": {"ulp": 4e6}, "inputs": "all"}, "4e+06"),
            ({"worst": {"ulp": 1.07e8}, "dtype": "float64"}, "1.07e+08"),
            ({"worst": {"ulp": 2.0**51}, "dtype": "float64"}, "no digit"),
            ({"worst": {"ulp": "inf"}, "dtype": "float64"}, "no digit"),
            ({"worst": {"ulp": 300.0}, "dtype": "float16", "inputs": "all"}, "300"),
            ({"worst": {"ulp": 300.0}, "dtype": "bfloat16", "inputs": "all"}, "no digit"),
            ({"misrounded": 0}, "½\\*"),
            ({"misrounded": 0, "dtype": "float16", "inputs": "all"}, "½"),
            ({"faults": {"NaN": FAULT}}, "no digit\\*"),
        ],
    )
    def test_an_error_is_told_as_its_type_allows(self, tmp_path, change, shown):
        page = of_elu(tmp_path, row(setting="alpha=2", **change))
        assert f"| `alpha=2` | f | {change.get('dtype', 'float32')} | {shown} |" in page

    def test_of_several_functions_the_worst_is_told(self, tmp_path):
        page = of_elu(tmp_path, row(), row(name="other", worst={"ulp": 7.0}), row(name="third"))
        assert "| defaults | f | float32 | 7\\* |" in page

    def test_what_is_outright_wrong_in_float64(self, tmp_path):
        page = of_elu(tmp_path, row(dtype="float64", faults={"NaN": FAULT}))
        assert "| defaults | f | JAX | NaN | 2.5 | 0.5 |" in page
        assert "| NaN |" not in of_elu(tmp_path, row(faults={"NaN": FAULT}))

    def test_it_explains_every_setting(self):
        page = accuracy.markdown(list(actlib.ALL.values()), ROOT / "proofs", RESULTS)
        prose = [line for line in page.splitlines() if not line.startswith("|")]
        for setting in ("slope=1/6", "alpha=0.200000003", "omega=1"):
            assert any(f"`{setting}`" in line for line in prose)
            assert f"| `{setting}` |" in page


def row(**changed):
    return {
        "activation": "elu",
        "setting": "",
        "name": "jax.nn.elu",
        "function": "f",
        "dtype": "float32",
        "inputs": "sampled",
        "tried": 1003,
        "misrounded": 5,
        "worst": {"ulp": 1.0},
        **changed,
    }


def written(folder, *rows):
    path = folder / "results" / "jax-1.0.json"
    path.parent.mkdir(exist_ok=True)
    head = {"library": "jax", "version": "1.0", "machine": {"cpu": "one"}}
    path.write_text(json.dumps({**head, "results": rows}), "utf-8")
    return path.parent


def of_elu(folder, *rows):
    return accuracy.markdown([actlib.ALL["elu"]], ROOT / "proofs", written(folder, *rows))
