"""A preset that can be called: its record, with the parameters filled in."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from actlib.call.arguments import AnyArray
from actlib.call.elementwise import Activation
from actlib.formula.preset import Preset
from actlib.formula.setting import text


@dataclass(frozen=True, eq=False)
class Fixed:
    """Called for its value, `.derivative` for df/dx; `.record` and `.preset` say what it is."""

    record: Activation
    preset: Preset

    def __post_init__(self) -> None:
        fixed = self.preset.setting.items()
        setting = ", ".join(f"{name}={text(value)}" for name, value in fixed)
        doc = f"""{self.preset.title}: {self.record.name} with {setting}.

Parameters:
    x: As in {self.record.name}.
    out: Where to put the result, as in a NumPy ufunc; of the result's own dtype.

Returns and raises: as {self.record.name} does.
"""
        object.__setattr__(self, "__doc__", doc)

    @property
    def name(self) -> str:
        return self.preset.name

    @property
    def definition(self) -> Any:
        """The formula, with the parameters that the preset fixes as numbers."""
        from actlib.formula.symbols import at

        return at(self.record.definition, self.preset.setting)

    def __call__(self, x: ArrayLike, *, out: Any = None) -> AnyArray:
        return self.record(x, out=out, **self.preset.setting)

    def derivative(self, x: ArrayLike, *, out: Any = None) -> AnyArray:
        """df/dx."""
        return self.record.derivative(x, out=out, **self.preset.setting)

    def __repr__(self) -> str:
        return f"<preset {self.name}(x, *, out=None) of {self.record.name}>"
