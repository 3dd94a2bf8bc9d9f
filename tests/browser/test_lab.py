"""The labs: what they compute is what actlib computes, and mouse, keys and fingers move them."""

import base64
from functools import cache

import numpy as np
import pytest
import sympy as sp
from bs4 import BeautifulSoup
from conftest import EMPTY, HTML
from laws import cut, pale, resized, violations

import actlib
from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise, of_vectors
from actlib.formula.domain import Domain
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter
from actlib.formula.symbols import X, at, at_setting
from actlib.vectors.rounded import rounded
from actlib.verify.pieces import jumps
from lab import modules
from lab.javascript import literal
from lab.sliders import opening, sliders

ELEMENTWISE = elementwise(actlib.ALL.values())
VECTOR = of_vectors(actlib.ALL.values())
SHARES = [r for r in VECTOR if r.range == (0, 1)]
SLIDING = [r for r in ELEMENTWISE if r.parameters]
FUNCTIONS = ("f", "slope", "curvature")
TOLERANCE = 1e-12
NORMAL = np.finfo(np.float64).smallest_normal
TOUCH = {"has_touch": True, "is_mobile": True, "width": 375}

every_record = pytest.mark.parametrize("record", ELEMENTWISE, ids=lambda r: r.name)
every_share = pytest.mark.parametrize("record", SHARES, ids=lambda r: r.name)
every_vector = pytest.mark.parametrize("record", VECTOR, ids=lambda r: r.name)
one_with_a_slider = pytest.mark.parametrize("record", SLIDING[:1], ids=lambda r: r.name)
every_slider = pytest.mark.parametrize("record", SLIDING, ids=lambda r: r.name)


def address(record):
    return f"book/activations/{record.name}.html"


PAGES = {
    "chapter": address(SLIDING[0]),
    "vector": address(next(r for r in SHARES if np.all(np.asarray(r([2.0, 1.0, -1.0])) > 0))),
    "signed": address(next(r for r in VECTOR if r not in SHARES)),
    "compare": "book/reference/compare.html",
}


def opened(visit, record, **options):
    page = visit(address(record), **options)
    page.locator(".lab").scroll_into_view_if_needed()
    return page


# What is computed.


@pytest.fixture(scope="module")
def page(context, site):
    """One for all that only compute: a module needs nothing of its page."""
    page = context().new_page()
    page.goto(site + EMPTY)
    return page


def points(record, setting):
    """A grid, and every kink that is a float. Next to one that is none, where its piece ends is a
    matter of rounding: there we look a little further away."""
    kinks = record.kinks_at(setting)
    exact = [float(k) for k in kinks if sp.Rational(float(k)) == k]
    beside = [float(k) + side for k in kinks for side in (-1e-9, 1e-9)]
    grid = np.linspace(-20, 20, 2001)
    for kink in map(float, kinks):
        grid = grid[np.abs(grid - kink) > 1e-12]
    return np.unique([*grid, *exact, *beside])


def curvature(record, setting, x):
    """f'' of the definition, rounded once: at x = 100 the quotient rule cancels 40 digits."""
    twice = sp.diff(at_setting(record.definition, setting), X, 2)
    return rounded(twice, np.asarray(x, np.float64))


def furthest(got, expected, least=1.0):
    """The largest error: relative, and absolute where the values are below the least."""
    expected = np.asarray(expected, np.float64)
    error = np.abs(np.asarray(got, np.float64) - expected) / np.maximum(least, np.abs(expected))
    return error.max()


def computed(page, source, setting, x, function):
    return page.evaluate(
        f"""async (x) => {{
            const {{ default: record }} = await import("{source}");
            return x.map((point) => record.{function}(point, {literal(setting)}));
        }}""",
        list(map(float, x)),
    )


def source_of(record, setting, site):
    """The module of the site; where a stack has another size in this setting, one made for it."""
    if sizes(setting) == sizes(opening(record)):
        return f"{site}_static/lab/functions/{record.name}.js"
    return encoded(modules.exported(modules.elementwise(record, setting)), site)


def encoded(module, site):
    """An address of its own, from which what it imports has to be an address in full."""
    module = module.replace('from "../', f'from "{site}_static/lab/')
    return f"data:text/javascript;base64,{base64.b64encode(module.encode()).decode()}"


def sizes(setting):
    return [len(value) for value in setting.values() if isinstance(value, tuple)]


@every_record
def test_functions_are_those_of_the_library(page, site, record):
    for setting in record.settings:
        x = points(record, setting)
        expected = record(x, **setting), record.derivative(x, **setting)
        expected = [*expected, curvature(record, setting, x)]
        source = source_of(record, setting, site)
        for function, right in zip(FUNCTIONS, expected, strict=True):
            got = computed(page, source, setting, x, function)
            # A wave is next to 0 again and again, where all it has is what rounded its product.
            least = max(1, np.abs(right).max()) if record.no_limits else 1
            assert furthest(got, right, least) <= TOLERANCE, (function, setting)


@every_record
def test_tails_keep_their_digits(page, site, record):
    """As far as a window reaches, a value that is close to 0 is drawn at its true height in the log
    view: there 1 - 1 for a tail would be a hole. Below the normal numbers it may be 0."""
    for setting in record.settings:
        x = np.linspace(-100, 100, 802)
        for kink in map(float, record.kinks_at(setting)):
            x = x[np.abs(x - kink) > 1e-6]
        right = record(x, **setting), record.derivative(x, **setting), curvature(record, setting, x)
        source = source_of(record, setting, site)
        for function, expected in zip(FUNCTIONS, right, strict=True):
            got = np.array(computed(page, source, setting, x, function), np.float64)
            tail = np.abs(expected) >= NORMAL
            assert np.all(np.abs(got[~tail]) < 2 * NORMAL), (function, setting)
            assert np.abs(got[tail] / expected[tail] - 1).max(initial=0) < 1e-9, (function, setting)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_wrong_formula_is_noticed(page, site, function):
    """The same comparison, of a module in which one function is off by a billionth."""
    record = next(r for r in ELEMENTWISE if not r.kinks and not r.parameters)
    (setting,) = record.settings
    made = modules.module(record).replace(f"{function}: (x, p) =>", f"{function}: (x, p) => 1e-9 +")
    source = encoded(made, site)
    x = points(record, setting)
    right = dict(
        zip(
            FUNCTIONS,
            (record(x), record.derivative(x), curvature(record, setting, x)),
            strict=True,
        )
    )
    for name in FUNCTIONS:
        found = furthest(computed(page, source, setting, x, name), right[name])
        assert (found > TOLERANCE) == (name == function)


def test_a_new_record_needs_nothing_here(page, site):
    """A toy with what no record has yet: |x|, an open interval, and a power of a parameter."""
    beta = Parameter(
        name="beta", default=0.5, domain=Domain(above=0, below=1), meaning="The slope."
    )

    def formula(x, beta):
        definition = sp.Max(x, 0) + beta**2 * sp.Abs(x) * sp.exp(-sp.Abs(x))
        return Formula(definition=definition, range=(0, sp.oo), kinks=(Kink(at=0),))

    def value(x, beta):
        return np.maximum(x, 0) + beta**2 * np.abs(x) * np.exp(-np.abs(x))

    def derivative(x, beta):
        bump = beta**2 * np.exp(-np.abs(x)) * (1 - np.abs(x))
        # SymPy gives 0 to the left piece of Max(x, 0), and to the right piece of |x|.
        return (x > 0) + np.where(x >= 0, bump, -bump)

    toy = Activation(
        name="toy",
        title="Toy",
        doc="A toy: f(x) = max(x, 0) + beta² |x| exp(−|x|).",
        formula=formula,
        value_kernel=value,
        derivative_kernel=derivative,
        parameters=(beta,),
        samples=({"beta": 0.9},),
        references=(),
        equivalents={},
    )
    source = encoded(modules.module(toy), site)
    for setting in toy.settings:
        x = points(toy, setting)
        right = toy(x, **setting), toy.derivative(x, **setting), curvature(toy, setting, x)
        for function, expected in zip(FUNCTIONS, right, strict=True):
            assert furthest(computed(page, source, setting, x, function), expected) <= TOLERANCE


@every_record
def test_kinks_are_those_of_the_record(page, site, record):
    """Where they are, and the slopes that are taken there, at every setting."""
    for setting in record.settings:
        found = page.evaluate(
            f"""async () => {{
                const {{ default: record }} = await import("{source_of(record, setting, site)}");
                const {{ kinks }} = await import("{site}_static/lab/kinks.js");
                return kinks(record, {literal(setting)});
            }}"""
        )
        expected = sorted(record.kinks_at(setting))
        assert np.allclose([kink["at"] for kink in found], list(map(float, expected)), atol=1e-15)
        there = jumps(at_setting(record.definition, setting))
        for kink, point in zip(found, expected, strict=True):
            slopes = {taker["who"]: taker["slope"] for taker in kink["takers"]}
            assert slopes.pop("actlib") == pytest.approx(float(there[point].taken), abs=1e-12)
            assert slopes == pytest.approx(declared(record, setting, point), abs=1e-12)
            for side in ("left", "right"):
                slope = float(getattr(there[point], side))
                assert kink["slope"][side] == pytest.approx(slope, rel=1e-6, abs=1e-6)


def declared(record, setting, point):
    """Which slopes frameworks take at the point, as the record has it."""
    kink = next(k for k in record.kinks if point in k.points(setting))
    return {who: float(at(slope, setting)) for who, slope in kink.frameworks.items()}


# The curve lab.


def path(page, curve="f"):
    return page.locator(f".lab-plot path.lab-line.lab-{curve}").get_attribute("d")


def reading(page, of):
    return float(page.locator(f'.lab-reading [data-of="{of}"] data').get_attribute("value"))


def seen(locator):
    """Its box, in the middle of the screen."""
    locator.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return locator.bounding_box()


def middle(box, across=0.5, down=0.5):
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


@every_record
def test_a_lab_stands_in_for_the_figure(share, record):
    page = opened(share, record)
    figure = page.locator(".lab-figure").first
    assert not figure.is_visible()
    assert figure.get_attribute("id") is None, "links to the figure lead to the lab"
    assert page.locator(".lab").get_attribute("id")
    assert path(page).startswith("M")
    assert path(page, "slope").startswith("M")
    start = opening(record)
    x = reading(page, "x")
    assert reading(page, "f(x)") == pytest.approx(float(record(x, **start)), rel=1e-12)
    assert reading(page, "f′(x)") == pytest.approx(float(record.derivative(x, **start)), rel=1e-12)
    assert page.locator(".lab-slider").count() == len(list(sliders(record)))
    seen = [kink for kink in record.kinks_at(start) if -5 < kink < 5]
    found = jumps(at_setting(record.definition, start))
    slopes = [k for k in seen if found[k].left != found[k].right]
    values = [k for k in seen if found[k].height != 0]
    assert page.locator(".lab-plot line.lab-jump.lab-slope").count() == len(slopes)
    assert page.locator(".lab-plot line.lab-jump.lab-f").count() == len(values)
    assert page.locator(".lab-plot circle.lab-value").count() == len(values)
    dots = page.locator(".lab-plot .lab-dot").evaluate_all("dots => dots.map(d => d.dataset.who)")
    assert dots == [who for k in sorted(slopes) for who in ("actlib", *declared(record, start, k))]


@every_record
def test_a_page_comes_with_its_figure_and_an_empty_lab(record):
    page = BeautifulSoup(HTML.joinpath(address(record)).read_text("utf-8"), "html.parser")
    assert page.select_one(".lab-figure img, img.lab-figure")["alt"]
    assert page.select_one(".lab").contents == []


@one_with_a_slider
def test_without_javascript_the_figure_stays(visit, record):
    page = visit(address(record), java_script_enabled=False)
    image = page.locator(".lab-figure img, img.lab-figure").first
    assert image.is_visible()
    assert image.get_attribute("alt")
    assert page.locator(".lab").evaluate("lab => lab.getBoundingClientRect().height") == 0


@every_slider
def test_every_slider_moves_the_curve(share, record):
    """By keys; and the curve is that of the setting which the sliders show."""
    page = opened(share, record)
    x = np.linspace(*window(page), 500)
    moved = 0
    for slider in page.locator(".lab-slider").all():
        ranged = slider.locator("input[type=range]")
        if ranged.is_disabled():
            slider.locator("input[type=checkbox]").click()
        before, old = both(page), setting(page, record)
        ranged.press("PageUp")
        ranged.press("PageUp")
        new = setting(page, record)
        assert new != old
        assert ranged.get_attribute("aria-valuetext") == slider.locator("output").inner_text()
        assert reading(page, "f(x)") == pytest.approx(float(record(1.0, **new)), rel=1e-12)
        changes = np.any(record(x, **new) != record(x, **old))
        assert (both(page) != before) == changes
        moved += changes
    assert moved
    reset(page)
    assert setting(page, record) == opening(record)


def reset(page):
    page.get_by_role("button", name="Reset the parameters").click()


def setting(page, record):
    """What the sliders show."""
    shown = {name: [] for name in opening(record)}
    numbers = page.locator(".lab-slider output data").evaluate_all("all => all.map(d => d.value)")
    for slider, number in zip(sliders(record), numbers, strict=True):
        shown[slider["name"]].append(None if number == "Infinity" else float(number))
    stacked = {p.name for p in record.parameters if p.stacked}
    return {name: tuple(v) if name in stacked else v[0] for name, v in shown.items()}


def both(page):
    return path(page), path(page, "slope")


@one_with_a_slider
def test_a_slider_moves_by_mouse(visit, record):
    page = opened(visit, record)
    before, box = both(page), seen(page.locator(".lab-slider input").first)
    page.mouse.move(*middle(box, 0.2))
    page.mouse.down()
    page.mouse.move(*middle(box, 0.5), steps=4)
    page.mouse.move(*middle(box, 0.9), steps=4)
    page.mouse.up()
    assert both(page) != before


@one_with_a_slider
def test_a_slider_moves_by_touch(visit, record):
    page = opened(visit, record, **TOUCH)
    before, box = both(page), seen(page.locator(".lab-slider input").first)
    swipe(page, middle(box, 0.3), middle(box, 0.9))
    assert both(page) != before


def swipe(page, start, end, *more):
    """One finger from start to end, or several: each a pair of points."""
    fingers = [(start, end), *more]
    session = page.context.new_cdp_session(page)

    def send(kind, share):
        places = [tuple(a + share * (b - a) for a, b in zip(*f, strict=True)) for f in fingers]
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [] if kind == "touchEnd" else touches},
        )

    send("touchStart", 0)
    for step in range(1, 11):
        send("touchMove", step / 10)
    send("touchEnd", 1)
    page.evaluate("new Promise(requestAnimationFrame)")


@every_record
def test_every_sliders_ends_can_be_drawn(share, record):
    """From one end of each slider to the other there is always a curve."""
    page = opened(share, record)
    for ranged in page.locator(".lab-slider input[type=range]:enabled").all():
        for key in ("Home", "End"):
            ranged.press(key)
            assert path(page).startswith("M")
            assert "NaN" not in page.locator(".lab-plot").inner_html()
            shown = setting(page, record)
            record(0.0, **shown)  # the library refuses parameters that are out of order
    if record.parameters:
        reset(page)


@one_with_a_slider
def test_the_crosshair_follows_pointer_and_keys(visit, record):
    page = opened(visit, record)
    plot = page.locator(".lab-plot")
    page.mouse.move(*middle(seen(plot), 0.25))
    left = reading(page, "x")
    page.mouse.move(*middle(seen(plot), 0.8))
    assert reading(page, "x") > left + 1
    plot.focus()
    before = reading(page, "x")
    page.keyboard.press("ArrowLeft")
    assert reading(page, "x") == pytest.approx(before - 0.1)
    page.keyboard.press("PageUp")
    assert reading(page, "x") > before
    page.keyboard.press("Home")
    x = reading(page, "x")
    assert x == pytest.approx(-5)
    assert reading(page, "f(x)") == pytest.approx(float(record(x, **opening(record))), rel=1e-12)
    assert f"x = {x:g}".replace("-", "−") in plot.get_attribute("aria-valuetext")


def test_keys_stop_at_a_kink(visit):
    record, kink = next((r, k) for r in ELEMENTWISE for k in r.kinks_at(opening(r)) if abs(k) < 5)
    page = opened(visit, record)
    page.locator(".lab-plot").focus()
    page.keyboard.press("Home")
    for _ in range(105):
        page.keyboard.press("ArrowRight")
        if reading(page, "x") == float(kink):
            return
    pytest.fail(f"{record.name}: went past {kink}")


@one_with_a_slider
def test_the_window_zooms_pans_and_comes_back(visit, record):
    page = opened(visit, record)
    plot, home = page.locator(".lab-plot"), window(page)
    span = home[1] - home[0]

    page.get_by_role("button", name="Zoom in").click()
    assert window(page)[1] - window(page)[0] == pytest.approx(0.8 * span)
    page.get_by_role("button", name="Zoom out").click()
    assert window(page) == pytest.approx(home)
    page.get_by_role("button", name="Move the window right").click()
    assert window(page)[0] == pytest.approx(home[0] + 0.1 * span)
    page.get_by_role("button", name="Reset view").click()
    assert window(page) == home

    box = seen(plot)
    before = path(page)
    page.mouse.move(*middle(box))
    page.mouse.down()
    page.mouse.move(*middle(box, 0.6, 0.7), steps=3)
    page.mouse.up()
    assert window(page)[0] < home[0] - 0.5
    assert path(page) != before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(f"{SPAN} < {0.9 * span}")

    plot.focus()
    page.keyboard.press("0")
    assert window(page) == home
    page.keyboard.press("Shift+ArrowLeft")
    assert window(page)[0] == pytest.approx(home[0] - 0.1 * span)
    page.keyboard.press("0")
    page.keyboard.press("+")
    assert window(page)[1] - window(page)[0] == pytest.approx(0.8 * span)


SPAN = """(() => {
    const plot = document.querySelector(".lab-plot");
    return plot.ariaValueMax - plot.ariaValueMin;
})()"""


def window(page):
    plot = page.locator(".lab-plot")
    return [float(plot.get_attribute(f"aria-value{end}")) for end in ("min", "max")]


@one_with_a_slider
def test_the_wheel_alone_scrolls_the_page(visit, record):
    page = opened(visit, record)
    home = window(page)
    page.mouse.move(*middle(seen(page.locator(".lab-plot"))))
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")
    assert window(page) == home


@one_with_a_slider
def test_fingers_pan_pinch_and_point(visit, record):
    page = opened(visit, record, **TOUCH)
    plot, home = page.locator(".lab-plot"), window(page)
    box = seen(plot)
    page.touchscreen.tap(*middle(box, 0.3))
    assert reading(page, "x") < 0
    swipe(page, middle(box, 0.7), middle(box, 0.3))
    assert window(page)[0] > home[0] + 1
    page.get_by_role("button", name="Reset view").tap()
    swipe(
        page,
        middle(box, 0.45),
        middle(box, 0.2),
        (middle(box, 0.55), middle(box, 0.8)),
    )
    assert window(page)[1] - window(page)[0] < 0.7 * (home[1] - home[0])


@every_record
def test_tails_and_second_derivative(share, record):
    page = opened(share, record)
    assert page.locator(".lab-plot path.lab-curvature").count() == 0
    page.get_by_label("f″").check()
    assert path(page, "curvature").startswith("M")
    x = reading(page, "x")
    expected = curvature(record, opening(record), [x])[0]
    assert reading(page, "f″(x)") == pytest.approx(expected, abs=1e-12)
    before = path(page)
    page.get_by_label("log scale").check()
    assert path(page) != before
    assert window(page) == [-20, 20]
    assert "NaN" not in page.locator(".lab-plot").inner_html()
    page.get_by_label("log scale").uncheck()
    assert path(page) == before
    page.get_by_label("f″").uncheck()


@one_with_a_slider
def test_nothing_moves_by_itself(visit, record):
    page = opened(visit, record, reduced_motion="reduce")
    page.get_by_role("button", name="Zoom in").click()
    running = "document.querySelector('.lab').getAnimations({ subtree: true }).length"
    assert page.evaluate(running) == 0
    assert page.locator(".lab *").evaluate_all(MOVING) == []


MOVING = """all => all.map(getComputedStyle)
    .filter(style => style.animationName != 'none' || parseFloat(style.transitionDuration) > 0)
    .map(style => style.cssText.slice(0, 80))"""


@pytest.mark.parametrize("kind", sorted(PAGES))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_inks_stand_out_and_targets_are_large(visit, kind, theme):
    """Curves have a contrast of 3 to 1 with the page; what is touched is 24 pixels or more."""
    page = visit(PAGES[kind], theme=theme, width=375)
    if kind == "compare":
        for box in page.locator(".lab-choices input").all():
            box.check()
    assert pale(page) == []
    for target in page.locator(
        ".lab button, .lab label, .lab input[type=range], .lab [role=slider]"
    ).all():
        size = target.bounding_box()
        assert min(size["width"], size["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("chapter", ".lab path.lab-line { stroke: Canvas !important }"),
        ("vector", ".lab .lab-fill { background: Canvas !important }"),
        ("compare", ".lab select { border-color: Canvas !important }"),
    ],
)
@pytest.mark.parametrize("forced_colors", ["none", "active"])
def test_an_ink_that_does_not_stand_out_is_noticed(visit, kind, fault, forced_colors):
    page = visit(PAGES[kind], forced_colors=forced_colors)
    assert pale(page) == []
    page.add_style_tag(content=fault)
    assert pale(page) != []


@pytest.mark.parametrize("kind", sorted(PAGES))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_lab_in_use_is_accessible(visit, kind, theme):
    """When boxes are checked, classes added and sliders moved; nor is anything cut, in large text
    or on a narrow screen."""
    page = visit(PAGES[kind], theme=theme, width=375)
    for box in page.locator(".lab input[type=checkbox]").all():
        box.check()
    add = page.get_by_role("button", name="Add a class")
    while add.is_visible() and add.is_enabled():
        add.click()
    for handle in page.locator(".lab [role=slider], .lab input[type=range]:enabled").all():
        handle.press("End")
    for width, text in ((375, 100), (375, 200), (320, 100)):
        resized(page, width, text)
        assert cut(page) == []
    assert violations(page) == []


@pytest.mark.parametrize("kind", sorted(PAGES))
@pytest.mark.parametrize("system", ["light", "dark"])
def test_forced_colours_leave_every_ink(visit, kind, system):
    """Those of the reader's system, whichever theme the reader has chosen."""
    page = visit(PAGES[kind], theme=system, forced_colors="active")
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert pale(page) == []
    levels = page.locator(".lab-matrix td").evaluate_all(
        "all => all.map(cell => getComputedStyle(cell).backgroundColor)"
    )
    assert not levels or len(set(levels)) > 2, "the size of a number is seen as well as read"


# The compare page.


@pytest.fixture
def compare(visit):
    return visit(PAGES["compare"])


def test_any_activations_are_compared(compare):
    boxes = compare.locator(".lab-choices input")
    assert boxes.count() == len(ELEMENTWISE)
    for box in boxes.all():
        box.check()
    curves = compare.locator(".lab-plot path.lab-chosen")
    assert curves.count() == len(ELEMENTWISE)
    looks = curves.evaluate_all(
        "all => all.map(getComputedStyle).map(s => [s.stroke, s.strokeDasharray].join())"
    )
    assert len(set(looks)) == len(ELEMENTWISE), "told apart by colour and dash"
    x = reading(compare, "x")
    for record in ELEMENTWISE:
        expected = float(record(x, **opening(record)))
        assert reading(compare, record.title) == pytest.approx(expected, rel=1e-12)
    compare.get_by_label("f′", exact=True).check()
    for record in ELEMENTWISE:
        expected = float(record.derivative(x, **opening(record)))
        assert reading(compare, record.title) == pytest.approx(expected, rel=1e-12)
    for box in boxes.all():
        box.uncheck()
    assert curves.count() == 0


@cache
def pairs():
    """Each activation with the next."""
    return list(zip(ELEMENTWISE, [*ELEMENTWISE[1:], ELEMENTWISE[0]], strict=True))


@pytest.mark.parametrize("order", ["f", "f′"])
def test_the_largest_difference_is_numpys(compare, order):
    compare.get_by_label(order, exact=True).check()
    for zoom in ("Reset view", "Zoom in"):
        compare.get_by_role("button", name=zoom).click()
        left, right = window(compare)
        for first, second in pairs():
            for menu, record in zip(compare.locator("select").all(), (first, second), strict=True):
                menu.select_option(record.title)
            kinks = {float(k) for r in (first, second) for k in r.kinks_at(opening(r))}
            beside = [k + s for k in kinks for s in (-1e-12, 0, 1e-12) if left < k < right]
            x = np.union1d(np.linspace(left, right, 200_001), beside)
            gap = np.abs(values(first, order, x) - values(second, order, x))
            shown, place = (
                float(compare.locator(f".lab-largest-{part}").get_attribute("value"))
                for part in ("value", "x")
            )
            assert shown == pytest.approx(gap.max(), rel=1e-8, abs=1e-12)
            assert left <= place <= right
            around = np.array([place - 1e-9, place, place + 1e-9])
            reached = np.abs(values(first, order, around) - values(second, order, around))
            assert reached.max() == pytest.approx(shown, rel=1e-6, abs=1e-8)


def values(record, order, x):
    return (record if order == "f" else record.derivative)(x, **opening(record))


def test_the_compare_page_without_javascript(visit):
    page = visit(PAGES["compare"], java_script_enabled=False)
    assert page.locator(".lab-figure a").get_attribute("href") == "atlas.html"
    assert page.locator(".lab-figure").is_visible()


# The vector lab.


def logits(page):
    return [float(bar.get_attribute("aria-valuenow")) for bar in page.locator(".lab-bar").all()]


def components(page):
    return [float(v.get_attribute("value")) for v in page.locator(".lab-component").all()]


def agrees(page, record, temperature=1.0):
    """Everything that is shown, against actlib."""
    z = np.array(logits(page)) / temperature
    value = np.atleast_1d(record(z))
    assert components(page) == pytest.approx(list(value), abs=1e-12)
    assert lengths(page) == pytest.approx(drawn_as(record, value), abs=1e-3)
    cells = page.locator(".lab-matrix td data").evaluate_all("all => all.map(d => +d.value)")
    expected = record.jacobian(z) / temperature
    assert np.abs(np.reshape(cells, expected.shape) - expected).max() <= 1e-12


def lengths(page):
    """Of the bars of the components, from zero on, as parts of their tracks."""
    return page.locator(".lab-share").evaluate_all(
        """all => all.map(track => {
            const { left, width } = track.firstElementChild.style;
            const zero = track.classList.contains("lab-signed") ? 50 : 0;
            return (parseFloat(left) < zero ? -1 : 1) * parseFloat(width) / 100;
        })"""
    )


def drawn_as(record, value):
    """Shares as parts of the whole, others on both sides of zero: as far as they reach, or 10."""
    return list(value if record in SHARES else value / max(10, *np.abs(value)) / 2)


@every_vector
def test_logits_move_by_mouse_and_keys(visit, record):
    page = opened(visit, record)
    assert not page.locator(".lab-figure").first.is_visible()
    agrees(page, record)
    bar = page.locator(".lab-bar").nth(1)
    box = seen(bar)
    page.mouse.move(*middle(box, 0.5))
    page.mouse.down()
    page.mouse.move(*middle(box, 0.75), steps=3)
    page.mouse.up()
    assert logits(page)[1] == pytest.approx(5, abs=0.2)
    agrees(page, record)
    bar.focus()
    before = logits(page)[1]
    page.keyboard.press("ArrowLeft")
    assert logits(page)[1] == pytest.approx(before - 0.1)
    for key, end in (("End", 10), ("PageUp", 10), ("Home", -10)):
        page.keyboard.press(key)
        assert logits(page)[1] == end
        agrees(page, record)


@every_vector
def test_logits_move_by_touch(visit, record):
    page = opened(visit, record, **TOUCH)
    box = seen(page.locator(".lab-bar").first)
    swipe(page, middle(box, 0.5), middle(box, 0.2))
    assert logits(page)[0] < -4
    agrees(page, record)


@every_vector
def test_temperature_and_the_number_of_classes(visit, record):
    page = opened(visit, record)
    heat = page.get_by_label("Temperature T")
    for key in ("Home", "End", "ArrowLeft"):
        heat.press(key)
        temperature = 10 ** float(heat.input_value())
        agrees(page, record, temperature)
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".lab-simplex").count() == (record in SHARES)
    remove, add = (page.get_by_role("button", name=f"{n} a class") for n in ("Remove", "Add"))
    remove.click()
    assert len(logits(page)) == min(modules.SIZES)
    assert remove.is_disabled()
    assert page.locator(".lab-simplex").count() == 0
    while add.is_enabled():
        agrees(page, record)
        add.click()
    assert len(logits(page)) == max(modules.SIZES)
    agrees(page, record)


@every_share
def test_the_simplex_shows_the_point(share, record):
    """The centre of mass of the corners, weighted by the probabilities."""
    page = opened(share, record)
    corners = [(20, 190), (230, 190), (125, 8)]
    expected = np.array(components(page)) @ np.array(corners)
    point = page.locator(".lab-simplex circle")
    shown = [float(point.get_attribute(c)) for c in ("cx", "cy")]
    assert shown == pytest.approx(list(expected), abs=1e-9)


@every_vector
@pytest.mark.parametrize("width", [375, 1280])
def test_a_row_of_the_jacobian_is_a_row(visit, record, width):
    """On a phone too, where no number of a bar is cut either."""
    page = opened(visit, record, width=width)
    left, top, _ = zip(*edges(page, ".lab-matrix td:has(data)"), strict=True)
    assert len(set(left)) == len(logits(page))
    assert len(set(top)) == len(components(page))
    _, _, end = edges(page, ".lab")[0]
    assert all(right <= end for _, _, right in edges(page, ".lab-component"))


def edges(page, selector):
    """Of each element left, top, and how far what is in it reaches to the right."""
    return page.locator(selector).evaluate_all(
        """all => all.map(element => {
            const { left, top } = element.getBoundingClientRect();
            return [left, top, left + element.scrollWidth].map(Math.round);
        })"""
    )


@every_vector
def test_without_javascript_the_vectors_figure_stays(visit, record):
    page = visit(address(record), java_script_enabled=False)
    assert page.locator(".lab-figure img").first.is_visible()


# What it weighs.


@pytest.mark.parametrize("record", list(actlib.ALL.values()), ids=lambda r: r.name)
def test_a_chapter_loads_its_own_functions_and_little_else(share, record):
    """Under 25 KB, compressed as a server would."""
    page = opened(share, record)
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('/lab/'))"
    )
    functions = [name for name in loaded if "/functions/" in name]
    assert {name.rsplit("/", 1)[1] for name in functions} == {f"{record.name}.js"}
    assert len(loaded) == len(set(loaded)), "nothing is loaded twice"
    total = sum(compressed(page, name) for name in loaded)
    assert total < 25_000, f"{total} bytes"


def compressed(page, address):
    return page.evaluate(
        """async (address) => {
            const { body } = await fetch(address);
            return (await new Response(body.pipeThrough(new CompressionStream("gzip")))
                .arrayBuffer()).byteLength;
        }""",
        address,
    )


def test_other_pages_have_no_lab(visit):
    page = visit("book/reference/atlas.html")
    assert "/lab/" not in page.content()
