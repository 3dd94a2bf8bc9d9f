"""What a sweep found, as the file that is kept: NAME.json, or NAME-SETTING.json."""

import json
import math
import platform
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from actlib.formula.symbols import X
from actlib.proof.depends import digest, versions
from actlib.proof.proof import ASKED, Function, Outcome, distances
from actlib.proof.settings import Changes, label
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import distance_from_tie

HARDEST = 20


def summary(function: Function, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """How each input was decided, the largest error, and the inputs that lie closest to a tie."""
    found = list(outcomes)
    settled = sorted(x for outcome in found for x in outcome.settled)
    decided = {
        "vanishing": sum(outcome.vanishing for outcome in found),
        "straight": sum(outcome.straight for outcome in found),
        "tangent": sum(outcome.tangent for outcome in found),
        "balls": len(settled),
    }
    tried = sum(outcome.tried for outcome in found)
    return {
        "inputs": tried,
        "misrounded": sorted(x.hex() for outcome in found for x in outcome.wrong),
        "decided by": {"model": tried - sum(decided.values()), **decided},
        "float64": _float64(function, found),
        "hardest": hardest(function, settled),
    }


def far_out(function: Function, outcome: Outcome) -> dict[str, Any]:
    """How far the proof goes, and what a sample from beyond has shown."""
    return {
        "up to": function.reach,
        "beyond": {
            "tried": outcome.tried,
            "misrounded": sorted(x.hex() for x in outcome.wrong),
            "float64 beyond": sorted(x.hex() for x in outcome.apart),
        },
    }


def _float64(function: Function, found: Sequence[Outcome]) -> dict[str, Any] | None:
    """Of the kernel's float64, the largest relative error, and a bound for all; None without one.

    The models say where it is largest, to within their own error; there a ball tells it.
    """
    furthest = [outcome.furthest for outcome in found if outcome.furthest is not None]
    apart = sorted(x.hex() for outcome in found for x in outcome.apart)
    if not furthest and not apart:
        return None
    _, value = function.both(np.array(furthest, np.float32))
    assert value is not None  # it had an error
    each = np.broadcast_to(value, len(furthest)).tolist()
    errors = distances(evaluator(function.expression, [X]), furthest, each)
    largest, place = max(zip(errors, furthest, strict=True), default=(0.0, 0.0))
    return {
        "largest error": _power(largest),
        "at": place.hex(),
        "shown to be below": _power(max(outcome.error for outcome in found)),
        "asked": _power(ASKED),
        "beyond": apart,
    }


def _power(error: float) -> str:
    """2^-52.3, rounded up: as an upper bound it stays one."""
    return f"2^{math.ceil(math.log2(error) * 100) / 100:g}" if error else "0"


def hardest(function: Function, x: Sequence[float]) -> list[list[Any]]:
    """[input, distance of its value from the nearest tie, in ulp of float32], closest first."""
    evaluate = evaluator(function.expression, [X])
    found = [(decide(evaluate, [point], distance_from_tie), point) for point in x]
    ranked = sorted(pair for pair in found if pair[0] > 0)[:HARDEST]
    return [[point.hex(), float(f"{distance:.3g}")] for distance, point in ranked]


def write(folder: Path, name: str, changes: Changes, functions: dict[str, Any]) -> Path:
    """NAME.json, or NAME-SETTING.json, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{label(name, changes)}.json"
    setting = {"parameters": dict(changes)} if changes else {}
    head = {"activation": name, **setting, "depends on": digest(name), "machine": machine()}
    text = json.dumps({**head, **functions}, indent=1)
    # A pair such as a hardest case goes on one line.
    text = re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    started = path.with_name(f"{path.name}.tmp")
    started.write_text(text + "\n", "utf-8")
    started.replace(path)
    return path


def machine() -> dict[str, str]:
    """The processor, Python and the packages: the kernels' last digits depend on them."""
    info = Path("/proc/cpuinfo")
    cpu = re.search(r"model name\s*:\s*(.*)", info.read_text("utf-8")) if info.exists() else None
    return {
        "cpu": cpu[1] if cpu else platform.processor(),
        "python": platform.python_version(),
        **versions(),
    }
