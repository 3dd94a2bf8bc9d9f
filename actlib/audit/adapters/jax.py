"""jax:NAME, jitted, and jax-eager:NAME, called as it is: their results differ here and there."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters.contract import Asked, Compute, said


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The function with its setting."""
    asked.library("jax")
    return of(asked, partial(asked.find(asked.name), **asked.setting))


def of(asked: Asked, function: Callable[[Any], Any]) -> tuple[Compute, dict[str, str]]:
    """A function of its arrays, or what vjp says of it, as a function of NumPy's."""
    jax = asked.library("jax")
    jax.config.update("jax_enable_x64", True)  # or float64 would become float32
    try:
        device = jax.devices(asked.device)[0]
    except Exception as error:
        raise asked.error(f"no device {asked.device}: {said(error)}") from error

    def slope(x: Any) -> Any:
        y, pull = jax.vjp(function, x)
        return pull(jax.numpy.ones_like(y))[0]

    asked_for = slope if asked.derivative else function
    compute = asked_for if asked.kind == "jax-eager" else jax.jit(asked_for)

    def call(x: NDArray[Any]) -> Any:
        y = compute(jax.device_put(x, device))
        return np.asarray(y) if isinstance(y, jax.Array) else y

    about = {"jax": jax.__version__, "device": device.platform, "chip": device.device_kind}
    return call, about
