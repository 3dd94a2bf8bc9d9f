"""What a worker does, on this machine or another: named in a module that every process can load."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

import actlib
from actlib.spec import Activation, X, at_setting
from actlib.sweep import narrow
from actlib.sweep.chunks import inputs
from actlib.sweep.proof import Function, Outcome, Watched, prove

ELEMENTWISE = {n: r for n, r in actlib.ALL.items() if isinstance(r, Activation)}


@lru_cache
def function(name: str, order: int) -> Function:
    """f of an activation, or f′, at its defaults."""
    record = ELEMENTWISE[name]
    f = at_setting(record.definition, record.settings[0])
    watched = Watched(record.derivative_kernel if order else record.value_kernel)
    if order:
        compute: Callable[..., Any] = replace(record, derivative_kernel=watched).derivative
    else:
        compute = replace(record, value_kernel=watched)
    return Function(compute=compute, expression=sp.diff(f, X, order), watched=watched)


def chunk(name: str, order: int, number: int) -> Outcome:
    """One chunk of float32."""
    return prove(function(name, order), inputs(number))


def misrounded(name: str, order: int, dtype: str) -> list[float]:
    """All of a type of 16 bits."""
    (kind,) = (d for d in narrow.narrow_types() if d.name == dtype)
    return narrow.misrounded(function(name, order), narrow.every(kind))


def end_with(parent: int) -> None:
    """Start a worker that ends when its parent does, even when that was killed without warning."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
