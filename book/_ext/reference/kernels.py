"""What `actlib` computes, as its modules have it: shown in a chapter, so that nobody retells it."""

import inspect
from collections.abc import Callable
from itertools import groupby
from typing import Any

from actlib.call.shapes import is_elementwise, is_gated
from reference.api import Record

SHOWN = """````{{dropdown}} The code of the kernels
{code}

A kernel is handed float64, or the type of $x$ if it is marked as `takes=OWN`. What it returns is \
rounded to the type of $x$, and unless it is marked as `DECIDED`, `ROUNDED` or `exact_rows` \
looked at a second time next to a tie: {{doc}}`/book/reference/accuracy` says how.
````"""


def markdown(record: Record) -> str:
    """The source of its kernels, module by module: some are another activation's."""
    modules = groupby(kernels(record), key=lambda kernel: kernel.__module__)
    code = "\n\n".join(_block(module, list(group)) for module, group in modules)
    return SHOWN.format(code=code)


def kernels(record: Record) -> tuple[Callable[..., Any], ...]:
    """For the value, the derivative, and what else the record has."""
    if is_elementwise(record):
        of_parameters = record.parameter_kernels.values()
        marked = (record.value_kernel, record.derivative_kernel, *of_parameters)
        return tuple(map(inspect.unwrap, marked))
    if is_gated(record):
        marked = (record.value_kernel, *record.derivative_kernels.values())
        return tuple(map(inspect.unwrap, marked))
    of_rows = (record.value_kernel, record.jacobian_kernel, record.vjp_kernel)
    return tuple(map(inspect.unwrap, of_rows))


def _block(module: str, kernels: list[Callable[..., Any]]) -> str:
    source = "\n\n".join(inspect.getsource(kernel).rstrip() for kernel in kernels)
    return f"```python\n# {module.replace('.', '/')}.py\n\n{source}\n```"
