"""What a worker does, on this machine or another: named in a module that every process can load."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

import actlib
from actlib.formula.setting import Setting
from actlib.formula.symbols import X, at_setting
from actlib.proof import narrow
from actlib.proof.chunks import beyond, parts, some, within
from actlib.proof.proof import Function, Outcome, ask, prove_each
from actlib.proof.settings import Changes, Described, label

FEW = 1000  # of how many random inputs beyond the reach of a proof one is tried: balls are slow

ELEMENTWISE: dict[str, Any] = {n: r for n, r in actlib.ALL.items() if hasattr(r, "before_rounding")}


@lru_cache
def function(name: str, what: int | str, changes: Changes = ()) -> Function:
    """f of an activation (0), f′ (1), or its derivative in one learned parameter, by its label."""
    record = ELEMENTWISE[name]
    setting = {**record.settings[0], **dict(changes)}
    if isinstance(what, str):
        return _in_parameter(record, what, setting)
    f = at_setting(record.definition, setting)
    both = partial(record.before_rounding, what, **dict(changes))
    return Function(both=both, expression=sp.diff(f, X, what), reach=record.reach_at(setting))


def learned(name: str, changes: Changes = ()) -> list[str]:
    """The learned parameters, a stacked one once for each of its numbers: alpha, or a_1 and a_2."""
    return list(_learned(ELEMENTWISE[name], changes))


def _learned(record: Described, changes: Changes) -> dict[str, tuple[str, Any, int | None]]:
    """By label: the name, what to differentiate by, and the place in the stack."""
    found: dict[str, tuple[str, Any, int | None]] = {}
    setting = {**record.settings[0], **dict(changes)}
    for p in (p for p in record.parameters if p.learned):
        value = setting[p.name]
        if isinstance(value, tuple):
            places = range(1, len(value) + 1)
            found |= {f"{p.name}_{s}": (p.name, p.symbol[s], s - 1) for s in places}
        else:
            found[p.name] = p.name, p.symbol, None
    return found


def _in_parameter(record: Described, label: str, setting: Setting) -> Function:
    name, symbol, place = _learned(record, tuple(setting.items()))[label]

    def both(x: NDArray[Any]) -> tuple[NDArray[Any], None]:
        slope = record.parameter_derivatives(x, **setting)[name]
        return (slope if place is None else slope[place]), None

    expression = at_setting(record.definition.diff(symbol), setting)
    return Function(both=both, expression=expression, reach=record.reach_at(setting))


def chunk(name: str, what: int | str, changes: Changes, number: int) -> Outcome:
    """One chunk of float32."""
    with told(f"{title(name, what, changes)} in float32, chunk {number}"):
        subject = function(name, what, changes)
        return prove_each(subject, within(parts(number), subject.reach))


def far_out(name: str, what: int | str, changes: Changes) -> Outcome:
    """A sample of float32 beyond the reach of the proof."""
    with told(f"{title(name, what, changes)} in float32, far out"):
        subject = function(name, what, changes)
        return ask(subject, beyond(subject.reach))


def misrounded(name: str, what: int | str, changes: Changes, dtype: str) -> list[float]:
    """All of a type of 16 bits."""
    (kind,) = (d for d in narrow.narrow_types() if d.name == dtype)
    with told(f"{title(name, what, changes)} in {dtype}"):
        return narrow.misrounded(function(name, what, changes), narrow.every(kind))


def random_faults(name: str, what: int, seed: int) -> list[float]:
    """Those of a random million whose result is misrounded, or whose float64 is not close."""
    with told(f"{title(name, what, ())} at random, seed {seed}"):
        subject = function(name, what)
        tried = some(seed)
        near = prove_each(subject, within(tried, subject.reach))
        rest = [x[np.abs(x) > subject.reach][::FEW] for x in tried]
        far = ask(subject, np.concatenate(rest))
    return list(dict.fromkeys(near.wrong + near.apart + far.wrong + far.apart))


def title(name: str, what: int | str, changes: Changes) -> str:
    """elu f', or elu-alpha=0.3 df/dalpha."""
    return f"{label(name, changes)} {sign(what)}"


def sign(what: int | str) -> str:
    """f, f' or df/dalpha: the key of its result."""
    return f"df/d{what}" if isinstance(what, str) else "f" + "'" * what


class UnprovedError(Exception):
    """No proof: of which function, in which type and chunk, and why; the inputs are named there."""


@contextmanager
def told(where: str) -> Iterator[None]:
    """Let whatever goes wrong say where it did."""
    try:
        yield
    except Exception as error:
        raise UnprovedError(f"{where}: {type(error).__name__}: {error}") from error


def end_with(parent: int) -> None:
    """Start a worker that ends when its parent does, even when that was killed without warning."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
