"""The page on coverage: every name that a framework exports, and where it is in this book.

The list of names is measured (benchmarks/exports.py). A name is placed by the records, which say
what each framework calls them; what is no activation of its own is placed by book/coverage.yml.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from actlib.formula.elsewhere import MEASURED, everywhere
from actlib.show import typeset
from reference.api import Record

NONE = "-"


@dataclass(frozen=True)
class Coverage:
    """Where each name is: `records`, `sections` and `reasons` share them out."""

    exports: dict[str, Any]  # by framework: from where, and {name: its own name}
    by_hand: dict[str, Any]  # book/coverage.yml
    activations: Sequence[Record]

    @classmethod
    def read(cls, exports: Path, by_hand: Path, activations: Sequence[Record]) -> "Coverage":
        told = yaml.safe_load(by_hand.read_text("utf-8"))
        return cls(json.loads(exports.read_text("utf-8")), told, activations)

    @cached_property
    def records(self) -> dict[tuple[str, str], list[Record]]:
        """{(framework, name): the records that say they are called so there}."""
        called: dict[tuple[str, str], dict[Record, None]] = {}
        for record in self.activations:
            for framework, there in everywhere(record):
                called.setdefault((framework, plain(there.name)), {})[record] = None
        of: dict[tuple[str, str], dict[Record, None]] = {}  # by the name that a function has itself
        for framework, name in self:
            own = self.exports[framework]["names"][name]
            of.setdefault((framework, own), {}).update(called.get((framework, plain(name)), {}))
        places = {
            (there, name): (there, self.exports[there]["names"][name]) for there, name in self
        }
        return {place: list(of[own]) for place, own in places.items() if of[own]}

    @cached_property
    def sections(self) -> dict[tuple[str, str], str]:
        """{(framework, name): the page, and the label of a section there}."""
        return self._matched(self.by_hand["sections"], "place")

    @cached_property
    def reasons(self) -> dict[tuple[str, str], str]:
        """{(framework, name): why it is no activation}."""
        return self._matched(self.by_hand["reasons"], "why")

    @property
    def ways(self) -> list[dict[tuple[str, str], Any]]:
        """In which a name can be placed."""
        return [self.records, self.sections, self.reasons]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for framework, found in self.exports.items():
            yield from ((framework, name) for name in found["names"])

    def _matched(self, entries: Sequence[dict[str, Any]], told: str) -> dict[tuple[str, str], str]:
        return {
            (framework, name): entry[told]
            for entry in entries
            for framework, name in self
            if any(fnmatchcase(name, pattern) for pattern in entry["names"].get(framework, []))
        }

    def unplaced(self) -> list[tuple[str, str]]:
        """What nobody has placed: there must be none."""
        return [place for place in self if not any(place in way for way in self.ways)]

    def placed_twice(self) -> list[tuple[str, str]]:
        """What two of the ways place."""
        return [place for place in self if sum(place in way for way in self.ways) > 1]

    def unused(self) -> list[str]:
        """What book/coverage.yml places though no framework exports it."""
        entries = [entry["names"] for way in ("sections", "reasons") for entry in self.by_hand[way]]
        return [
            f"{framework}: {pattern}"
            for names in entries
            for framework, patterns in names.items()
            for pattern in patterns
            if not any(fnmatchcase(name, pattern) for name in self.exports[framework]["names"])
        ]


def plain(name: str) -> str:
    """tf.nn.leaky_relu, LeakyReLU and leaky_relu_ are one name: a function, a layer, in place."""
    return name.rpartition(".")[2].replace("_", "").lower()


def markdown(coverage: Coverage) -> str:
    """Counts, the activations, sections of chapters, and what is none."""
    ways = ("In a chapter", "In a section", "No activation")
    counts = ("Framework", "Version", "Names in", "All", *ways)
    activations = ("Activation", *coverage.exports)
    elsewhere = ("Framework", "Name", "Where")
    none = ("Why it is no activation", "Framework", "Names")
    return f"""## How many

{typeset.table(counts, _counts(coverage))}

## The activations

A function, a layer that applies it, and one that works in place count as names of one activation.

{typeset.table(activations, _activations(coverage))}

## Sections of other chapters

{typeset.table(elsewhere, _sections(coverage))}

## What is no activation

{typeset.table(none, _reasons(coverage))}
"""


def _counts(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for framework, found in coverage.exports.items():
        each = [str(sum(of == framework for of, _ in way)) for way in coverage.ways]
        whole = str(len(found["names"]))
        yield framework, MEASURED[framework], found["from"], whole, *each


def _activations(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for record in coverage.activations:
        names = [
            ", ".join(
                f"`{name}`"
                for (of, name), records in coverage.records.items()
                if of == framework and record in records
            )
            for framework in coverage.exports
        ]
        if any(names):
            link = f"[{record.title}](../activations/{record.name}.ipynb)"
            yield link, *(name or NONE for name in names)


def _sections(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for (framework, name), place in coverage.sections.items():
        yield framework, f"`{name}`", f"{{ref}}`{place}`"


def _reasons(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for why in dict.fromkeys(coverage.reasons.values()):
        here = [place for place, told in coverage.reasons.items() if told == why]
        yield from ((why, *row) for row in _named(here))


def _named(places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """A row for each framework: its names."""
    by_framework: dict[str, list[str]] = {}
    for framework, name in places:
        by_framework.setdefault(framework, []).append(f"`{name}`")
    return ((framework, ", ".join(names)) for framework, names in by_framework.items())
