"""Results on disk: one file a finished chunk, so that a killed sweep loses none of them."""

import json
from dataclasses import asdict
from pathlib import Path

from actlib.proof.proof import Outcome


def save(folder: Path, chunk: int, outcome: Outcome) -> None:
    """Whole or not at all: the file gets its name when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    started = folder / f"{chunk:03}.tmp"
    started.write_text(json.dumps(asdict(outcome)), "utf-8")
    started.rename(folder / f"{chunk:03}.json")


def load(folder: Path) -> dict[int, Outcome]:
    """The chunks that are finished."""
    return {int(path.stem): _read(path) for path in sorted(folder.glob("*.json"))}


def _read(path: Path) -> Outcome:
    found = json.loads(path.read_text("utf-8"))
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Outcome(**{**found, **lists})
