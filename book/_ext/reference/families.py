"""The families: parts of the contents that have activations, and what the members share."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx_external_toc.api import SiteMap

from actlib.call.shapes import is_elementwise
from actlib.show import typeset
from reference import atlas, properties
from reference.api import Record
from website.contents import parts

Families = Mapping[str, Sequence[Record]]
"""The activations by the caption of their part."""


def families(contents: SiteMap, records: Mapping[str, Record]) -> Families:
    """In the order of the contents."""
    every = {
        caption: [records[name] for page in pages if (name := Path(page).name) in records]
        for caption, pages in parts(contents)
    }
    return {caption: family for caption, family in every.items() if family}


def markdown(family: Sequence[Record]) -> str:
    """What its members share, then a row for each."""
    return f"{_shared(family)}\n\n{typeset.table(HEADER, map(_row, family))}"


def _shared(family: Sequence[Record]) -> str:
    """What holds of all, and what of none, of those of which it can be said."""
    of_all, of_none = [], []
    for known in properties.PROPERTIES:
        found = {known.holds(record) for record in family if known.applies(record)}
        of_all += [known.title] * (found == {True})
        of_none += [known.title] * (found == {False})
    offered = [set(properties.frameworks(record)) for record in family]
    of_all += [f"in {name}" for name in properties.FRAMEWORKS if all(name in o for o in offered)]
    told = {"All": of_all, "None": of_none}
    return " ".join(f"**{who}:** {', '.join(what)}." for who, what in told.items() if what)


HEADER = ("Activation", "Monotone", "Smoothness", "Bounded", "Zero-centred", "Offered by")


def _row(record: Record) -> tuple[str, ...]:
    offered = ", ".join(properties.frameworks(record)) or "none"
    bounded = _yes(properties.BOUNDED.holds(record))
    link = f"[{record.title}](/book/activations/{record.name}.ipynb)"
    if not is_elementwise(record):
        return link, NOT_ASKED, NOT_ASKED, bounded, NOT_ASKED, offered
    shape = atlas.facts(record).shape
    odd = _yes(properties.ZERO_CENTRED.holds(record))
    monotone = shape.monotone or atlas.UNDECIDED
    return link, monotone, atlas.smooth(shape.smoothness), bounded, odd, offered


NOT_ASKED = "-"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
