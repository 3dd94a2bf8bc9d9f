"""What a reader expects of the site, done as a reader does it."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import HTML
from pypdf import PdfReader

import actlib
from website import contents, pdf
from website.names import names

ROOT = Path(__file__).parents[2]
CHAPTERS = {
    name: page
    for _, pages in contents.parts(pdf.parse_toc_yaml(ROOT / "_toc.yml"))
    for page in pages
    for name in [page.rpartition("/")[2]]
    if name in actlib.ALL
}
"""The page of each record."""

EVERY_NAME = [(record.name, name) for record in actlib.ALL.values() for name in names(record)]

first = pytest.mark.parametrize("chapter", list(CHAPTERS.values())[:1])
every = pytest.mark.parametrize("chapter", CHAPTERS.values())


@pytest.fixture(scope="module")
def search_page(browser, site):
    page = browser.new_page()
    page.goto(f"{site}search.html")
    page.wait_for_function("typeof Search == 'object' && Search.hasIndex()")
    yield page
    page.close()


@pytest.mark.parametrize(("record", "name"), EVERY_NAME)
def test_search_finds_a_function_by_any_of_its_names(search_page, record, name):
    found = search_page.evaluate(
        """name => {
            const [query, ...terms] = Search._parseQuery(name)
            return Search._performSearch(query, ...terms).map(result => result[0]).reverse()
        }""",
        name,
    )
    same = [other for other, its in EVERY_NAME if its.lower() == name.lower()]
    assert found[0] in [CHAPTERS[other] for other in same], found[:3]
    assert CHAPTERS[record] in found[: len(same)]


def test_search_from_any_page(visit):
    page = visit("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("logistic function")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.click()
    assert page.locator("h1").inner_text().startswith(actlib.sigmoid.title)


def test_the_search_page_leads_to_the_first_page(visit, site):
    page = visit("search.html?q=The+Activation+Book")
    page.locator("#search-results li a", has_text="The Activation Book").first.click()
    assert page.url.partition("?")[0] == f"{site}index.html"


@first
@pytest.mark.parametrize("width", [1280, 375])
def test_the_theme_is_switched_by_a_click_and_stays(visit, chapter, width):
    page = visit(f"{chapter}.html", width=width, theme="light")
    theme = "document.documentElement.dataset.theme"
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".theme-switch-button").click()
    assert page.evaluate(theme) == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.goto(page.url)
    assert page.evaluate(theme) == "dark"


@first
def test_code_is_copied_by_a_click(visit, chapter):
    page = visit(f"{chapter}.html", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".cell_input").first
    block.hover()
    block.locator(".copybtn").click()
    page.wait_for_selector(".copybtn.success")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("pre").inner_text().strip()


def code(notebook):
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


@every
def test_the_notebook_is_offered(chapter):
    path = HTML / f"{chapter}.html"
    offered = path.parent / read(path).select_one(".btn-download-source-button")["href"]
    assert offered == path.with_suffix(".ipynb")
    shown, source = (json.loads(p.read_text()) for p in (offered, ROOT / f"{chapter}.ipynb"))
    assert code(shown)[-len(code(source)) :] == code(source)


@cache
def read(path):
    """The elements of a page."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@first
def test_how_to_cite_a_chapter_is_copied(visit, chapter):
    page = visit(f"{chapter}.html", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Cite this chapter").click()
    _, bibtex = page.locator(".cite pre").all_inner_texts()
    page.locator(".cite .highlight").last.hover()
    page.locator(".cite .copybtn").last.click()
    page.wait_for_selector(".copybtn.success")
    assert page.evaluate("navigator.clipboard.readText()").strip() == bibtex.strip()


@every
def test_how_to_cite_a_chapter(chapter):
    cite = read(HTML / f"{chapter}.html").select_one(".cite")
    assert cite.select_one("summary").get_text().strip() == "Cite this chapter"
    text, bibtex = (block.get_text() for block in cite.select("pre"))
    book = yaml.safe_load(ROOT.joinpath("CITATION.cff").read_text())
    title = actlib.ALL[chapter.rpartition("/")[2]].title
    for told in (title, book["title"], book["version"], book["authors"][0]["name"]):
        assert told in text
        assert told in bibtex


@first
def test_a_page_reads_without_javascript(visit, chapter):
    page = visit(f"{chapter}.html", java_script_enabled=False)
    assert page.locator("article p").first.is_visible()
    assert page.locator("article figure img").first.is_visible()
    assert page.get_by_role("link", name="Atlas").is_visible()
    assert not page.locator(".theme-switch-button").is_visible()


@first
def test_paper_shows_the_page_alone_and_light(visit, chapter):
    page = visit(f"{chapter}.html", theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme == 'light'")
    for gone in (
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        "#pst-header",
        ".prev-next-footer",
    ):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator("article p").first.is_visible()
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme == 'dark'")


TWO_OF_TWO = """import sys
from pathlib import Path
from website import contents, pdf
parts = contents.parts(pdf.parse_toc_yaml(Path("_toc.yml")))[:2]
pdf.write([(caption, pages[:2]) for caption, pages in parts], Path(sys.argv[1]))
"""


def test_the_book_is_one_pdf(site, pytestconfig, tmp_path):
    """The whole of it takes minutes: most runs ask for two parts, and two pages of each."""
    order, path = contents.parts(pdf.parse_toc_yaml(ROOT / "_toc.yml")), tmp_path / "two.pdf"
    command = ["-c", TWO_OF_TWO, str(path)]
    if pytestconfig.getoption("whole"):
        command, path = ["-m", "website.pdf"], pdf.PDF
    else:
        order = [(caption, pages[:2]) for caption, pages in order[:2]]
    done = subprocess.run(
        [sys.executable, *command],
        env={"PYTHONPATH": str(ROOT / "book" / "_ext"), "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    book = PdfReader(path)
    outline = book.outline
    assert [item.title for item in outline[1::2]] == [caption for caption, _ in order]
    for (_, pages), items in zip(order, outline[2::2], strict=True):
        assert [item.title for item in items] == [title(HTML / f"{page}.html") for page in pages]
    starts = [book.get_destination_page_number(item) for part in outline[2::2] for item in part]
    assert starts == sorted(set(starts))


def title(path):
    """Of a page, as its head has it, before the name of the book."""
    return re.search("<title>(.*?) &#8212;", path.read_text("utf-8"))[1]


@first
@pytest.mark.parametrize("width", [1280, 900, 375])
def test_what_is_below_an_article_stands_where_its_text_does(visit, chapter, width):
    page = visit(f"{chapter}.html", width=width)
    left = [page.locator(f"{box} p").first.bounding_box()["x"] for box in ("article", ".install")]
    assert left[0] == left[1] == page.locator(".cite summary").bounding_box()["x"]
