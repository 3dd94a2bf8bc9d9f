"""What a sweep found, as the file that is kept: NAME.json, or NAME-SETTING.json."""

import json
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from actlib.formula.setting import X
from actlib.proof.bound import EPSILON, MARGIN
from actlib.proof.proof import Function, Outcome
from actlib.proof.settings import Changes, label
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import distance_from_tie

HARDEST = 20
PACKAGES = ("numpy", "sympy", "python-flint", "mpmath", "ml_dtypes")


def summary(function: Function, outcomes: Iterable[Outcome], error: float) -> dict[str, Any]:
    """Counts, the bound they rest on, and the inputs whose results lie closest to a tie."""
    found = list(outcomes)
    settled = sorted(x for outcome in found for x in outcome.settled)
    return {
        "inputs": sum(outcome.tried for outcome in found),
        "misrounded": sorted(x.hex() for outcome in found for x in outcome.wrong),
        "decided exactly": sum(outcome.straight for outcome in found),
        "decided by balls": len(settled),
        "epsilon": EPSILON.hex(),
        "largest float64 error found": float(f"{error:.2g}"),
        "asked of it": (EPSILON / MARGIN).hex(),
        "hardest": hardest(function, settled),
    }


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
    head = {"activation": name, **setting, "machine": machine()}
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
        **{package: _version(package) for package in PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
