"""What holds for every page of the site: on any screen, in light and dark, in text of any size."""

import pytest
from laws import CUT, PALE, resized, violations

from website.browser import complete

WIDTHS = (1280, 375)
THEMES = ("light", "dark")
LARGE = ((1280, 200), (375, 200), (320, 100))
"""Widths in CSS pixels, and the size of text in percent: WCAG 2.2 asks for text of twice its size
(1.4.4), and for a page 320 pixels wide (1.4.10)."""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What axe-core asks that has another answer in another theme: it takes most of its time."""


def test_a_page_is_whole(visit, path):
    page = visit(path, width=WIDTHS[0])
    mathematics_is_set(page)
    assert page.title()
    assert page.locator("h1").count() == 1, "one title a page"
    complete(page)
    assert page.evaluate(BROKEN_IMAGES) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
            assert violations(page, {} if theme == "light" else COLOURS) == []
            assert page.evaluate(PALE) == []
        assert page.evaluate(CUT) == []
    for width, text in LARGE:
        resized(page, width, text)
        assert page.evaluate(CUT) == [], f"{width} pixels, text at {text} %"


def mathematics_is_set(page):
    """Every formula is typeset, and none by an error message."""
    page.wait_for_function(
        "!document.querySelector('.math') || window.MathJax?.startup?.promise !== undefined"
    )
    page.evaluate("window.MathJax?.startup?.promise?.then(() => true) ?? true")
    assert page.evaluate(UNSET) == []


UNSET = """[...document.querySelectorAll('.math')]
    .filter(math => !math.querySelector('mjx-container') || math.querySelector('mjx-merror'))
    .map(math => math.textContent)"""

BROKEN_IMAGES = """[...document.images]
    .filter(image => !image.naturalWidth || !image.hasAttribute('alt'))
    .map(image => image.outerHTML)"""


FAULTS = {
    "sticks out": "h1 { width: 40rem }",
    "is cut": "h1 { overflow: hidden; white-space: nowrap }",
    "spills": "article p { white-space: nowrap }",
    "scrolls": "h1 { overflow-x: auto; white-space: nowrap; width: 5rem }",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_cut_is_noticed(visit, fault):
    page = visit("index.html", width=320)
    resized(page, 320)
    assert page.evaluate(CUT) == []
    page.add_style_tag(content=FAULTS[fault])
    assert any(found.startswith(fault) for found in page.evaluate(CUT))
