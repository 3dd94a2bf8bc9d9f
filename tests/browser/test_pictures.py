"""The first page, and the picture of the identities, in a real browser."""

import gzip
import io
import itertools
import math
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from conftest import HTML
from ink import colour, readable
from laws import THEMES, WIDTHS, eager
from PIL import Image

import actlib

INDEX = "index.html"


@pytest.mark.parametrize("theme", THEMES)
def test_the_pictures_of_the_gallery_can_be_read(visit, theme):
    page = visit(INDEX, theme=theme, device_scale_factor=2)
    eager(page)
    for tile in page.locator(".gallery a").all():
        ground = colour(tile.evaluate(GROUND))
        readable(tile.locator("img").screenshot(), ground, hues=True)


# The ground of a tile is its own, or that of the page.
GROUND = """tile => [tile.closest('li'), document.body]
    .map(element => getComputedStyle(element).backgroundColor)
    .find(colour => colour !== 'rgba(0, 0, 0, 0)')"""


def test_the_measure_sees_a_figure_that_cannot_be_read():
    """The curves as they are on white, on a ground as dark as a page's without any filter."""
    shot = io.BytesIO()
    white = np.full((40, 40, 3), 255, np.uint8)
    white[10:30, 10:20] = (0, 114, 178)
    Image.fromarray(white).save(shot, "PNG")
    readable(shot.getvalue(), np.array([255.0, 255, 255]), hues=True)
    with pytest.raises(AssertionError, match="ground of its own"):
        readable(shot.getvalue(), np.array([18.0, 18, 18]), hues=True)
    pale = white.copy()
    pale[10:30, 10:20] = (230, 159, 0)
    pale[0:5, 20:30] = 0
    pale_shot = io.BytesIO()
    Image.fromarray(pale).save(pale_shot, "PNG")
    with pytest.raises(AssertionError, match="red is too pale"):
        readable(pale_shot.getvalue(), np.array([255.0, 255, 255]), hues=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_the_first_page_shows_every_activation_and_fits(visit, width, theme):
    page = visit(INDEX, width=width, theme=theme)
    eager(page)
    boxes = [tile.bounding_box() for tile in page.locator(".gallery a").all()]
    assert len(boxes) == len(actlib.ALL)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for gallery in page.locator(".gallery").all():
        boxes = [tile.bounding_box() for tile in gallery.locator("a").all()]
        rows, columns = ({round(box[side]) for box in boxes} for side in "yx")
        assert len(columns) == min(len(boxes), most_columns(page))
        assert len(rows) == math.ceil(len(boxes) / len(columns)), "tiles of a row lie at one height"


def most_columns(page):
    found = page.locator(".gallery ul").first.evaluate(
        "list => getComputedStyle(list).gridTemplateColumns.split(' ').length"
    )
    assert found > 1
    return found


def test_no_two_names_of_the_identities_overlap(visit):
    page = visit("book/reference/identities.html")
    names = page.locator(".web text")
    assert names.count() > len(actlib.ALL)
    boxes = names.evaluate_all(CORNERS)
    assert overlapping(boxes) == []
    moved = "(name, place) => name.setAttribute('transform', place)"
    names.nth(1).evaluate(moved, names.first.get_attribute("transform"))
    assert len(overlapping(names.evaluate_all(CORNERS))) == 1


# The four corners of each text on the screen, however it is turned.
CORNERS = """texts => texts.map(text => {
    const { x, y, width, height } = text.getBBox()
    const corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
    const placed = corners.map(([a, b]) => new DOMPoint(a, b).matrixTransform(text.getScreenCTM()))
    return [text.textContent, placed.map(({ x, y }) => [x, y])]
})"""


def overlapping(boxes):
    return [
        (one, other)
        for (one, p), (other, q) in itertools.combinations(boxes, 2)
        if not any(parts(side, p, q) for box in (p, q) for side in sides(box))
    ]


def sides(box):
    corners = np.array(box)
    return corners[1] - corners[0], corners[3] - corners[0]


def parts(direction, p, q):
    """Does a line across this direction have the two on different sides?"""
    one, other = (np.array(box) @ direction for box in (p, q))
    return one.max() < other.min() or other.max() < one.min()


def test_a_tile_leads_to_its_chapter(visit):
    page = visit(INDEX)
    page.locator(".gallery a").last.click()
    page.wait_for_load_state()
    assert "/activations/" in page.url
    assert page.locator("h1").count() == 1


def test_the_first_page_is_light(visit):
    """All that it loads, with every picture, as a host sends it: text is compressed."""
    page = visit(INDEX)
    eager(page)
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    paths = {urlsplit(name).path.removeprefix("/book/") for name in (*names, page.url)}
    assert sum(path.endswith(".svg") for path in paths) >= len(actlib.ALL)
    assert sum(sent(HTML / unquote(path)) for path in paths) < 350_000


def sent(path):
    content = path.read_bytes()
    return len(content if path.suffix in PACKED else gzip.compress(content, 6))


PACKED = {".png", ".woff", ".woff2"}
