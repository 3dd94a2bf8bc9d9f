"""One module per activation. Each holds a record of its own name, and is found, not listed.

`ALL` maps names to records, `PRESETS` those of their settings that have a name. Both are made when
one of them is first asked for: who imports a single record loads no other.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actlib.call.presets import Fixed
    from actlib.call.shapes import AnyRecord

    ALL: dict[str, AnyRecord]
    PRESETS: dict[str, Fixed]


def __getattr__(name: str) -> Any:
    if name not in ("ALL", "PRESETS"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    from actlib.call.presets import Fixed
    from actlib.call.shapes import elementwise

    names = [module.name for module in iter_modules(__path__)]
    records = {each: getattr(import_module(f"{__name__}.{each}"), each) for each in names}
    presets = {p.name: Fixed(r, p) for r in elementwise(records.values()) for p in r.presets}
    for key, found in (("ALL", records), ("PRESETS", presets)):
        globals().setdefault(key, found)  # another thread may have asked as well
    return globals()[name]
