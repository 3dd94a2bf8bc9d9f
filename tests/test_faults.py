"""A copy of the book, one fault at a time: the gate refuses each, and nothing of it is left.

This is the promise of the book, so of every kind of refusal one is made by the command that builds
it. What is asked of one notebook needs no Sphinx.
"""

import contextlib
import json
import shutil

import pytest
from copies import build, planted, replace
from groups import uses_the_copy
from sphinx_external_toc.parsing import parse_toc_yaml

from gate import book, rules, run
from gate.stamps import Stamps

pytestmark = uses_the_copy

ELU, SIGMOID = "book/activations/elu.ipynb", "book/activations/sigmoid.ipynb"
GUIDE = "book/guide/how-to-read.md"
TIMEOUT = 60  # seconds for a cell


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


def put_cells(path):
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n"
    cells = "\n```{code-cell}\nprint('unrun')\n```\n"
    path.write_text(head + path.read_text("utf-8") + cells, "utf-8")


def delete(path):
    path.unlink()


def erase(cell):
    cell["outputs"] = []


# kind: {name: (file, how to spoil it, what the refusal says)}. One of each kind of refusal, or of
# what only Sphinx knows, is given to a whole build. Those of a kind are told together, each of
# them: one would be refused alone.
BUILT = {
    "what a notebook has stored": {
        "a stripped notebook": (SIGMOID, edit_cells(strip), [SIGMOID, "code cell 1: never run"]),
    },
    "what its cells return": {
        "a changed stored output": (
            SIGMOID,
            replace("variance 0.0434", "variance 0.0435"),
            [
                SIGMOID,
                "Cell outputs differ",
                "variance 0.0435\n  got, just now:",
                "variance 0.0434",
            ],
        ),
    },
    "the contents": {
        "a missing chapter": (SIGMOID, delete, ["book/activations/sigmoid", "no such file"]),
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
    },
    "the settings": {
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
    },
}

# name: (file, how to spoil it, the notebook that is refused, what the refusal says). What the
# gate asks of one notebook it asks here without Sphinx.
ASKED = {
    "a sign in a derivative": (
        "actlib/activations/elu.py",
        replace("return np.exp(left)", "return -np.exp(left)"),
        ELU,
        ["DisagreementError", "elu derivative in float16", "expected", "got"],
    ),
    "exp(x) - 1 for expm1": (
        "actlib/activations/elu.py",
        replace("np.expm1(negative(x))", "(np.exp(negative(x)) - 1)"),
        ELU,
        ["DisagreementError", "elu value in float32", "expected", "got"],
    ),
    "a kink declared away": (
        "actlib/activations/elu.py",
        replace("when=sp.Ne(alpha, 1)", "when=False"),
        ELU,
        ["the record declares kinks at none, the definition has them at 0"],
    ),
    "a verdict turned around": (
        ELU,
        replace("assert elu(-np.inf) == -1", "assert elu(-np.inf) != -1"),
        ELU,
        ["AssertionError"],
    ),
    "a wrong formula in a chapter": (
        ELU,
        replace("(alpha * (sp.exp(x) - 1), x < 0)", "(sp.exp(x) - 1, x < 0)"),
        ELU,
        ["code cell 4", "AssertionError"],
    ),
    "a wrong derivative in a chapter": (
        SIGMOID,
        replace("slope = -sp.diff(u, x) / u**2", "slope = sp.diff(u, x) / u**2"),
        SIGMOID,
        ["code cell 5", "AssertionError"],
    ),
    "outputs erased": (SIGMOID, edit_cells(erase), SIGMOID, ["Unexpected output fields"]),
    "a check taken out": (
        SIGMOID,
        replace("print(verify.derivative(sigmoid, slope))", "assert sigmoid"),
        SIGMOID,
        ["code cell 11: Cell outputs differ"],
    ),
    "a deleted alt text": (ELU, replace('"alt":', '"old":'), ELU, ["code cell 3", "no alt text"]),
    "a skip tag": (SIGMOID, edit_cells(skip), SIGMOID, ["the tag 'nbval-skip'"]),
    "a magic": (
        SIGMOID,
        replace("x = sp.Symbol(", "%pip list\\nx = sp.Symbol("),
        SIGMOID,
        ["%pip list"],
    ),
    "a broken chapter": (SIGMOID, replace("{", ""), SIGMOID, ["not a notebook"]),
}


def state(sound):
    """All of the copy but what Sphinx remembers: sources, stamps, and the site."""
    return {
        path.relative_to(sound).as_posix(): path.read_bytes()
        for path in sound.rglob("*")
        if path.is_file() and not {".doctrees", "__pycache__"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def as_built(sound):
    return state(sound)


@pytest.fixture
def unchanged(sound, as_built):
    """When a fault is undone, every byte is what it was, and every notebook has its stamp."""
    yield
    after = state(sound)
    stamps = Stamps(sound)
    assert {name: after.get(name) for name in as_built} == as_built
    assert all(name.startswith("_build/.gate/") for name in set(after) - set(as_built))
    assert all(stamps.passed(notebook) for notebook in sound.joinpath("book").rglob("*.ipynb"))


def test_the_sound_book_is_built(sound):
    html = sound / "_build" / "html"
    assert (html / "index.html").is_file()
    page = (html / "book" / "activations" / "elu.html").read_text("utf-8")
    for part in (
        "correctly rounded at all",
        "<figure",
        'alt="ELU with alpha = 1.',
        "math notranslate",
    ):
        assert part in page


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", BUILT)
def test_the_build_refuses(sound, kind, monkeypatch):
    """Whoever sets an option of pytest that would have it compare nothing."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nbval-lax")
    with contextlib.ExitStack() as stack:
        for file, plant, _ in BUILT[kind].values():
            stack.enter_context(planted(sound / file, plant))
        code, shown = build(sound)
    assert code != 0, shown
    for _, _, says in BUILT[kind].values():
        for text in says:
            assert text in shown


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("fault", ASKED)
def test_the_gate_refuses(sound, fault):
    file, plant, notebook, says = ASKED[fault]
    with planted(sound / file, plant):
        found = judged(sound, sound / notebook)
    assert found[0].startswith(notebook)
    for text in says:
        assert text in "\n".join(found)


def judged(sound, notebook):
    """What the gate has against one notebook: as it is stored, and when it is run."""
    return rules.problems(notebook, sound) or run.verify([notebook], sound, Stamps(sound), TIMEOUT)


@pytest.mark.usefixtures("unchanged")
def test_a_chapter_that_nobody_named_is_refused(sound):
    named = parse_toc_yaml(sound / "_toc.yml")
    sources = {name: source(sound, name) for name in named}
    assert book.notebooks(sound, named, sources, whole=True)[1] == []
    draft = sound / "book" / "activations" / "draft.ipynb"
    shutil.copy(sound / ELU, draft)
    found = book.notebooks(sound, named, sources, whole=True)[1]
    draft.unlink()
    assert found == ["book/activations/draft.ipynb: not named in _toc.yml."]


def source(sound, name):
    found = [f"{name}{suffix}" for suffix in (".ipynb", ".md")]
    return next(path for path in found if sound.joinpath(path).is_file())


def test_a_page_built_alone_is_verified_too(sound):
    code, shown = build(sound, SIGMOID)
    assert code == 0, shown
    assert "1 of 1 notebooks passed before, unchanged" in shown
    with planted(sound / SIGMOID, replace("variance 0.0434", "variance 0.0435")):
        code, shown = build(sound, SIGMOID)
    assert code != 0
    assert f"{SIGMOID}, code cell" in shown
