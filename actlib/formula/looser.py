"""An exception to the bounds of float64, with its reason."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Looser:
    """A function of a record that float64 cannot give to the usual 2 or 4 ulp."""

    ulp: float
    why: str
    when: Any = True  # the condition on the parameters under which it cannot
