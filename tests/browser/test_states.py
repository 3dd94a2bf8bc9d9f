"""Pages as readers leave them: searched, filtered, moved, with a menu open; in light and dark."""

import pytest
from laws import cut, pale, violations

THEMES = pytest.mark.parametrize("theme", ["light", "dark"])
PHONE = 375


def sound(page):
    for law in (violations, pale, cut):
        assert law(page) == []


@THEMES
@pytest.mark.parametrize("width", [1280, PHONE])
def test_search_with_results(visit, theme, width):
    page = searched(visit, theme=theme, width=width)
    sound(page)


@THEMES
def test_a_page_that_was_searched_for(visit, theme):
    page = searched(visit, theme=theme)
    page.locator("#search-results li a").first.click()
    page.locator("article .highlighted").first.wait_for()
    sound(page)


def test_a_highlight_that_cannot_be_read_is_noticed(visit):
    page = searched(visit, theme="dark")
    page.add_style_tag(content=".highlighted { color: var(--pst-color-link) !important }")
    assert violations(page) != []


def searched(visit, **options):
    page = visit("search.html?q=slope", **options)
    page.wait_for_function(SEARCHED)
    return page


# Each result has its piece of the page, and in it the word.
SEARCHED = """() => {
    const results = [...document.querySelectorAll('#search-results li')]
    return results.length && results.every(result => result.querySelector('.highlighted'))
}"""


@THEMES
def test_the_ledger_filtered(visit, theme):
    page = visit("book/reference/claims.html", theme=theme, width=PHONE)
    page.get_by_label("Verdict").select_option(index=2)
    assert 0 < page.locator(".claim:visible").count() < page.locator(".claim").count()
    sound(page)


def test_the_ledger_by_source_with_the_keyboard(visit):
    """What is shown is what is told, and a heading with nothing below it goes."""
    page = visit("book/reference/claims.html")
    every, headings = page.locator(".claim").count(), page.locator("h2:visible").count()
    seen = 0
    for kind in ("the post", "a paper", "documentation", "folklore"):
        page.get_by_label("Source").focus()
        page.keyboard.type(kind)
        shown = page.locator(".claim:visible").count()
        assert 0 < shown == page.locator(f".claim.source-{kind.split()[-1]}").count()
        assert page.locator(".filter-form output").inner_text() == f"{shown} of {every} shown"
        assert page.locator("h2:visible").count() < headings
        seen += shown
    assert seen == every


@THEMES
@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_a_menu_open_on_a_phone(visit, theme, side):
    page = visit("book/reference/claims.html", theme=theme, width=PHONE)
    page.locator(f".{side}-toggle").click()
    page.locator(f"#pst-{side}-sidebar-modal").wait_for()
    sound(page)


@pytest.mark.parametrize("opened", ["index.html", "search.html", "book/reference/claims.html"])
def test_the_focus_is_seen_with_forced_colours(visit, opened):
    """Shadows are not drawn then: whatever has the focus has an outline."""
    page = visit(opened, forced_colors="active")
    page.keyboard.press("Tab")  # from now on it is the keyboard that moves the focus
    assert page.evaluate(UNMARKED) == []
    page.add_style_tag(content=":focus-visible { outline: none !important }")
    assert page.evaluate(UNMARKED) != []


UNMARKED = """() =>
    [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
        .filter(element => {
            element.focus()
            return element.matches(':focus-visible') && ![element, ...element.children].some(
                part => getComputedStyle(part).outlineStyle !== 'none')
        })
        .map(element => element.outerHTML.slice(0, 120))"""
