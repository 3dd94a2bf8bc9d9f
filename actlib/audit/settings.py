"""--set alpha=0.3, and of stacks --set 'a=[0.3, -0.7]'."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from actlib.audit.asked import AskedError


def setting(texts: Sequence[str]) -> dict[str, Any]:
    """By name. A quotient is the fraction that it is: slope=1/6.

    Raises:
        AskedError: It is written otherwise, or a name comes twice.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier() or name.strip() in found:
            raise AskedError(f"no setting: {text!r}; it is written NAME=NUMBER, each name once")
        found[name.strip()] = _value(value.strip(), text)
    return found


def _value(text: str, whole: str) -> Any:
    if text == "None":
        return None
    if text.startswith("[") and text.endswith("]"):
        return tuple(_value(part.strip(), whole) for part in text[1:-1].split(","))
    try:
        return float(text) if "/" not in text else Fraction(text.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        raise AskedError(f"no number: {whole!r}") from None
