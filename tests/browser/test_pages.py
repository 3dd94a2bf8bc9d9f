"""What holds for every page of the site.

A page is asked the whole if it is the most complex of a kind (kinds.py), or when it is its turn;
every other is asked what can differ there. `--whole` asks all of every page, of every text.
"""

import re
from functools import partial

import pytest
from conftest import HTML, PAGES, WHOLE, Visit
from ink import HAS_CURVES, colour, readable
from kinds import kinds, most_complex
from laws import (
    COLOURS,
    THEMES,
    WIDTHS,
    cut,
    eager,
    own,
    resized,
    settled,
    themed,
    violations,
    whole,
)
from scripts import SETTLED

LAWS = {"every text": partial(whole, every=True), "whole": whole, "own": own}


def test_a_page_holds(share, page_and_law):
    path, law = page_and_law
    assert list(LAWS[law](share(path))) == []


def pages(folder):
    found = sorted(path.relative_to(HTML).as_posix() for path in HTML.glob(f"{folder}/*.html"))
    return pytest.mark.parametrize("chapter", found or [None])


@pages("book/*")
def test_every_figure_is_sharp_and_described_and_can_be_read(share, chapter):
    page = share(chapter)
    eager(page)
    for width in WIDTHS[::-1]:
        resized(page, width)
        for found in page.evaluate(FIGURES):
            assert found["natural"] >= 2 * found["shown"], found
            assert found["right"] <= width, found
            assert abs(found["shape"] - found["drawn"]) < 0.01, "neither squeezed nor stretched"
            assert len(found["alt"]) > 30, found
            assert found["caption"], found
    figures = page.locator(".bd-article .cell_output img").all()
    assert figures or chapter not in DRAWN
    for theme in THEMES:
        themed(page, theme)
        ground = colour(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for figure in figures:
            readable(figure.screenshot(), ground, hues=figure.evaluate(HAS_CURVES))


# Pages of notebooks, each of which draws something.
DRAWN = {
    path.relative_to(HTML.parents[1]).with_suffix(".html").as_posix()
    for path in HTML.parents[1].glob("book/*/*.ipynb")
}

FIGURES = """[...document.querySelectorAll('.bd-article .cell_output img, .bd-article figure img')]
    .map(image => {
        const box = image.getBoundingClientRect()
        return {
            alt: image.alt,
            caption: image.closest('figure')?.querySelector('figcaption')?.textContent.trim(),
            natural: image.naturalWidth,
            shown: box.width,
            shape: box.width / box.height,
            drawn: image.naturalWidth / image.naturalHeight,
            right: box.right,
        }
    })"""


@pages("book/activations")
def test_no_formula_of_the_fact_card_is_cut(share, chapter):
    page = share(chapter)
    card = page.locator("h1 ~ .cell table").first
    for width in WIDTHS:
        resized(page, width)
        box = card.bounding_box()
        assert box["x"] + box["width"] <= width
        for formula in card.locator("mjx-container").all():
            place = formula.bounding_box()
            assert place["x"] + place["width"] <= box["x"] + box["width"]


@pages("book/activations")
def test_headings_and_claims_have_permalinks(share, chapter):
    page = share(chapter)
    resized(page, 1280)
    headings = page.locator("article :is(h2, h3)")
    assert headings.locator("a.headerlink").count() == headings.count() > 0
    source = HTML.parents[1].joinpath(chapter).with_suffix(".ipynb").read_text("utf-8")
    for label in re.findall(r"\((claim-[a-z0-9-]+)\)=", source):
        link = page.locator(f"a.headerlink[href='#{label}']")
        link.focus()
        page.wait_for_function("getComputedStyle(document.activeElement).opacity == 1")
        link.click()
        assert page.url.endswith(f"#{label}")
        assert page.locator(f"#{label}").is_visible()


def test_every_kind_of_element_is_asked_whole_somewhere():
    known = {page: kinds(HTML.joinpath(page).read_text("utf-8")).kinds for page in PAGES}
    assert set().union(*known.values()) == set().union(*(known[page] for page in WHOLE))


@pytest.mark.parametrize("theme", THEMES)
def test_every_word_of_code_can_be_read(visit, theme):
    """One of each class that any page has, since they make no page whole."""
    words = set().union(*(kinds(HTML.joinpath(page).read_text("utf-8")).words for page in PAGES))
    assert {"k", "mi"} <= words, "keywords and numbers of Python"
    page = visit(next(page for page in PAGES if "activations" in page), theme=theme)
    spans = "".join(f"<span class='{word}'>{word} </span>" for word in sorted(words))
    page.evaluate(CODE, spans)
    assert violations(page, COLOURS) == []
    page.add_style_tag(content=f".highlight .mi {{ color: {PALE[theme]} !important }}")
    assert any(">mi" in found for found in violations(page, COLOURS))


CODE = "spans => document.querySelector('article .highlight pre').innerHTML = spans"
PALE = {"light": "#eee", "dark": "#333"}


def test_a_page_with_something_of_its_own_is_asked_whole():
    plain = "<p class='a'>One</p>"
    texts = {"long": plain * 3, "short": plain, "other": plain}
    assert most_complex(texts) == ["long"]
    for own_kind in (
        "<em>One</em>",
        "<p class='b'>One</p>",
        "<p class='a' style='color: #eee'>One</p>",
    ):
        assert most_complex({**texts, "other": own_kind}) == ["long", "other"]
    assert most_complex({**texts, "other": plain + "<p style='width: 7px'>"})[1:] == ["other"]
    texts["short"] = texts["other"] = "<p style='width: 7px'>" + plain
    assert most_complex({**texts, "short": "<p style='width: 9px'>"})[1:] == ["other"]


CUT_FAULTS = {
    "sticks out": "h1 { width: 40rem }",
    "is cut": "h1 { overflow: hidden; white-space: nowrap }",
    "spills": "article p { white-space: nowrap }",
    "scrolls": "h1 { overflow-x: auto; white-space: nowrap; width: 5rem }",
}


@pytest.mark.parametrize("fault", CUT_FAULTS)
def test_what_is_cut_is_noticed(visit, fault):
    page = visit("index.html", width=320)
    resized(page, 320)
    assert cut(page) == []
    page.add_style_tag(content=CUT_FAULTS[fault])
    assert any(found.startswith(fault) for found in cut(page))


OWN_FAULTS = {
    "no title": "document.title = ''",
    "2 headings of the first rank": "put('<h1>Another</h1>')",
    "no image, or no alt": "put('<img alt=\"Lost\">')",
    "cannot be set": "put('<p class=math><mjx-container><mjx-merror>')",
    "image-alt": "put(`<img src='${document.querySelector('article img').src}'>`)",
    "link-name": "put('<p>See <a href=\"#\"></a>')",
    "heading-order": "put('<h6>Deep</h6>')",
    "1.0: <button": "put('<button style=\"border: 0; color: Canvas\">Go</button>')",
    "1280 pixels: ": "put('<p style=\"width: 1270px\">Wide</p>')",
    "375 pixels: ": "put('<p style=\"width: 370px\">Wide</p>')",
    "320 pixels: ": "put('<p style=\"width: 330px\">Wide</p>')",
}
PUT = (
    "const put = (html) => document.querySelector('article').insertAdjacentHTML('beforeend', html)"
)


@pytest.mark.parametrize("fault", OWN_FAULTS)
def test_what_can_differ_on_a_page_out_of_its_turn_is_noticed(visit, fault):
    """On a chapter that is the most complex page of no kind."""
    chapters = [page for page in PAGES if page not in WHOLE and "activations" in page]
    page = visit(min(chapters, key=lambda page: HTML.joinpath(page).stat().st_size))
    page.evaluate(f"() => {{ {PUT}; {OWN_FAULTS[fault]} }}")
    assert any(found.startswith(fault) for found in own(page))


PALE_TEXTS = {
    "itself": "put('<p style=\"color: #ccc\">Pale</p>')",
    "its size": "put('<p style=\"color: #888\">Small</p>')",
    "its ground": "put('<div style=\"background: #555\"><p>On grey</p></div>')",
    "far below": "put('<div style=\"background: #555\"><ul><li><p>On grey</p></li></ul></div>')",
    "what it fades with": "put('<div style=\"opacity: 0.3\"><p>Fading</p></div>')",
}
LARGE_TEXT = "put('<p style=\"color: #888; font-size: 40px\">Large</p>')"


@pytest.mark.parametrize("fault", PALE_TEXTS)
def test_one_pale_text_is_noticed(visit, fault):
    """Though there are others like it, which can be read."""
    page = visit("index.html")
    page.evaluate(f"() => {{ {PUT}; {LARGE_TEXT} }}")
    assert violations(page, COLOURS) == []
    page.evaluate(f"() => {{ {PUT}; {PALE_TEXTS[fault]} }}")
    assert any(found.startswith("color-contrast: <p") for found in violations(page, COLOURS))


GROUND_OF_ANOTHER = """put('<p>One</p><div style="height: 4rem; background: #555"></div>' +
    '<p style="margin-top: -3rem">Two</p>')"""


def test_a_text_over_the_ground_of_another_is_noticed_where_every_text_is_asked(visit):
    page = visit("index.html")
    page.evaluate(f"() => {{ {PUT}; {GROUND_OF_ANOTHER} }}")
    assert any("Two" in found for found in violations(page, COLOURS, every=True))


def test_a_page_knows_nothing_of_those_before(visit):
    page = visit("index.html", theme="dark", width=375)
    page.evaluate(LEAVE)
    assert page.evaluate(LEFT) == ["kept=1", "1", "1", 1]
    again = visit("index.html")
    assert again.evaluate(LEFT) == ["", None, None, 0]
    assert again.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [
        1280,
        False,
    ]


LEAVE = """async () => {
    document.cookie = 'kept=1; path=/'
    localStorage.kept = sessionStorage.kept = '1'
    await caches.open('kept')
}"""
LEFT = """async () => {
    const stored = [localStorage, sessionStorage].map(storage => storage.getItem('kept'))
    return [document.cookie, ...stored, (await caches.keys()).length]
}"""


def test_what_a_page_complains_of_is_told_once(context, site):
    visit = Visit(context, site)
    page = visit("index.html")
    visit.check()
    with page.expect_console_message():
        page.evaluate("console.error('Too late')")
    with pytest.raises(AssertionError, match="console: Too late"):
        visit.check()
    visit.check()
    visit.close()


FONT = "@font-face { font-family: late; src: url(late.woff2) } h1 { font-family: late !important }"


def test_a_page_whose_fonts_are_on_their_way_is_not_settled(visit):
    page, held = visit("index.html"), []
    page.route("**/late.woff2", lambda route: held.append(route))
    with page.expect_request("**/late.woff2"):
        page.add_style_tag(content=FONT)
        assert not page.evaluate(SETTLED)
    held.pop().fulfill(path=next(HTML.rglob("*.woff2")))
    settled(page)


LATE = {
    "a formula": (
        f"() => {{ {PUT}; put('<p class=math>\\\\(x\\\\)</p>') }}",
        "MathJax.typesetPromise()",
    ),
    "a lab": ("performance.clearMarks('lab-drawn')", "performance.mark('lab-drawn')"),
}


@pytest.mark.parametrize("what", LATE)
def test_a_page_that_is_not_drawn_is_not_settled(visit, what):
    page = visit(next(page for page in PAGES if "activations" in page))
    late, at_last = LATE[what]
    page.evaluate(late)
    assert not page.evaluate(SETTLED)
    page.evaluate(at_last)
    settled(page)
