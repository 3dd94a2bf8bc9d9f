"""The matrix of the page of errata: a verdict for each function, library and type.

Each cell begins with a shape, and says in words what the shape stands for; a class colours it.
"""

import re
from collections.abc import Iterator, Sequence

from docutils import nodes

from actlib.call.elementwise import Activation
from actlib.show import typeset
from reference.audits import NAMES, SIGNS, Audit, Row, best, marks, measured

EXACT, FAITHFUL, WITHIN, FAULT = SHAPES = ("●", "◐", "○", "▲")
CLASSES = dict(zip(SHAPES, ("exact", "faithful", "within", "fault"), strict=True))
NONE = "-"
SHORT = {
    "infinity": "∞",
    "missed infinity": "no ∞",
    "zero": "0",
    "out of range": "range",
}
"""Classes of faults whose name is longer than this."""

COLUMNS = {name: [name] for name in NAMES if name not in ("scipy", "numpy")} | {
    "SciPy, NumPy": ["scipy", "numpy"]
}
LAST = ("textbook", "actlib")
ORDER = [*(name for name in COLUMNS if name not in LAST), *LAST]


def matrix(records: Sequence[Activation], audits: dict[str, Audit], dtype: str) -> str:
    """The table of one type."""
    columns = [NAMES.get(column, column) for column in ORDER]
    return typeset.table(("Activation", "", *columns), _lines(records, audits, dtype))


def _lines(
    records: Sequence[Activation], audits: dict[str, Audit], dtype: str
) -> Iterator[tuple[str, ...]]:
    for record in records:
        for function, sign in SIGNS.items():
            place = {"activation": record.name, "function": function, "dtype": dtype}
            cells = [_cell(audits, COLUMNS[column], place) for column in ORDER]
            if any(cell != NONE for cell in cells):
                yield f"[{record.title}](../activations/{record.name}.ipynb)", sign, *cells


def _cell(audits: dict[str, Audit], libraries: Sequence[str], place: Row) -> str:
    """The worst that its functions return."""
    rows = [row for name in libraries if name in audits for row in best(audits[name].rows)]
    cells = [cell(row) for row in rows if place.items() <= row.items()]
    return max(cells, key=severity, default=NONE)


def cell(row: Row) -> str:
    """● exact, ◐ 0.84, ○ 2.48, or ▲ NaN, 0; with an asterisk where a sample was asked."""
    if row.get("faults"):
        told = ", ".join(SHORT.get(name, name) for name in row["faults"])
        return f"{FAULT} {told}{marks(row).removesuffix('†')}"
    if not row["misrounded"]:
        return f"{EXACT} exact{marks(row)}"
    ulp = float(row["worst"]["ulp"])
    return f"{FAITHFUL if ulp < 1 else WITHIN} {few(ulp)}{marks(row)}"


def few(ulp: float) -> str:
    """In three digits."""
    return f"{ulp:.3g}".replace("inf", "∞")


def severity(text: str) -> tuple[int, int, float]:
    """Of a cell, to find the worst of several."""
    shape, _, told = text.rstrip("\\*†").partition(" ")
    ulp = float(told.replace("∞", "inf")) if shape in (FAITHFUL, WITHIN) else 0.0
    return SHAPES.index(shape), told.count(","), ulp


def dress(node: nodes.Node) -> None:
    """Cells get a class by the shape with which they begin; what they are of heads their line."""
    for table in node.findall(nodes.table):
        entries = list(table.findall(nodes.entry))
        kinds = [CLASSES.get(entry.astext()[:1]) for entry in entries]
        for entry, kind in zip(entries, kinds, strict=True):
            entry["classes"] += [f"errata-{kind}"] if kind else []
        if any(kinds):
            next(table.findall(nodes.colspec))["stub"] = 1


def failures(audits: dict[str, Audit]) -> Iterator[tuple[str, str, str]]:
    """What could not be asked, and why: once for each library and reason."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for audit in audits.values():
        for row in (row for row in audit.rows if "failed" in row):
            found.setdefault((audit.name, _reason(row)), {})[f"`{row['name']}`"] = None
    for (name, why), functions in found.items():
        yield name, why, ", ".join(functions)


def _reason(row: Row) -> str:
    """Without the function's name before it, and without what an exception adds."""
    told = re.sub(rf"^\S*{re.escape(row['name'])}:? ", "", row["failed"])
    return re.sub(r": \w+: \[.*", "", told).partition(";")[0]


def counted(audits: dict[str, Audit], shape: str) -> tuple[int, int]:
    """How many results have a shape, of how many."""
    rows = [row for audit in audits.values() for row in measured(audit.rows)]
    return sum(cell(row).startswith(shape) for row in rows), len(rows)
