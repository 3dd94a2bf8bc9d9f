"""A setting: a value for each parameter."""

from collections.abc import Mapping

Setting = Mapping[str, float | tuple[float, ...] | None]
"""A value for each parameter; None where the parameter is absent, S numbers where it is stacked."""


def counts(setting: Setting) -> set[int]:
    """How many numbers each stack holds: one number, since the stacks of a record are alike."""
    return {len(value) for value in setting.values() if isinstance(value, tuple)}


def text(value: float | tuple[float, ...] | None) -> str:
    """A parameter's value in six digits: 0.3, or [0.3, -1] for a stack."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(text, value))}]"
    return f"{value:g}"
