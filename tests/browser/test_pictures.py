"""Figures in a real browser: sharp, readable on either ground, and none cut off."""

import gzip
import io
import itertools
import math
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from conftest import HTML
from laws import THEMES, WIDTHS, complete, resized, themed
from PIL import Image

import actlib

INDEX = "index.html"


def pages(folder):
    found = sorted(path.relative_to(HTML).as_posix() for path in HTML.glob(f"{folder}/*.html"))
    return pytest.mark.parametrize("chapter", found or [None])


def eager(page):
    """Every picture is there, however far down, and beside a lab, as where no script runs."""
    page.add_style_tag(content="html .lab-replaced { display: block !important }")
    complete(page)


@pages("book/*")
def test_every_figure_is_sharp_and_described_and_can_be_read(visit, chapter):
    page = visit(chapter)
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


@pytest.mark.parametrize("theme", THEMES)
def test_the_pictures_of_the_gallery_can_be_read(visit, theme):
    page = visit(INDEX, theme=theme, device_scale_factor=2)
    eager(page)
    for tile in page.locator(".gallery a").all():
        ground = colour(tile.evaluate(GROUND))
        readable(tile.locator("img").screenshot(), ground, hues=True)


HAS_CURVES = "image => !image.alt.includes('Jacobian')"  # a heat map has a ground in each square

# The ground of a tile is its own, or that of the page.
GROUND = """tile => [tile.closest('li'), document.body]
    .map(element => getComputedStyle(element).backgroundColor)
    .find(colour => colour !== 'rgba(0, 0, 0, 0)')"""


def readable(shot, ground, hues):
    """The ground of the figure is that of the page, and its ink stands out against it.

    Ink is what differs from the ground: each of its hues must reach a contrast of 3 to 1, as WCAG
    2.2 asks of graphics. Letters are the darkest, or lightest, of it, and must reach 4.5.
    """
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=float).reshape(-1, 3)
    most = np.median(pixels, axis=0)
    if hues:
        assert np.abs(most - ground).max() <= 2, f"{most} is a ground of its own"
    contrasts = contrast(pixels, ground)
    assert contrasts.max() >= 4.5
    coloured = np.ptp(pixels, axis=1) > 60  # no grid, no letters
    if hues:
        for name, part in families(pixels[coloured], contrasts[coloured]).items():
            assert np.quantile(part, 0.9) >= 3, f"{name} is too pale"


def families(pixels, contrasts):
    """The contrasts by the channel that is strongest: the blue curve, the vermilion, the green."""
    strongest = pixels.argmax(axis=1)
    named = {"red": strongest == 0, "green": strongest == 1, "blue": strongest == 2}
    assert any(where.any() for where in named.values()), "no curve is to be seen"
    return {name: contrasts[where] for name, where in named.items() if where.sum() > 50}


def contrast(pixels, ground):
    """As WCAG defines it."""
    one, other = luminance(pixels), luminance(ground)
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def luminance(colours):
    share = np.asarray(colours) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def colour(css):
    return np.array([float(part) for part in css.strip("rgba()").split(",")[:3]])


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


@pages("book/activations")
def test_no_formula_of_the_fact_card_is_cut(visit, chapter):
    page = visit(chapter)
    card = page.locator("h1 ~ .cell table").first
    for width in WIDTHS:
        resized(page, width)
        box = card.bounding_box()
        assert box["x"] + box["width"] <= width
        for formula in card.locator("mjx-container").all():
            place = formula.bounding_box()
            assert place["x"] + place["width"] <= box["x"] + box["width"]
