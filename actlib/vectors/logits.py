"""The inputs of functions of vectors: rows of logits, and the second vectors that go with them."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.vectors.inputs import limits

SIZES = (1, 2, 3, 5)
"""Numbers of components, K."""

SPREADS = (0.125, 1.0, 8.0, 17.0, 40.0, 104.0, 700.0, 745.0, 1e4)
GOLDEN = (math.sqrt(5) - 1) / 2


def logits(size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Rows of K logits in this type, each once.

    Equal ones; spreads from 1/8 to 10,000, about 0 and far from it; one far above the others and
    one far below; results around the smallest normal and subnormal numbers of the type; maxima
    that come twice; both zeros; infinities and NaN.
    """
    form = limits(dtype)
    first = np.eye(size)[0]
    last = np.eye(size)[-1]
    # exp(-depth) is just above and just below the smallest normal and the smallest subnormal.
    edges = [-math.log(2) * float(e) for e in (form.minexp, form.minexp - form.nmant)]
    depths = [depth for edge in edges for depth in (math.floor(edge), math.ceil(edge))]
    drawn = [spread * (_uniform(number, size) - 0.5) for number, spread in enumerate(SPREADS)]
    rows = [
        *(np.full(size, value) for value in (0.0, 3.0, -700.0)),
        *drawn,
        *(row + offset for row in drawn[:4] for offset in (100.0, -1000.0)),
        *(sign * height * first for height in (1.0, 30.0, 600.0, 1e4) for sign in (1, -1)),
        *(-depth * (1 - first) for depth in (*depths, depths[0] - 1, depths[-1] + 1)),
        *(-depth * last for depth in (1.0, 100.0, *depths, 1e4)),
        np.where(first + last > 0, -0.0, 0.0),
        *(np.where(first > 0, value, 1.0) for value in (np.inf, -np.inf, np.nan)),
        *(np.where(first + last > 0, value, 1.0) for value in (np.inf, -np.inf)),
        np.where(first > 0, np.inf, np.where(last > 0, -np.inf, 1.0)),
        *(np.full(size, value) for value in (np.inf, -np.inf)),
    ]
    with np.errstate(invalid="ignore"):
        found = np.array(rows).astype(dtype)
    _, places = np.unique(found.view(np.uint8).reshape(len(found), -1), axis=0, return_index=True)
    return found[np.sort(places)]


def upstreams(rows: NDArray[Any]) -> NDArray[Any]:
    """For each row numbers of both signs, with the exponents of small integers and without."""
    count, size = rows.shape
    plain = [4 * _uniform(number, size) - 2 for number in range(count)]
    halves = [np.round(8 * row) / 2 for row in plain]
    return np.array([halves[i] if i % 3 else plain[i] for i in range(count)]).astype(rows.dtype)


def labels(rows: NDArray[Any]) -> NDArray[Any]:
    """For each row a class, or a soft label of eighths that add up to 1; in turn."""
    count, size = rows.shape
    found = np.zeros((count, size))
    for i in range(count):
        found[i, i % size] += 0.625
        found[i, (i // 2) % size if i % 3 == 0 else i % size] += 0.375
    return found.astype(rows.dtype)


def _uniform(number: int, size: int) -> NDArray[Any]:
    """Numbers between 0 and 1, the same on every machine (Weyl's sequence)."""
    return (np.arange(1, size + 1) * GOLDEN + number * math.sqrt(2)) % 1.0
