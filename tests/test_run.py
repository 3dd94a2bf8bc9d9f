"""What continuous integration runs fails where `make check` does, or where it changes a file."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / ".ci" / "run"
THERE = ("cc", "python3", "chromium")  # all that is looked for, and that a test need not start


@pytest.fixture
def project(tmp_path):
    """A project whose only part is a Makefile, and a machine that lacks nothing."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in THERE:
        tools.joinpath(name).symlink_to(shutil.which("true"))
    project = tmp_path / "project"
    project.joinpath(".ci").mkdir(parents=True)
    shutil.copy(RUN, project / ".ci" / "run")
    project.joinpath(".gitignore").write_text("built\n")
    project.joinpath("kept").write_text("as it was\n")
    git(project, "init", "--quiet")
    return project


def git(project, *arguments):
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *who, *arguments], cwd=project, check=True)


def commit(project, check):
    """All there is, and a Makefile whose `make check` is this line."""
    project.joinpath("Makefile").write_text(f"check:\n\t{check}\n")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "All")


def run(project):
    """The exit code, and all that is printed."""
    done = subprocess.run(
        [project / ".ci" / "run"],
        env={**os.environ, "PATH": f"{project.parent / 'tools'}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_run_that_changes_nothing_passes(project):
    commit(project, "touch built")
    code, told = run(project)
    assert code == 0, told


def test_a_check_that_fails_fails(project):
    commit(project, "false")
    assert run(project)[0] != 0


@pytest.mark.parametrize(
    ("check", "line"),
    [
        ("touch new", "?? new"),
        ("rm kept", " D kept"),
        ("echo changed > kept", "+changed"),
    ],
)
def test_a_run_that_changes_a_file_fails_and_names_it(project, check, line):
    commit(project, check)
    code, told = run(project)
    assert code == 1, told
    assert "other files than it found" in told
    assert line in told


def test_what_was_not_committed_may_stay(project):
    """Who tries a change before it is committed asks what the run does, not what the author did."""
    commit(project, "touch built")
    project.joinpath("kept").write_text("as the author has it\n")
    project.joinpath("new").touch()
    code, told = run(project)
    assert code == 0, told


def test_a_file_that_had_changed_already_must_stay_as_it_was(project):
    commit(project, "echo changed > kept")
    project.joinpath("kept").write_text("as the author has it\n")
    assert run(project)[0] == 1


def test_an_archive_can_be_checked_too(project):
    commit(project, "touch built")
    shutil.rmtree(project / ".git")
    code, told = run(project)
    assert code == 0, told
