"""How far from 0 a proof goes, where it cannot go to the end."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """Every input of |x| <= to is proved, and of those beyond a sample."""

    to: Any  # an expression in the parameters
    why: str
