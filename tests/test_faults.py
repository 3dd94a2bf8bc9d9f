"""A copy of the book, one fault at a time: the build refuses each, and passes when it is undone.

This is the promise of the book, so it is kept with the command that builds it.
"""

import contextlib
import json
import os
import shutil

import nbformat
import pytest
from copies import build, copy_project
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.search import js_index

from gate.normalise import normalised

ELU, SIGMOID = "book/activations/elu.ipynb", "book/activations/sigmoid.ipynb"
GUIDE = "book/guide/how-to-read.md"


def replace(old, new):
    def plant(path):
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path.name}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    return plant


def edit_cells(edit):
    def plant(path):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                edit(cell)
        path.write_text(json.dumps(notebook), "utf-8")

    return plant


@contextlib.contextmanager
def planted(path, plant):
    """Afterwards it is the same file, of the same time: Sphinx need not read all pages anew."""
    before, time = path.read_bytes(), path.stat().st_mtime_ns
    plant(path)
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(time, time))


def strip(cell):
    cell.update(execution_count=None, outputs=[])


def skip(cell):
    cell["metadata"]["tags"] = ["nbval-skip"]


def put_cells(path):
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n"
    cells = "\n```{code-cell}\nprint('unrun')\n```\n"
    path.write_text(head + path.read_text("utf-8") + cells, "utf-8")


def copy_aside(path):
    shutil.copy(path, path.with_name("draft.ipynb"))


def delete(path):
    path.unlink()


# name: (file, how to spoil it, what the refusal says, and the page to build if one is enough: a
# fault in a module makes every notebook run again, which is tried once)
FAULTS = {
    "a sign in a derivative": (
        "actlib/activations/elu.py",
        replace("return np.exp(left)", "return -np.exp(left)"),
        [ELU, "DisagreementError", "elu derivative in float16", "expected", "got"],
    ),
    "exp(x) - 1 for expm1": (
        "actlib/activations/elu.py",
        replace("np.expm1(negative(x))", "(np.exp(negative(x)) - 1)"),
        [ELU, "DisagreementError", "elu value in float32", "expected", "got"],
        ELU,
    ),
    "a kink declared away": (
        "actlib/activations/elu.py",
        replace("when=sp.Ne(alpha, 1)", "when=False"),
        [ELU, "the record declares kinks at none, the definition has them at 0"],
        ELU,
    ),
    "a changed stored output": (
        SIGMOID,
        replace("variance 0.0434", "variance 0.0435"),
        [SIGMOID, "Cell outputs differ", "variance 0.0435\n  got, just now:", "variance 0.0434"],
    ),
    "a stripped notebook": (SIGMOID, edit_cells(strip), [SIGMOID, "code cell 1: never run"]),
    "a verdict turned around": (
        ELU,
        replace("assert elu(-np.inf) == -1", "assert elu(-np.inf) != -1"),
        [ELU, "AssertionError"],
    ),
    "a wrong formula in a chapter": (
        ELU,
        replace("(alpha * (sp.exp(x) - 1), x < 0)", "(sp.exp(x) - 1, x < 0)"),
        [f"{ELU}, code cell 4", "AssertionError"],
    ),
    "a wrong derivative in a chapter": (
        SIGMOID,
        replace("slope = -sp.diff(u, x) / u**2", "slope = sp.diff(u, x) / u**2"),
        [f"{SIGMOID}, code cell 5", "AssertionError"],
    ),
    "a deleted alt text": (ELU, replace('"alt":', '"old":'), [ELU, "code cell 3", "no alt text"]),
    "a skip tag": (SIGMOID, edit_cells(skip), [SIGMOID, "the tag 'nbval-skip'"]),
    "a magic": (SIGMOID, replace("x = sp.Symbol(", "%pip list\\nx = sp.Symbol("), ["%pip list"]),
    "a missing chapter": (SIGMOID, delete, ["book/activations/sigmoid", "no such file"]),
    "a broken chapter": (
        SIGMOID,
        replace(
            "{",
            "",
        ),
        [SIGMOID, "not a notebook"],
    ),
    "a chapter nobody named": (ELU, copy_aside, ["draft.ipynb: not named in _toc.yml"]),
    "Markdown with cells": (GUIDE, put_cells, [GUIDE, "Markdown with code cells"]),
    "a chapter excluded": (
        "_config.yml",
        replace("exclude_patterns: [_build, ", 'exclude_patterns: [_build, "**/elu.ipynb", '),
        ["book/activations/elu: named in _toc.yml, but _config.yml excludes it"],
    ),
    "pages that are not named": (
        "_config.yml",
        replace("only_build_toc_files: true", "only_build_toc_files: false"),
        ["README.md: not named in _toc.yml"],
    ),
    "notebooks run by another": (
        "_config.yml",
        replace('execute_notebooks: "off"', 'execute_notebooks: "force"'),
        ["nb_execution_mode is 'force'; it must be 'off'"],
    ),
    "warnings that are not given": (
        "_config.yml",
        replace("suppress_warnings: [myst.footnote]", "suppress_warnings: [ref, myst]"),
        ["suppress_warnings is ['ref', 'myst']", "refuses nothing"],
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy that has been built once, so that all its notebooks have their stamps."""
    project = copy_project(tmp_path_factory.mktemp("faults") / "book")
    code, shown = build(project)
    assert code == 0, shown
    return project


def test_the_sound_book_is_built(project):
    html = project / "_build" / "html"
    assert (html / "index.html").is_file()
    page = (html / "book" / "activations" / "elu.html").read_text("utf-8")
    for part in (
        "correctly rounded at all",
        "<figure",
        'alt="ELU with alpha = 1.',
        "math notranslate",
    ):
        assert part in page


def test_a_page_built_alone_is_verified_too(project):
    code, shown = build(project, SIGMOID)
    assert code == 0, shown
    assert "1 of 1 notebooks passed before, unchanged" in shown
    with planted(project / SIGMOID, replace("variance 0.0434", "variance 0.0435")):
        code, shown = build(project, SIGMOID)
    assert code != 0
    assert f"{SIGMOID}, code cell" in shown


@pytest.mark.parametrize("fault", FAULTS)
def test_the_build_refuses(project, fault):
    file, plant, says, *page = FAULTS[fault]
    path = project / file
    names = set(path.parent.iterdir())
    with planted(path, plant):
        code, shown = build(project, *page)
    for added in set(path.parent.iterdir()) - names:
        if added.suffix == ".ipynb":
            added.unlink()
    assert code != 0, shown
    for text in says:
        assert text in shown
    code, shown = build(project)
    assert code == 0, shown
    count = len(list(project.joinpath("book").rglob("*.ipynb")))
    assert f"{count} of {count} notebooks passed before, unchanged" in shown


def test_no_option_of_pytest_has_a_wrong_number_published(project, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nbval-lax")
    with planted(project / SIGMOID, replace("variance 0.0434", "variance 0.0435")):
        code, shown = build(project, SIGMOID)
    assert code != 0
    assert "Cell outputs differ" in shown


def files(project):
    """What the site holds; the time of a file is no part of it."""
    html = project / "_build" / "html"
    return {p.relative_to(html).as_posix() for p in html.rglob("*") if p.is_file()}


def entries(project):
    """The names by which search finds a page, and that page."""
    index = js_index.loads((project / "_build" / "html" / "searchindex.js").read_text("utf-8"))
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
    cells = [new_markdown_cell("# Other", id="a"), cell]
    return normalised(new_notebook(cells=cells))


def test_a_page_that_is_taken_out_leaves_nothing(project):
    """Nor does a file that was put into the site by hand, after a build in which nothing changed.

    The pages that stay are not written again: search finds them all the same.
    """
    before, names = files(project), entries(project)
    stray = project / "_build" / "html" / "book" / "old.html"
    stray.write_text("an old page")
    code, shown = build(project)
    assert code == 0, shown
    assert "no targets are out of date" in shown
    assert files(project) == before

    page = project / "book" / "guide" / "extra.md"
    picture = page.with_suffix(".svg")
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    page.write_text(EXTRA)
    notebook = page.with_name("other.ipynb")
    nbformat.write(other(), notebook)
    with planted(project / "_toc.yml", replace("parts:\n", EXTRA_LINE)):
        code, shown = build(project)
    for file in (page, picture, notebook):
        file.unlink()
    assert code == 0, shown
    added = files(project) - before
    assert {"book/guide/extra.html", "_sources/book/guide/extra.md", "_images/extra.svg"} < added
    assert {"book/guide/other.html", "book/guide/other.ipynb"} < added
    assert len(added) == 7  # and the download, and the source of the notebook
    assert entries(project) == names | {("extra name", "book/guide/extra")}

    code, shown = build(project)
    assert code == 0, shown
    assert files(project) == before
    assert entries(project) == names


def test_a_broken_link_is_refused_again_and_again(project):
    """Sphinx warns of it when it reads the page. The second time it must read it again."""
    link = replace("# How to read a chapter", "# How to read a chapter\n\n{doc}`nowhere`")
    with planted(project / GUIDE, link):
        for _ in range(2):
            code, shown = build(project)
            assert code != 0
            assert "unknown document" in shown
            assert "1 warnings" in shown
            assert files(project) == set()
    code, shown = build(project)
    assert code == 0, shown
    assert "book/guide/how-to-read.html" in files(project)
