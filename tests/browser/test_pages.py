"""What holds for every page of the site, at two widths, in light and dark."""

from axe_playwright_python.sync_playwright import Axe

from website.browser import complete

WIDTHS = (1280, 375)
THEMES = ("light", "dark")
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
        page.wait_for_timeout(1000)  # half of that until the theme gives what scrolls a tab stop
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
            assert page.evaluate(TOO_WIDE) == []
            assert violations(page, {} if theme == "light" else COLOURS) == []


def mathematics_is_set(page):
    """Every formula is typeset, and none by an error message."""
    page.wait_for_function(
        "!document.querySelector('.math') || window.MathJax?.startup?.promise !== undefined"
    )
    page.evaluate("window.MathJax?.startup?.promise?.then(() => true) ?? true")
    assert page.evaluate(UNSET) == []


def violations(page, options):
    """What axe-core finds wrong, for people who cannot see, hear or point."""
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
    return [
        f"{found['id']}: {node['html'][:200]}"
        for found in Axe().run(page, options=options).response["violations"]
        for node in found["nodes"]
    ]


UNSET = """[...document.querySelectorAll('.math')]
    .filter(math => !math.querySelector('mjx-container') || math.querySelector('mjx-merror'))
    .map(math => math.textContent)"""

BROKEN_IMAGES = """[...document.images]
    .filter(image => !image.naturalWidth || !image.hasAttribute('alt'))
    .map(image => image.outerHTML)"""

# A page that scrolls sideways, and what sticks out of it.
TOO_WIDE = """(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width)
        .map(element => element.outerHTML.slice(0, 200)).slice(0, 5)
})()"""
