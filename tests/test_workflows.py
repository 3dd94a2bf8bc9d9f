"""What runs on other machines can be run here: each step of a check is a target, or a script."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from library import roots
from pages import blocks

HERE = Path(__file__).parent
ROOT = HERE.parent
WORKFLOWS = sorted(ROOT.joinpath(".github", "workflows").glob("*.yml"))
TARGETS = re.findall(r"^(\w+):.*##", ROOT.joinpath("Makefile").read_text("utf-8"), re.MULTILINE)


def commands(text):
    """All that a workflow runs, those of its matrices too; not what publishes after it."""
    for job in (job for job in yaml.safe_load(text)["jobs"].values() if "if" not in job):
        matrix = job.get("strategy", {}).get("matrix", {})
        found = [*matrix.get("run", ()), *(m["run"] for m in matrix.get("include", ()))]
        for step in job["steps"]:
            told = step.get("run", "")
            yield from found if told == "${{ matrix.run }}" else [told] * bool(told)


def can_be_run(command):
    make, _, target = command.partition(" ")
    return target in TARGETS if make == "make" else ROOT.joinpath(command).is_file()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_step_can_be_run_by_hand(path):
    found = list(commands(path.read_text("utf-8")))
    assert found
    assert [command for command in found if not can_be_run(command)] == []


def test_once_a_week_all_is_asked_that_takes_turns_or_comes_from_others():
    found = set(commands(ROOT.joinpath(".github", "workflows", "weekly.yml").read_text("utf-8")))
    told = ("prove", "trial", "whole", "oldest", "newest", "frameworks")
    assert {f"make {target}" for target in told} < found


def test_what_asks_other_frameworks_is_run_with_them():
    asking = {
        path.name for path in HERE.glob("test_*.py") if {"frameworks", "conditions"} & roots(path)
    }
    make = ROOT.joinpath("Makefile").read_text("utf-8")
    (told,) = re.findall(r"^\tREQUIRE_FRAMEWORKS=1 (?:.*\\\n)*.*", make, re.MULTILINE)
    assert "test_onnx.py" in asking
    assert set(re.findall(r"tests/(\w+\.py)", told)) == asking


def test_the_workflow_that_a_page_offers_runs_what_the_page_shows():
    """Which test_audit_pages.py does; and it installs what there is."""
    found = blocks(ROOT / "book" / "audit" / "ci.md")
    (workflow,) = (block.text for block in found if block.language == "yaml")
    shown = [command for b in found if b.language == "console" for command, _ in b.session]
    install, *others = commands(workflow)
    assert len(others) == 2
    assert set(others) <= set(shown)
    extras = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    assert install == 'pip install "actlib[verify]" pytest'
    assert "verify" in extras["optional-dependencies"]


@pytest.mark.parametrize("command", ["make prvoe", ".ci/rum", "pip install actlib", "make"])
def test_what_cannot_be_run_here_is_noticed(command):
    assert not can_be_run(command)
