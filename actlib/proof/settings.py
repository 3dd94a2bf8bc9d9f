"""Settings of parameters, as the command line and the names of files spell them."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import sympy as sp

from actlib.formula.parameter import Parameter
from actlib.formula.setting import Setting
from actlib.verify.subject import Subject

Value = float | tuple[float, ...] | None
Changes = tuple[tuple[str, Value], ...]
"""What differs from the defaults, by name; nothing for the defaults themselves."""

PAIR = re.compile(r"\s*(\w+)\s*=\s*(\[[^\]]*\]|[^\s,\[\]]+)\s*(,|$)")


class Described(Subject, Protocol):
    """A subject that says which parameters it has, and what is computed with them."""

    @property
    def definition(self) -> sp.Expr: ...

    @property
    def parameters(self) -> Sequence[Parameter]: ...

    def reach_at(self, setting: Setting) -> float: ...

    @property
    def samples(self) -> Sequence[Setting]: ...


def read(record: Described, text: str) -> Changes:
    """alpha=0.3 or a=[0.3, -0.7], b=[-1, 0.4]; ValueError or TypeError if there is none such."""
    found: dict[str, Value] = {}
    position = 0
    while position < len(text) or not found:
        pair = PAIR.match(text, position)
        if pair is None:
            raise ValueError(f"no setting: {text!r}; it is written NAME=NUMBER, NAME=[NUMBER, …]")
        name, value, _ = pair.groups()
        if name in found:
            raise ValueError(f"{record.name}: parameter {name} is given twice in {text!r}")
        found[name] = _value(value)
        position = pair.end()
    changes = tuple(found.items())
    check(record, changes)
    return changes


def check(record: Described, changes: Changes) -> None:
    """Let the record itself refuse a parameter that it does not have, or a value outside."""
    given = dict(changes)
    for p in record.parameters:
        if isinstance(given.get(p.name), tuple) != p.stacked and p.name in given:
            takes = "a list of numbers" if p.stacked else "one number"
            raise ValueError(f"{record.name}: {p.name} takes {takes}; got {given[p.name]}")
    record(np.zeros(0), **given)


def sampled(record: Described) -> list[Changes]:
    """The settings, besides the defaults, at which laws are tested."""
    return [tuple(sample.items()) for sample in record.samples]


def label(name: str, changes: Changes) -> str:
    """elu, elu-alpha=0.3 or apl-a=[0.3,-0.7],b=[-1,0.4]: no two settings have the same."""
    return "-".join(filter(None, (name, ",".join(f"{k}={_text(v)}" for k, v in changes))))


def _value(text: str) -> Value:
    if text == "None":
        return None
    if text.startswith("["):
        return tuple(_numbers(text[1:-1].split(",") if text[1:-1].strip() else ()))
    (number,) = _numbers([text])
    return None if number == math.inf else number


def _numbers(texts: Iterable[str]) -> list[float]:
    try:
        return [float(text) for text in texts]
    except ValueError:
        raise ValueError(f"no number: {', '.join(texts)!r}") from None


def _text(value: Value) -> str:
    """The shortest decimal that is read as the same float."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_text, value))}]"
    return "None" if value is None else repr(float(value)).removesuffix(".0")
