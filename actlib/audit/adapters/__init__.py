"""What a SPEC names, made into a function of NumPy arrays.

    package.module.function     NumPy in, NumPy out
    torch:torch.nn.functional.elu, torch:torch.nn.ELU, torch:torch.Tensor.sigmoid
    jax:jax.nn.elu              jitted; jax-eager:jax.nn.elu is called as it is
    tf:tf.nn.elu
    keras:keras.activations.elu, keras:keras.layers.ELU
    onnx:Elu, onnx:path/model.onnx
    cmd:./mine --fast           numbers on its stdin, as many on its stdout

A library is imported when a SPEC names it, and by no import of this package.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from actlib.audit.adapters.contract import Asked, CallError, Peer, SpecError, checked
from actlib.audit.adapters.file import outputs
from actlib.audit.adapters.shown import shown

__all__ = ["CallError", "Peer", "SpecError", "checked", "outputs", "peer"]

ADAPTERS = {
    "": "plain",
    "torch": "torch",
    "jax": "jax",
    "jax-eager": "jax",
    "tf": "tensorflow",
    "keras": "keras",
    "onnx": "onnx",
    "cmd": "command",
}
"""By what stands before the colon: the module that makes it."""

WITH_DEVICES = {"torch", "jax", "jax-eager"}


def peer(
    spec: str,
    *,
    dtype: np.dtype[Any],
    derivative: bool = False,
    setting: Mapping[str, float | str] | None = None,
    device: str | None = None,
) -> Peer:
    """Make what a SPEC names.

    Args:
        spec: As above.
        dtype: Of the arrays that it will be called with: float16, float32, float64 or the
            bfloat16 of ml_dtypes.
        derivative: Whether it shall compute f′. Of PyTorch, JAX, TensorFlow and Keras this is what
            they differentiate; a plain function, a command and a model in a file compute f′ then.
        setting: Its arguments besides x, by the names that they have there. Numbers become Python
            floats; words and truth values are passed on as they are.
        device: Where PyTorch ("cuda") or JAX ("gpu") shall compute. None: where they choose to.

    Raises:
        SpecError: It cannot be made. One line says why.
    """
    kind, colon, name = spec.partition(":")
    if not colon:
        kind, name = "", spec
    asked = Asked(spec, kind, name, np.dtype(dtype), derivative, _plain(setting or {}), device)
    if kind == "file":
        raise asked.error("is read, not called; such a file stands for the inputs written before")
    if kind not in ADAPTERS:
        known = ", ".join(f"{each}:" for each in ADAPTERS if each)
        raise asked.error(f"no {kind}: is known, but {known} and package.module.function")
    if device is not None and kind not in WITH_DEVICES:
        raise asked.error(f"takes no device, and {device} was asked for")
    compute, about = import_module(f"{__name__}.{ADAPTERS[kind]}").make(asked)
    return Peer(spec=spec, compute=checked(compute, spec), about=about, line=shown(asked))


def _plain(setting: Mapping[str, float | str]) -> dict[str, float | str]:
    """A float of NumPy, or a fraction, would not be taken everywhere."""
    return {k: v if isinstance(v, str | bool) else float(v) for k, v in setting.items()}
