"""The second look at functions of exponentials: on which side of a midpoint does a result lie?

What softmax and its kin return is N / D, where N and D are sums of products of the exponentials
exp((z_k − max z) / temperature), of max z, of numbers of further rows, and of the logarithm of the
sum of the exponentials. A kernel's exact part says N and D, and is asked twice: in NumPy for all
results at once, where the exponentials are 1 or next to nothing, since midpoints are common there;
and with digits for those that this leaves, by chance one in millions. Equal rows are asked about
once.

An exact part is handed the exponentials e, a place in the result, and the further rows. e[k] and
row[k] are numbers, with +, − and ·; row.total is the sum of a row, e.dot(row) that of products, and
e.shift the row of exponents. e.top, which is max z, and e.temperature are numbers, and
e.number(3.0) makes one of a float.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic import rounding
from actlib.arithmetic.rounding import Array
from actlib.call.rows_kernel import RowsKernel
from actlib.call.second_look import leading, levels

ERROR = 2.0**-48
"""How large a kernel's error may be, against its terms; tests hold them to a quarter of it."""


def once(
    kernel: RowsKernel, dtype: np.dtype[Any], parameters: Mapping[str, float], *rows: Array
) -> NDArray[Any]:
    """What the kernel returns, rounded once to the type, on the right side of every midpoint.

    How large the error may be is said by the size of the terms, not by their sum, which may cancel.
    """
    value, size = kernel(*rows, **parameters)
    if dtype == np.float64:
        return value
    error = np.where(np.isfinite(size), size, 0.0) * ERROR
    low, high = (rounding.rounded(end, dtype) for end in (value - error, value + error))
    places = np.argwhere(low < high)
    if len(places):
        temperature = parameters.get("temperature", 1.0)
        beside = _looked_at(kernel, rows, places, dtype, temperature)
        low[tuple(places.T)] = rounding.rounded(beside, dtype)
    return low


def _looked_at(
    kernel: RowsKernel,
    rows: tuple[Array, ...],
    places: NDArray[np.intp],
    dtype: np.dtype[Any],
    temperature: float,
) -> Array:
    """For each place a float64 that rounds to the same number of the type as the exact value."""
    assert kernel.exact_part is not None, kernel
    if kernel.mirrored:
        z, *others = rows
        rows = (-z, *others)
    asked, row = np.unique(places[:, 0], return_inverse=True)
    first, kind = _kinds(np.concatenate([array[asked] for array in rows], axis=-1))
    few = [array[asked[first]] for array in rows]
    looks, same = _kinds(np.column_stack([kind[row], places[:, 1:]]))
    row, place = kind[row][looks], tuple(places[looks, 1:].T)
    found = leading.beside_midpoints(kernel.exact_part, few, row, place, dtype, temperature)
    left = np.flatnonzero(np.isnan(found))
    if left.size:
        asked_at = row[left], tuple(p[left] for p in place)
        found[left] = levels.beside_midpoints(kernel.exact_part, few, *asked_at, dtype, temperature)
        left = left[np.isnan(found[left])]
    if left.size:
        from actlib.call.second_look import split  # with it comes mpmath

        left = left[np.argsort(row[left], kind="stable")]
        exact_rows = {r: [array[r].tolist() for array in few] for r in set(row[left].tolist())}
        each = zip(row[left].tolist(), *(p[left].tolist() for p in place), strict=True)
        asked_for = ((exact_rows[r], tuple(at)) for r, *at in each)
        found[left] = split.beside_midpoints(kernel.exact_part, asked_for, dtype, temperature)
    return found[same]


def _kinds(rows: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of equal rows: where the first of each kind is, and of which kind each row is."""
    rows = np.ascontiguousarray(rows)
    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1])))[:, 0]
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return first, kind
