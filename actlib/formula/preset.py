"""A setting of a record that has a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actlib.formula.elsewhere import Equivalent
from actlib.formula.setting import Setting


@dataclass(frozen=True, kw_only=True, eq=False)
class Preset:
    """ReLU6 is ReLU with max_value = 6: no other formula, so no other module and no chapter."""

    name: str
    title: str
    setting: Setting  # what it fixes, at the defaults or at one of the record's samples
    aliases: tuple[str, ...] = ()  # under which a reader may look for it
    equivalents: Mapping[str, Equivalent] = field(default_factory=dict)  # by framework
