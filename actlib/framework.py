"""What another library calls an activation, and where it answers differently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MEASURED = {"PyTorch": "2.13.0", "Keras": "3.15.1", "JAX": "0.10.2", "TensorFlow": "2.21.0"}
"""The versions with which tests/test_frameworks.py last held."""


@dataclass(frozen=True)
class Equivalent:
    """One function of one framework, and how it is compared with ours."""

    name: str  # as it is imported; of ONNX, the operator
    note: str = ""  # what a reader has to know, in the fact card
    arguments: Mapping[str, Any] = field(default_factory=dict)  # with which it is called
    setting: Mapping[str, float] = field(default_factory=dict)  # what that call is here
    deviates: Mapping[str, float] = field(default_factory=dict)  # "f'(inf)" -> what it returns
