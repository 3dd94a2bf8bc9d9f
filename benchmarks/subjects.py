"""What is audited: each activation as each library has it, and actlib at the settings of them all.

A library's parameters are read exactly: 1/6 is the fraction where the library divides by 6. actlib
is asked at every setting at which a library is, and reads each number as a float64.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import textbook

import actlib
from actlib.call.elementwise import Activation
from actlib.call.shapes import is_elementwise
from actlib.formula.elsewhere import everywhere
from actlib.formula.setting import Setting

SPECS = {
    "torch": ("PyTorch", "torch:"),
    "jax": ("JAX", "jax:"),
    "tensorflow": ("TensorFlow", "tf:"),
    "keras": ("Keras", "keras:"),
    "onnxruntime": ("ONNX", "onnx:"),
    "scipy": ("SciPy", ""),
    "numpy": ("NumPy", ""),
}
"""By library: what records call it, and what its SPECs begin with."""

VALUES_ALONE = {"onnxruntime", "scipy", "numpy"}
OURS, TEXTBOOK = "actlib", "textbook"
LIBRARIES = (*SPECS, TEXTBOOK, OURS)


@dataclass(frozen=True)
class Subject:
    """A function of a library, at one setting: f, or f′."""

    record: Activation
    name: str  # of the function
    spec: str
    order: int
    setting: Setting  # of the record, where it is not at its defaults
    arguments: Mapping[str, Any]  # of the function
    label: str = ""  # the setting as the library says it: slope=1/6
    unasked: str = ""  # why it cannot be

    @property
    def told(self) -> dict[str, str]:
        """What sets it apart in its library."""
        function = "f'" if self.order else "f"
        return {
            "activation": self.record.name,
            "setting": self.label,
            "name": self.name,
            "function": function,
        }


def subjects(library: str) -> list[Subject]:
    """Those of a library, f before f′."""
    records = [record for record in actlib.ALL.values() if is_elementwise(record)]
    of = {OURS: _ours, TEXTBOOK: _textbook}.get(library, _theirs)
    return [subject for record in records for subject in of(record, library)]


def _theirs(record, library):
    framework, kind = SPECS[library]
    for where, there in everywhere(record):
        if where == framework:
            by_place = there.after or any(isinstance(v, tuple) for v in there.arguments.values())
            why = "it takes a parameter as an array, or by its place alone" if by_place else ""
            orders = (0, 1) if there.differentiable and library not in VALUES_ALONE else (0,)
            for order in orders:
                yield Subject(
                    record,
                    there.name,
                    kind + there.name,
                    order,
                    there.setting,
                    there.arguments,
                    label(record, there.setting),
                    there.unmeasured or why,
                )


def _textbook(record, library):
    for order, slope in enumerate(("", "_slope")):
        if hasattr(textbook, record.name + slope):
            name = f"textbook.{record.name}{slope}"
            yield Subject(record, name, name, order, {}, {})


def _ours(record, library):
    settings = {label(record, there.setting): there.floats for _, there in everywhere(record)}
    for told, setting in {"": {}, **settings}.items():
        for order, slope in enumerate(("", ".derivative")):
            name = f"actlib.{record.name}"
            yield Subject(record, name, name + slope, order, setting, setting, told)


def label(record, setting):
    """alpha=0.3, slope=1/6: the numbers that are not our defaults."""
    defaults = record.settings[0]
    return ", ".join(f"{n}={_text(v)}" for n, v in setting.items() if v != defaults[n])


def _text(value):
    return str(value) if isinstance(value, Fraction) else f"{value:.9g}"
