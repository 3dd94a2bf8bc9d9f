"""What a notebook has read of the project, as watch.py told it in its kernel."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

FOLDER = "GATE_READS_IN"
"""The variable that names the folder in which each notebook of a run has its file."""

WATCH = Path(__file__).with_name("watch.py")


@dataclass(frozen=True)
class Reads:
    """Paths from the top of the project. `whole` where a process was started that nobody heard."""

    files: frozenset[str]
    folders: frozenset[str]
    whole: bool = False


def listen(ipython: str) -> dict[str, str]:
    """Have every kernel that has its settings in this folder tell; the variables that it needs."""
    startup = Path(ipython, "profile_default", "startup")
    startup.mkdir(parents=True)
    shutil.copy(WATCH, startup)
    told = Path(ipython, "reads")
    told.mkdir()
    return {FOLDER: str(told)}


def choose(notebook: str) -> None:
    """The next kernel of this process is that of this notebook."""
    if FOLDER in os.environ:
        os.environ["GATE_READS"] = str(_file(os.environ[FOLDER], notebook))


def told(folder: str, notebook: str, root: Path) -> Reads | None:
    """What it has read so far; None if its kernel did not tell."""
    try:
        lines = _file(folder, notebook).read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return None
    each = [line.partition(" ")[::2] for line in lines]
    files = {_source(path) for kind, path in each if kind == "file"}
    folders = {path for kind, path in each if kind == "folder"}
    whole = any(kind == "process" for kind, _ in each)
    return Reads(frozenset(_inside(files, root)), frozenset(_inside(folders, root)), whole)


def _file(folder: str, notebook: str) -> Path:
    return Path(folder, quote(notebook, safe=""))


def _source(path: str) -> str:
    """Of a module that was read from its cache, or written to it, the module."""
    folder, cached, name = path.rpartition(f"{os.sep}__pycache__{os.sep}")
    return f"{folder}{os.sep}{name.partition('.')[0]}.py" if cached else path


def _inside(paths: set[str], root: Path) -> set[str]:
    """Those in the project, as paths from its top; the top itself is "."."""
    real = ((Path(os.path.realpath(path)), root.resolve()) for path in paths)
    return {path.relative_to(top).as_posix() for path, top in real if path.is_relative_to(top)}
