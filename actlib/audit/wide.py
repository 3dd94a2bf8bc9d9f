"""float64: some numbers, where it is hard and where networks live; balls tell the error of each."""

import numpy as np

from actlib.audit.asked import Asked
from actlib.audit.sweep import Function, by_balls
from actlib.audit.tally import Tally, Terms, total
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
    return total(by_balls(side, function(side), asked, judged) for side in sides)
