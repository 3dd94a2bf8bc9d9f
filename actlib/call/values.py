"""What a caller gives for a parameter, as float64."""

from collections.abc import Mapping, Sequence
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
    inside = parameter.domain.has(array)
    if absent is not None:
        inside |= array == absent
    if not np.all(inside) or (parameter.stacked and not array.ndim):
        raise ValueError(f"{function}: {name} must be {parameter.domain_text}; got {name}={value}")
    return array


def bound(
    function: str,
    variables: Sequence[str],
    parameters: Sequence[Parameter],
    args: tuple[Any, ...],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """Every parameter by its name, as it was given, else its default.

    TypeError if a parameter is given that there is not, or twice.
    """
    names = [p.name for p in parameters]
    if len(args) > len(names):
        raise TypeError(
            f"{function}: takes {', '.join(variables)} and {len(names)} parameters; "
            f"got {len(variables) + len(args)} positional arguments"
        )
    for name in given:
        if name not in names:
            raise TypeError(
                f"{function}: unknown parameter {name}={given[name]!r}; "
                f"it has {', '.join(names) or 'none'}"
            )
        if name in names[: len(args)]:
            raise TypeError(f"{function}: parameter {name} is given twice")
    return (
        {p.name: p.default for p in parameters} | dict(zip(names, args, strict=False)) | {**given}
    )


def number(function: str, parameter: Parameter, value: Any) -> float:
    """`value` as one float, exactly; ValueError if it is an array."""
    array = read(function, parameter, value)
    if array.ndim:
        name = parameter.name
        raise ValueError(f"{function}: {name} must be one number; got {name}={value}")
    return float(array)
