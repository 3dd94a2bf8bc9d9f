"""What benchmarks/audit.py has found: a file for each library and version, and its results."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

SIGNS = {"f": "f", "f'": "f′"}
TYPES = ("float16", "bfloat16", "float32", "float64")
TINY = dict(zip(TYPES, (2.0**-14, 2.0**-126, 2.0**-126, 2.0**-1022), strict=True))
"""By type, its smallest normal number."""
NAMES = {
    "torch": "PyTorch",
    "jax": "JAX",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "onnxruntime": "ONNX Runtime",
    "scipy": "SciPy",
    "numpy": "NumPy",
    "textbook": "textbook",
    "actlib": "actlib",
}
"""Of the libraries, as pages name them."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """Of one version of a library."""

    library: str
    version: str
    machine: dict[str, str]
    about: dict[str, str]
    rows: list[Row]
    pictures: Path  # a folder

    @property
    def order(self) -> tuple[int, ...]:
        """By which versions are sorted: 2.9 before 2.13."""
        return tuple(int(part) for part in self.version.split(".") if part.isdigit())

    @property
    def name(self) -> str:
        """PyTorch 2.13.0"""
        return f"{NAMES[self.library]} {self.version}"

    def find(self, **place: str) -> Row | None:
        """The best result there is: of all numbers before one of a sample. None if it failed."""
        found = [row for row in measured(self.rows) if place.items() <= row.items()]
        return min(found, key=lambda row: row["inputs"] != "all", default=None)


def load(folder: Path) -> list[Audit]:
    """All files, the libraries in the order of the page, older versions first."""
    found = [_read(path) for path in folder.glob("*.json")]
    libraries = list(NAMES)
    return sorted(found, key=lambda audit: (libraries.index(audit.library), audit.order))


def _read(path: Path) -> Audit:
    told = json.loads(path.read_text("utf-8"))
    about = told.get("about", {})
    return Audit(
        told["library"],
        told["version"],
        told["machine"],
        about,
        told["results"],
        path.with_suffix(""),
    )


def newest(audits: Sequence[Audit]) -> dict[str, Audit]:
    """By library."""
    return {audit.library: audit for audit in audits}


def measured(rows: Sequence[Row]) -> Iterator[Row]:
    """Those that are no failures."""
    return (row for row in rows if "failed" not in row)


def best(rows: Sequence[Row]) -> list[Row]:
    """One for each function: of all numbers, where there is one, else of a sample."""
    names = ("activation", "setting", "name", "function", "dtype")
    found: dict[tuple[Any, ...], Row] = {}
    for row in measured(rows):
        key = tuple(row[name] for name in names)
        if key not in found or row["inputs"] == "all":
            found[key] = row
    return list(found.values())


def marks(row: Row) -> str:
    """After a figure: an asterisk for a sample, a dagger for a worst error at a subnormal x."""
    sample = "" if row["inputs"] == "all" else r"\*"
    tiny = row["misrounded"] and abs(row.get("worst", {}).get("x", 1)) < TINY[row["dtype"]]
    return sample + "†" * bool(tiny)


def digits(x: float | str, dtype: str) -> str:
    """A number of a type as one reads it: whole, if nine digits hold it, or in as few as tell it

    from its neighbours.
    """
    value = float(x)
    whole = f"{value:.9g}"
    told = whole if float(whole) == value or value != value else _shortest(value, dtype)
    return told.replace("nan", "NaN").replace("inf", "∞").replace("-", "−")


def _shortest(value: float, dtype: str) -> str:
    kind = np.dtype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    texts = (f"{value:.{n}g}" for n in range(3, 18))
    return next(text for text in texts if float(np.float64(text).astype(kind)) == value)
