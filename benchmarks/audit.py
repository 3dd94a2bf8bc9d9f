"""What the libraries that people use return at every number of a type, held against the truth.

    pip install -r requirements-peers.txt && python benchmarks/audit.py

All of float16 and bfloat16, a million numbers of float32, some thousands of float64, of f and f′ of
every function that a record names in another library, of textbook formulas, and of actlib. A
quarter of an hour. `--all-of-float32` asks every float32 of the curves in `CURVES` instead, half a
minute each.

Writes benchmarks/results/audit/LIBRARY-VERSION.json, a line for each result. Each file is written
whole, after each function; what is in it already is not asked again. To measure anew, delete it.
`compact` says what a line holds, `subjects` what is asked; of results in book/findings.yml a
picture is drawn too.
"""

import json
import os
import sys
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}

import compact
import yaml
from machine import machine
from subjects import LIBRARIES, SPECS, TEXTBOOK, subjects

from actlib.audit.adapters import CallError, SpecError, peer
from actlib.audit.asked import asked
from actlib.audit.files import written
from actlib.audit.isolated import Isolated
from actlib.audit.line import NAMES, form, parts
from actlib.audit.picture import picture
from actlib.audit.sweep import shared_out
from actlib.audit.verdicts import SMALL, alone, report

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "audit"
FINDINGS = ROOT / "book" / "findings.yml"
CURVES = (
    ("tanh", "f"),
    ("sigmoid", "f"),
    ("elu", "f"),
    ("gelu", "f"),
    ("softplus", "f"),
    ("silu", "f"),
    ("tanh", "f'"),
    ("mish", "f"),
    ("gelu_tanh", "f"),
)
"""Of which every float32 is asked, in this order: of these libraries."""
WHOLE = ("onnxruntime", "torch", "jax")
JOBS, PATIENCE = 2, 300.0


class Results:
    """The file of a library, as it is being made."""

    def __init__(self, library):
        self.library = library
        release = version("numpy" if library == TEXTBOOK else library).partition("+")[0]
        self.name = f"{library}-{release}"
        self.path = RESULTS / f"{self.name}.json"
        here = machine("numpy", "actlib")
        self.head = {"library": library, "version": release, "machine": here, "about": {}}
        self.rows = []
        if self.path.exists():
            kept = json.loads(self.path.read_text("utf-8"))
            if kept["machine"] == self.head["machine"]:
                self.rows, self.head["about"] = kept["results"], kept["about"]
        self.done = {key(row) for row in self.rows}

    def add(self, rows):
        """In the order of their names, so that a difference can be read."""
        if rows:
            self.rows = sorted([*self.rows, *rows], key=key)
            self.done |= {key(row) for row in rows}
            lines = ",\n".join(
                json.dumps(row, ensure_ascii=False, allow_nan=False) for row in self.rows
            )
            head = json.dumps(self.head)[1:-1]
            RESULTS.mkdir(parents=True, exist_ok=True)
            written(self.path, f'{{{head}, "results": [\n{lines}\n]}}\n'.encode())

    def image(self, told):
        """The picture of a result: its file, if a finding shows it."""
        if not any(
            each.items() <= {"library": self.library, **told}.items() for each in pictured()
        ):
            return None
        name = f"{told['activation']}{'-slope' * (told['function'] != 'f')}-{told['dtype']}.svg"
        return RESULTS / self.name / name

    def missing(self, told):
        """Is a result, or its picture, still to be made?"""
        image = self.image(told)
        whole = image and {**told, "inputs": "all"}
        better = whole and told["inputs"] == "sampled" and key(whole) in self.done
        return key(told) not in self.done or bool(image and not image.exists() and not better)


def key(row):
    names = ("activation", "setting", "name", "function", "dtype", "inputs")
    return tuple(row[name] for name in names)


@cache
def pictured():
    """What the results of findings are known by."""
    names = ("library", "activation", "function", "name")
    return [
        {name: finding[name] for name in names if name in finding} | {"dtype": finding["dtypes"][0]}
        for finding in yaml.safe_load(FINDINGS.read_text("utf-8"))
    ]


@cache
def truth_of(name, order, setting):
    """Made once for all libraries."""
    return asked(name, None, order, dict(setting))


def told(subject, dtype, inputs):
    return {**subject.told, "dtype": dtype, "inputs": inputs}


def make(subject, dtype):
    """What makes the function, here or in another process."""
    return partial(
        peer,
        subject.spec,
        dtype=form(dtype),
        derivative=bool(subject.order),
        setting=subject.arguments,
    )


def asking(subject, dtype, results, every):
    """The row of one audit, or why there is none; and its picture, if a finding shows it."""
    here = told(subject, dtype, "all" if every else "sampled")
    if subject.unasked:
        return {**here, "failed": subject.unasked}
    target = truth_of(subject.record.name, subject.order, tuple(subject.setting.items()))
    try:
        made = make(subject, dtype)()
        results.head["about"] = dict(made.about)
        sweep = alone(made.compute, dtype, every)
        if every and dtype == "float32":
            again = partial(Isolated, make(subject, dtype), PATIENCE)
            sweep = partial(whole, again)
        found = report(
            made.compute,
            target,
            dtype,
            subject=subject.spec,
            every=every,
            call=made.line,
            sweep=sweep,
        )
        if not found.complete:
            raise KeyboardInterrupt
        row = compact.row(found, target, subject)
    except (SpecError, CallError) as error:
        return {**here, "failed": str(error)}
    image = results.image(here)
    if image is not None:
        image.parent.mkdir(exist_ok=True)
        written(image, picture(found).encode())
    return row


def whole(again, target, judged):
    """All of float32, by two processes."""
    return shared_out(again, target, parts("float32"), judged, lambda share, left: None, JOBS)


def measure(subject, results, inputs):
    """What is missing of a function, in each type."""
    rows = []
    for dtype, every in inputs:
        here = told(subject, dtype, "all" if every else "sampled")
        if results.missing(here):
            row = asking(subject, dtype, results, every)
            print(results.library, *here.values(), row.get("verdict") or row["failed"], flush=True)
            results.rows = [kept for kept in results.rows if key(kept) != key(row)]
            rows.append(row)
    results.add(rows)


def main(arguments):
    if arguments == ["--all-of-float32"]:
        files = {library: Results(library) for library in WHOLE}
        for curve in CURVES:
            for library, results in files.items():
                for subject in subjects(library):
                    if (subject.record.name, subject.told["function"]) == curve:
                        measure(subject, results, [("float32", True)])
        return
    each = [(dtype, dtype in SMALL) for dtype in NAMES]
    for library in arguments or LIBRARIES:
        results = Results(library)
        for subject in subjects(library):
            measure(subject, results, each)


assert set(WHOLE) < set(SPECS)

if __name__ == "__main__":
    main(sys.argv[1:])
