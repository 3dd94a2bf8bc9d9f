"""tf:NAME: a function of TensorFlow, called as it is; tf stands for tensorflow in the name too."""

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy.typing import NDArray

from actlib.audit.adapters.contract import Asked, Compute


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The function with its setting."""
    asked.library("tensorflow")
    root, dot, rest = asked.name.partition(".")
    function = asked.find({"tf": "tensorflow"}.get(root, root) + dot + rest)
    return of(asked, partial(function, **asked.setting))


def of(asked: Asked, function: Callable[[Any], Any]) -> tuple[Compute, dict[str, str]]:
    """A function of tensors, or what a tape says of it, as a function of arrays."""
    tf = asked.library("tensorflow")

    def value(x: NDArray[Any]) -> Any:
        return array(function(tf.constant(x)))

    def slope(x: NDArray[Any]) -> Any:
        t = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(t)
            y = function(t)
        found = tape.gradient(y, t)
        if found is None:
            raise asked.error("TensorFlow has no derivative of it")
        return array(found)

    def array(y: Any) -> Any:
        return y.numpy() if isinstance(y, tf.Tensor) else y

    device = "gpu" if tf.config.list_physical_devices("GPU") else "cpu"
    about = {"tensorflow": tf.__version__, "device": device}
    return (slope if asked.derivative else value), about
