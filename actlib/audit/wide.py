"""float64: some numbers, where it is hard and where networks live; balls tell the error of each."""

import numpy as np
from numpy.typing import NDArray

from actlib.audit.asked import Asked
from actlib.audit.sweep import Function
from actlib.audit.tally import Tally, Terms, count, total
from actlib.verify.pieces import boundaries
from actlib.verify.points import points

SCALES = (0.1, 1, 10, 100)  # of the random numbers
DRAWN = 1500  # of each


def tallied(function: Function, asked: Asked, judged: Terms) -> Tally:
    """The places that matter and random numbers: a negative and a positive part."""
    edges = [float(point) for point in boundaries(asked.definition)]
    random = np.random.default_rng(0)
    drawn = [random.normal(0, scale, DRAWN) for scale in SCALES]
    x = np.unique(np.concatenate([points(np.float64, edges), *drawn]))
    sides = [x[x < 0][::-1].copy(), x[x >= 0]]
    return total(_side(function, asked, side, judged) for side in sides)


def _side(function: Function, asked: Asked, x: NDArray[np.float64], judged: Terms) -> Tally:
    got = function(x)
    return count(x, got, asked.truth.of_float64(x, got), judged, 0)
