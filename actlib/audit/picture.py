"""A report as a picture: the error over the number line, in SVG.

Each column of the line is filled to its worst error in ulp. What has no distance in ulp has rows of
its own above, each under its name: faults, then what was flushed to 0 and steps back. In a page
that switches its theme itself, put the text of the SVG into the page: see `actlib.audit.ink`.
"""

import textwrap
import zlib
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from actlib.audit.axis import Axis, axis, labels
from actlib.audit.heights import Scale, draw
from actlib.audit.ink import CLASS, LARGE, LETTER, css
from actlib.audit.line import COLUMNS
from actlib.audit.report import Fault, Report
from actlib.audit.spans import Spans
from actlib.audit.svg import add, decimal, write
from actlib.audit.tally import BACK, FAULTS, FLUSHED

WIDTH = 640.0
LEFT, RIGHT = 58.0, WIDTH - 14
LINE = 24.0  # from one line of text to the next
BAR = 8.0  # height of a tick
ROW = LINE + BAR + 4
HIGH = 180.0  # of the errors
THIN = 2.4  # a tick at least
LETTERS = 52  # in a line of large ones
EM = 0.62  # of the size of letters: the width of one


def picture(report: Report) -> str:
    """An SVG image of the errors in a report: 30 kB at most, the same bytes each time."""
    found = {n: report.tally.found[n] for n in (*FAULTS, FLUSHED, BACK) if n in report.tally.found}
    names = {name: _named(Fault.of(name, spans, report)) for name, spans in found.items()}
    title, heads = _heads(report)
    top = LINE * len([*title, *heads]) + 10
    if not report.misrounded and not found:
        heads.append("No error was found: there is nothing to draw.")
        return _text(_sheet(title, heads, [], top + LINE))
    first = top + ROW * len(found) + LINE + 8
    ground = first + HIGH
    root = _sheet(title, heads, list(names.values()), ground + 2 * LINE + 12)
    line = axis(_busy(report, found), report.dtype, LEFT, RIGHT)
    known = report.every and report.complete and not report.tally.undecided
    _fold(root, line, first, ground, "exact" if known else "no error")
    for index, (name, spans) in enumerate(found.items()):
        write(root, LEFT, top + ROW * index + LINE - 6, names[name])
        _ticks(root, name, spans, line, top + ROW * index + LINE)
    write(root, LEFT, first - 9, "error in ulp: filled to the worst, marked at the median")
    draw(root, report.tally, line, Scale.of(report.tally, ground, first), LEFT, RIGHT)
    _below(root, line, ground)
    return _text(root)


def _text(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode") + "\n"


def _heads(report: Report) -> tuple[list[str], list[str]]:
    """What it is; and the verdict, and on what that rests: in lines."""
    tried = f"{report.tally.tried:,} finite numbers"
    title = f"{report.subject} as {report.title} in {report.dtype}"
    told = [
        report.verdict,
        f"all {tried}" if report.every and report.complete else f"{tried}, not all",
    ]
    worst = report.tally.worst
    if worst is not None:
        told.append(f"worst: {worst.ulp:.4g} ulp at x = {_number(worst.x)}")
    lines = [line for each in told for line in textwrap.wrap(each, LETTERS)]
    return textwrap.wrap(title, LETTERS), lines


def _named(fault: Fault) -> str:
    """zero: 509, 5.5625 ≤ x ≤ 87."""
    (low, high), *more = fault.intervals
    where = f"{_number(low)} ≤ x ≤ {_number(high)}" if low < high else f"x = {_number(low)}"
    if more:
        where = f"{fault.all_told:,} intervals"
    if fault.all_told > len(fault.intervals):
        where += f", {len(fault.intervals)} of them drawn"
    return f"{fault.name}: {fault.count:,}, {where}"


def _number(x: float) -> str:
    return f"{x:.6g}".replace("-", "−")


def _sheet(title: list[str], heads: list[str], names: list[str], height: float) -> ET.Element:
    """An empty picture with its heads, and with what a screen reader tells of it."""
    own = f"audit-{zlib.crc32(repr((title, heads, names)).encode()):08x}"
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": CLASS,
        "role": "img",
        "aria-labelledby": f"{own}-title",
        "aria-describedby": f"{own}-desc",
        "viewBox": f"0 0 {decimal(WIDTH)} {decimal(height)}",
        "width": decimal(WIDTH),
        "style": "max-width:100%;height:auto",
    }
    root = ET.Element("svg", attributes)
    add(root, "title", id=f"{own}-title").text = f"Error over the number line: {' '.join(title)}"
    add(root, "desc", id=f"{own}-desc").text = "; ".join([*heads, *names])
    add(root, "style").text = css()
    add(root, "rect", "ground", width="100%", height="100%")
    for index, head in enumerate([*title, *heads]):
        write(root, 10, LINE * (index + 1) - 3, head, "head" if index < len(title) else "")
    return root


def _busy(report: Report, found: Mapping[str, Spans]) -> set[int]:
    """Columns in which there is anything to see."""
    busy = set(report.tally.worst_in)
    for spans in found.values():
        for first, last in (spans.ends >> COLUMNS[report.dtype]).tolist():
            busy.update(range(first, last + 1))
    return busy


def _fold(root: ET.Element, line: Axis, top: float, ground: float, what: str) -> None:
    for fold in line.stretches:
        if fold.folded:
            width, height = fold.right - fold.left, ground - top
            add(root, "rect", "fold", x=fold.left, y=top, width=width, height=height)
            sides = (
                f"M{decimal(x)} {decimal(top)}v{decimal(height)}" for x in (fold.left, fold.right)
            )
            add(root, "path", "edge", d="".join(sides))
            x, y = fold.left + width / 2, (top + ground) / 2
            label = write(root, x, y, f"{100 * line.share(fold):.2g} % {what}")
            label.set("transform", f"rotate(-90 {decimal(x)} {decimal(y)})")
            label.set("text-anchor", "middle")
            label.set("dominant-baseline", "central")


def _ticks(root: ET.Element, name: str, spans: Spans, line: Axis, top: float) -> None:
    """Faults are bars, what was flushed is a frame, steps back are triangles that point down."""
    add(root, "path", "base", d=f"M{decimal(LEFT)} {decimal(top + BAR)}H{decimal(RIGHT)}")
    columns = 2.0 ** COLUMNS[line.dtype]
    ticks: dict[str, None] = {}  # many may look the same
    for first, last in spans.ends.tolist():
        left, right = line.at(first / columns), line.at((last + 1) / columns)
        middle, wide = (left + right) / 2, max(right - left, THIN)
        if name == BACK:
            down = f"l{decimal(-wide / 2 - 2)} {decimal(BAR)}z"
            ticks[f"M{decimal(middle - wide / 2 - 2)} {decimal(top)}h{decimal(wide + 4)}{down}"] = (
                None
            )
        else:
            box = f"h{decimal(wide)}v{decimal(BAR)}h{decimal(-wide)}z"
            ticks[f"M{decimal(middle - wide / 2)} {decimal(top)}{box}"] = None
    kind = {BACK: "back", FLUSHED: "flushed"}.get(name, "fault")
    add(root, "path", kind, d="".join(ticks))


def _below(root: ET.Element, line: Axis, ground: float) -> None:
    def width(text: str, large: bool) -> float:
        return (len(text) + 1.5) * EM * (LARGE if large else LETTER)

    ticks = ""
    for label in labels(line, width, WIDTH):
        ticks += f"M{decimal(label.at)} {decimal(ground)}v5"
        told = write(root, label.at, ground + LINE, label.text, "" if label.everywhere else "more")
        told.set("text-anchor", "middle")
    add(root, "path", "tick", d=ticks)
    write(root, LEFT, ground + 2 * LINE + 2, "x: every number of the type has the same width")
