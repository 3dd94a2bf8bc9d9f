"""What the site tells those who do not look at it: search engines, previews, language models."""

import re
import subprocess
import sys
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from copies import ROOT, build, copy_project
from sphinx_external_toc.parsing import parse_toc_yaml

from website import contents

SITE, REPOSITORY = "https://example.org/book/", "https://github.com/someone/book"
PARTS = contents.parts(parse_toc_yaml(ROOT / "_toc.yml"))
PAGES = [name for _, names in PARTS for name in names]


def built(folder, baseurl, repository):
    """The site of a copy with these addresses; the gate has other tests."""
    project = copy_project(folder)
    path = project / "_config.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    config["html"]["baseurl"], config["repository"]["url"] = baseurl, repository
    del config["sphinx"]["local_extensions"]["gate"]
    path.write_text(yaml.safe_dump(config), "utf-8")
    code, shown = build(project)
    assert code == 0, shown
    return project / "_build" / "html"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return built(tmp_path_factory.mktemp("published") / "book", SITE.rstrip("/"), REPOSITORY)


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    return built(tmp_path_factory.mktemp("nowhere") / "book", "", "")


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
