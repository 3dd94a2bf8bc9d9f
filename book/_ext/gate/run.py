"""Run notebooks again under nbval and compare, two at a time where there are two cores."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from gate import reads
from gate.plugin import PREFIX
from gate.stamps import Stamps
from gate.surroundings import environment


@dataclass
class Run:
    """One notebook under way, and what is known of it so far."""

    name: str
    digest: str  # of the state that is run
    cells: int
    passed: int = 0
    finished: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def take(self, event: dict[str, Any]) -> bool:
        """Enter what plugin.py tells of a phase of a cell; True if the notebook is now done."""
        self.seconds += event["seconds"]
        self.passed += event["phase"] == "call" and event["passed"]
        self.finished += event["phase"] == "teardown"
        if event["failed"]:
            number = int(event["cell"].removeprefix("Cell ")) + 1  # nbval counts from 0
            self.problems.append(f"{self.name}, code cell {number}: {_readable(event['text'])}")
        return event["phase"] == "teardown" and self.finished == self.cells

    @property
    def holds(self) -> bool:
        return self.passed == self.cells and not self.problems


def verify(notebooks: list[Path], root: Path, stamps: Stamps, cell_timeout: float) -> list[str]:
    """Run each notebook that has no stamp; stamp those that pass; return what is wrong."""
    waiting = [n for n in notebooks if not stamps.passed(n)]
    if known := len(notebooks) - len(waiting):
        print(f"gate: {known} of {len(notebooks)} notebooks passed before, unchanged")
    runs = {}
    for notebook in waiting:
        name = notebook.relative_to(root).as_posix()
        run = Run(name, stamps.digest(notebook), _code_cells(notebook))
        if run.cells:
            runs[name] = run
    log: list[str] = []
    done = 0
    for event in _nbval(list(runs), root, cell_timeout, log) if runs else ():
        run = runs[event["notebook"]]
        if run.take(event):
            done += 1
            verdict = "ok" if run.holds else "FAILED"
            facts = f"{run.cells} cells, {run.seconds:.1f} s, {verdict}"
            print(f"gate: [{done}/{len(runs)}] {run.name}: {facts}", flush=True)
            read = event["read"]() if run.holds else None
            if read is not None and not stamps.write(run.digest, read):
                print(f"gate: {run.name}: what it read changed meanwhile; the next build runs it")
    problems = [problem for run in runs.values() for problem in _told(run.problems)]
    failed = [run.name for run in runs.values() if not run.holds]
    if failed and not problems:
        problems = [f"{', '.join(failed)}: nbval ended early.\n{''.join(log[-30:])}"]
    return problems


def _nbval(
    names: list[str], root: Path, cell_timeout: float, log: list[str]
) -> Iterator[dict[str, Any]]:
    """What plugin.py tells, as it happens; whatever else pytest prints goes to the log."""
    with (
        environment(root) as variables,
        subprocess.Popen(
            _command(names, cell_timeout),
            cwd=root,
            env=variables,
            stdin=subprocess.PIPE,  # closed when this process ends, however it ends
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as pytest,
    ):
        assert pytest.stdout is not None
        for line in pytest.stdout:
            before, found, event = line.partition(PREFIX)  # pytest may have begun the line
            if found:
                told = json.loads(event)
                kept = variables[reads.FOLDER], told["notebook"]
                yield {**told, "read": partial(reads.told, *kept, root)}
            else:
                log.append(before)


def _command(names: list[str], cell_timeout: float) -> list[str]:
    # One more than cores: while a kernel starts, its worker waits.
    workers = min((os.cpu_count() or 1) + 1, len(names))
    many = len(names) > 2 * workers and os.name == "posix"
    return [
        *(sys.executable, "-m", "pytest", *names),
        # No file of the project decides either: no configuration, no conftest.py.
        *("-c", os.devnull, "--rootdir", ".", "--noconftest", "-p", "no:cacheprovider"),
        *("-p", "nbval.plugin", "-p", "gate.plugin", "-p", "gate.kernels"),
        *(("-p", "gate.forging") * many),
        *("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={cell_timeout}"),
        # loadscope keeps the cells of one notebook, and so its kernel, on one worker.
        *(("-p", "xdist.plugin", "-n", str(workers), "--dist", "loadscope") * (workers > 1)),
        *("--capture=no", "--quiet", "--no-header", "--no-summary", "--color=no"),
    ]


def _code_cells(notebook: Path) -> int:
    cells = nbformat.read(notebook, as_version=4).cells
    return sum(cell.cell_type == "code" for cell in cells)


def _told(problems: list[str]) -> list[str]:
    """The first few: what follows a cell that failed is mostly its echo."""
    more = len(problems) - 3
    return problems[:3] + ([f"and {more} more cells fail."] if more > 0 else [])


def _readable(text: str) -> str:
    """nbval's message in the words of this book, without the colours of a traceback."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"\A.*?Cell \d+: ", "", text, flags=re.DOTALL)
    text = re.sub(r"<{12} Reference outputs? from ipynb file:", "expected, as stored:", text)
    text = re.sub(r"={12} disagrees with newly computed \(test\) output:", "got, just now:", text)
    text = re.sub(r"^\s*>{12}\s*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\n+ assert reference_output == test_output failed:\n+", "\n", text)
    return text.strip()
