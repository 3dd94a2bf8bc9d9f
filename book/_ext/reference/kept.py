"""What takes long to work out of an activation is kept, as long as it can come out no other way.

A file is named after a hash of all that it depends on, so a build reads what another has found,
of a copy of the book too. A record that is none of the library's is asked anew each time.
"""

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

import actlib
from actlib.audit.files import written
from actlib.proof import depends
from reference.api import Record

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "_build" / "reference" / "kept"
COMPUTING = ("actlib/**/*.py", "book/_ext/reference/*.py", "book/_ext/lab/*.py")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Kept:
    """A function whose results are kept, and whether a record is one that it can be asked of."""

    find: Callable[[Record], object]
    applies: Callable[[Record], bool]


ALL: list[Kept] = []


def every(record: Record) -> bool:
    return True


def kept(
    compute: Callable[[Record], Found], applies: Callable[[Record], bool] = every
) -> Callable[[Record], Found]:
    """The same function, which reads what it has found before."""

    @wraps(compute)
    def known(record: Record) -> Found:
        if actlib.ALL.get(record.name) is not record:
            return compute(record)
        file = FOLDER / f"{record.name}.{compute.__name__}.{digest(record.name, ROOT)}"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            written(file, pickle.dumps(compute(record)))  # whole: two builds may come to it at once
        return pickle.loads(file.read_bytes())

    found = cache(known)
    ALL.append(Kept(found, applies))
    return found


@cache
def digest(name: str, root: Path) -> str:
    """Of the code of an activation, of those that it imports, of all that is no activation's, and
    of the versions of the packages."""
    found = depends.closure([f"actlib.activations.{name}"], root / "actlib")
    modules = (root.joinpath(*module.split(".")).with_suffix(".py") for module in sorted(found))
    own = [_hash(path.read_bytes()) for path in modules if _is_an_activation(path)]
    return _hash(f"{own} {_common(root)}".encode())


@cache
def _common(root: Path) -> str:
    paths = (path for pattern in COMPUTING for path in sorted(root.glob(pattern)))
    code = [_hash(path.read_bytes()) for path in paths if not _is_an_activation(path)]
    return f"{code} {depends.versions()}"


def _is_an_activation(path: Path) -> bool:
    return path.parent.name == "activations"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
