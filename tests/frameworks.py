"""How other frameworks are called: each function of theirs with float64, for values and slopes.

None is a requirement of the book. `make frameworks` installs requirements-peers.txt, and runs the
tests that need them with REQUIRE_FRAMEWORKS=1: then one whose framework is missing fails, and is
not skipped.
"""

import functools
import importlib
import math
import os
import warnings

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # Keras reads it when it is imported

PLACES = {"0": 0.0, "-inf": -math.inf, "inf": math.inf, "nan": math.nan}
ORDINARY = np.array([-7.5, -2.75, -1.0, -0.125, 0.125, 1.0, 2.75, 7.5])
VECTORS = {
    "0.5, -1, 2": (0.5, -1.0, 2.0),
    "3, 3, -30": (3.0, 3.0, -30.0),
    "inf, 0, 1": (math.inf, 0.0, 1.0),
    "-inf, 0, 1": (-math.inf, 0.0, 1.0),
    "inf, inf, 0": (math.inf, math.inf, 0.0),
    "-inf, -inf, -inf": (-math.inf, -math.inf, -math.inf),
    "nan, 0, 1": (math.nan, 0.0, 1.0),
    "1e308, 1e308, -1e308": (1e308, 1e308, -1e308),
}
PAIRS = [(v, g) for v in (1.5, -2.0) for g in (0.5, -3.0, 8.0, -math.inf, math.inf)]
PAIRS += [(math.inf, g) for g in (0.5, -1000.0, 1000.0, -math.inf, math.inf)]
PAIRS += [(math.nan, 1.0), (1.0, math.nan)]
"""The inputs at which their functions are asked: of one number, of three, of a value and a gate."""


def same(a, b):
    return np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True)


def installed(name):
    """The module of this name. Where there is none the test is skipped, or fails."""
    try:
        with warnings.catch_warnings(action="ignore"):  # theirs
            return importlib.import_module(name)
    except ModuleNotFoundError:
        refuse = pytest.fail if os.environ.get("REQUIRE_FRAMEWORKS") else pytest.skip
        refuse(f"{name} is not installed; run `make frameworks`")


def find(name):
    """The function or class of this dotted name."""
    root, *path = name.split(".")
    root = {"tf": "tensorflow"}.get(root, root)
    return functools.reduce(getattr, path, installed(root))


def called(there, wrap=lambda argument: argument):
    """It with its arguments, as a function of x alone. A class is a layer: made, then called."""
    found = find(there.name)
    if isinstance(found, type):
        return found(**there.arguments)
    named = {key: wrap(value) for key, value in there.arguments.items()}
    return lambda x: found(x, *there.after, **named)


def by_torch(there, x):
    torch = installed("torch")

    # A tuple stands for an array: some functions take no number for their second one.
    function = called(there, lambda a: torch.tensor(a).double() if isinstance(a, tuple) else a)
    if isinstance(function, torch.nn.Module):
        function.double()
    array = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = function(array)
    if "NotImplemented" in str(y.grad_fn):
        return y.detach().numpy(), None
    return y.detach().numpy(), torch.autograd.grad(y.sum(), array)[0].numpy()


def by_jax(there, x):
    jax = installed("jax")

    jax.config.update("jax_enable_x64", True)
    array = jax.numpy.asarray(x, dtype="float64")
    y, pull = jax.vjp(called(there), array)
    return y, pull(jax.numpy.ones_like(y))[0]


def by_tensorflow(there, x):
    tf = installed("tensorflow")

    array = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(array)
        y = called(there)(array)
    return y, tape.gradient(y, array)


def by_keras(there, x):
    installed("keras").config.set_floatx("float64")  # that of its layers
    return by_tensorflow(there, x)


def by_numpy(there, x):
    return called(there)(x), None


def by_onnx(there, *inputs):
    """A model of one node, computed by the reference evaluator."""
    installed("onnx")
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    arrays = {f"x{i}": x for i, x in enumerate(inputs)}
    arrays |= {k: np.array(v) for k, v in there.arguments.items() if isinstance(v, tuple)}
    numbers = {k: v for k, v in there.arguments.items() if k not in arrays}
    node = helper.make_node(there.name, list(arrays), ["y"], **numbers)
    told = {k: helper.make_tensor_value_info(k, TensorProto.DOUBLE, None) for k in (*arrays, "y")}
    graph = helper.make_graph([node], "one", [told[k] for k in arrays], [told["y"]])
    return ReferenceEvaluator(helper.make_model(graph)).run(None, arrays)[0], None


MEASURES = {
    "PyTorch": by_torch,
    "Keras": by_keras,
    "JAX": by_jax,
    "TensorFlow": by_tensorflow,
    "SciPy": by_numpy,
    "NumPy": by_numpy,
    "ONNX": by_onnx,
}
