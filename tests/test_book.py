"""The book's own rules: each activation has its module, its chapter and its place, and each
chapter has the same parts in the same order."""

import ast
import base64
import re
from pathlib import Path

import nbformat
import pytest
from pybtex import database as bibtex
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from actlib.call.shapes import is_gated, is_of_vectors
from gate.stamps import Stamps
from reference import ledger

ROOT = Path(__file__).parents[1]
CLAIMS = ledger.load(ROOT / "book" / "claims.yml")
CHAPTERS = ROOT / "book" / "activations"
REFERENCES = ROOT / "book" / "references.bib"

SECTIONS = [
    "Where it comes from",
    "Definition",
    "Derivative",
    "Kinks",
    "In floating point",
    "The check",
    "Facts of shape",
    "The parameter",
    "What the post said",
    "What is said about it",
    "In the frameworks",
    "Exercises",
    "References",
]
# Without kinks or parameters there is no such part; what the post does not know, others speak of.
OPTIONAL = {"Kinks", "The parameter", "What the post said", "What is said about it"}


def places():
    """Where each activation is found: its module, its chapter, its line in the contents."""
    toc = parse_toc_yaml(ROOT / "_toc.yml")
    return {
        "a module in actlib/activations": {
            p.stem for p in ROOT.glob("actlib/activations/*.py") if p.stem != "__init__"
        },
        "a chapter in book/activations": {p.stem for p in CHAPTERS.glob("*.ipynb")},
        "a line in _toc.yml": {
            name.split("/")[-1].removesuffix(".ipynb")
            for name in toc
            if name.startswith("book/activations/")
        },
    }


def chapter(name):
    path = CHAPTERS / f"{name}.ipynb"
    if not path.exists():
        pytest.fail(f"{name}: has no chapter in book/activations")
    return nbformat.read(path, as_version=4)


def text(name, kind):
    return "\n".join(c.source for c in chapter(name).cells if c.cell_type == kind)


def notebooks():
    return sorted(ROOT.joinpath("book").rglob("*.ipynb"))


every_notebook = pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
every_activation = pytest.mark.parametrize("name", actlib.ALL)


@pytest.mark.parametrize("name", sorted(set.union(*places().values())))
def test_module_chapter_and_line_go_together(name):
    missing = [place for place, names in places().items() if name not in names]
    assert not missing, f"{name}: missing {' and '.join(missing)}"


@every_activation
def test_chapters_have_the_same_parts(name):
    headings = re.findall(r"^## (.+)$", text(name, "markdown"), re.MULTILINE)
    required = [s for s in SECTIONS if s in headings or s not in OPTIONAL]
    assert headings == required
    record = actlib.ALL[name]
    assert text(name, "markdown").startswith(f"# {record.title}\n")
    kinked = getattr(record, "kinks", ()) or getattr(record, "kinked", "")
    assert ("Kinks" in headings) == bool(kinked)
    assert ("The parameter" in headings) == bool(getattr(record, "parameters", ()))
    shown = text(name, "markdown")
    judged = [claim.of_the_post for claim in CLAIMS if f"({claim.label})=" in shown]
    assert ("What the post said" in headings) == any(judged)
    assert ("What is said about it" in headings) == (not all(judged))


@every_activation
def test_chapters_check_their_own_record(name):
    """What a chapter verifies is the record of its name, with expressions typed in the chapter."""
    code = text(name, "code")
    assert f"{name}.definition" in code
    assert f"card.facts({name})" in code
    record = actlib.ALL[name]
    if is_gated(record):
        assert f"print(verify.pairs({name}, definition))" in code
        return
    if is_of_vectors(record):
        assert code.count("verify.vectors(") >= 3
        return
    checks = ["value", "derivative", *(["kinks"] if record.kinks else [])]
    for check in checks:
        assert re.search(rf"print\(verify\.{check}\({name}, \w+\)\)", code), check
    for parameter in record.parameter_kernels:
        assert f'verify.parameter_derivative({name}, "{parameter}", ' in code


@every_activation
def test_references_are_cited(name):
    cited = set(re.findall(r"\{footcite:\w\}`([^`]+)`", text(name, "markdown")))
    cited = {key for keys in cited for key in keys.split(",")}
    record = actlib.ALL[name]
    assert set(record.references) <= cited, "the record's papers are cited in its chapter"


def test_bibliography_and_citations_agree():
    known = re.findall(r"^@\w+\{(\w+),", REFERENCES.read_text("utf-8"), re.MULTILINE)
    assert len(known) == len(set(known))
    pages = [c.source for p in notebooks() for c in nbformat.read(p, 4).cells]
    pages += [p.read_text("utf-8") for p in ROOT.joinpath("book").rglob("*.md")]
    cited = {
        key
        for page in pages
        for keys in re.findall(r"\{footcite:\w\}`([^`]+)`", page)
        for key in keys.split(",")
    }
    assert cited == set(known)


def test_every_entry_of_the_bibliography_can_be_found():
    """Title, authors, year and an identifier, and no paper twice."""
    entries = bibtex.parse_file(REFERENCES).entries
    for key, entry in entries.items():
        missing = {"title", "year"} - set(entry.fields)
        assert not missing, f"{key}: {missing}"
        assert entry.persons["author"], key
        assert {"doi", "eprint", "isbn", "url"} & set(entry.fields), f"{key}: no identifier"
    told = [
        (re.sub(r"\W", "", e.fields["title"]).lower(), *(str(a) for a in e.persons["author"]))
        for e in entries.values()
    ]
    assert len(set(told)) == len(told), "a book may have the title of a paper, not its authors"


@every_notebook
def test_a_heading_begins_its_cell(path):
    """So does the label of a claim: what comes after is found by it."""
    for cell in nbformat.read(path, as_version=4).cells:
        found = re.findall(r"^(?:## |\(claim-)", cell.source, re.MULTILINE)
        assert cell.cell_type == "code" or len(found) <= 1, cell.source
        assert not found or re.match(r"## |\(claim-", cell.source), cell.source


@every_notebook
def test_cells_are_short_and_explained(path):
    """At most ten lines of code, imports aside, then what we saw: code never follows code without
    a word, but for the imports, card and figure that open a chapter."""
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            statements = ast.parse(cell.source).body
            imports = all(isinstance(s, ast.Import | ast.ImportFrom) for s in statements)
            assert imports or len(cell.source.splitlines()) <= 10, cell.source
            assert max(map(len, cell.source.splitlines())) <= 76, "wider than the page"
    kinds = [c.cell_type for c in cells]
    opening = kinds.index("markdown", 1)
    for before, after in zip(kinds[opening:], kinds[opening + 1 :], strict=False):
        assert (before, after) != ("code", "code")


@every_notebook
def test_notebooks_are_stored_normalised(path):
    from gate.normalise import normalised

    stored = path.read_text("utf-8")
    again = nbformat.writes(normalised(nbformat.reads(stored, as_version=4)), version=4) + "\n"
    assert again == stored, f"make chapters, then commit {path.name}"


@pytest.fixture(scope="module")
def stamps():
    return Stamps(ROOT)


@every_notebook
def test_a_notebook_has_passed_the_gate(path, stamps):
    """It is run and compared there, once, and nowhere again."""
    assert stamps.passed(path), f"{path.name}: not verified as it is now; run `make site`"


@every_activation
def test_docstrings_give_formula_types_errors_and_source(name):
    doc = actlib.ALL[name].__doc__
    first = doc.splitlines()[0]
    assert re.search(r"f\((x\)|z\)(_i)?|value, gate\)) =", first)
    for part in ("float16", "Returns", "Raises", "TypeError", "ValueError"):
        assert part in doc
    assert re.search(r"\b(1[89]|20)\d\d\b", doc), "no source"


def test_requirements_are_exact():
    lines = ROOT.joinpath("requirements.txt").read_text("utf-8").splitlines()
    packages = [x for x in lines if x.strip() and not x.lstrip().startswith("#")]
    assert "-e ." in packages
    for line in packages:
        assert line == "-e ." or re.match(r"^[\w.-]+==[\w.]+( ; .+| \\)?$", line), line


def test_readme_is_short_and_its_picture_is_the_chapters():
    readme = ROOT.joinpath("README.md").read_text("utf-8")
    assert len(readme.splitlines()) < 80
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", readme)
    figures = [
        base64.b64decode(output.data["image/png"])
        for cell in chapter("elu").cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert ROOT.joinpath(picture).read_bytes() == figures[0], "copy it from the chapter"


def test_the_version_is_the_same_everywhere():
    version = actlib.__version__
    assert f"\nversion: {version}\n" in ROOT.joinpath("CITATION.cff").read_text("utf-8")
    assert f"\n## {version}" in ROOT.joinpath("CHANGELOG.md").read_text("utf-8")


def test_every_target_of_make_is_explained():
    makefile = ROOT.joinpath("Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert {"help", "site", "serve", "test", "check", "chapters", "lock"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:.* ## \w", makefile, re.MULTILINE), target


def test_no_test_knows_an_activation_by_name():
    """An exception belongs on the record, with its reason."""
    for path in ROOT.joinpath("tests").glob("*.py"):
        code = path.read_text("utf-8")
        assert not re.search(r"if .*\bname\s*(==|!=|in \()", code), path.name
