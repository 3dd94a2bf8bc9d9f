"""What five frameworks export where they keep their activations: every public name.

    make frameworks && .venv/frameworks/bin/python benchmarks/exports.py

Writes benchmarks/results/exports.json, which tests/test_frameworks.py compares with what it finds.
The page on coverage places each name (book/coverage.yml).
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # Keras reads it when it is imported

RESULTS = Path(__file__).parent / "results" / "exports.json"


def of_torch() -> dict[str, str]:
    functional = importlib.import_module("torch.nn.functional")
    layers = importlib.import_module("torch.nn.modules.activation")
    return functions(functional, "torch") | {name: name for name in layers.__all__}


def of_keras() -> dict[str, str]:
    keras = importlib.import_module("keras")
    return functions(keras.activations, "keras") | functions(keras.layers, "keras")


def of_jax() -> dict[str, str]:
    return functions(importlib.import_module("jax.nn"), "jax")


def of_tensorflow() -> dict[str, str]:
    return functions(importlib.import_module("tensorflow").nn, "tensorflow")


def of_onnx() -> dict[str, str]:
    """The operators of the standard, whatever version brought them."""
    schemas = importlib.import_module("onnx").defs.get_all_schemas()
    return {schema.name: schema.name for schema in schemas if schema.domain == ""}


def functions(namespace: object, package: str) -> dict[str, str]:
    """Its public functions and classes that the package made, not what it has from Python.

    Each with the name that it has itself, if that is there too: swish is silu.
    """
    found = {
        name: there
        for name, there in vars(namespace).items()
        if not name.startswith("_")
        and callable(there)
        and getattr(there, "__module__", package).partition(".")[0] in (package, "jaxlib")
    }
    own = {name: getattr(there, "__name__", name) for name, there in found.items()}
    return {name: own[name] if found.get(own[name]) is found[name] else name for name in found}


EXPORTS: dict[str, tuple[str, Callable[[], dict[str, str]]]] = {
    "PyTorch": ("torch.nn.functional, torch.nn.modules.activation", of_torch),
    "Keras": ("keras.activations, keras.layers", of_keras),
    "JAX": ("jax.nn", of_jax),
    "TensorFlow": ("tf.nn", of_tensorflow),
    "ONNX": ("the operators of the standard", of_onnx),
}
"""Where each framework keeps its activations, and what makes the list of all that is there."""


def main() -> None:
    found = {
        framework: {"from": place, "names": dict(sorted(names().items()))}
        for framework, (place, names) in EXPORTS.items()
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    for framework, told in found.items():
        print(f"{framework}: {len(told['names'])}", file=sys.stderr)


if __name__ == "__main__":
    main()
