"""How other frameworks are called: each function of theirs with float64, for values and slopes.

None is a requirement of the book. `make frameworks` installs requirements-peers.txt, and runs the
tests that need them with REQUIRE_FRAMEWORKS=1: then one whose framework is missing fails, and is
not skipped.
"""

import functools
import importlib
import os
import warnings

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # Keras reads it when it is imported


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
