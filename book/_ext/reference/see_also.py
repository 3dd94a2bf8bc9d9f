"""The part at a chapter's foot that names its relatives, and says what each one is to it."""

from collections.abc import Iterator, Sequence

from docutils import nodes

from actlib.call.shapes import is_reduction
from actlib.show.relations import Relation, Whole, relations
from reference.api import Record

NONE = "No other function of this book is this one, at any setting that was tried, nor its slope."


def markdown(record: Record, families: Sequence[Sequence[Record]]) -> str:
    """A sentence with its formula for each relation, then the others of its family."""
    every = tuple(other for family in families for other in family)
    told = [f"- {sentence(relation)}" for relation in seen_from(record, relations(every))]
    family = next(family for family in families if record in family)
    others = ", ".join(map(_link, (other for other in family if other is not record)))
    told += [f"- In the same family: {others}."] if others else []
    return "\n".join(["## Related", "", *(told or [NONE])])


def seen_from(record: Record, found: Sequence[Relation]) -> Iterator[Relation]:
    """Those in which it is the left side, or can be."""
    for relation in found:
        if relation.right.record is record:
            relation = relation.turned()
        if relation.left.record is record:
            yield relation


def sentence(relation: Relation) -> str:
    """What the left side is, with the formula."""
    left, right = relation.latex()
    return f"{claim(relation)}: ${left}$ $= {right}$."


def anchor(relation: Relation) -> str:
    """The name of the place where the chapter of the left side says it."""
    return f"related-{relation.right.record.name}" + "-slope" * is_of_slope(relation)


def mark(document: nodes.document, record: Record, found: Sequence[Relation]) -> None:
    """Each sentence at the foot of its chapter is a place that can be linked to."""
    (foot,) = (part for part in document.findall(nodes.section) if "related" in part["ids"])
    told = zip(foot.findall(nodes.list_item), seen_from(record, found), strict=False)
    for item, relation in told:  # the others of the family come after these
        item["ids"].append(anchor(relation))


def is_of_slope(relation: Relation) -> bool:
    return relation.left.is_slope or relation.right.is_slope


def claim(relation: Relation) -> str:
    """What the left side is, in words."""
    left, right = relation.left, relation.right
    there = _link(right.record)
    of_all = isinstance(left, Whole)
    slope = "gradient" if of_all else "slope"
    if left.is_slope:
        return f"Its {slope} is {there}"
    if right.is_slope:
        return f"It is the {slope} of {there}"
    if of_all and is_reduction(left.record):
        return f"Taken from each component of $z$ it leaves {there}"
    if of_all:
        return f"It is $z$ less {there}"
    if is_reduction(left.record):
        return f"For $x$ and 0 it is {there}"
    if is_reduction(right.record):
        return f"It is {there} for $x$ and 0"
    if left.is_vector:
        return f"Its first component, for $x$ and 0, is {there}"
    if right.is_vector:
        return f"It is the first component of {there}, for $x$ and 0"
    if relation.is_identity:
        defaults = left.record.parameters and not left.setting
        return f"{'At its defaults it' if defaults else 'It'} is the same function as {there}"
    if left.is_open:
        return f"It is a case of {there}"
    if right.is_open:
        return f"A case of it is {there}"
    if right.setting:
        there += f" with ${right.setting}$"
    if not relation.is_plain:
        there += ", stretched" + " and shifted" * bool(relation.shift or relation.offset)
    if left.setting:
        return f"With ${left.setting}$ it is {there}"
    return f"{'At its defaults it' if left.record.parameters else 'It'} is {there}"


def _link(record: Record) -> str:
    return f"[{record.title}](/book/activations/{record.name}.ipynb)"
