"""Copies of the whole project, to be spoilt and built."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__", ".*_cache", ".ipynb*")


def copy_project(target):
    """With the stamps of the gate, the test vectors, and what has been worked out of the records:
    what has passed here passes there, until it is changed."""
    project = Path(shutil.copytree(ROOT, target, ignore=NOT_COPIED))
    for kept in (".gate", "reference/vectors", "reference/digests", "reference/kept"):
        if ROOT.joinpath("_build", kept).is_dir():
            shutil.copytree(ROOT / "_build" / kept, project / "_build" / kept)
    return project


def run(project, *command):
    """Run a command of this environment in the copy, with the actlib and the gate of the copy."""
    path = os.pathsep.join([str(project), str(project / "book" / "_ext")])
    done = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:]],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def build(project, page="."):
    """What `make site` runs, or the same for one page: the exit code, and all that was printed."""
    return run(project, "jupyter-book", "build", page)


def replace(old, new):
    def plant(path):
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path.name}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    return plant


@contextlib.contextmanager
def planted(path, plant):
    """Afterwards it is the same file, of the same time: Sphinx need not read all pages anew."""
    before, time = path.read_bytes(), path.stat().st_mtime_ns
    plant(path)
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(time, time))
