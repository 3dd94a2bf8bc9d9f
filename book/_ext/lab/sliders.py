"""What a reader can set: a slider for each number on which an activation depends."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from sympy.printing.pretty.pretty_symbology import pretty_symbol

from actlib.call.shapes import AnyRecord
from actlib.formula.parameter import Parameter
from actlib.formula.setting import Setting
from actlib.show import calm


def opening(record: AnyRecord) -> Setting:
    """The setting in which a lab opens: the defaults, if they can be drawn; where those are empty
    stacks, which would leave nothing to set, the sample that has most numbers."""
    return max(calm.settings(record), key=_numbers)


def _numbers(setting: Setting) -> int:
    return sum(len(value) for value in setting.values() if isinstance(value, tuple))


def sliders(record: AnyRecord) -> Iterator[dict[str, Any]]:
    """Their names, labels and ranges, in the order of the parameters."""
    start = opening(record)
    for p in record.parameters:
        low, high, step = span(p, [setting[p.name] for setting in record.settings])
        shared = {"name": p.name, "low": low, "high": high, "step": step}
        value = start[p.name]
        if isinstance(value, tuple):
            for index in range(len(value)):
                yield {**shared, "index": index, "label": label(f"{p.name}_{index + 1}")}
        elif p.absent is None:
            yield {**shared, "label": label(p.name)}
        else:
            numbers = (setting[p.name] for setting in record.settings)
            present = next((n for n in numbers if n not in (None, p.absent)), high)
            yield {**shared, "label": label(p.name), "absent": p.absent, "present": present}


def span(parameter: Parameter, values: Iterable[Any]) -> tuple[float, float, float]:
    """From where to where, in which steps: round numbers that leave room around the defaults and
    the samples, within the domain."""
    flat = [n for value in values for n in (value if isinstance(value, tuple) else (value,))]
    finite = [n for n in flat if n is not None and math.isfinite(n)] or [0.0]
    low, high = min(finite), max(finite)
    room = max(high - low, abs(low), abs(high), 1.0) / 2
    unit = 10.0 ** math.floor(math.log10(high - low + 2 * room)) / 2
    step = unit / 50
    low, high = (math.floor((low - room) / unit) * unit, math.ceil((high + room) / unit) * unit)
    domain = parameter.domain
    low = max(low, domain.least, domain.above + step)
    high = min(high, domain.most, domain.below - step)
    return low, high, step


def label(name: str) -> str:
    """α, t with a subscript l, or a whole word."""
    words = name.split("_")
    return name if any(len(word) > 1 for word in words[1:]) else str(pretty_symbol(name))


def order(record: AnyRecord) -> list[list[str]]:
    """[smaller, larger] for every relation that two parameters must keep."""
    return [list(pair) for pair in record.ordered]
