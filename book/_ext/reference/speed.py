"""The speed page: the best peer's time over ours, from benchmarks/results/speed.json."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from actlib.call.shapes import is_elementwise
from actlib.show import typeset
from reference.api import Record

LIBRARIES = ("torch", "jax", "scipy", "numexpr")
PEERS = (*LIBRARIES, "textbook NumPy")
LIMIT = "memory limit"
TORCH, SCIPY = "torch", "scipy"  # offer `out` for some of the functions
PREPARED = ("actlib", TORCH, SCIPY, "numexpr", LIMIT)
SIGNS = {"f": "f", "f'": "f′"}
TYPES = ("float32", "float64")


def markdown(records: Sequence[Record], results: Path) -> str:
    """One table of means, then one for each size, then one with the output prepared."""
    measured = json.loads(results.read_text("utf-8"))
    titles = {r.name: r.title for r in records if is_elementwise(r)}
    rows = sorted(measured["rows"], key=lambda row: list(titles).index(row["activation"]))
    default = [row for row in rows if row["mode"] == "default"]
    prepared = [row for row in rows if row["mode"] == "preallocated"]
    sizes = sorted({row["size"] for row in rows})
    versions = ", ".join(f"{k} {v}" for k, v in measured["machine"].items())
    each = "\n".join(_size(default, size, titles) for size in sizes)
    return f"""{_summary(default, sizes)}
{each}
{_prepared(prepared, default, titles)}
Measured on one core with {versions}.
"""


def _summary(rows: list[dict[str, Any]], sizes: Sequence[int]) -> str:
    means = [_means(rows, size, dtype) for size in sizes for dtype in TYPES]
    alone = (f"{sign}, libraries" for sign in SIGNS.values())
    columns = ("Elements", "Type", *SIGNS.values(), *alone, "`actlib` is the fastest")
    slower = ", ".join(f"at {size:,} elements {_slower(rows, size)}" for size in sizes)
    return f"""## In one table

How many times as long the best peer takes: the fastest of torch, JAX, SciPy, numexpr and textbook
NumPy. The mean is the geometric one over the activations. Above 1, `actlib` is faster than all of
them; below 1, it is slower than one of them. Two columns leave out textbook NumPy, which is no
library. The last column counts the functions, f and f′, for which `actlib` is the fastest of all.

{typeset.table(columns, means)}

By these means, `actlib` is slower than the best peer {slower}.
"""


def _means(rows: list[dict[str, Any]], size: int, dtype: str) -> tuple[str, ...]:
    means = [
        f"{_mean(rows, size, dtype, sign, peers):.2f}"
        for peers in (PEERS, LIBRARIES)
        for sign in SIGNS
    ]
    ratios = [_ratio(row) for row in rows if (row["size"], row["dtype"]) == (size, dtype)]
    fastest = sum(ratio > 1 for ratio in ratios)
    return f"{size:,}", dtype, *means, f"{fastest} of {len(ratios)}"


def _mean(
    rows: list[dict[str, Any]],
    size: int,
    dtype: str,
    sign: str,
    peers: Sequence[str] = PEERS,
) -> float:
    return geometric_mean(_ratio(row, peers) for row in rows if _is(row, size, dtype, sign))


def _slower(rows: list[dict[str, Any]], size: int) -> str:
    means = [_mean(rows, size, dtype, sign) for dtype in TYPES for sign in SIGNS]
    return f"in {sum(mean < 1 for mean in means)} of {len(means)}"


def _size(rows: list[dict[str, Any]], size: int, titles: dict[str, str]) -> str:
    unit, scale = ("µs a call", 1e6) if size <= 1000 else ("ns an element", 1e9 / size)
    columns = ("Activation", "", "Type", "actlib", *PEERS, LIMIT, "Best peer / actlib")
    here = [row for row in rows if row["size"] == size]
    table = typeset.table(columns, _times(here, titles, scale))
    return f"""## {size:,} elements

In {unit}, with the output allocated by the call. A hyphen: the library has no such function.

{table}
"""


def _times(
    rows: list[dict[str, Any]], titles: dict[str, str], scale: float
) -> Iterator[tuple[str, ...]]:
    for row in rows:
        times = (_time(row, library, scale) for library in ("actlib", *PEERS, LIMIT))
        sign = SIGNS[row["function"]]
        yield titles[row["activation"]], sign, row["dtype"], *times, f"{_ratio(row):.2f}"


def _prepared(
    rows: list[dict[str, Any]], default: list[dict[str, Any]], titles: dict[str, str]
) -> str:
    columns = ("Activation", "", "Type", "Elements", *PREPARED)
    offered = [row for row in rows if {TORCH, SCIPY} & row["seconds"].keys()]
    largest = max(row["size"] for row in rows)
    return f"""## With the output prepared

Nanoseconds an element, where the result goes into an array that is there already. What is left is
the arithmetic: at {largest:,} elements, torch saves up to {_saved(offered, default):.0%} of its
time. Shown are the functions for which torch or SciPy offers such a call. A hyphen: the library
does not.

{typeset.table(columns, _raw(offered, titles))}
"""


def _saved(prepared: list[dict[str, Any]], default: list[dict[str, Any]]) -> float:
    """The largest part of its time that torch saves with the largest array."""
    before = {_call(row): row["seconds"] for row in default}
    largest = max(row["size"] for row in prepared)
    return max(
        1 - row["seconds"][TORCH] / before[_call(row)][TORCH]
        for row in prepared
        if row["size"] == largest and TORCH in row["seconds"]
    )


def _call(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in ("activation", "function", "dtype", "size"))


def _raw(rows: list[dict[str, Any]], titles: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        times = (_time(row, library, 1e9 / row["size"]) for library in PREPARED)
        place = titles[row["activation"]], SIGNS[row["function"]], row["dtype"]
        yield *place, f"{row['size']:,}", *times


def _is(row: dict[str, Any], size: int, dtype: str, sign: str) -> bool:
    return (row["size"], row["dtype"], row["function"]) == (size, dtype, sign)


def _time(row: dict[str, Any], library: str, scale: float) -> str:
    seconds = row["seconds"].get(library)
    return "-" if seconds is None else f"{seconds * scale:.2f}"


def _ratio(row: dict[str, Any], peers: Sequence[str] = PEERS) -> float:
    """The fastest peer's time over ours."""
    seconds = row["seconds"]
    return min(seconds[peer] for peer in peers if peer in seconds) / seconds["actlib"]
