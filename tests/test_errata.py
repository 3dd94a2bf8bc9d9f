"""The page of errata: its numbers are those of the results, and what is planted in them shows."""

import copy
import dataclasses
import itertools
import json
import re
from pathlib import Path

import audit as benchmark
import independent
import pytest
import subjects

import actlib
from actlib.audit import habits, line
from actlib.call.shapes import elementwise
from reference import accuracy, errata, findings, matrix
from reference.audits import NAMES, TYPES, digits, load, measured, newest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "audit"
YML = ROOT / "book" / "findings.yml"
AUDITS = load(RESULTS)
LATEST = newest(AUDITS)
FINDINGS = findings.load(YML)
SHOWN = list(findings.shown(FINDINGS, AUDITS))
CURVES = elementwise(list(actlib.ALL.values()))
PAGE = errata.markdown(list(actlib.ALL.values()), RESULTS, YML)

every_file = pytest.mark.parametrize("path", sorted(RESULTS.glob("*.json")), ids=lambda p: p.stem)


def refuse(word):
    raise AssertionError(f"{word} is not strict JSON")


class TestResults:
    @every_file
    def test_it_is_strict_json_with_a_line_for_each_result(self, path):
        text = path.read_text("utf-8")
        told = json.loads(text, parse_constant=refuse)
        assert path.stem == f"{told['library']}-{told['version']}"
        assert len(text.splitlines()) == len(told["results"]) + 2
        assert {"cpu", "python", "numpy", "actlib"} <= told["machine"].keys()

    def test_every_library_is_there(self):
        assert set(LATEST) == set(NAMES) == set(subjects.LIBRARIES)

    @pytest.mark.parametrize("library", subjects.LIBRARIES)
    def test_no_function_is_left_out(self, library):
        """Each has a result in each type, or the reason why there is none."""
        wanted = {(*s.told.values(), t) for s in subjects.subjects(library) for t in TYPES}
        names = ("activation", "setting", "name", "function", "dtype")
        rows = LATEST[library].rows
        assert {tuple(row[name] for name in names) for row in rows} == wanted
        assert all(row["failed"].strip() for row in rows if "failed" in row)

    def test_16_bits_are_asked_whole(self):
        for audit in AUDITS:
            for row in measured(audit.rows):
                whole = {"float16": 63488, "bfloat16": 65280}.get(row["dtype"])
                assert whole is None or (row["inputs"], row["tried"]) == ("all", whole)
                if (row["dtype"], row["inputs"]) == ("float32", "all"):
                    assert row["tried"] == 4278190080 or "sin" in row["name"]

    def test_no_result_contradicts_itself(self):
        assert [row for audit in AUDITS for row in measured(audit.rows) if contradicts(row)] == []

    @pytest.mark.parametrize(
        "change",
        [
            {"misrounded": 0},
            {"verdict": "exact"},
            {"faults": {"zero": {"count": 0}}},
            {"misrounded": 70000},
        ],
    )
    def test_a_contradiction_is_seen(self, change):
        row = find("torch", "tanh", "f'", "bfloat16")
        assert not contradicts(row)
        assert contradicts({**row, **change})

    def test_actlib_is_within_its_bounds(self):
        for row in measured(LATEST["actlib"].rows):
            record = actlib.ALL[row["activation"]]
            of, usual = {"f": ("value", 2), "f'": ("derivative", 4)}[row["function"]]
            if row["dtype"] == "float64":
                bound = record.bound_of(of, usual, record.settings[0])
                assert "faults" not in row
                assert not row["misrounded"] or row["worst"]["ulp"] <= bound, row
            else:
                assert row["verdict"] in ("exact", "no error found"), row


def contradicts(row):
    """Whether its verdict, its counts and its faults do not go together."""
    told = row.get("faults", {})
    wrong = row["misrounded"] > row["tried"]
    wrong |= bool(told) != row["verdict"].startswith("faults")
    wrong |= bool(told) and row["verdict"] != f"faults: {', '.join(told)}"
    wrong |= any(not 0 < fault["count"] <= row["misrounded"] for fault in told.values())
    return wrong or (row["misrounded"] > 0) == row["verdict"].endswith(("exact", "no error found"))


def find(library, *names):
    return LATEST[library].find(**place(*names))


class TestMeasuring:
    """By the benchmark itself, of textbook formulas, which need no library."""

    @pytest.fixture
    def results(self, tmp_path, monkeypatch):
        monkeypatch.setattr(benchmark, "RESULTS", tmp_path)
        return lambda: benchmark.Results("textbook")

    def tanh(self):
        return {s.name: s for s in subjects.subjects("textbook")}["textbook.tanh"]

    def test_what_is_finished_is_not_asked_again(self, results, monkeypatch):
        benchmark.measure(self.tanh(), results(), [("float16", True)])
        kept = json.loads(results().path.read_text("utf-8"), parse_constant=refuse)
        monkeypatch.setattr(benchmark, "asking", None)
        benchmark.measure(self.tanh(), results(), [("float16", True)])
        (row,) = kept["results"]
        names = ("activation", "function", "dtype", "inputs", "tried")
        assert [row[name] for name in names] == ["tanh", "f", "float16", "all", 63488]
        assert row.keys() == LATEST["textbook"].find(**place("tanh", "f", "float16")).keys()
        assert row["faults"]["NaN"]["got"] == "nan"

    def test_what_could_not_be_asked_is_kept_with_its_reason(self, results):
        subject = dataclasses.replace(self.tanh(), spec="textbook.no_such_thing")
        benchmark.measure(subject, results(), [("float16", True)])
        (row,) = results().rows
        assert row["failed"] == "textbook.no_such_thing: textbook has no no_such_thing"

    def test_on_another_machine_all_is_asked_anew(self, results, monkeypatch):
        kept = results()
        kept.add([{**ROW, "inputs": "all"}])
        assert results().rows
        monkeypatch.setattr(benchmark, "machine", lambda *packages: {"cpu": "another"})
        assert not results().rows

    def test_a_result_is_not_finished_without_its_picture(self, tmp_path, monkeypatch):
        monkeypatch.setattr(benchmark, "RESULTS", tmp_path)
        subject = self.tanh()
        shows = {"library": "textbook", "activation": "tanh", "function": "f", "dtype": "float16"}
        monkeypatch.setattr(benchmark, "pictured", lambda: [shows])
        for _ in range(2):
            benchmark.measure(subject, benchmark.Results("textbook"), [("float16", True)])
            (image,) = tmp_path.rglob("*.svg")
            assert "textbook.tanh as tanh in float16" in image.read_text("utf-8")
            image.unlink()


class TestFindings:
    @pytest.mark.parametrize("found", SHOWN, ids=lambda found: found.finding.id)
    def test_its_numbers_are_those_of_the_result(self, found):
        """None is typed: each number of the sentence is one of the result, as digits or a count."""
        assert not re.search(r"\d{2,}", re.sub(r"\{\w+\}", "", found.finding.says))
        assert "{" not in found.sentence
        assert found.sentence in PAGE
        for shown, got in found.lines:
            assert f"{shown}\n# {digits(got, found.row['dtype'])}\n" in PAGE
        if "count" in found.numbers:
            counts = json.dumps(found.row)
            assert re.search(rf"\b{found.numbers['count']}\b", counts)

    @pytest.mark.parametrize("found", SHOWN, ids=lambda found: found.finding.id)
    def test_it_has_a_picture_that_a_reader_without_eyes_is_told_of(self, found):
        path = errata.picture_of(found)
        text = path.read_text("utf-8")
        assert text.strip() in PAGE
        assert 'role="img"' in text
        assert re.search(r"<title[^>]*>[^<]{30,}</title>", text)
        assert found.row["dtype"] in text

    def test_no_picture_is_left_over(self):
        kept = {path for audit in AUDITS for path in audit.pictures.glob("*")}
        assert kept == {errata.picture_of(found) for found in SHOWN}

    def test_faults_come_before_last_digits(self):
        order = [PAGE.index(f"(errata-{found.finding.id})=") for found in SHOWN]
        faults = [f.finding.shows in findings.FAULTS for f in SHOWN]
        last = max(place for place, fault in zip(order, faults, strict=True) if fault)
        assert all(p > last for p, fault in zip(order, faults, strict=True) if not fault)

    def test_names_are_unique(self):
        assert len({finding.id for finding in FINDINGS}) == len(FINDINGS)

    def test_one_that_nothing_shows_is_named(self, tmp_path):
        path = planted(tmp_path, "torch", "tanh", "f'", "bfloat16", lambda row: row.pop("faults"))
        with pytest.raises(findings.FindingError, match="torch-tanh-slope-zero"):
            list(findings.shown(FINDINGS, load(path)))

    @pytest.mark.parametrize(
        ("entry", "why"),
        [
            ({"id": "a", "color": 1}, "color"),
            ({"id": "a", "library": "torch"}, "a: "),
        ],
    )
    def test_what_is_no_finding_is_named(self, tmp_path, entry, why):
        path = tmp_path / "findings.yml"
        path.write_text(json.dumps([entry]), "utf-8")  # YAML too
        with pytest.raises(findings.FindingError, match=why):
            findings.load(path)

    def test_one_that_is_gone_stays_and_says_since_when(self, tmp_path):
        path = planted(
            tmp_path, "torch", "tanh", "f'", "bfloat16", lambda row: row.pop("faults"), "99.1"
        )
        old = LATEST["torch"].version
        found = {f.finding.id: f for f in findings.shown(FINDINGS, load(path))}
        gone, kept = found["torch-tanh-slope-zero"], found["torch-sigmoid-slope-zero"]
        assert (gone.versions, gone.gone) == ([old], "99.1")
        assert (kept.versions, kept.gone) == ([old, "99.1"], "")

    def test_a_newer_version_that_was_not_asked_proves_nothing(self, tmp_path):
        def fail(row):
            row.clear()
            row.update(place("tanh", "f'", "bfloat16"), name="torch.tanh", setting="", failed="no")

        path = planted(tmp_path, "torch", "tanh", "f'", "bfloat16", fail, "99.1")
        found = {f.finding.id: f for f in findings.shown(FINDINGS, load(path))}
        assert found["torch-tanh-slope-zero"].gone == ""


def place(activation, function, dtype):
    return {"activation": activation, "function": function, "dtype": dtype}


def planted(folder, library, activation, function, dtype, change, version=""):
    """Copies of all files; in one of them some results are changed. Or that is a newer version."""
    for path in RESULTS.glob("*.json"):
        told = json.loads(path.read_text("utf-8"))
        if told["library"] == library:
            if version:
                folder.joinpath(path.name).write_text(json.dumps(told), "utf-8")
                told = copy.deepcopy(told) | {"version": version}
            for row in told["results"]:
                if place(activation, function, dtype).items() <= row.items():
                    change(row)
            name = f"{library}-{told['version']}.json"
            folder.joinpath(name).write_text(json.dumps(told), "utf-8")
        else:
            folder.joinpath(path.name).write_text(path.read_text("utf-8"), "utf-8")
    return folder


ROW = {
    **place("tanh", "f", "float16"),
    "setting": "",
    "name": "torch.tanh",
    "inputs": "all",
    "tried": 63488,
    "misrounded": 0,
}


class TestMatrix:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({}, "● exact"),
            ({"inputs": "sampled"}, "● exact\\*"),
            ({"misrounded": 3, "worst": {"ulp": 0.84}}, "◐ 0.84"),
            ({"misrounded": 3, "worst": {"ulp": 2.4812}}, "○ 2.48"),
            ({"misrounded": 3, "worst": {"ulp": "inf"}}, "○ ∞"),
            ({"misrounded": 3, "faults": {"NaN": {}, "zero": {}}}, "▲ NaN, 0"),
            ({"misrounded": 3, "faults": {"a new class": {}}}, "▲ a new class"),
        ],
    )
    def test_a_cell_tells_its_class_in_a_shape_and_in_words(self, change, told):
        assert matrix.cell({**ROW, **change}) == told

    def test_a_new_class_shows_on_the_page(self, tmp_path):
        def change(row):
            row["faults"] = {"echo": row["faults"]["zero"], "zero": row["faults"]["zero"]}

        path = planted(tmp_path, "torch", "tanh", "f'", "bfloat16", change)
        table = matrix.matrix(CURVES, newest(load(path)), "bfloat16")
        assert "▲ echo, 0" in table
        assert "echo" not in matrix.matrix(CURVES, LATEST, "bfloat16")

    def test_the_worst_of_several_functions_is_told(self):
        cells = ["● exact", "◐ 0.9", "○ 3", "○ 12", "▲ 0", "▲ NaN, 0"]
        for better, worse in itertools.pairwise(cells):
            assert max([worse, better], key=matrix.severity) == worse

    def test_every_cell_is_that_of_a_result(self):
        """Those of PyTorch and JAX, which have one function in every cell that is looked at."""
        told = next(
            told
            for told in matrix.matrix(CURVES, LATEST, "bfloat16").splitlines()
            if "/sigmoid.ipynb" in told and "| f′ |" in told
        )
        for library in ("torch", "jax"):
            row = find(library, "sigmoid", "f'", "bfloat16")
            assert matrix.cell(row) in told

    def test_what_could_not_be_asked_is_told_with_its_reason(self):
        failed = {row["name"] for audit in AUDITS for row in audit.rows if "failed" in row}
        told = PAGE.split("### What could not be asked")[1].split("\n## ")[0]
        assert failed
        assert all(f"`{name}`" in told for name in failed)


class TestPage:
    def test_limits_and_flushes_have_tables_of_their_own(self):
        limits = PAGE.split("## Conventions")[1].split("\n## ")[0]
        for library, audit in LATEST.items():
            for row in measured(audit.rows):
                if row.get("limits") and library not in errata.OURS:
                    assert f"| `{row['name']}`" in limits, row["name"]
        flushes = PAGE.split("## Flushed to 0")[1].split("\n## ")[0]
        assert f"{find('torch', 'sigmoid', 'f', 'bfloat16')['flushes']['count']:,}" in flushes

    def test_the_machine_is_named(self):
        told = PAGE.split("## Measured with")[1]
        for audit in LATEST.values():
            assert audit.name in told
            assert audit.machine["cpu"] in told
        assert "accelerators: not measured" in told

    def test_it_is_fair(self):
        """No blame: facts with the lines that show them."""
        written = (ROOT / "book" / "reference" / "errata.md").read_text("utf-8") + PAGE
        for word in ("bug", "buggy", "broken", "blame", "terrible", "shame", "sloppy"):
            assert not re.search(rf"\b{word}\b", written, re.IGNORECASE), word

    def test_it_says_how_it_was_measured(self):
        written = (ROOT / "book" / "reference" / "errata.md").read_text("utf-8")
        for number in (line.STRIDE, line.AT_ONCE, habits.SOME, independent.mp.dps):
            assert re.search(rf"\b{number:,}\b", written), number

    def test_other_pages_lead_there(self):
        for page in ("reference/accuracy.md", "reference/conventions.md", "guide/how-to-read.md"):
            assert "errata" in (ROOT / "book" / page).read_text("utf-8"), page
        assert accuracy.LIBRARIES[0] == "actlib"
