"""A point where the slope, or the value itself, jumps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actlib.formula.place import Place


@dataclass(frozen=True, kw_only=True, eq=False)
class Kink(Place):
    """A point where the slope, or the value itself, jumps; with INDEX in it, S such points."""

    frameworks: Mapping[str, Any] = field(default_factory=dict)  # the slope each one takes
    functions: Mapping[str, Any] = field(default_factory=dict)  # one of theirs that takes another
