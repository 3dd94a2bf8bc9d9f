"""The lines of the page of errata, run again where their libraries are installed.

What each prints is what the page says; and what is right, mpmath says too, by formulas that share
no code with ours. `make frameworks` runs this with every library: see frameworks.py.
"""

import json
import re
from pathlib import Path

import compact
import independent
import pytest
import yaml
from frameworks import installed

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "audit"
FINDINGS = yaml.safe_load((ROOT / "book" / "findings.yml").read_text("utf-8"))
NEEDS = {"keras": ["keras", "tensorflow"], "onnxruntime": ["onnx", "onnxruntime"]}
EVERY = [json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))]

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


def newest(library):
    """The file of the newest version."""
    of = [each for each in EVERY if each["library"] == library]
    return max(of, key=lambda each: [int(n) for n in re.findall(r"\d+", each["version"])])


def rows(finding):
    """Its results, in each of its types."""
    place = {name: finding[name] for name in ("activation", "function", "name") if name in finding}
    for dtype in finding["dtypes"]:
        found = [
            row
            for row in newest(finding["library"])["results"]
            if {**place, "dtype": dtype}.items() <= row.items() and "failed" not in row
        ]
        yield min(found, key=lambda row: row["inputs"] != "all")


def examples(finding):
    """A line, an x, and what it printed; what is right, where that is said."""
    shows = finding["shows"]
    for row in rows(finding):
        if shows == "position" and "position" in row:
            pair = row["position"]["example"]
            yield row, row["line"].replace("(64,)", "(1,)"), {"x": pair["x"], "got": pair["alone"]}
            yield row, row["line"], {"x": pair["x"], "got": pair["among"]}
        elif shows == "step back" and "step back" in row:
            step = row["step back"]
            for x, got in zip(step["at"], step["got"], strict=True):
                yield row, row["line"], {"x": x, "got": got}
        elif shows == "misrounded" or finding.get("example") == "worst":
            yield row, row["line"], row["worst"]
        elif shows in row.get("faults", {}):
            yield row, row["line"], row["faults"][shows]


EXAMPLES = [(finding, *each) for finding in FINDINGS for each in examples(finding)]
NAMES = [f"{finding['id']}-{row['dtype']}-{at['x']}" for finding, row, _, at in EXAMPLES]


@pytest.mark.parametrize(("finding", "row", "line", "at"), EXAMPLES, ids=NAMES)
def test_a_line_prints_what_the_page_says(finding, row, line, at):
    for library in NEEDS.get(finding["library"], [finding["library"]]):
        module = installed(library)
    version = newest(finding["library"])["version"]
    if module.__version__.partition("+")[0] != version:
        pytest.skip(f"measured with {version}")
    assert repr(compact.printed(line, float(at["x"]))) == repr(float(at["got"]))


def judged():
    """Every result of every file of which something is said to be right: by name."""
    for each in EVERY:
        for row in each["results"]:
            for at in (row.get("worst"), *row.get("faults", {}).values()):
                if at and "truth" in at:
                    yield each["library"], row, at


def test_what_is_right_is_what_mpmath_says():
    """Of all libraries, not of findings alone: hundreds of numbers."""
    found = list(judged())
    wrong = []
    for library, row, at in found:
        exact = independent.truth(row["activation"], row["function"], at["x"])
        right = independent.rounded(exact, row["dtype"])
        if right != float(at["right"]) or independent.told(exact) != at["truth"]:
            wrong.append((library, row["activation"], row["function"], row["dtype"], at, right))
    assert wrong == []
    assert len(found) > 500


def test_every_finding_that_says_what_is_right_was_confirmed():
    missing = [
        finding["id"] for finding, _, _, at in EXAMPLES if "right" in at and "truth" not in at
    ]
    assert missing == []
