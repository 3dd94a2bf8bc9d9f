"""The speed page: the best peer's time over ours, from benchmarks/results/speed.json."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from actlib import typeset
from actlib.spec import Activation
from reference.api import Record

PEERS = ("torch", "jax", "scipy", "numexpr")
OTHERS = ("textbook NumPy", "memory limit")
PREPARED = ("actlib", "torch", "scipy", "numexpr", "memory limit")


def markdown(records: Sequence[Record], results: Path) -> str:
    """One table of means, then one for each size."""
    measured = json.loads(results.read_text("utf-8"))
    rows = measured["rows"]
    default = [row for row in rows if row["mode"] == "default"]
    prepared = [row for row in rows if row["mode"] == "preallocated" and len(row["seconds"]) > 2]
    sizes = sorted({row["size"] for row in rows})
    titles = {r.name: r.title for r in records if isinstance(r, Activation)}
    versions = ", ".join(f"{k} {v}" for k, v in measured["machine"].items())
    means = typeset.table(("Elements", "Type", "f", "f′"), _means(default, sizes))
    each = "\n".join(_size(default, size, titles) for size in sizes)
    raw = typeset.table(
        (
            "Activation",
            "",
            "Type",
            "Elements",
            "actlib",
            "torch",
            "scipy",
            "numexpr",
            "memory limit",
        ),
        _raw(prepared, titles),
    )
    return f"""## In one table

How many times as long the fastest of torch, JAX, SciPy and numexpr takes: the geometric mean over
the activations. Above 1, `actlib` is faster; below, slower.

{means}

{each}

## With the output prepared

Nanoseconds an element, where the result goes into an array that is there already. What is left is
the arithmetic: the memory for a new result costs torch up to half of its time at ten million
elements. `-`: the library offers no such call.

{raw}

Measured on one core with {versions}.
"""


def _means(rows: list[dict[str, Any]], sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    for size in sizes:
        for dtype in ("float32", "float64"):
            told = []
            for sign in ("f", "f'"):
                here = [_ratio(row) for row in rows if _is(row, size, dtype, sign)]
                told.append(f"{geometric_mean(here):.2f}")
            yield f"{size:,}", dtype, *told


def _size(rows: list[dict[str, Any]], size: int, titles: dict[str, str]) -> str:
    unit, scale = ("µs a call", 1e6) if size <= 1000 else ("ns an element", 1e9 / size)
    columns = ("Activation", "", "Type", "actlib", *PEERS, *OTHERS, "Best peer / actlib")
    here = [row for row in rows if row["size"] == size]
    table = typeset.table(columns, _times(here, titles, scale))
    return f"## {size:,} elements\n\nIn {unit}, with the output allocated by the call.\n\n{table}\n"


def _times(
    rows: list[dict[str, Any]], titles: dict[str, str], scale: float
) -> Iterator[tuple[str, ...]]:
    for row in sorted(rows, key=lambda row: list(titles).index(row["activation"])):
        times = (_time(row, library, scale) for library in ("actlib", *PEERS, *OTHERS))
        sign = {"f": "f", "f'": "f′"}[row["function"]]
        yield titles[row["activation"]], sign, row["dtype"], *times, f"{_ratio(row):.2f}"


def _raw(rows: list[dict[str, Any]], titles: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if row["activation"] in ("sigmoid", "tanh", "softplus") and row["size"] > 1000:
            times = (_time(row, library, 1e9 / row["size"]) for library in PREPARED)
            sign = {"f": "f", "f'": "f′"}[row["function"]]
            yield titles[row["activation"]], sign, row["dtype"], f"{row['size']:,}", *times


def _is(row: dict[str, Any], size: int, dtype: str, sign: str) -> bool:
    return (row["size"], row["dtype"], row["function"]) == (size, dtype, sign)


def _time(row: dict[str, Any], library: str, scale: float) -> str:
    seconds = row["seconds"].get(library)
    return "-" if seconds is None else f"{seconds * scale:.2f}"


def _ratio(row: dict[str, Any]) -> float:
    """The fastest peer's time over ours."""
    seconds = row["seconds"]
    return min(seconds[peer] for peer in PEERS if peer in seconds) / seconds["actlib"]
