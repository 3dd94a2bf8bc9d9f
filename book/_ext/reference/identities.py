"""The identities between activations: a picture of all of them, and each in words.

The functions stand on a circle, family by family in the order of the contents. A line joins two of
them for each relation that is proved, and leads to the sentence that tells of it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, radians, sin

from actlib.show.relations import Relation, relations
from reference import see_also
from reference.api import Record
from reference.families import Families

CHAPTERS = "../activations"
TEXT = 15  # the height of letters, in units of the picture
LETTER = 0.6 * TEXT  # their mean width, and more
SLOT = 1.5 * TEXT  # from a name to the next
RADIUS = 190  # of the circle, if there is room for all names on it
GAP = 1  # slots between two families
NAMED = 4  # slots that the name of a family needs


@dataclass(frozen=True)
class Place:
    """A direction from the centre, in degrees clockwise from the top."""

    angle: float

    def at(self, radius: float) -> tuple[float, float]:
        turn = radians(self.angle)
        return radius * sin(turn), -radius * cos(turn)

    @property
    def is_left(self) -> bool:
        return self.angle > 180

    @property
    def is_below(self) -> bool:
        return 90 < self.angle < 270


@dataclass(frozen=True, kw_only=True)
class Circle:
    """Where everything is."""

    radius: float
    of_records: dict[str, Place]
    of_families: dict[str, Place]


def circle(families: Families) -> Circle:
    """Each family has a slot for each member, and at least those that its name needs."""
    widths = {caption: max(NAMED, len(family)) for caption, family in families.items()}
    slots = sum(widths.values()) + GAP * len(families)
    of_records, of_families, start = {}, {}, GAP / 2
    for caption, family in families.items():
        middle = start + widths[caption] / 2
        of_families[caption] = Place(360 * middle / slots)
        for number, record in enumerate(family):
            slot = middle + number - (len(family) - 1) / 2
            of_records[record.name] = Place(360 * slot / slots)
        start += widths[caption] + GAP
    radius = max(RADIUS, slots * SLOT / (2 * pi))
    return Circle(radius=radius, of_records=of_records, of_families=of_families)


def proved(families: Families) -> list[Relation]:
    return relations(tuple(record for family in families.values() for record in family))


def markdown(families: Families) -> str:
    """The picture, then every relation as a sentence with its formula."""
    found = proved(families)
    told = []
    for caption, family in families.items():
        lines = [
            f"- [{r.left.record.title}]({_notebook(r.left.record)}). {see_also.sentence(r)}"
            for record in family
            for r in found
            if r.left.record is record
        ]
        told += [f"### {caption}", *lines] if lines else []
    picture = "\n".join(["```{raw} html", *svg(families, found), "```"])
    return "\n\n".join([picture, "## In words", "\n".join(told).replace("\n###", "\n\n###")])


def _notebook(record: Record) -> str:
    return f"/book/activations/{record.name}.ipynb"


def svg(families: Families, found: Sequence[Relation]) -> Iterator[str]:
    """The picture as elements of a page, whose nodes and lines are links."""
    where = circle(families)
    records = [record for family in families.values() for record in family]
    reach = where.radius + TEXT + LETTER * max(len(record.title) for record in records)
    half = round(reach + 2 * TEXT)
    yield '<div class="web">'
    yield f'<svg viewBox="{-half} {-half} {2 * half} {2 * half}" role="group" aria-label="{ABOUT}">'
    yield f"<style>{_highlights(records)}</style>"
    for caption, place in where.of_families.items():
        yield _text(caption, place, reach + TEXT, along=True)
    for relation in found:
        yield _line(relation, where)
    for record in records:
        place = where.of_records[record.name]
        x, y = place.at(where.radius)
        yield (
            f'<a class="web-node" data-name="{record.name}" href="{CHAPTERS}/{record.name}.html">'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
            f"{_text(record.title, place, where.radius + TEXT)}</a>"
        )
    yield "</svg>\n</div>"


ABOUT = "Activations on a circle, joined by lines where one is made of the other"


def _text(text: str, place: Place, radius: float, along: bool = False) -> str:
    """Outwards, and never on its head; or along the circle."""
    x, y = place.at(radius)
    if along:
        turn, anchor = place.angle + 180 * place.is_below, "middle"
    else:
        turn, anchor = place.angle - 90 + 180 * place.is_left, "end" if place.is_left else "start"
    kind = ' class="web-family"' if along else ""
    return (
        f'<text{kind} transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f})"'
        f' text-anchor="{anchor}" dominant-baseline="central">{escape(text)}</text>'
    )


def _line(relation: Relation, where: Circle) -> str:
    """It bends towards the centre, the more the farther its ends are apart."""
    ends = [side.record for side in (relation.left, relation.right)]
    (x0, y0), (x1, y1) = (where.of_records[end.name].at(where.radius) for end in ends)
    path = f"M{x0:.1f} {y0:.1f}Q{0.35 * (x0 + x1):.1f} {0.35 * (y0 + y1):.1f} {x1:.1f} {y1:.1f}"
    kind = "web-slope" if see_also.is_of_slope(relation) else "web-same"
    told = escape(f"{ends[0].title}. {plain(see_also.claim(relation))}.")
    return (
        f'<a class="{kind}" data-ends="{ends[0].name} {ends[1].name}" aria-label="{told}"'
        f' href="{CHAPTERS}/{ends[0].name}.html#{see_also.anchor(relation)}"><title>{told}</title>'
        f'<path class="web-reach" d="{path}"/><path class="web-line" d="{path}"/></a>'
    )


def _highlights(records: Sequence[Record]) -> str:
    """Whoever points at a function sees its lines before the others."""
    each = (
        f'.web:has([data-name="{r.name}"]:is(:hover,:focus-visible)) [data-ends~="{r.name}"]'
        for r in records
    )
    return f"{','.join(each)}{{--web-line:var(--pst-color-link);--web-width:3}}"


def plain(markdown: str) -> str:
    """A sentence without links and formulas, for where there can only be text."""
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", markdown).replace("$", "")
    text = re.sub(r"\\frac\{(.+?)\}\{(.+?)\}", r"\1/\2", text)
    text = re.sub(r"\\mathrm|[{}]", "", text).replace(r"\ ", " ").replace(r"\_", "_")
    return re.sub(r"\\(\w+)", lambda command: _letter(command[1]), text)


def _letter(name: str) -> str:
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name}")
    except KeyError:
        return name
