"""The ledger: what the post of 2018 and others claim, and what became of each claim.

A claim is an entry of claims.yml. Its place is a cell of a chapter that begins with its label,
and the cell after that shows the verdict.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any, get_origin

import nbformat
import yaml
from nbformat import NotebookNode

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

LABEL = re.compile(r"^\(claim-([a-z0-9-]+)\)=$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One entry of claims.yml."""

    id: str
    line: str = ""  # of the post; "none" where it is silent; nothing where others say it
    says: str
    verdict: str
    correct: str
    sources: list[str] = field(default_factory=list)  # keys of references.bib, or Markdown
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
    return claim


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


def markdown(claims: Sequence[Claim], places: Sequence[Place]) -> str:
    """The whole ledger: what was counted, the filter, the claims, and what the post leaves out."""
    where = {place.label: place for place in places}
    shown = [claim for claim in claims if claim.label in where]
    entries: dict[str, list[str]] = {heading: [] for heading in HEADINGS}
    for claim in shown:
        entries[_heading(claim)].append(_entry(claim, where[claim.label]))
    verdicts = Counter(claim.verdict for claim in claims)
    told = ", ".join(_count(verdicts[name], name) for name in VERDICTS if verdicts[name])
    return "\n\n".join(
        [
            f"**{len(shown)} of {len(claims)} entries have their place in a chapter:** {told}.",
            _filter([(claim, where[claim.label]) for claim in shown]),
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


def _filter(shown: Iterable[tuple[Claim, Place]]) -> str:
    """Two menus. They stay hidden where no script runs, and then every claim is there to read."""
    verdicts = Counter((f"verdict-{claim.verdict}", claim.verdict) for claim, _ in shown)
    chapters = Counter((f"chapter-{place.notebook.stem}", place.title) for _, place in shown)
    return f"""```{{raw}} html
<form class="ledger-filter" hidden>
<label>Verdict {_menu(verdicts)}</label>
<label>Chapter {_menu(chapters)}</label>
<output aria-live="polite"></output>
</form>
<script defer src="../../_static/ledger.js"></script>
```"""


def _menu(counts: Counter[tuple[str, str]]) -> str:
    options = [("", "all", counts.total()), *((*key, n) for key, n in counts.items())]
    told = (f'<option value="{value}">{name} ({n})</option>' for value, name, n in options)
    return f"<select>{''.join(told)}</select>"


def _entry(claim: Claim, place: Place) -> str:
    """One claim as a block that the page's script can find by its verdict and its chapter."""
    by = "By citation only. " if claim.citation_only else ""
    doubt = f"**Unconfirmed:** {claim.unconfirmed} " if claim.unconfirmed else ""
    sources = ", ".join(map(_source, claim.sources))
    return f""":::{{container}} claim verdict-{claim.verdict} chapter-{place.notebook.stem}
{{ref}}`{claim.id} <{claim.label}>`, {_line(claim)}in *{place.title}*:
{claim.says}

**{VERDICTS[claim.verdict]}.** {claim.correct.strip()} {by}{doubt}{sources}
:::"""


def _line(claim: Claim) -> str:
    told = claim.of_the_post and claim.verdict != "omission"
    return f"line {claim.line} of the post, " if told else ""


def _source(source: str) -> str:
    """A key of the bibliography, or a source that has no entry there."""
    return source if " " in source else f"{{cite:t}}`{source}`"
