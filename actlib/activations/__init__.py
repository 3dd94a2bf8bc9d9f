"""One module per activation. Each holds a record of its own name, and is found, not listed."""

from importlib import import_module
from pkgutil import iter_modules

from actlib.call.presets import Fixed
from actlib.call.shapes import AnyRecord, elementwise

ALL: dict[str, AnyRecord] = {
    module.name: getattr(import_module(f"{__name__}.{module.name}"), module.name)
    for module in iter_modules(__path__)
}

PRESETS: dict[str, Fixed] = {
    preset.name: Fixed(record, preset)
    for record in elementwise(ALL.values())
    for preset in record.presets
}
