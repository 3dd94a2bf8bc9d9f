"""The half of the gate that lives inside pytest: it tells of each cell as nbval finishes it."""

import json
import os
import sys
import threading
from typing import Any

import pytest

from gate import reads

PREFIX = "gate: "


def pytest_configure(config: pytest.Config) -> None:
    """End with the build: when it is killed, its end of our standard input closes."""
    if not hasattr(config, "workerinput"):  # a worker's input belongs to xdist
        threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    # Unbuffered: a thread that waits in a buffer's lock would abort an interpreter that ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


@pytest.hookimpl(tryfirst=True)  # before nbval starts a kernel for the first cell of a notebook
def pytest_runtest_setup(item: Any) -> None:
    """Refuse outputs of a kind that nbval ignores. Pictures may stay: chapters assert on the data
    that they show."""
    reads.choose(_notebook(item.nodeid))
    kinds = {kind for output in item.cell.outputs for kind in output.get("data", {})}
    if unseen := kinds & set(item.parent.skip_compare) - {"image/png"}:
        pytest.fail(f"nbval does not compare {', '.join(unseen)}; show text.", pytrace=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One line of JSON for each phase of each cell, for run.py to read."""
    _, _, cell = report.nodeid.partition("::")
    # A cell that nbval skips was not compared; one that it expects to fail, after another ran out
    # of time, has been told of already.
    skipped = report.skipped and not hasattr(report, "wasxfail")
    event = {
        "notebook": _notebook(report.nodeid),
        "cell": cell,
        "phase": report.when,
        "seconds": report.duration,
        "passed": report.passed,
        "failed": report.failed or skipped,
        "text": _text(report),
    }
    print(PREFIX + json.dumps(event), flush=True)


def _notebook(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _text(report: pytest.TestReport) -> str:
    """What nbval says of a cell; of a kernel that does not start, the error without its stack."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message if crash else report.longreprtext


@pytest.hookimpl(tryfirst=True)
def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str]:
    """nbval asks pytest how to show that a stored output and a new one differ: both, whole."""
    expected = ["expected, as stored:", *(f"    {line}" for line in str(left).splitlines())]
    return [*expected, "got, just now:", *(f"    {line}" for line in str(right).splitlines())]
