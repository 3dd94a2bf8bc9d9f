"""keras:NAME: a function of Keras or a class of layers, on the backend KERAS_BACKEND.

Values and slopes are those of that backend, and go there as the SPECs of the backend do.
"""

import os
from functools import partial

from actlib.audit.adapters import jax, tensorflow, torch
from actlib.audit.adapters.contract import Asked, Compute

BACKENDS = {"tensorflow": tensorflow.of, "jax": jax.of, "torch": torch.of}


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The function with its setting; a layer is made with it, of the type."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # Keras reads it when it is imported
    keras = asked.library("keras")
    backend = keras.backend.backend()
    if backend not in BACKENDS:
        known = ", ".join(BACKENDS)
        raise asked.error(f"Keras computes by {backend}; set KERAS_BACKEND to one of {known}")
    found = asked.find(asked.name)
    function = partial(found, **asked.setting)
    if isinstance(found, type):
        function = asked.instance(partial(function, dtype=asked.dtype.name))
    compute, about = BACKENDS[backend](asked, function)
    return compute, {"keras": keras.__version__, **about}
