"""The inputs: kinks, turns, zeros, subnormals, infinities, NaN, tails, hard cases and a grid."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.extras import needed_by

with needed_by("actlib.vectors"):
    import ml_dtypes

TYPES = {
    "float16": np.dtype(np.float16),
    "bfloat16": np.dtype(ml_dtypes.bfloat16),
    "float32": np.dtype(np.float32),
    "float64": np.dtype(np.float64),
}
TAILS = (0.5, 1, 2, 5, 10, 17, 20, 40, 90, 100, 104, 120, 400, 708, 710, 745, 750)


def inputs(
    dtype: np.dtype[Any], matter: Iterable[float], hard: Iterable[float], count: int
) -> NDArray[Any]:
    """In order, each once, -0 before 0; then both infinities and NaN. The grid has 2 · count."""
    form = limits(dtype)
    steps = np.linspace(int(form.minexp) - int(form.nmant), int(form.maxexp), count, endpoint=False)
    exponents = np.floor(steps)
    grid = np.ldexp(1 + (steps - exponents), exponents.astype(int))
    sizes = [*grid, *TAILS, float(form.tiny), float(form.smallest_subnormal), float(form.max)]
    sizes += [3 * float(form.smallest_subnormal), float(form.tiny) - float(form.smallest_subnormal)]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        around = np.array([*matter], np.float64).astype(dtype)
        up, down = (np.nextafter(around, dtype.type(end)) for end in (np.inf, -np.inf))
        both = np.array([*sizes, *(-size for size in sizes), *hard], np.float64).astype(dtype)
        every = np.concatenate([around, up, down, both])
        finite = np.unique(every[np.isfinite(every) & (every != 0)])
        ends = np.array([-np.inf, np.inf, np.nan], np.float64).astype(dtype)
        zeros = np.array([-0.0, 0.0], np.float64).astype(dtype)
    below = finite < 0
    return np.concatenate([finite[below], zeros, finite[~below], ends])


def limits(dtype: np.dtype[Any]) -> Any:
    """As numpy.finfo, of bfloat16 too."""
    return ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
