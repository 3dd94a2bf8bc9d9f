"""What SymPy knows of a function of one number: its formula, and what follows from that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actlib.formula.endless import NoLimit
from actlib.formula.kink import Kink
from actlib.formula.looser import Looser
from actlib.formula.place import Turn
from actlib.formula.reach import Reach


@dataclass(frozen=True, kw_only=True, eq=False)
class Formula:
    """Expressions in x and the parameters. A record makes it when it is first asked."""

    definition: Any  # as textbooks have it
    range: tuple[Any, Any]  # infimum and supremum
    kinks: tuple[Kink, ...] = ()
    turns: tuple[Turn, ...] = ()
    no_limits: tuple[NoLimit, ...] = ()
    reach: Reach | None = None  # None: a proof goes to the end
    looser: Mapping[str, Looser] = field(default_factory=dict)  # "value", "derivative in beta", …

    def __post_init__(self) -> None:
        import sympy as sp

        low, high = map(sp.sympify, self.range)
        object.__setattr__(self, "range", (low, high))
        object.__setattr__(self, "definition", sp.sympify(self.definition))
