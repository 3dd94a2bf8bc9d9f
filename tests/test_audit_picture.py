"""The picture of an audit shows what was planted, where it was planted, and can be read by all."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from actlib.audit import audit
from actlib.audit.axis import FINEST, Axis, axis, labels
from actlib.audit.habits import Habits
from actlib.audit.ink import CLASS, DARK, LARGE, LETTER, LIGHT, css
from actlib.audit.line import NAMES
from actlib.audit.picture import EM, LEFT, RIGHT, WIDTH, picture
from actlib.audit.report import Report
from actlib.audit.tally import BINS, Tally

SVG = "{http://www.w3.org/2000/svg}"


def relu(x):
    return np.maximum(x, 0).astype(x.dtype)


def faulty(x):
    """relu in float16 with a planted fault of each kind."""
    y = relu(x)
    y[(x >= 0.1) & (x <= 1)] = 0
    y[(x >= 2) & (x <= 4)] = np.nan
    y[(x > 8) & (x < 16)] = np.inf
    y[x == 100] = -100
    y[(x < -5)] = -1
    y[(x > 1000) & (x < 1002)] = 900
    y[(x > 0) & (x < 1e-6)] = 0
    return y


def four_off(x):
    """4 ulp too little from 1 to 2."""
    y = relu(x)
    between = (x >= 1) & (x < 2)
    y[between] -= np.float16(4 * 2.0**-10)
    return y


def image(report):
    """The picture, read again."""
    return ET.fromstring(picture(report))


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def text(root, told):
    """The element that says it."""
    return next(e for e in root.iter(f"{SVG}text") if e.text == told)


def where(root, told):
    """On the axis below, the place of a number."""
    lowest = max(float(e.get("y")) for e in root.iter(f"{SVG}text") if e.text == "0")
    marks = [e for e in root.iter(f"{SVG}text") if float(e.get("y")) == lowest]
    return next(float(e.get("x")) for e in marks if e.text == told)


def paths(root, kind):
    return [e.get("d") for e in root.iter(f"{SVG}path") if e.get("class") == kind]


def corners(d):
    """The points of a path."""
    x = y = 0.0
    found = []
    for letter, told in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", told)]
        match letter:
            case "M":
                x, y = numbers
            case "m" | "l":
                x, y = x + numbers[0], y + numbers[1]
            case "h" | "v":
                x, y = x + numbers[0] * (letter == "h"), y + numbers[0] * (letter == "v")
            case "H":
                x = numbers[0]
            case "V":
                y = numbers[0]
            case "L":
                x, y = numbers
        found.append((x, y))
    return found


def height(root, x):
    """How high the filled columns are at x: y runs down."""
    steps = pairwise(corners(paths(root, "worst")[0]))
    return min((a[1] for a, b in steps if a[1] == b[1] and a[0] <= x < b[0]), default=None)


@pytest.fixture(scope="module")
def report():
    return audit(faulty, "relu", dtype="float16")


@pytest.fixture(scope="module")
def exact():
    return audit(relu, "relu", dtype="float16")


@pytest.fixture(scope="module")
def off():
    return audit(four_off, "relu", dtype="float16")


def test_screen_readers_are_told_what_it_shows(report):
    root = image(report)
    assert root.get("role") == "img"
    told = {e.get("id"): e.text for e in root if e.get("id")}
    assert "faulty as relu" in told[root.get("aria-labelledby")]
    said = told[root.get("aria-describedby")]
    assert report.verdict in said
    assert "NaN: " in said
    assert "flushed: " in said


def test_each_class_that_is_present_has_a_row(report):
    found = [line.partition(":")[0] for line in texts(image(report)) if line]
    for name in report.tally.found:
        assert found.count(name) == 1
    assert set(report.tally.found) == {
        "NaN", "infinity", "zero", "sign", "out of range", "flushed", "step back"
    }  # fmt: skip
    root = image(report)
    assert [len(paths(root, kind)) for kind in ("fault", "flushed", "back")] == [5, 1, 1]


def test_ticks_are_where_the_faults_are(report):
    root = image(report)
    rows = dict(zip(report.faults, paths(root, "fault"), strict=True))
    bar = [x for x, _ in corners(rows["zero"])]
    assert min(bar) == pytest.approx(where(root, "0.1"), abs=0.2)
    assert max(bar) == pytest.approx(where(root, "1"), abs=0.2)
    one = [x for x, _ in corners(rows["sign"])]
    assert (min(one) + max(one)) / 2 == pytest.approx(where(root, "100"), abs=0.2)


def test_columns_are_as_high_and_where_the_error_is(off):
    root = image(off)
    four = float(text(root, "4").get("y"))
    half = float(text(root, "½").get("y"))
    left, right = where(root, "1"), where(root, "2")
    assert height(root, left + 1) == pytest.approx(four, abs=0.1)
    assert height(root, right - 1) == pytest.approx(four, abs=0.1)
    assert height(root, left - 1) == pytest.approx(half, abs=0.1)
    assert height(root, right + 1) == pytest.approx(half, abs=0.1)
    # Of some thousand neighbours all are as far off: so is the median.
    assert min(y for _, y in corners(paths(root, "median")[0])) < float(text(root, "1").get("y"))


def test_where_no_error_was_measured_nothing_is_filled(report):
    root = image(report)
    bar = [x for x, _ in corners(paths(root, "fault")[0])]  # of NaNs
    middle = (min(bar) + max(bar)) / 2
    ground = max(y for _, y in corners(paths(root, "worst")[0]))
    assert height(root, middle) == ground


def test_an_exact_function_has_nothing_to_draw_and_says_so(exact):
    root = image(exact)
    assert "No error was found: there is nothing to draw." in texts(root)
    assert not list(root.iter(f"{SVG}path"))


def test_what_is_folded_says_how_much_of_the_line_it_is(off):
    found = [line for line in texts(image(off)) if line.endswith("% exact")]
    assert found
    line = axis({10, 11}, "float16", LEFT, RIGHT)
    assert sum(map(line.share, line.stretches)) == pytest.approx(1)


@pytest.mark.parametrize("dtype", NAMES)
def test_the_axis_shows_what_is_busy_and_labels_it_without_a_crowd(dtype):
    random = np.random.default_rng(0)
    most = 2000 if dtype == "float64" else 480
    for _ in range(12):
        start, length = random.integers(-most, most), random.integers(1, most)
        busy = set(range(start, min(start + length, most))) | {int(random.integers(-most, most))}
        line = axis(busy, dtype, LEFT, RIGHT)
        assert not any(line.stretch(column).folded for column in busy)
        ends = [(s.left, s.right) for s in line.stretches]
        assert ends[0][0] == LEFT
        assert ends[-1][1] == pytest.approx(RIGHT)
        assert all(a[1] == b[0] for a, b in pairwise(ends))
        shown = [c for _, groups in line.columns() for group in groups for c in group]
        assert busy <= set(shown)
        assert sum(len(groups) for _, groups in line.columns()) <= FINEST + len(ends)
        _assert_apart(line)


def _assert_apart(line: Axis):
    """In large letters those that are everywhere, in small ones all."""

    def width(text, large):
        return (len(text) + 1.5) * EM * (LARGE if large else LETTER)

    found = labels(line, width, WIDTH)
    assert found
    for chosen, size in ((found, LETTER), ([each for each in found if each.everywhere], LARGE)):
        boxes = [(each.at, len(each.text) * EM * size / 2) for each in chosen]
        assert all(a + w <= b - v for (a, w), (b, v) in pairwise(boxes))
        assert all(0 <= at - w and at + w <= WIDTH for at, w in boxes)


def test_labels_of_ulp_are_apart(report, off):
    for root in (image(report), image(off)):
        beside = [e for e in root.iter(f"{SVG}text") if float(e.get("x")) < LEFT - 6]
        told = [e for e in beside if e.get("text-anchor") == "end"]
        heights = sorted(_box(e) for e in told)
        assert len(told) >= 3
        assert all(a[1] <= b[0] + 0.1 for a, b in pairwise(heights))


def _box(label):
    """In large letters, from above to below: digits have no descent."""
    y, size = float(label.get("y")), 0.75 * LARGE
    above = {"hanging": 0.0, "auto": size, "central": size / 2}[label.get("dominant-baseline")]
    return y - above, y - above + size


def test_it_is_the_same_each_time_and_small(report):
    assert picture(report) == picture(report)
    assert len(picture(noise("float32"))) < 30_000


def noise(dtype, worst=None):
    """Errors that differ from column to column, all along the line."""
    random = np.random.default_rng(0)
    columns = range(-510, 510)
    bins = {c: random.integers(0, 2 ** random.integers(1, 20, BINS)) for c in columns}
    errors = {c: worst or float(2 ** random.uniform(-1, 40)) for c in columns}
    found = Tally(tried=10**9, misrounded=10**9, errors=bins, worst_in=errors)
    return Report(
        subject="noise & <noise>",
        title="tanh",
        dtype=dtype,
        tally=found,
        habits=Habits(),
        every=True,
    )


def test_errors_that_are_infinite_reach_the_top():
    root = image(noise("float64", np.inf))
    assert "noise & <noise> as tanh in float64" in texts(root)
    assert all(np.isfinite(y) for _, y in corners(paths(root, "worst")[0]))


def luminance(colour):
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_colours_stand_out_from_their_grounds(theme):
    def contrast(one, other):
        low, high = sorted(luminance(theme[name]) for name in (one, other))
        return (high + 0.05) / (low + 0.05)

    for name in ("error", "fault", "flush", "back", "rule"):
        assert contrast(name, "ground") >= 3
    assert contrast("ink", "error") >= 3
    assert contrast("ink", "faint") >= 7
    assert contrast("ink", "ground") >= 7


def test_its_styles_touch_nothing_else_in_a_page():
    inner = re.sub(r"@media[^{]*\{", "", css())
    for selectors in re.findall(r"([^{}]+)\{", inner):
        for selector in selectors.split(","):
            assert re.match(rf"(html\[data-theme=\"\w+\"\] )?\.{CLASS}\b", selector), selector
