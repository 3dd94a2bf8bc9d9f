"""What a reader can ask of all activations: what is proved of their shape, and who offers them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import sympy as sp

from actlib.call.shapes import is_elementwise
from actlib.formula.elsewhere import MEASURED, everywhere
from actlib.formula.symbols import X, at
from actlib.show.relations import same
from reference import atlas
from reference.api import Record
from reference.filters import Choice

FRAMEWORKS = tuple(MEASURED)


@dataclass(frozen=True, kw_only=True)
class Property:
    """At the default parameters; of one that could not be proved it is not said."""

    title: str
    meaning: str
    holds: Callable[[Record], bool]
    applies: Callable[[Record], bool] = is_elementwise

    @property
    def choice(self) -> Choice:
        return f"is-{self.title}", self.title


def _is_monotone(record: Record) -> bool:
    return is_elementwise(record) and atlas.facts(record).shape.monotone not in (None, "neither")


def _is_smooth(record: Record) -> bool:
    return is_elementwise(record) and atlas.facts(record).shape.smoothness == sp.oo


def _is_bounded(record: Record) -> bool:
    return not any(at(end, record.settings[0]).is_infinite for end in record.range)


@cache
def _is_odd(record: Record) -> bool:
    if not is_elementwise(record):
        return False
    f = at(record.definition, record.settings[0])
    return same(f.subs(X, -X), -f)


MONOTONE = Property(
    title="monotone", meaning="it never turns, though it may be flat", holds=_is_monotone
)
SMOOTH = Property(title="smooth", meaning="it has derivatives of every order", holds=_is_smooth)
BOUNDED = Property(
    title="bounded",
    meaning="its values lie between two numbers",
    holds=_is_bounded,
    applies=lambda _: True,
)
ZERO_CENTRED = Property(
    title="zero-centred",
    meaning="$f(-x) = -f(x)$, so that inputs as often negative as positive give the mean 0",
    holds=_is_odd,
)
PROPERTIES = (MONOTONE, SMOOTH, BOUNDED, ZERO_CENTRED)


def frameworks(record: Record) -> list[str]:
    """Those that have a function for it, or for one of its presets."""
    found = {framework for framework, _ in everywhere(record)}
    return [name for name in FRAMEWORKS if name in found]


def shapes(records: Iterable[Record]) -> list[Choice]:
    """Each property as often as it holds."""
    records = list(records)
    return [known.choice for known in PROPERTIES for record in records if known.holds(record)]


def offers(records: Iterable[Record]) -> list[Choice]:
    """Each framework as often as it has one of them."""
    offered = [frameworks(record) for record in records]
    return [(f"in-{name}", name) for name in FRAMEWORKS for names in offered if name in names]


def classes(record: Record) -> list[str]:
    """By which a filter finds it."""
    return [name for name, _ in (*shapes([record]), *offers([record]))]
