"""The whole book as one PDF: each page printed by a browser, joined in the order of the contents.

    python -m website.pdf

A link to another page of the book leads there in the PDF too. The outline has the parts, and
below each its pages.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject
from sphinx_external_toc.parsing import parse_toc_yaml

from website.browser import CHROMIUM, FLAGS, complete, served
from website.contents import parts

ROOT = Path(__file__).resolve().parents[3]
HTML = ROOT / "_build" / "html"
PDF = ROOT / "_build" / "pdf" / "the-activation-book.pdf"

MARGINS = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}


def main() -> None:
    if CHROMIUM is None:
        sys.exit("pdf: there is no Chromium; Debian's package is called chromium")
    if not HTML.joinpath("index.html").is_file():
        sys.exit("pdf: there is no site; run `make site`")
    PDF.parent.mkdir(parents=True, exist_ok=True)
    write(parts(parse_toc_yaml(ROOT / "_toc.yml")), PDF)
    print(PDF)


def write(order: list[tuple[str, list[str]]], path: Path) -> None:
    """The first page, and these parts of the contents."""
    book, starts = PdfWriter(), {}
    with served(HTML) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(color_scheme="light")
        for caption, names in [("", ["index"]), *order]:
            part = None
            for name in names:
                address, start = f"{site}{name}.html", len(book.pages)
                starts[address] = start
                title, sheets = printed(page, address)
                for sheet in sheets:
                    book.add_page(sheet)
                if caption and part is None:
                    part = book.add_outline_item(title=caption, page_number=start)
                book.add_outline_item(title=title, page_number=start, parent=part)
        browser.close()
    turn_links(book, starts)
    book.add_metadata({"/Title": book.outline[0].title})
    book.compress_identical_objects()
    book.write(path)


def printed(page: Page, address: str) -> tuple[str, Iterable]:
    """The page's title, and its sheets of paper."""
    page.goto(address, wait_until="load")
    complete(page)
    title = page.evaluate("document.querySelector('h1').firstChild.textContent")
    paper = page.pdf(format="A4", margin=MARGINS, print_background=True)
    return title, PdfReader(io.BytesIO(paper)).pages


def turn_links(book: PdfWriter, starts: dict[str, int]) -> None:
    """A link to the address of a page becomes one to the sheet where it starts."""
    for sheet in book.pages:
        for link in sheet.get("/Annots", ()):
            action = link.get_object().get("/A", {})
            start = starts.get(str(action.get("/URI", "")).partition("#")[0])
            if start is not None:
                target = ArrayObject([book.pages[start].indirect_reference, NameObject("/Fit")])
                goto = {NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): target}
                link.get_object()[NameObject("/A")] = DictionaryObject(goto)


if __name__ == "__main__":
    main()
