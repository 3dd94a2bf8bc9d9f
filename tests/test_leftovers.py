"""What builds leave behind, in a small book: a gate, two pages and a notebook."""

import nbformat
import pytest
import yaml
from copies import build, copy_project, planted, replace
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.search import js_index

from gate.normalise import normalised

TOC = """format: jb-book
root: book/index
parts:
  - caption: Guide
    chapters:
      - file: book/guide/how-to-read
      - file: book/guide/notebook
"""
GUIDE = "book/guide/how-to-read.md"
PAGES = {"book/index.md": "# A small book\n", GUIDE: "# How to read\n\n```{index} reading\n```\n"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Built by the gate of this book, with its settings."""
    project = copy_project(tmp_path_factory.mktemp("small") / "book")
    for path in [*project.glob("book/*/*.ipynb"), *project.glob("book/*/*.md")]:
        path.unlink()
    config = project / "_config.yml"
    settings = yaml.safe_load(config.read_text("utf-8"))
    for pages_of_the_large_book in ("reference", "lab"):
        del settings["sphinx"]["local_extensions"][pages_of_the_large_book]
    config.write_text(yaml.safe_dump(settings), "utf-8")
    (project / "_toc.yml").write_text(TOC, "utf-8")
    for name, text in PAGES.items():
        (project / name).write_text(text, "utf-8")
    words = new_notebook(cells=[new_markdown_cell("# A notebook")])
    nbformat.write(words, project / "book" / "guide" / "notebook.ipynb")
    code, shown = build(project)
    assert code == 0, shown
    return project


def files(book):
    """What the site holds; the time of a file is no part of it."""
    html = book / "_build" / "html"
    return {p.relative_to(html).as_posix() for p in html.rglob("*") if p.is_file()}


def entries(book):
    """The names by which search finds a page, and that page."""
    index = js_index.loads((book / "_build" / "html" / "searchindex.js").read_text("utf-8"))
    return {
        (name, index["docnames"][place[0]])
        for name, places in index["indexentries"].items()
        for place in places
    }


EXTRA_LINE = """parts:
  - caption: Extra
    chapters:
      - file: book/guide/extra
      - file: book/guide/other
"""
EXTRA = """# Extra

```{index} single: extra name
```

![Nothing](extra.svg)

{download}`The same <extra.svg>`
"""


def other():
    cell = new_code_cell("print(1)", id="b", execution_count=1)
    cell.outputs = [new_output("stream", text="1\n")]
    return normalised(new_notebook(cells=[new_markdown_cell("# Other", id="a"), cell]))


def test_a_page_that_is_taken_out_leaves_nothing(book):
    """Nor does a file that was put into the site by hand, after a build in which nothing changed.

    The pages that stay are not written again: search finds them all the same.
    """
    before, names = files(book), entries(book)
    stray = book / "_build" / "html" / "book" / "old.html"
    stray.write_text("an old page")
    code, shown = build(book)
    assert code == 0, shown
    assert "no targets are out of date" in shown
    assert files(book) == before

    page = book / "book" / "guide" / "extra.md"
    picture = page.with_suffix(".svg")
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    page.write_text(EXTRA)
    notebook = page.with_name("other.ipynb")
    nbformat.write(other(), notebook)
    with planted(book / "_toc.yml", replace("parts:\n", EXTRA_LINE)):
        code, shown = build(book)
    for file in (page, picture, notebook):
        file.unlink()
    assert code == 0, shown
    added = files(book) - before
    assert {"book/guide/extra.html", "_sources/book/guide/extra.md", "_images/extra.svg"} < added
    assert {"book/guide/other.html", "book/guide/other.ipynb"} < added
    assert len(added) == 7  # and the download, and the source of the notebook
    assert entries(book) == names | {("extra name", "book/guide/extra")}

    code, shown = build(book)
    assert code == 0, shown
    assert files(book) == before
    assert entries(book) == names


def test_a_broken_link_is_refused_again_and_again(book):
    """Sphinx warns of it when it reads the page. The second time it must read it again."""
    link = replace("# How to read", "# How to read\n\n{doc}`nowhere`")
    with planted(book / GUIDE, link):
        for _ in range(2):
            code, shown = build(book)
            assert code != 0
            assert "unknown document" in shown
            assert "1 warnings" in shown
            assert files(book) == set()
    code, shown = build(book)
    assert code == 0, shown
    assert "book/guide/how-to-read.html" in files(book)
