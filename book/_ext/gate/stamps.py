"""Stamps: the memory that exactly this notebook, with exactly what it reads, passed before.

A stamp is named after a digest of the notebook and of what surrounds every run, and holds a digest
of each file that the run opened and of the names in each folder that it listed. Whoever wrote it,
it is only ever compared with what lies here now: a broken or foreign stamp means running the
notebook again. Stamps of other states stay, so that going back to one of them costs nothing.
"""

import hashlib
import json
import os
import platform
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from gate.files import replace_text
from gate.reads import Reads

ALWAYS = ("book/_ext/gate/", "_config.yml")
"""On which every run depends, whatever the notebook reads. No setting: less would check less."""

LEFT_OUT = {"_build", "__pycache__"}
IMPORTABLE = (".py", ".pyc", ".pyd", ".so")


class Stamps:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "_build" / ".gate"
        self.files = _files(root)  # as they are before any run
        self.common = self._digest_of_surroundings()

    def passed(self, notebook: Path) -> bool:
        digest = self.digest(notebook)
        return any(self._holds(stamp, digest) for stamp in self.folder.glob(f"{digest}.*"))

    def digest(self, notebook: Path) -> str:
        place = notebook.relative_to(self.root).as_posix().encode()
        return hashlib.sha256(self.common + place + _file_digest(notebook)).hexdigest()

    def write(self, digest: str, reads: Reads) -> bool:
        """Remember a digest taken before the run: a notebook edited during it is not covered.

        False where what it read is not what was there before: then nobody knows what has passed.
        """
        paths = set(self.files) if reads.whole else set(filter(self._is_ours, reads.files))
        if any(self.files.get(path) != _state(self.root / path) for path in paths):
            return False
        held = {
            "of": digest,
            "files": {path: self.files[path] for path in sorted(paths)},
            "folders": {path: self._names(path) for path in sorted(reads.folders)},
        }
        text = json.dumps(held)
        replace_text(self.folder / f"{digest}.{_text_digest(text)}", text)
        return True

    def _holds(self, stamp: Path, digest: str) -> bool:
        """Is it of this digest, and all that it names as it was?"""
        try:
            text = stamp.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        if stamp.suffix != f".{_text_digest(text)}":
            return False
        held: dict[str, Any] = json.loads(text)
        return (
            held["of"] == digest
            and all(self.files.get(path) == was for path, was in held["files"].items())
            and all(self._names(path) == was for path, was in held["folders"].items())
        )

    def _is_ours(self, path: str) -> bool:
        """Not of a package that lies in the project: the versions of those are in every digest."""
        return not self.root.joinpath(path).is_relative_to(sys.prefix)

    def _names(self, folder: str) -> str:
        """A digest of the names that an import could find there."""
        start = "" if folder == "." else f"{folder}/"
        inside = (path[len(start) :] for path in self.files if path.startswith(start))
        heads = {(name, bool(rest)) for name, _, rest in (path.partition("/") for path in inside)}
        found = (name for name, deep in sorted(heads) if deep or name.endswith(IMPORTABLE))
        return _text_digest("\n".join(found))

    def _digest_of_surroundings(self) -> bytes:
        """What every run depends on, whatever it reads: the gate, the configuration, versions."""
        lines = [f"{path} {was}" for path, was in self.files.items() if path.startswith(ALWAYS)]
        lines += sorted(f"{d.name}=={d.version}" for d in distributions())
        lines += [sys.version, platform.platform()]
        return hashlib.sha256("\n".join(lines).encode()).digest()


def _files(root: Path) -> dict[str, str]:
    """A digest of each file of the project: of what lies in it, and is no tool's or package's."""
    found = {}
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if not _is_left_out(here / f))
        for path in (here / name for name in sorted(names)):
            if path.is_file():
                found[path.relative_to(root).as_posix()] = _state(path)
    return found


def _is_left_out(folder: Path) -> bool:
    """What a build writes, what a tool keeps (.ruff_cache), an environment with its packages."""
    is_environment = folder.joinpath("pyvenv.cfg").exists()
    return folder.name.startswith(".") or folder.name in LEFT_OUT or is_environment


def _file_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _state(path: Path) -> str:
    """A digest of a file; "" where there is none."""
    return _file_digest(path).hex() if path.is_file() else ""


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
