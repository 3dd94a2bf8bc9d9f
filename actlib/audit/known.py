"""What a SPEC is to a record: torch.nn.functional.hardtanh calls `low` its min_val.

Records say what other libraries call them, with which arguments, and which setting that is here. So
nobody has to say it twice.
"""

from collections.abc import Mapping
from typing import Any

import actlib
from actlib.formula.elsewhere import Equivalent, everywhere


def spelled(
    spec: str, name: str | None, setting: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments for what a SPEC names, and the setting of the activation it is held against.

    A parameter that the record knows no other name of is passed on by its own.
    """
    there = _equivalent(spec, name)
    if there is None:
        return dict(setting), dict(setting)
    theirs = {ours: name for name, ours in there.renames.items()}
    passed = {theirs.get(name, name): value for name, value in setting.items()}
    return {**there.arguments, **passed}, {**there.setting, **setting}


def _equivalent(spec: str, name: str | None) -> Equivalent | None:
    kind, colon, path = spec.partition(":")
    fixed = actlib.PRESETS.get(name or "")
    record = fixed.record if fixed is not None else actlib.ALL.get(name or "")
    if record is None or kind == "cmd" or kind == "file":
        return None
    named = (there for _, there in everywhere(record) if there.name == (path if colon else spec))
    return next(named, None)
