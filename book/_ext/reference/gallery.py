"""The gallery: a small picture of every activation that links to its chapter, family by family."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sympy as sp
from docutils import nodes
from sphinx.application import Sphinx

import actlib
from actlib import verify
from actlib.call.elementwise import Activation
from actlib.call.shapes import is_gated, is_of_vectors, is_reduction
from actlib.formula.symbols import at, at_setting
from actlib.show import plot
from reference import atlas, filters, properties
from reference.api import Record
from reference.families import Families, families


def write(records: Iterable[Record], folder: Path) -> None:
    """NAME.svg for each."""
    folder.mkdir(parents=True, exist_ok=True)
    for record in records:
        plot.tile(record, folder / f"{record.name}.svg")


def markdown(found: Families, folder: str) -> str:
    """A form to choose by, then a list of linked pictures for each family."""
    records = [record for family in found.values() for record in family]
    chosen_by = filters.form(
        f".{TILES} li",
        [
            filters.boxes("Shape", properties.shapes(records)),
            filters.boxes("Offered by", properties.offers(records)),
        ],
    )
    lists = (_list_of(family, caption, folder) for caption, family in found.items())
    return "\n\n".join([chosen_by, *lists])


TILES = "gallery"


def _list_of(family: Iterable[Record], caption: str, folder: str) -> str:
    tiles = [f"- {_tile(record, folder)}" for record in family]
    return "\n".join([f"## {caption}", "", f":::{{container}} {TILES}", *tiles, ":::"])


def mark(app: Sphinx, document: nodes.document) -> None:
    """Each item of the lists carries what its activation is: Markdown has no word for that."""
    galleries = [c for c in document.findall(nodes.container) if TILES in c["classes"]]
    if galleries:
        found = families(app.config.external_site_map, actlib.ALL)
        items = (item for tiles in galleries for item in tiles.findall(nodes.list_item))
        records = (record for family in found.values() for record in family)
        for item, record in zip(items, records, strict=True):
            item["classes"] += properties.classes(record)


def _tile(record: Record, folder: str) -> str:
    picture = f"![{describe(record)}]({folder}/{record.name}.svg)"
    return f"[{picture} {record.title}](/book/activations/{record.name}.ipynb)"


def describe(record: Record) -> str:
    """What is to be seen, from what is known."""
    low, high = (at(end, _defaults(record)) for end in record.range)
    between = f"between {_number(low)} and {_number(high)}"
    if is_reduction(record):
        return f"Its value, {between}, as one of three numbers grows."
    if is_of_vectors(record):
        return f"Its components, each {between}, as one of three numbers grows."
    if is_gated(record):
        return "f for the value 1, as the gate grows. Dashed, its slope in the gate."
    told = [f"f {_way(record)}, {between}.", *_breaks(record), *_turns(record)]
    return " ".join([*told, "Dashed, its slope."])


MONOTONE = {
    "increasing": "increases",
    "decreasing": "decreases",
    "constant": "is constant",
    "never falls": "never falls",
    "never rises": "never rises",
    "neither": "rises and falls",
    None: "may rise and fall, which is undecided",
}
"""What is proved of a function, as a verb."""

DIRECTIONS = {1: "rises", 0: "is flat", -1: "falls"}


def _way(record: Activation) -> str:
    """Falls, then rises: where it turns. Elsewhere whether it is monotone says enough."""
    if _is_endless(record):
        return "rises and falls, again and again"
    if not record.turns_at(_defaults(record)):
        return MONOTONE[atlas.facts(record).shape.monotone]
    each = verify.directions(at(record.definition, _defaults(record)))
    return ", then ".join(DIRECTIONS[direction] for direction in each)


def _turns(record: Activation) -> Iterator[str]:
    """Where the slope changes its sign."""
    if turns := record.turns_at(_defaults(record)):
        yield f"It turns at {_list(turns)}{', and so on' if _is_endless(record) else ''}."


def _is_endless(record: Activation) -> bool:
    """Does it turn for ever? Then the record names the turns next to 0."""
    return not record.has_limit("value", 1, _defaults(record))


def _breaks(record: Activation) -> Iterator[str]:
    """Where it jumps, and where only its slope does."""
    found = verify.jumps(at_setting(record.definition, _defaults(record)))
    jumps = [point for point, jump in found.items() if jump.height != 0]
    kinks = [point for point, jump in found.items() if jump.height == 0]
    if jumps:
        yield f"It jumps at {_list(jumps)}."
    if kinks:
        yield f"It has {'a kink' if len(kinks) == 1 else 'kinks'} at {_list(kinks)}."


def _list(points: Iterable[sp.Expr]) -> str:
    return " and ".join(f"{point:.6g}" for point in sorted(map(float, points)))


def _defaults(record: Record) -> Any:
    return record.settings[0]


def _number(value: sp.Expr) -> str:
    """In three digits, as words where a screen reader would stumble."""
    if value.is_infinite:
        return "plus infinity" if value > 0 else "minus infinity"
    return f"{float(value):.3g}"
