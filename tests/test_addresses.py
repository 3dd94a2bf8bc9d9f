"""What the site tells those who do not look at it: search engines, previews, language models."""

import email
import inspect
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.etree import ElementTree

import nbformat
import offered
import pytest
import yaml
from copies import ROOT, run
from groups import uses_the_copy
from IPython.core.inputtransformer2 import TransformerManager
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from pybtex.database import parse_file
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from reference import kernels
from website import contents, launch

pytestmark = uses_the_copy

SITE, REPOSITORY = "https://example.org/book/", "https://github.com/someone/book"
PARTS = contents.parts(parse_toc_yaml(ROOT / "_toc.yml"))
PAGES = [name for _, names in PARTS for name in names]
ELU = "book/activations/elu"
NOTEBOOKS = [name for name in PAGES if ROOT.joinpath(f"{name}.ipynb").exists()]

every_notebook = pytest.mark.parametrize("page", NOTEBOOKS)

PAPERS = {
    key: [entry.fields["year"], *(p.last_names[-1].strip("{}") for p in entry.persons["author"])]
    for key, entry in parse_file(ROOT / "book" / "references.bib").entries.items()
}
"""What a reference to each must tell."""


@pytest.fixture(scope="module")
def published(sound, tmp_path_factory):
    """The site with these addresses. What has been read for the one without is not read again."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(sound / "_build", folder / "_build")
    config = yaml.safe_load(sound.joinpath("_config.yml").read_text("utf-8"))
    config["html"]["baseurl"], config["repository"]["url"] = SITE.rstrip("/"), REPOSITORY
    path = folder / "_config.yml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    places = ("--config", str(path), "--path-output", str(folder))
    code, shown = run(sound, "jupyter-book", "build", ".", *places)
    assert code == 0, shown
    assert "0 added" in shown
    return folder / "_build" / "html"


@pytest.fixture
def nowhere(sound):
    """The site of a copy without addresses."""
    return sound / "_build" / "html"


def file_of(html, address):
    """The file that a host would send for this address."""
    assert address.startswith(SITE), address
    return html / (address.removeprefix(SITE) or "index.html")


def head(path):
    return path.read_text("utf-8").partition("</head>")[0]


def told(path, name):
    """What the head of a page says under this name or property."""
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)"', head(path))
    assert len(found) == 1, f"{path.name}: {name}: {found}"
    return unescape(found[0])


def test_the_sitemap_has_every_page_and_no_other(published):
    places = ElementTree.parse(published / "sitemap.xml").getroot().findall(".//{*}loc")
    addresses = [place.text for place in places]
    assert sorted(addresses) == sorted([SITE, *(f"{SITE}{name}.html" for name in PAGES)])
    assert all(file_of(published, address).is_file() for address in addresses)


@pytest.mark.parametrize("path", ["", *(f"{name}.html" for name in PAGES)])
def test_a_page_says_where_it_is_and_what_it_is_about(published, path):
    page = published / (path or "index.html")
    address = SITE + path
    assert re.findall('<link rel="canonical" href="([^"]*)"', head(page)) == [address]
    assert told(page, "og:url") == address
    assert told(page, "description") == told(page, "og:description") != ""
    card = file_of(published, told(page, "og:image"))
    assert card.read_bytes().startswith(b"\x89PNG")


def test_the_404_page_holds_at_any_depth(published):
    page = published.joinpath("404.html").read_text("utf-8")
    assert f'<base href="{urlsplit(SITE).path}" />' in page
    links = re.findall(r'(?:href|src)="([^"#?]+)', page.partition("<base")[2].partition(">")[2])
    own = [link for link in links if "://" not in link]
    assert len(own) > len(PAGES)
    for link in own:
        assert published.joinpath(link).is_file(), link


def test_buttons_lead_to_the_repository_if_there_is_one(published, nowhere):
    chapter = "book/activations/elu.html"
    for button in ("mybinder.org", "colab.research.google.com", REPOSITORY.partition("://")[2]):
        assert button in published.joinpath(chapter).read_text("utf-8")
        assert button not in nowhere.joinpath(chapter).read_text("utf-8")


def test_launch_buttons_open_what_is_put_together_for_them(published, tmp_path):
    """On a branch: the notebooks, and for Binder the wheel and what to install."""
    launch.gather(published, tmp_path)
    (requirement,) = tmp_path.joinpath("requirements.txt").read_text("utf-8").splitlines()
    wheel, extra = re.fullmatch(r"(\./.+\.whl)\[(\w+)\]", requirement).groups()
    assert extra in metadata(tmp_path / wheel).get_all("Provides-Extra")
    for page in NOTEBOOKS:
        html = published.joinpath(f"{page}.html").read_text("utf-8")
        (binder,) = re.findall(r'href="https://mybinder\.org/v2/gh/someone/book/([^"]+)"', html)
        colab = r'href="https://colab\.research\.google\.com/github/someone/book/blob/([^"]+)"'
        branch, path = re.findall(colab, html)[0].split("/", 1)
        assert binder == f"{branch}?urlpath=lab/tree/{path}"
        offered = published.joinpath(f"{page}.ipynb").read_bytes()
        assert tmp_path.joinpath(path).read_bytes() == offered
    workflow = ROOT.joinpath(".github", "workflows", "book.yml").read_text("utf-8")
    assert f"git push --force origin {branch}\n" in workflow


@pytest.mark.parametrize("html", ["published", "nowhere"])
@every_notebook
def test_a_page_offers_itself_for_any_jupyter(request, html, page):
    html = request.getfixturevalue(html)
    found = nbformat.read(html / f"{page}.ipynb", as_version=4)
    assert offered.problems(found, source(page), PAPERS, parts(page)) == []
    shown = html.joinpath(f"{page}.html").read_text("utf-8")
    (button,) = re.findall(r'<a href="([^"]+)"[^>]*\sclass="[^"]*btn-download-source', shown)
    assert html.joinpath(page).parent / button == html / f"{page}.ipynb"


def source(page):
    return nbformat.read(ROOT / f"{page}.ipynb", as_version=4)


def parts(page):
    """What the build adds to a chapter."""
    record = actlib.ALL.get(page.rpartition("/")[2])
    if record is None:
        return []
    return [*map(inspect.getsource, kernels.kernels(record)), "## Related\n"]


def adding(text):
    def spoil(cell):
        cell.source += f"\n\n{text}"

    return spoil


def without(name):
    def spoil(cell):
        cell.source = cell.source.replace(name, "")

    return spoil


SPOILT = {
    "an output": ("elu-06", lambda cell: cell.outputs.clear(), "another outputs of 'elu-06'"),
    "a line of code": ("elu-06", adding("x"), "another source of 'elu-06'"),
    "the order": ("elu-06", lambda cell: cell.update(execution_count=9), "another execution_count"),
    "a cell of code": ("elu-06", lambda cell: cell.update(cell_type="raw"), "other cells of code"),
    "a role": ("elu-07", adding("{term}`kink`"), "a role in 'elu-07'"),
    "a label": ("elu-07", adding("(here)="), "a label in 'elu-07'"),
    "a directive": ("elu-07", adding(":::{note}\n:::"), "a directive in 'elu-07'"),
    "a file": ("elu-07", adding("[a](b.md)"), "a link from 'elu-07' to 'b.md'"),
    "a reference": ("elu-58", without("Djork-Arné Clevert"), "no reference 'clevert2016elu'"),
    "a caption": ("elu-03-caption", without("ELU and its"), "no caption below 'elu-03'"),
    "the relatives": ("related", without("## Related"), "without '## Related"),
    "the kernels": ("elu-27", without("def value(x"), "without 'def value(x"),
    "what to install": ("elu-00", without("pip install"), "not say how to install"),
    "metadata": ("elu-00", lambda cell: cell.metadata.update(tags=["a"]), "metadata of 'elu-00'"),
    "two cells of a name": ("elu-00", lambda cell: cell.update(id="elu-07"), "two cells"),
    "a cell of no kind": ("elu-00", lambda cell: cell.update(cell_type="x"), "no valid notebook"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_what_spoils_an_offered_notebook_is_found(published, fault):
    name, spoil, told = SPOILT[fault]
    notebook = nbformat.read(published / f"{ELU}.ipynb", as_version=4)
    spoil(next(cell for cell in notebook.cells if cell.id == name))
    found = offered.problems(notebook, source(ELU), PAPERS, parts(ELU))
    assert any(told in problem for problem in found), found


def test_an_offered_notebook_speaks_in_words_and_leads_to_the_site(published, nowhere):
    texts = [
        "\n".join(c.source for c in nbformat.read(html / f"{ELU}.ipynb", as_version=4).cells)
        for html in (published, nowhere)
    ]
    for text in texts:
        assert "Clevert et al. (2016) let the negative side go down" in text
        assert "as surveys find (Dubey et al., 2022)." in text
        assert "1. Djork-Arné Clevert, Thomas Unterthiner, and Sepp Hochreiter. Fast" in text
        assert "<summary>Solution 1</summary>" in text
    glossary, relu = f"{SITE}book/reference/glossary.html#term-kink", f"{SITE}book/activations/relu"
    assert f"So there is a [kink]({glossary}) unless" in texts[0]
    assert f"[ReLU]({relu}.html): $" in texts[0]
    assert "So there is a kink unless" in texts[1]
    assert "it is ReLU: $" in texts[1]


@every_notebook
def test_a_page_says_how_to_get_what_its_notebook_imports(published, nowhere, page):
    address = re.fullmatch(r'pip install "actlib\[book\] @ (\S+)"', line(published, page))[1]
    assert zipfile.is_zipfile(file_of(published, address))
    file = re.fullmatch(r'pip install "\./(\S+\.whl)\[book\]"', line(nowhere, page))[1]
    shown = nowhere.joinpath(f"{page}.html").read_text("utf-8")
    (link,) = re.findall(rf'href="([^"]+/{re.escape(file)})" download', shown)
    assert zipfile.is_zipfile(nowhere.joinpath(page).parent / link)


def line(html, page):
    """The one line, which the notebook says too."""
    shown = html.joinpath(f"{page}.html").read_text("utf-8")
    (found,) = re.findall(r"<pre>(pip install .+?)</pre>", shown)
    first = nbformat.read(html / f"{page}.ipynb", as_version=4).cells[0]
    assert f"`{unescape(found)}`" in first.source
    return unescape(found)


def test_the_first_cell_installs_only_what_is_missing(published, monkeypatch):
    cell = nbformat.read(published / f"{ELU}.ipynb", as_version=4).cells[1]
    code = TransformerManager().transform_cell(cell.source)
    asked = []
    shell = SimpleNamespace(run_line_magic=lambda *magic: asked.append(magic))
    exec(code, {"get_ipython": lambda: shell})
    assert asked == []
    monkeypatch.setitem(sys.modules, "actlib", None)  # as if it were not there
    exec(code, {"get_ipython": lambda: shell})
    requirement = line(published, ELU).removeprefix("pip install ")
    assert asked == [("pip", f"install --quiet {requirement}")]


def test_a_notebook_runs_on_the_wheel_of_its_site(published, tmp_path):
    """And would not, if a part of it were missing."""
    packed = file_of(published, re.findall(r"https\S+whl", line(published, ELU))[0])
    with zipfile.ZipFile(packed) as files:
        files.extractall(tmp_path / "wheel")
    notebook = nbformat.read(published / f"{ELU}.ipynb", as_version=4)
    place = "import actlib\n\nprint(actlib.__file__)"
    notebook.cells.append(new_code_cell(place))
    offered.run(notebook, sys.executable, tmp_path, PYTHONPATH=str(tmp_path / "wheel"))
    assert notebook.cells[-1].outputs[0].text.startswith(str(tmp_path / "wheel"))
    shutil.rmtree(tmp_path / "wheel" / "actlib" / "show")
    with pytest.raises(CellExecutionError, match=r"actlib\.show"):
        offered.run(notebook, sys.executable, tmp_path, PYTHONPATH=str(tmp_path / "wheel"))


def test_every_notebook_runs_where_only_its_line_was_installed(published, tmp_path, pytestconfig):
    if not pytestconfig.getoption("whole"):
        pytest.skip("once a week, with --whole: it asks a package index")
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    here = line(published, ELU).replace(SITE, f"{published.as_uri()}/")
    subprocess.run([python, "-m", *shlex.split(here)], check=True)
    for page in NOTEBOOKS:
        assert line(published, page) == line(published, ELU)
        notebook = nbformat.read(published / f"{page}.ipynb", as_version=4)
        offered.run(notebook, python, tmp_path)


def metadata(wheel):
    with zipfile.ZipFile(wheel) as files:
        (name,) = (n for n in files.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(files.read(name))


@pytest.mark.parametrize("name", ["search", "genindex", "404"])
def test_search_engines_leave_out_what_is_no_page_of_the_book(published, name):
    assert told(published / f"{name}.html", "robots") == "noindex"
    assert "canonical" not in head(published / f"{name}.html")


def test_without_an_address_none_is_made_up(nowhere):
    assert not nowhere.joinpath("sitemap.xml").exists()
    assert not nowhere.joinpath("404.html").exists()
    for page in nowhere.rglob("*.html"):
        assert "canonical" not in head(page)
        assert "og:" not in head(page)
        assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', head(page))


@pytest.mark.parametrize("html", ["published", "nowhere"])
def test_language_models_are_told_of_every_page(request, html):
    html = request.getfixturevalue(html)
    summary = html.joinpath("llms.txt").read_text("utf-8")
    assert summary.startswith("# The Activation Book\n\n> ")
    lines = re.findall(r"^- \[(.+)\]\((.+\.html)\): (.+)$", summary, re.MULTILINE)
    links = [link.removeprefix(SITE) for _, link, _ in lines]
    assert links == [f"{name}.html" for name in PAGES]
    assert all(html.joinpath(link).is_file() for link in links)
    full = html.joinpath("llms-full.txt").read_text("utf-8")
    assert "image/png" not in full
    for name in PAGES:
        assert f"# {title(ROOT / name)}\n" in full


def title(path):
    """Of a source: its first heading."""
    source = path.with_suffix(".ipynb")
    if source.exists():
        return re.search(r'"# (.+?)(?:\\n)?"', source.read_text("utf-8"))[1]
    return re.search(r"^# (.+)$", path.with_suffix(".md").read_text("utf-8"), re.MULTILINE)[1]


def test_the_pdf_says_what_is_missing(tmp_path):
    told = run_pdf(tmp_path, PATH="/nowhere")
    assert told.returncode == 1
    assert "there is no Chromium" in told.stderr


def run_pdf(folder, **environment):
    return subprocess.run(
        [sys.executable, "-m", "website.pdf"],
        env={"PYTHONPATH": str(ROOT / "book" / "_ext"), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
