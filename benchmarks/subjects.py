"""What is measured: each activation at its defaults, and at those of each library.

A library's parameters are read exactly: 1/6 is the fraction where the library divides by 6. actlib
is asked at every setting at which a library is, and reads each number as a float64.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from actlib import verify
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.setting import Setting
from actlib.formula.symbols import at_setting
from actlib.verify import pieces

OURS = "actlib"
UNMEASURED = {
    "Keras": "It calls the library it runs on.",
    "NumPy": "It has only two of the functions.",
    "ONNX": "It says what a function is. Other programs compute it.",
}


@dataclass(frozen=True)
class Subject:
    """A function of one library, at one setting."""

    record: Activation
    library: str
    label: str  # what sets it apart from our defaults: "slope=1/6", or ""
    setting: Setting
    there: Equivalent | None = None  # as another library has it

    @property
    def definition(self):
        return at_setting(self.record.definition, self.setting)

    def points(self, dtype):
        """Those at which the laws are tested, and random ones where networks live."""
        turns = self.record.turns_at(self.setting)
        edges = [float(point) for point in pieces.boundaries(self.definition) | turns]
        random = np.random.default_rng(0)
        drawn = [random.normal(0, scale, 1500) for scale in (0.1, 1, 10, 100)]
        return np.concatenate([verify.points(dtype, edges), *drawn]).astype(dtype)


def subjects(record):
    """By setting, the defaults first: actlib, then each library that has this setting."""
    peers = {n: there for n, there in record.equivalents.items() if n not in UNMEASURED}
    settings = {label(record, s): s for s in ({}, *(there.setting for there in peers.values()))}
    found = []
    for told, setting in settings.items():
        complete = {**record.settings[0], **setting}
        found.append(Subject(record, OURS, told, {n: _ours(v) for n, v in complete.items()}))
        found += [
            Subject(record, library, told, complete, there)
            for library, there in peers.items()
            if label(record, there.setting) == told
        ]
    return found


def label(record, setting):
    """alpha=0.3, slope=1/6: the numbers that are not our defaults."""
    defaults = record.settings[0]
    return ", ".join(f"{n}={_text(v)}" for n, v in setting.items() if v != defaults[n])


def _ours(value):
    return float(value) if isinstance(value, Fraction) else value


def _text(value):
    return str(value) if isinstance(value, Fraction) else f"{value:.9g}"
