"""Neural-network activation functions and their derivatives, exact to the last bit where it counts.

Every activation is a record that can be called: `actlib.elu(x, alpha=1.0)` is its value,
`actlib.elu.derivative(x, alpha=1.0)` its slope, `actlib.elu.definition` its formula in SymPy.
`actlib.ALL` maps names to records, `actlib.PRESETS` those of their settings that have a name.

This is the door: names are found, and what they mean is loaded when it is first asked for.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from actlib import activations, losses

__version__ = "0.1.0"

HOMES = {
    name: f"{package.__name__}.{name}"
    for package in (activations, losses)
    for _, name, _ in iter_modules(package.__path__)
} | {"halves": "actlib.call.halves"}
"""In which module each thing is that bears the name of its module."""

PACKAGES = {name for _, name, _ in iter_modules(__path__)}
"""They are imported by whoever needs them: `import actlib.verify`."""


def __getattr__(name: str) -> Any:
    """A record, a preset, a loss, a function, or one of the two mappings."""
    if name in HOMES:
        found = getattr(import_module(HOMES[name]), name)
    elif name in ("ALL", "PRESETS"):
        found = getattr(activations, name)
    elif name == "__all__":
        found = ["ALL", "PRESETS", *HOMES, *activations.PRESETS]
    elif name.startswith("_") or name in PACKAGES or name not in activations.PRESETS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    else:
        found = activations.PRESETS[name]
    return globals().setdefault(name, found)


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
