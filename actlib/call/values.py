"""What a caller gives for a parameter, as float64."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.call import arguments
from actlib.formula.parameter import Parameter


def read(function: str, parameter: Parameter, value: Any) -> NDArray[np.float64]:
    """`value` as float64, exactly; TypeError or ValueError if it is no such parameter."""
    name, absent = parameter.name, parameter.absent
    if value is None and absent is not None:
        return np.asarray(absent)
    array = arguments.real_array(function, name, value).astype(np.float64)
    above, low, below, high = parameter.bounds
    inside = above(array, low) & below(array, high)
    if absent is not None:
        inside |= array == absent
    if not np.all(inside) or (parameter.stacked and not array.ndim):
        raise ValueError(f"{function}: {name} must be {parameter.domain_text}; got {name}={value}")
    return array
