"""The page of errata: what libraries return that is not right, as their results say."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise
from actlib.show import typeset
from reference import findings as told
from reference import matrix
from reference.api import Record
from reference.audits import NAMES, SIGNS, TYPES, Audit, Row, best, digits, load, newest
from reference.findings import Shown

MATRIX = ("float16", "bfloat16", "float32")
OURS = ("textbook", "actlib")


def markdown(records: Sequence[Record], results: Path, findings: Path) -> str:
    """Findings, the matrix, conventions and flushes, what was measured and on what."""
    audits = load(results)
    latest = newest(audits)
    curves = elementwise(records)
    shown = list(told.shown(told.load(findings), audits))
    return "\n\n".join(
        [
            _findings(curves, shown),
            _matrix(curves, latest),
            _conventions(curves, latest),
            _flushes(curves, latest),
            _measured(latest),
        ]
    )


def _findings(curves: Sequence[Activation], shown: Sequence[Shown]) -> str:
    titles = {record.name: record.title for record in curves}
    faults = [each for each in shown if each.finding.shows in told.FAULTS]
    digits_ = [each for each in shown if each not in faults]
    entries = [_entry(each, titles) for each in (*faults, *digits_)]
    still = sum(not each.gone for each in shown)
    return "\n\n".join(
        [
            f"""## Findings

{len(shown)} findings, {still} of which the newest version that was measured still has. Those that
are no matter of last digits come first. A line shows each; it needs `import` of the library that it
names, and below it stands what it prints. It asks 64 numbers that are the same, since libraries
compute one alone with other instructions. Lines with `actlib` need
`import actlib.audit.adapters, numpy`.""",
            *entries,
        ]
    )


def _entry(found: Shown, titles: dict[str, str]) -> str:
    finding = found.finding
    title = NAMES[finding.library]
    head = f"({_label(finding.id)})=\n### {title}, {titles[finding.activation]}: {found.place}"
    parts = [head, f"{found.sentence} {finding.why}".strip(), _right(found), _code(found)]
    also = [f"{dtype}, {_brief(finding, row)}" for dtype, row in told.others(found)]
    if also:
        parts.append(f"The same in {'; in '.join(also)}.")
    versions = f"Seen in {', '.join(found.versions)}"
    gone = f"; **gone in {found.gone}**" if found.gone else ""
    thread = f"[Reported]({finding.thread})" if finding.thread else "We found no report of it"
    parts.append(f"{versions}{gone}. {thread}.")
    parts.append(f"```{{raw}} html\n{_figure(picture_of(found))}\n```")
    return "\n\n".join(parts)


def _label(name: str) -> str:
    return f"errata-{name}"


def picture_of(found: Shown) -> Path:
    """The picture of the result that shows a finding."""
    finding = found.finding
    slope = "-slope" * (finding.function != "f")
    return found.audit.pictures / f"{finding.activation}{slope}-{found.row['dtype']}.svg"


def _figure(path: Path) -> str:
    return f'<div class="errata-picture">{path.read_text("utf-8").strip()}</div>'


def _brief(finding: told.Finding, row: Row) -> str:
    """What another type shows: a count, and where it begins."""
    numbers = told.numbers(finding, row) or {}
    start = f" from x = {numbers['first']} on" if "first" in numbers else ""
    ulp = f", up to {numbers['ulp']:,.4g} ulp" if "ulp" in numbers else ""
    return f"{numbers['count']:,} of {numbers['tried']} numbers{start}{ulp}"


def _right(found: Shown) -> str:
    """What is right, where a result says so, and the truth to twenty digits."""
    row, place = found.row, told.example(found.finding, found.row)
    if place is None:
        return ""
    x, right = digits(place["x"], row["dtype"]), digits(place["right"], row["dtype"])
    truth = f"; to twenty digits it is {place['truth']}" if "truth" in place else ""
    return f"Right at x = {x} is **{right}**{truth}".replace("e-", "e−").replace(" -", " −") + "."


def _code(found: Shown) -> str:
    lines = "\n".join(f"{line}\n# {digits(got, found.row['dtype'])}" for line, got in found.lines)
    return f"```python\n{lines}\n```"


def _matrix(curves: Sequence[Activation], latest: dict[str, Audit]) -> str:
    faults, all_ = matrix.counted(latest, matrix.FAULT)
    exact, _ = matrix.counted(latest, matrix.EXACT)
    tables = "\n\n".join(f"### {t}\n\n{matrix.matrix(curves, latest, t)}" for t in MATRIX)
    failed = typeset.table(("Library", "Why", "Functions"), matrix.failures(latest))
    return f"""## All functions

Of {all_:,} audits, {exact:,} found every result correctly rounded, and {faults:,} found a fault.
What the cells say:

- {matrix.EXACT} *exact*: every result is the number nearest to the truth.
- {matrix.FAITHFUL} and a number: some are not, but no error reaches 1 ulp. The number is the worst.
- {matrix.WITHIN} and a number: the worst error in ulp, 1 or more.
- {matrix.FAULT}: results that are no matter of last digits. *NaN* and *∞*: where the value is
  neither. *no ∞*: the value is beyond the largest number, and the result is not. *0* and *sign*: 0,
  or a number of the other sign, where the value is a normal number. *range*: beyond all values that
  the function has.
- \\*: a sample was asked, of a million numbers. Without it, all were.
- †: the worst error is at a subnormal x, which was taken for 0.
- A hyphen: the library has no such function, no derivative of it, or it could not be asked.

Subnormal numbers that were flushed to 0, and slopes at kinks, do not count here. Of several
functions of a library the cell tells the worst; each has its own line in
[Accuracy](accuracy.md). *textbook* is the formula as courses print it, in NumPy, each step in the
type. On accelerators: not measured.

{tables}

### What could not be asked

{failed}"""


def _conventions(curves: Sequence[Activation], latest: dict[str, Audit]) -> str:
    limits = ("Activation", "Library", "Name", "", "Types", "At", "Returns", "Limit")
    kinks = ("Activation", "Library", "Name", "Kink", *TYPES)
    return f"""## Conventions

At an infinity one expects the limit, and NaN for NaN. No standard asks for it, and often the
formula does not give it: 0 times infinity is NaN. Here a library answers otherwise.

{typeset.table(limits, _limits(curves, latest))}

The slopes at kinks are on [the page on conventions](conventions.md), for float64. Those of other
types are the same, except here. *left* and *right* are the slopes of the two sides.

{typeset.table(kinks, _kinks(curves, latest))}"""


def _limits(curves: Sequence[Activation], latest: dict[str, Audit]) -> Iterator[tuple[str, ...]]:
    """One line for all types that answer alike."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row, place in _each(curves, latest):
        for at, (got, right) in row.get("limits", {}).items():
            limit = "none" if right is None else digits(right, row["dtype"])
            answer = digits(got, row["dtype"])
            # A constant is another number in each type.
            answer = answer if answer in ("NaN", "∞", "−∞") else f"{float(got):.3g}"
            key = (*place, SIGNS[row["function"]], digits(at, "float64"), answer, limit)
            found.setdefault(key, []).append(row["dtype"])
    for (*place, at, got, limit), dtypes in found.items():
        yield *place, _types(dtypes), at, got, limit


def _types(dtypes: Sequence[str]) -> str:
    told = [dtype for dtype in TYPES if dtype in dtypes]
    return "all" if len(told) == len(TYPES) else ", ".join(told)


def _kinks(curves: Sequence[Activation], latest: dict[str, Audit]) -> Iterator[tuple[str, ...]]:
    """Where the types of a function take different slopes."""
    sides: dict[tuple[str, ...], dict[str, str]] = {}
    for row, place in _each(curves, latest):
        for x, side in row.get("kinks", {}).items():
            sides.setdefault((*place, x.replace("-", "−")), {})[row["dtype"]] = side
    for place, by_type in sides.items():
        if len(set(by_type.values())) > 1:
            yield *place, *(by_type.get(dtype, "-") for dtype in TYPES)


def _flushes(curves: Sequence[Activation], latest: dict[str, Audit]) -> str:
    columns = ("Activation", "Library", "Name", "", "Type", "Numbers", "Most of them")
    return f"""## Flushed to 0

A number that is nearer to 0 than all normal numbers is *subnormal*. Processors can be told to take
0 instead, which is faster. Here a library returns 0 where x or the right result is subnormal, and
not 0. An asterisk: of a sample.

{typeset.table(columns, _flushed(curves, latest))}"""


def _flushed(curves: Sequence[Activation], latest: dict[str, Audit]) -> Iterator[tuple[str, ...]]:
    for row, place in _each(curves, latest):
        found = row.get("flushes")
        if found and row["dtype"] in MATRIX:
            longest = max(found["intervals"], key=lambda ends: abs(ends[1] - ends[0]))
            low, high = (digits(x, row["dtype"]) for x in longest)
            where = f"x = {low}" if low == high else f"{low} to {high}"
            count = f"{found['count']:,}" + ("" if row["inputs"] == "all" else r"\*")
            yield *place, SIGNS[row["function"]], row["dtype"], count, where


def _each(
    curves: Sequence[Activation], latest: dict[str, Audit]
) -> Iterator[tuple[Row, tuple[str, str, str]]]:
    """The best results of libraries, function by function, with the first cells of a line."""
    for record in curves:
        title = f"[{record.title}](../activations/{record.name}.ipynb)"
        for library, audit in latest.items():
            for row in best(audit.rows) if library not in OURS else ():
                if row["activation"] == record.name:
                    setting = f", {row['setting']}" if row["setting"] else ""
                    yield row, (title, NAMES[library], f"`{row['name']}`{setting}")


def _measured(latest: dict[str, Audit]) -> str:
    rows = ((audit.name, *_on(audit), f"{len(audit.rows):,}") for audit in latest.values())
    columns = ("Library", "Processor", "With", "Results")
    return f"""## Measured with

{typeset.table(columns, rows)}

GPUs, TPUs and other accelerators: not measured. Results change with the instructions of a
processor, with its number of threads, and with the version."""


def _on(audit: Audit) -> tuple[str, str]:
    about = {k: v for k, v in audit.about.items() if k not in ("device", audit.library)}
    told_ = {**audit.machine, **about}
    cpu = told_.pop("cpu")
    return html.escape(cpu), ", ".join(f"{k} {v}" for k, v in told_.items())
