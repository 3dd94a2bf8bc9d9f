"""The ledger: what the post of 2018 and others claim, and what became of each claim.

A claim is an entry of claims.yml. Its place is a cell of a chapter that begins with its label,
and the cell after that shows the verdict.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any, get_origin

import nbformat
import yaml
from nbformat import NotebookNode
from pybtex.database import parse_file

from reference import filters

VERDICTS = {
    "right": "Right",
    "imprecise": "Imprecise",
    "wrong": "Wrong",
    "outdated": "Outdated",
    "convention": "A convention",
    "omission": "An omission",
    "source": "No verdict",
}
"""Each verdict, and the words with which a chapter gives it."""

COUNTED = {
    "convention": ("convention", "conventions"),
    "omission": ("omission", "omissions"),
    "source": ("without a verdict", "without a verdict"),
}
"""How those are counted whose name is not what it is called: 8 omissions."""

SPEAKERS = {
    "post": "the post",
    "paper": "a paper",
    "documentation": "documentation",
    "folklore": "folklore",
}
"""Each kind of source, and what a reader is told of it."""

LABEL = re.compile(r"^\(claim-([a-z0-9-]+)\)=$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One entry of claims.yml."""

    id: str
    line: str = ""  # of the post; "none" where it is silent; nothing where others say it
    says: str
    verdict: str
    correct: str
    sources: list[str] = field(default_factory=list)  # keys of references.bib, or Markdown; of what
    # the post does not say, first who says it
    folklore: bool = False  # said on the web and by word of mouth: its sources only judge it
    citation_only: bool = False  # no cell can decide it: the sources do
    independent: str = ""  # why its cell need not depend on the function: see tests/trial.py
    unconfirmed: str = ""  # what could not be confirmed

    @property
    def label(self) -> str:
        """The label of its place: claim-4-3-a for claim 4.3-a."""
        return "claim-" + self.id.lower().replace(".", "-")

    @property
    def of_the_post(self) -> bool:
        """Is it the post that says it, or should? Else others do."""
        return bool(self.line)

    @property
    def is_judged(self) -> bool:
        """Does it say anything that can be right or wrong?"""
        return self.verdict != "source"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a claim is shown: a cell of a notebook, and the one after it."""

    label: str
    notebook: Path
    title: str  # of the chapter
    text: str
    after: NotebookNode


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A claim in the ledger."""

    claim: Claim
    place: Place
    speaker: str

    @property
    def choices(self) -> tuple[filters.Choice, ...]:
        """By what a reader can find it."""
        verdict, stem = self.claim.verdict, self.place.notebook.stem
        return (
            (f"verdict-{verdict}", VERDICTS[verdict].lower()),
            (f"source-{self.speaker}", SPEAKERS[self.speaker]),
            (f"chapter-{stem}", self.place.title),
        )


def load(path: Path) -> list[Claim]:
    """The claims in the order of the file. ValueError says which entry is not a claim, and why."""
    return [_claim(entry, path.name) for entry in yaml.safe_load(path.read_text("utf-8"))]


def _claim(entry: Any, file: str) -> Claim:
    if not isinstance(entry, dict):
        raise ValueError(f"{file}: no claim: {entry!r}")
    where = f"{file}: {entry.get('id')}"
    known = {f.name: get_origin(f.type) or f.type for f in fields(Claim)}
    for name, value in entry.items():
        if name not in known:
            raise ValueError(f"{where}: unknown field {name!r}")
        if not isinstance(value, known[name]):
            raise ValueError(f"{where}: {name} is {value!r}")
    try:
        claim = Claim(**entry)
    except TypeError as error:  # it names the fields that are missing
        raise ValueError(f"{where}: {error}") from None
    if claim.verdict not in VERDICTS:
        raise ValueError(f"{where}: no such verdict: {claim.verdict!r}")
    if claim.folklore and claim.of_the_post:
        raise ValueError(f"{where}: the post says it, so it is no folklore")
    return claim


def papers(bibliography: Path) -> set[str]:
    """The keys of what authors have published; documentation, code and discussions are not."""
    entries = parse_file(bibliography).entries.items()
    return {key for key, entry in entries if entry.type != "misc" or "eprint" in entry.fields}


def speaker(claim: Claim, papers: Container[str]) -> str:
    """Who says it: one of SPEAKERS."""
    if claim.of_the_post:
        return "post"
    if claim.folklore:
        return "folklore"
    return "paper" if claim.sources[0] in papers else "documentation"


def places(notebooks: Iterable[Path]) -> list[Place]:
    """Every labelled place in these notebooks, in their order."""
    found = []
    for path in notebooks:
        cells = nbformat.read(path, as_version=4).cells
        title = cells[0].source.partition("\n")[0].removeprefix("# ")
        for cell, after in pairwise(cells):
            found += [
                Place(
                    label=f"claim-{name}",
                    notebook=path,
                    title=title,
                    text=cell.source,
                    after=after,
                )
                for name in LABEL.findall(cell.source)
            ]
    return found


def markdown(claims: Sequence[Claim], places: Sequence[Place], papers: Container[str]) -> str:
    """The whole ledger: what was counted, the filter, the claims, and what the post leaves out."""
    where = {place.label: place for place in places}
    shown = [
        Entry(claim=claim, place=where[claim.label], speaker=speaker(claim, papers))
        for claim in claims
        if claim.label in where
    ]
    entries: dict[str, list[str]] = {heading: [] for heading in HEADINGS}
    for entry in shown:
        entries[_heading(entry.claim)].append(_entry(entry))
    verdicts = Counter(claim.verdict for claim in claims)
    told = ", ".join(_count(verdicts[name], name) for name in VERDICTS if verdicts[name])
    return "\n\n".join(
        [
            f"**{len(shown)} of {len(claims)} entries have their place in a chapter:** {told}.",
            _filter(shown),
            *(
                "\n\n".join([f"## {heading}", *found])
                for heading, found in entries.items()
                if found
            ),
        ]
    )


HEADINGS = ("What the post says", "What the post leaves out", "What others say")


def _heading(claim: Claim) -> str:
    says, leaves_out, others = HEADINGS
    if not claim.of_the_post:
        return others
    return leaves_out if claim.verdict == "omission" else says


def _count(number: int, verdict: str) -> str:
    """39 right, 1 omission, 8 omissions."""
    one, many = COUNTED.get(verdict, (verdict, verdict))
    return f"{number} {one if number == 1 else many}"


def _filter(shown: Sequence[Entry]) -> str:
    menus = (
        filters.menu(name, [entry.choices[number] for entry in shown])
        for number, name in enumerate(("Verdict", "Source", "Chapter"))
    )
    return filters.form(".claim", menus)


def _entry(entry: Entry) -> str:
    """One claim as a block that the filter can find by its verdict, its source and its chapter."""
    claim = entry.claim
    by = "By citation only. " if claim.citation_only else ""
    doubt = f"**Unconfirmed:** {claim.unconfirmed} " if claim.unconfirmed else ""
    sources = ", ".join(map(_source, claim.sources))
    classes = " ".join(name for name, _ in entry.choices)
    return f""":::{{container}} claim {classes}
{{ref}}`{claim.id} <{claim.label}>`, {_told_by(entry)}in *{entry.place.title}*:
{claim.says}

**{VERDICTS[claim.verdict]}.** {claim.correct.strip()} {by}{doubt}{sources}
:::"""


def _told_by(entry: Entry) -> str:
    """An omission is told by nobody."""
    if entry.claim.verdict == "omission":
        return ""
    of = "line {} of " if entry.claim.of_the_post else ""
    return f"{of.format(entry.claim.line)}{SPEAKERS[entry.speaker]}, "


def _source(source: str) -> str:
    """A key of the bibliography, or a source that has no entry there."""
    return source if " " in source else f"{{cite:t}}`{source}`"
