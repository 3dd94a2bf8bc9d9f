"""What a page says in its notebook is refused if nobody knows how, and its wheel is the same for
the same files. How the notebooks of the book come out, test_addresses.py asks."""

import os
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from myst_parser.config.main import MdParserConfig
from sphinx.domains.std import StandardDomain

from gate import site
from website import notebook, wheel
from website.markdown import NotPlain
from website.meanings import OnPage

ROOT = Path(__file__).parents[1]


@pytest.fixture
def page():
    """One of a book that has a single page and no bibliography."""
    cite = SimpleNamespace(bibdata=SimpleNamespace(data=SimpleNamespace(entries={})))
    domains = {"std": StandardDomain, "cite": cite}
    env = SimpleNamespace(
        myst_config=MdParserConfig(enable_extensions={"colon_fence"}),
        get_domain=domains.__getitem__,
        found_docs={"here"},
        relfn2path=lambda path, page: (path.lstrip("/"), path),
        path2doc=lambda path: path.removesuffix(".md"),
    )
    config = SimpleNamespace(bibtex_default_style="plain", html_baseurl="")
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"{there}.html")
    return OnPage(SimpleNamespace(env=env, config=config, builder=builder), "here")


def test_what_is_known_is_said_in_plain_markdown(page):
    source = "[Here](/here.md)\n\n:::{dropdown} One\nMore\n:::"
    told = "Here\n\n<details>\n<summary>One</summary>\n\nMore\n\n</details>\n"
    assert page.plain(source) == told


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{math}`x`", "the role 'math'"),
        ("{footcite:t}`nobody2020`", "no paper 'nobody2020'"),
        (":::{note}\nText\n:::", "the directive 'note'"),
        (":::{dropdown} One\n:open:\n\nText\n:::", "the directive 'dropdown'"),
        (":::{dropdown} One\n![A picture](a.png)\n:::", "'image'"),
        ("[There](/there.md)", "'/there.md' is no page"),
    ],
)
def test_what_nobody_can_say_is_refused(page, source, why):
    with pytest.raises(NotPlain, match=why):
        page.plain(source)


def test_sphinx_warns_of_what_is_refused(monkeypatch, caplog, tmp_path):
    """And the gate lets no warning pass."""

    def refuse(app, page):
        raise NotPlain("nothing says this")

    monkeypatch.setattr(notebook, "resolved", refuse)
    context = {"page_source_suffix": ".ipynb"}
    notebook.offer(SimpleNamespace(outdir=tmp_path), "here", "", context, doctree=object())
    assert "no notebook to download: nothing says this" in caplog.text
    assert "install" not in context


def test_the_gate_keeps_the_notebook_of_a_page_that_is_one(tmp_path):
    """Of a page that is not written again, and not of one that is Markdown, or gone."""
    sources = {"one": "one.ipynb", "two": "two.md"}
    env = SimpleNamespace(
        found_docs=set(sources), images={}, doc2path=lambda page, base: sources[page]
    )
    builder = SimpleNamespace(
        env=env, outdir=tmp_path, get_outfilename=lambda page: tmp_path / f"{page}.html"
    )
    for name in ("one", "two", "three"):
        tmp_path.joinpath(f"{name}.ipynb").touch()
    site.keep(tmp_path, site.written_once(builder))
    assert [path.name for path in tmp_path.iterdir()] == ["one.ipynb"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of what a wheel is made of."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "actlib", tmp_path / "actlib", ignore=ignored)
    monkeypatch.setattr(wheel, "ROOT", tmp_path)
    return tmp_path


def test_a_wheel_holds_all_of_the_library(project):
    wheel.build(project / "dist")
    with zipfile.ZipFile(project / wheel.PLACE) as files:
        held = {name for name in files.namelist() if name.startswith("actlib/")}
    library = {p.relative_to(project).as_posix() for p in project.glob("actlib/**/*.*")}
    assert held == library


def test_the_same_files_are_the_same_wheel(project):
    wheel.build(project / "dist")
    first = (project / wheel.PLACE).read_bytes()
    os.utime(project / "actlib" / "__init__.py", (1e9, 1e9))
    wheel.build(project / "dist")
    assert (project / wheel.PLACE).read_bytes() == first
    (project / "actlib" / "more.py").touch()
    wheel.build(project / "dist")
    assert (project / wheel.PLACE).read_bytes() != first


@pytest.mark.parametrize(
    ("baseurl", "repository", "asked"),
    [
        ("https://a.b/c/", "https://github.com/d/e", "actlib[book] @ https://a.b/c/dist/{}"),
        (
            "",
            "https://github.com/d/e/",
            "actlib[book] @ https://github.com/d/e/raw/notebooks/dist/{}",
        ),
        ("", "", "./{}[book]"),
    ],
)
def test_the_wheel_is_asked_for_where_it_is(baseurl, repository, asked):
    """On the site, else on the branch that launch buttons open, else where the reader put it."""
    options = {"repository_url": repository}
    config = SimpleNamespace(html_baseurl=baseurl, html_theme_options=options)
    assert wheel.requirement(config) == f'"{asked.format(wheel.NAME)}"'
