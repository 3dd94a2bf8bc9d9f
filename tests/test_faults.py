"""A copy of the book, one fault at a time: the build refuses each, and passes when it is undone.

This is the promise of the book, so it is kept with the command that builds it.
"""

import json
import os
import shutil

import pytest
from copies import build, copy_project

ELU, SIGMOID = "book/activations/elu.ipynb", "book/activations/sigmoid.ipynb"


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


def strip(cell):
    cell.update(execution_count=None, outputs=[])


def skip(cell):
    cell["metadata"]["tags"] = ["nbval-skip"]


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
        replace("when=sp.Ne(a, 1)", "when=sp.false"),
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
    "a broken link": (
        "book/guide/how-to-read.md",
        replace("# How to read a chapter", "# How to read a chapter\n\n{doc}`nowhere`"),
        ["unknown document", "1 warnings"],
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
    path = project / SIGMOID
    before = path.read_bytes()
    path.write_bytes(before.replace(b"variance 0.0434", b"variance 0.0435"))
    try:
        code, shown = build(project, SIGMOID)
    finally:
        path.write_bytes(before)
    assert code != 0
    assert f"{SIGMOID}, code cell" in shown


@pytest.mark.parametrize("fault", FAULTS)
def test_the_build_refuses(project, fault):
    file, plant, says, *page = FAULTS[fault]
    path = project / file
    before, names, time = path.read_bytes(), set(path.parent.iterdir()), path.stat().st_mtime_ns
    plant(path)
    try:
        code, shown = build(project, *page)
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(time, time))  # the same file again: Sphinx need not read all pages anew
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
