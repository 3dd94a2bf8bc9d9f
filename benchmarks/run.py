"""What a run of `.ci/run` costs, part by part, and what one more activation adds to each part.

    python benchmarks/run.py [--clones N] [--parts lint due site …]

There are two copies of the project: one as it is, and one that has grown by clones (clones.py).
Each part is what `make check` runs, in the one and then in the other. There the site, lint and due
are made beside each other; here nothing is, so that a whole run takes less than the sum. Everything
is measured once, on one machine, which should have nothing else to do: the seconds mean something
only here, and of what a clone adds the small ones mean nothing. It takes as long as two runs.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from clones import grow, python
from copies import copy_project

CLONES = 3
REPORT = "_build/tests.xml"
NOTEBOOKS = "notebooks"
Rows = dict[str, tuple[float, float]]
"""The seconds without clones, and with them."""

NOBODY = """import sys
from actlib.proof import __main__, due
due.turn = lambda names, day: ""
sys.exit(__main__.main())"""
"""What is due on a day on which no proof has its turn."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clones", type=int, default=CLONES, metavar="N", help="how many")
    parser.add_argument("--parts", nargs="+", choices=MEASURES, default=[*MEASURES])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before, after = (copied(Path(folder) / name) for name in ("before", "after"))
        names = grow(after, given.clones)
        print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {sys.platform}")
        print(f"seconds without and with {', '.join(names)}, and what each of them adds\n")
        whole = []
        for part in (part for part in MEASURES if part in given.parts):
            rows = MEASURES[part](before, after)
            print(table(rows, given.clones), flush=True)
            whole += [row for name, row in rows.items() if not name.startswith(" ")]
    print(table({"all of it": tuple(map(sum, zip(*whole, strict=True)))}, given.clones))


def copied(target: Path) -> Path:
    """The project on a machine on which no notebook has passed before."""
    project = copy_project(target)
    shutil.rmtree(project / "_build", ignore_errors=True)
    return project


def table(rows: Rows, clones: int) -> str:
    """A line for each: its seconds without clones, with them, and what one adds."""
    return "\n".join(
        f"{name:<44}{before:>9.1f}{after:>9.1f}{(after - before) / clones:>+9.2f}"
        for name, (before, after) in rows.items()
    )


def seconds(call: Callable[..., str], *given: str | Path) -> float:
    started = time.perf_counter()
    call(*given)
    return time.perf_counter() - started


def make(project: Path, target: str, *options: str) -> str:
    """What a target prints, made in a copy with the packages that this runs with."""
    here = (f"BIN={Path(sys.executable).parent}", "--old-file=.venv/installed")
    return shown(project, "make", target, *here, *options)


def shown(project: Path, *command: str) -> str:
    code = os.pathsep.join([str(project), str(project / "book" / "_ext")])
    report = f"--junitxml={project / REPORT} -o junit_family=xunit1"
    done = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, "PYTHONPATH": code, "PYTEST_ADDOPTS": report, "REQUIRE_BROWSER": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{project.name}: {' '.join(command)}\n{done.stdout}")
    return done.stdout


def install(before: Path, after: Path) -> Rows:
    """An environment from nothing. No activation brings a package."""
    took = seconds(shown, before, "make", ".venv/installed")
    shutil.rmtree(before / ".venv")
    return {"install": (took, took)}


def lint(before: Path, after: Path) -> Rows:
    return {"lint": (seconds(make, before, "lint"), seconds(make, after, "lint"))}


def due(before: Path, after: Path) -> Rows:
    """Of however many there are one proof has its turn, every day another. So what clones add is
    asked without it: a random million of each."""
    today = seconds(make, before, "due")
    asked, more = (seconds(python, project, "-c", NOBODY, "--due") for project in (before, after))
    return {"due": (today, today + more - asked)}


def site(before: Path, after: Path) -> Rows:
    """From nothing: every notebook is run again, and every page written."""
    (gate, sphinx), (more_gate, more_sphinx) = map(built, (before, after))
    return {"site: gate": (gate, more_gate), "site: Sphinx": (sphinx, more_sphinx)}


def built(project: Path) -> tuple[float, float]:
    """Seconds in the gate, and the others."""
    started = time.perf_counter()
    told = make(project, "site")
    whole = time.perf_counter() - started
    gate = float(re.search(r"gate: all \d+ notebooks hold, ([\d.]+) s", told)[1])
    return gate, whole - gate


def tests(before: Path, after: Path) -> Rows:
    """All of them; and by file what the workers took, together."""
    for project in (before, after):
        if not project.joinpath("_build", "html").exists():
            make(project, "site")
    took, more = (seconds(make, project, "test", "--old-file=site") for project in (before, after))
    files, grown = (by_file(project.joinpath(REPORT).read_text()) for project in (before, after))
    return {"tests": (took, more)} | {
        f"  {name}": (files[name], grown[name]) for name in sorted(files | grown)
    }


def by_file(report: str) -> Counter[str]:
    """The seconds of each file of tests, from pytest's report; of notebooks in one."""
    found: Counter[str] = Counter()
    for case in ElementTree.fromstring(report).iter("testcase"):
        path = Path(case.attrib["file"])
        found[NOTEBOOKS if path.suffix == ".ipynb" else path.as_posix()] += float(
            case.attrib["time"]
        )
    return found


MEASURES = {part.__name__: part for part in (install, lint, due, site, tests)}


if __name__ == "__main__":
    main()
