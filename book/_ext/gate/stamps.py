"""Stamps: the memory that exactly this notebook, with exactly this code, passed before.

A stamp is a file named after a digest of all that, and holding it. Whoever wrote it, it is only
ever compared with the digest of what lies here now: a broken or foreign stamp means running the
notebook again. Stamps of other states stay, so that going back to one of them costs nothing.
"""

import hashlib
import platform
import sys
from importlib.metadata import distributions
from pathlib import Path

from gate.files import replace_text

INPUTS = ("actlib/**/*", "book/_ext/**/*", "_config.yml")
"""Beside its notebook, what a run depends on. No setting: a shorter list would check less."""


class Stamps:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "_build" / ".gate"
        self.common = _digest_of_surroundings(root)

    def passed(self, notebook: Path) -> bool:
        digest = self.digest(notebook)
        try:
            return self.folder.joinpath(digest).read_text("utf-8") == digest
        except (OSError, UnicodeDecodeError):
            return False

    def digest(self, notebook: Path) -> str:
        place = notebook.relative_to(self.root).as_posix().encode()
        return hashlib.sha256(self.common + place + _file_digest(notebook)).hexdigest()

    def write(self, digest: str) -> None:
        """Remember a digest taken before the run: a notebook edited during it is not covered."""
        replace_text(self.folder / digest, digest)


def _digest_of_surroundings(root: Path) -> bytes:
    """All that a notebook's outputs depend on, but the notebook: code, configuration, versions."""
    files = sorted(
        path
        for pattern in INPUTS
        for path in root.glob(pattern)
        if path.is_file() and not _is_cache(path.relative_to(root))
    )
    lines = [f"{path.relative_to(root).as_posix()} {_file_digest(path).hex()}" for path in files]
    lines += sorted(f"{d.name}=={d.version}" for d in distributions())
    lines += [sys.version, platform.platform()]
    return hashlib.sha256("\n".join(lines).encode()).digest()


def _is_cache(path: Path) -> bool:
    """Does a tool keep it, Python (__pycache__) or a linter (.ruff_cache)?"""
    return any(part.startswith((".", "__pycache__")) for part in path.parts)


def _file_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
