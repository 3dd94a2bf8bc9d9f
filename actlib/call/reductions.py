"""The record of a function from K numbers to one, such as logsumexp."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from actlib.call.arguments import AnyArray
from actlib.call.rows import OfVectors, Shape, delivered


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Reduction(OfVectors):
    """From K numbers to one; its definition is an expression, and its Jacobian the gradient."""

    empty: float  # what a vector of no numbers gives

    KIND = "reduction"
    RETURNS = "An array of the shape of z without that axis; of one vector a number."
    KEYWORDS = OfVectors.KEYWORDS | {
        "keepdims": (False, "True keeps the axis of the vectors, with length 1.")
    }

    def __call__(
        self,
        z: ArrayLike,
        axis: int = -1,
        *args: Any,
        out: Any = None,
        keepdims: bool = False,
        **parameters: Any,
    ) -> AnyArray:
        found, index, size = self._value(z, axis, args, parameters)
        if not size:
            found[...] = self.empty
        return delivered(self.name, np.expand_dims(found, index) if keepdims else found, out)

    def event(self, size: int) -> Shape:
        """One number."""
        return ()
