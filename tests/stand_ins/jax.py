"""As much of JAX as its adapter uses. It too computes float64 in float32 unless told otherwise."""

from types import SimpleNamespace

import numpy as np
import wrong_elu

__version__ = "0.2"
flags = {}
jitted = []
config = SimpleNamespace(update=flags.__setitem__)


class Array:
    def __init__(self, x):
        narrow = x.dtype == np.float64 and not flags.get("jax_enable_x64")
        self.x = x.astype(np.float32) if narrow else x

    def __array__(self, dtype=None, copy=None):
        return self.x


def devices(kind=None):
    if kind not in (None, "cpu"):
        raise RuntimeError(f"Unknown backend {kind}")
    return [SimpleNamespace(platform="cpu", device_kind="abacus")]


def device_put(x, device):
    assert device is None or device.platform == "cpu"
    return Array(x)


def jit(function):
    jitted.append(function)
    return function


def elu(x, alpha=1.0):
    return Array(wrong_elu.value(x.x, alpha))


def vjp(function, x):
    (alpha,) = function.keywords.values() or (1.0,)
    return function(x), lambda y: (Array(wrong_elu.slope(x.x, alpha) * y.x),)


nn = SimpleNamespace(elu=elu)
numpy = SimpleNamespace(ones_like=lambda y: Array(np.ones_like(y.x)))
