"""Findings: book/findings.yml says them in words, and results of audits give every number.

A finding belongs to the versions whose results show it. Where a newer version does not, it says in
which it was gone; it is never deleted. One that no result shows ends the build.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from reference.audits import SIGNS, Audit, Row, digits

FAULTS = ("NaN", "infinity", "missed infinity", "zero", "sign", "out of range")
LIMIT = "limit at "


class FindingError(ValueError):
    """A finding that no result shows, or that is none: which, and why."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An entry of findings.yml."""

    id: str
    library: str
    activation: str
    function: str
    dtypes: list[str]
    shows: str
    says: str
    name: str = ""  # of the function there, if several are the activation
    example: str = ""  # worst: the number with the largest error, and not that closest to 0
    why: str = ""
    thread: str = ""

    def place(self, dtype: str) -> dict[str, str]:
        """What its result of a type is found by."""
        named = {"name": self.name} if self.name else {}
        return {
            "activation": self.activation,
            "function": self.function,
            "dtype": dtype,
            **named,
        }


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A finding, and what shows it: the newest result that does."""

    finding: Finding
    audit: Audit
    row: Row
    versions: list[str]  # that have it
    gone: str = ""  # the version that has it no more

    @property
    def numbers(self) -> dict[str, Any]:
        """What its sentence may name."""
        return numbers(self.finding, self.row) or {}

    @property
    def sentence(self) -> str:
        """With its numbers."""
        dtype = self.row["dtype"]
        told = {n: v if isinstance(v, str) else _told(v, dtype) for n, v in self.numbers.items()}
        return self.finding.says.format(**told)

    @property
    def lines(self) -> list[tuple[str, float | str]]:
        """Lines of Python, and what each of them printed."""
        shows, row = self.finding.shows, self.row
        if shows == "position":
            pair = row["position"]["example"]
            many = row["line"].format(x=repr(float(pair["x"])))
            alone = many.replace("(64,)", "(1,)")
            return [(alone, pair["alone"]), (many, pair["among"])]
        if shows == "step back":
            pairs = zip(row["step back"]["at"], row["step back"]["got"], strict=True)
        elif shows.startswith(LIMIT):
            end = shows.removeprefix(LIMIT)
            pairs = [(f"float({end!r})", row["limits"][end][0])]
            return [(row["line"].format(x=x), got) for x, got in pairs]
        else:
            place = example(self.finding, row)
            pairs = [(place["x"], place["got"])]
        return [(row["line"].format(x=repr(x)), got) for x, got in pairs]

    @property
    def place(self) -> str:
        """`softsign`, f′, bfloat16"""
        return f"{SIGNS[self.finding.function]}, {self.row['dtype']}"


def numbers(finding: Finding, row: Row) -> dict[str, Any] | None:
    """What a result says of what a finding shows; None if it does not show it."""
    shows = finding.shows
    sampled = "" if row["inputs"] == "all" else " sampled"
    told: dict[str, Any] = {"tried": f"{row['tried']:,}{sampled}"}
    if shows == "position":
        found = row.get("position")
        told = found and {
            "tried": str(found["tried"]),
            "count": found["differ"],
            "first": str_of(found["example"]["x"], row),
        }
    elif shows == "step back":
        found = row.get("step back")
        told = found and {**told, "count": found["count"], "ulp": found["ulp"]}
    elif shows.startswith(LIMIT):
        found = row.get("limits", {}).get(shows.removeprefix(LIMIT))
        told = found and {"got": str_of(found[0], row), "right": str_of(found[1], row)}
    elif shows == "misrounded":
        found = row.get("worst")
        told = found and {**told, "count": row["misrounded"], "ulp": found["ulp"]}
        if found:
            told |= {"at": str_of(found["x"], row), "got": str_of(found["got"], row)}
            told |= {"right": str_of(found["right"], row)}
    else:
        found = row.get("faults", {}).get(shows)
        if found:
            at = example(finding, row)
            told |= {"count": found["count"], "first": str_of(at["x"], row)}
            told |= {"got": str_of(at["got"], row), "right": str_of(at["right"], row)}
    if not found:
        return None
    if "count" in told:
        told["share"] = f"{100 * told['count'] / row['tried']:.2g} %"
    return told


def example(finding: Finding, row: Row) -> Row | None:
    """A number that shows it, what came back for it and what is right; of a fault or an error."""
    if "worst" in (finding.example, {"misrounded": "worst"}.get(finding.shows)):
        return row.get("worst")
    return row.get("faults", {}).get(finding.shows)


def str_of(x: float | str, row: Row) -> str:
    """A number of the type of a result."""
    return digits(x, row["dtype"])


def _told(value: float, dtype: str) -> str:
    """A count, or so many ulp."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def load(path: Path) -> list[Finding]:
    """In the order of the file. FindingError says which entry is not a finding, and why."""
    known = {field.name for field in fields(Finding)}
    found = []
    for entry in yaml.safe_load(path.read_text("utf-8")):
        if unknown := set(entry) - known:
            raise FindingError(f"{path.name}: {entry.get('id')}: unknown {sorted(unknown)}")
        try:
            found.append(Finding(**entry))
        except TypeError as error:
            raise FindingError(f"{path.name}: {entry.get('id')}: {error}") from None
    return found


def shown(findings: Sequence[Finding], audits: Sequence[Audit]) -> Iterator[Shown]:
    """Each with what shows it. FindingError names one that nothing shows."""
    for finding in findings:
        asked = [
            (audit, row)
            for audit in audits
            if audit.library == finding.library
            and (row := audit.find(**finding.place(finding.dtypes[0])))
        ]
        having = [(audit, row) for audit, row in asked if numbers(finding, row)]
        if not having:
            raise FindingError(f"{finding.id}: no result of {finding.library} shows it")
        audit, row = having[-1]
        newer = [other.version for other, _ in asked if other.order > audit.order]
        versions = [other.version for other, _ in having]
        gone = newer[0] if newer else ""
        yield Shown(finding=finding, audit=audit, row=row, versions=versions, gone=gone)


def others(found: Shown) -> list[tuple[str, Row]]:
    """Of the other types of a finding: those whose results show it too."""
    finding, pairs = found.finding, []
    for dtype in finding.dtypes[1:]:
        row = found.audit.find(**finding.place(dtype))
        if row and numbers(finding, row):
            pairs.append((dtype, row))
    return pairs
