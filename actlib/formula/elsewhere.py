"""What another library calls an activation, and where it answers differently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

MEASURED = {
    "PyTorch": "2.13.0",
    "Keras": "3.15.1",
    "JAX": "0.10.2",
    "TensorFlow": "2.21.0",
    "SciPy": "1.17.1",
    "NumPy": "2.4.6",
    "ONNX": "1.23.2",
}
"""The versions with which tests/test_frameworks.py last held."""

CONDITIONS = {
    "on JAX": "Keras with `KERAS_BACKEND=jax`",
    "on PyTorch": "Keras with `KERAS_BACKEND=torch`",
    "by XLA": "TensorFlow, or Keras on it, in a `tf.function` with `jit_compile=True`",
    "in a long array": "PyTorch, which computes several numbers at once where there are enough, "
    "with other code than one alone; here there were 64",
}
"""On which an answer may depend besides the function, as tests/test_conditions.py measures them."""


@dataclass(frozen=True)
class Equivalent:
    """One function of one framework, and how it is compared with ours."""

    name: str  # as it is imported; of ONNX, the operator
    note: str = ""  # what else a reader has to know, in the fact card
    renames: Mapping[str, str] = field(default_factory=dict)  # its argument -> the name here
    arguments: Mapping[str, Any] = field(default_factory=dict)  # with which it is called
    after: tuple[Any, ...] = ()  # arguments after x that it takes by place only
    setting: Mapping[str, float | Fraction] = field(default_factory=dict)  # what that call is here
    kinks_at: Mapping[str, float] = field(default_factory=dict)  # in both vocabularies: a setting
    # that has kinks, where the one above has none
    deviates: Mapping[str, float | tuple[float, ...]] = field(default_factory=dict)
    # "f'(inf)" -> what it returns there
    depends: Mapping[str, Mapping[str, float | tuple[float, ...]]] = field(default_factory=dict)
    # condition -> what it returns under that, where it is not what it returns otherwise
    gate: str = ""  # which half of its one array is the gate, if it takes a pair in one
    differentiable: bool = True  # False where the framework refuses to differentiate this one
    also: tuple["Equivalent", ...] = ()  # the framework's other functions that are ours too
    unmeasured: str = ""  # why it cannot be run, if so: a sentence of the page on conventions

    @property
    def differs(self) -> str:
        """What its arguments are called, and the note: what a reader has to know."""
        names = [f"{ours} is {theirs}" for theirs, ours in self.renames.items()]
        renamed = f"{', '.join(names)} there" if names else ""
        return "; ".join(filter(None, (renamed, self.note)))

    @property
    def floats(self) -> dict[str, float]:
        """The setting as the library can be given it: a fraction is rounded to a float64."""
        return {name: float(value) for name, value in self.setting.items()}


def everywhere(record: Any) -> Iterator[tuple[str, Equivalent]]:
    """Each function of each framework that is a record, or one of its presets: framework first."""
    named = [record, *record.presets]
    for framework, first in (pair for thing in named for pair in thing.equivalents.items()):
        yield framework, first
        yield from ((framework, there) for there in first.also)


@dataclass(frozen=True)
class Spelling:
    """The function in a framework's basic operations, where it has none that takes numbers."""

    code: str  # an expression in x
    setting: Mapping[str, Any] = field(default_factory=dict)  # what it is here, if no default
    why: str = ""  # why the function of this name in the framework will not do, if there is one
