"""Pages as readers leave them: searched, filtered, moved, with a menu open; in light and dark."""

import re

import pytest
from laws import cut, pale, resized, violations
from scripts import SCROLLING_IS_MARKED

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
    page.get_by_label(re.compile("^Verdict")).select_option(index=2)
    assert 0 < page.locator(".claim:visible").count() < page.locator(".claim").count()
    sound(page)


def test_the_ledger_by_source_with_the_keyboard(visit):
    """What is shown is what is told, and a heading with nothing below it goes."""
    page = visit("book/reference/claims.html")
    every, headings = page.locator(".claim").count(), page.locator("h2:visible").count()
    menu, seen = page.get_by_label(re.compile("^Source")), 0
    menu.focus()
    for _ in range(menu.locator("option").count() - 1):
        page.keyboard.press("ArrowDown")
        shown = page.locator(".claim:visible").count()
        assert 0 < shown == page.locator(f".claim.{menu.input_value()}").count()
        assert page.locator(".filter-form output").inner_text() == f"{shown} of {every} shown"
        assert page.locator("h2:visible").count() < headings
        seen += shown
    assert seen == every


@THEMES
def test_the_gallery_filtered(visit, theme):
    page = visit("index.html", theme=theme, width=PHONE)
    page.get_by_label("bounded").check()
    page.get_by_label("PyTorch").check()
    assert 0 < page.locator(".gallery li:visible").count() < page.locator(".gallery li").count()
    sound(page)


def test_the_gallery_by_property_with_the_keyboard(visit):
    """Each box leaves what carries its class; a family of which nothing is left goes whole."""
    page = visit("index.html")
    tiles, told = page.locator(".gallery li"), page.locator(".filter-form output")
    every, headings = tiles.count(), page.locator("h2:visible").count()
    assert told.inner_text() == f"{every} of {every} shown"
    for box in page.locator(".filter-form input").all():
        box.focus()
        page.keyboard.press("Space")
        name = box.get_attribute("value")
        shown = page.locator(f".gallery li.{name}").count()
        assert 0 < shown == page.locator(".gallery li:visible").count()
        assert told.inner_text() == f"{shown} of {every} shown"
        empty = [s for s in page.locator("section:has(> .gallery)").all() if not held(s, name)]
        assert page.locator("h2:visible").count() == headings - len(empty)
        page.keyboard.press("Space")
    assert page.locator(".gallery li:visible").count() == every


def held(section, name):
    return section.locator(f"li.{name}").count()


def test_boxes_are_asked_together(visit):
    page = visit("index.html")
    page.get_by_label("monotone").check()
    page.get_by_label("zero-centred").check()
    both = page.locator(".gallery li.is-monotone.is-zero-centred")
    assert 0 < both.count() == page.locator(".gallery li:visible").count()


@pytest.mark.parametrize(
    ("opened", "item"), [("index.html", ".gallery li"), ("book/reference/claims.html", ".claim")]
)
def test_without_a_script_everything_is_there(visit, opened, item):
    page = visit(opened, java_script_enabled=False)
    assert not page.locator(".filter-form").is_visible()
    assert page.locator(f"{item}:visible").count() == page.locator(item).count() > 0


@THEMES
@pytest.mark.parametrize("width", [1280, PHONE])
def test_the_identities_of_one_function(visit, theme, width):
    """While it has the focus, its lines are drawn before the others."""
    page = visit(IDENTITIES, theme=theme, width=width)
    strokes = page.locator(".web-line")
    before = strokes.evaluate_all(WIDTHS)
    page.keyboard.press("Tab")
    page.locator(".web-node[data-name='relu']").focus()
    after = strokes.evaluate_all(WIDTHS)
    its = page.locator(".web [data-ends]").evaluate_all(ENDS_AT, "relu")
    assert [one != other for one, other in zip(before, after, strict=True)] == its
    assert 0 < sum(its) < len(its)
    sound(page)


IDENTITIES = "book/reference/identities.html"
WIDTHS = "lines => lines.map(line => getComputedStyle(line).strokeWidth)"
ENDS_AT = "(lines, name) => lines.map(line => line.dataset.ends.split(' ').includes(name))"


def test_a_line_leads_to_its_sentence(visit):
    page = visit(IDENTITIES)
    page.keyboard.press("Tab")
    page.locator(".web [data-ends='tanh sigmoid']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tanh.html#related-sigmoid")
    assert page.locator("#related-sigmoid").inner_text().startswith("It is Sigmoid")


@THEMES
@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_a_menu_open_on_a_phone(visit, theme, side):
    page = visit("book/reference/claims.html", theme=theme, width=PHONE)
    page.locator(f".{side}-toggle").click()
    page.locator(f"#pst-{side}-sidebar-modal").wait_for()
    sound(page)


@pytest.mark.parametrize(
    "opened", ["index.html", "search.html", "book/reference/claims.html", IDENTITIES]
)
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


def test_a_formula_that_scrolls_in_larger_text_is_a_stop_of_the_tab_key(visit):
    """And no other is: what has another size is the text, not the page."""
    page = visit("book/activations/elu.html", width=PHONE)
    for text in (200, 100):
        resized(page, PHONE, text)
        page.wait_for_function(SCROLLING_IS_MARKED)
        assert (page.locator(".math[tabindex]").count() > 0) == (text == 200)
