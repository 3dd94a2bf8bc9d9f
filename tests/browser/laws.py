"""What any page is asked, in whatever state it is: each law answers with what breaks it.

Every measure waits until the page is settled: before its fonts have come, text is of another width.
"""

from axe_playwright_python.base import AXE_SCRIPT
from scripts import (
    ARRIVED,
    ASK_AXE,
    BROKEN_IMAGES,
    CUT,
    LOOKS,
    PALE,
    SCROLLING_IS_MARKED,
    SETTLED,
    WRONG_FORMULAS,
)

WIDTHS = (1280, 375)
THEMES = ("light", "dark")
LARGE = ((1280, 200), (375, 200), (320, 100))
"""Widths in CSS pixels, and the size of text in percent: WCAG 2.2 asks for text of twice its size
(1.4.4), and for a page 320 pixels wide (1.4.10)."""

IN_COLOUR = ("color-contrast", "link-in-text-block")
"""What axe-core asks that has another answer in another theme: it takes most of its time."""
COLOURS = {"runOnly": {"type": "rule", "values": list(IN_COLOUR)}}
NO_COLOURS = {"rules": {rule: {"enabled": False} for rule in IN_COLOUR}}
ALL = {}
REST = ((1280, "dark", COLOURS), (375, "light", ALL), (375, "dark", COLOURS))
"""What axe-core is asked in other states than that in which a page is opened."""
BRIEF = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
"""What is right need not be described, nor style sheets be fetched, of which it asks nothing: that
takes two thirds of its time."""


def settled(page):
    """Wait until the page moves no more of itself, and is drawn."""
    page.wait_for_function(SETTLED)
    page.evaluate(ARRIVED)


def resized(page, width, text=100):
    """The page at a width in CSS pixels, its text in percent of its own size."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    settled(page)


def themed(page, theme):
    """The page for a reader whose system is light or dark."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
    settled(page)


def complete(page):
    """The page with every picture, however far down."""
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.evaluate("Promise.allSettled([...document.images].map(image => image.decode()))")
    settled(page)


def eager(page):
    """Every picture is there, beside a lab too, as where no script runs."""
    page.add_style_tag(content="html .lab-replaced { display: block !important }")
    complete(page)


def cut(page):
    """What a reader cannot read whole."""
    settled(page)
    return page.evaluate(CUT)


def pale(page):
    """What does not stand out from its ground."""
    settled(page)
    return page.evaluate(PALE)


def violations(page, rules=ALL, every=False):
    """What axe-core finds wrong, for people who cannot see, hear or point.

    The contrast of one text of each look, or of every text: only these find one that lies, by its
    place alone, over the ground of another element.
    """
    settled(page)
    page.wait_for_function(SCROLLING_IS_MARKED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(LOOKS)
    asked = "*" if every else "[data-look]"
    return page.evaluate(ASK_AXE, [BRIEF | rules, asked])


def own(page, rules=NO_COLOURS, every=False):
    """What can differ from page to page, once a more complex page of its kinds is asked whole."""
    complete(page)
    yield from (page.evaluate(WRONG_FORMULAS) + page.evaluate(BROKEN_IMAGES))
    if not page.title():
        yield "no title"
    if (count := page.locator("h1").count()) != 1:
        yield f"{count} headings of the first rank"
    yield from violations(page, rules, every)
    yield from pale(page)
    for width in (*WIDTHS, 320):
        resized(page, width)
        yield from (f"{width} pixels: {found}" for found in cut(page))


def whole(page, every=False):
    """All that a page is asked, which is opened wide and light: on any screen, in light and dark,
    in text of any size."""
    yield from own(page, ALL, every)
    for width, theme, rules in REST:
        resized(page, width)
        themed(page, theme)
        found = [*violations(page, rules, every), *pale(page), *cut(page)]
        yield from (f"{width} pixels, {theme}: {problem}" for problem in found)
    for width, text in LARGE:
        resized(page, width, text)
        yield from (f"{width} pixels, text at {text} %: {found}" for found in cut(page))
