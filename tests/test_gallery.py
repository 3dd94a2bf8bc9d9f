"""The first page: a picture of every activation in its place, and numbers that were counted."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from docutils import nodes
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from reference import families, gallery, promise, properties

ROOT = Path(__file__).parents[1]
CONTENTS = parse_toc_yaml(ROOT / "_toc.yml")
FAMILIES = families.families(CONTENTS, actlib.ALL)
RECORDS = [record for family in FAMILIES.values() for record in family]


def test_the_gallery_has_every_record_in_the_order_of_the_contents():
    lines = ROOT.joinpath("_toc.yml").read_text("utf-8").splitlines()
    pages = [line.split("book/activations/")[1] for line in lines if "book/activations/" in line]
    shown = [record.name for record in RECORDS]
    assert shown == pages
    assert set(shown) == set(actlib.ALL)


def test_a_family_is_a_part_of_the_contents():
    toc = yaml.safe_load(ROOT.joinpath("_toc.yml").read_text("utf-8"))
    expected = {
        part["caption"]: [
            Path(file["file"]).name
            for chapter in part["chapters"]
            for file in (chapter, *chapter.get("sections", ()))
        ]
        for part in toc["parts"]
        if any("book/activations/" in chapter["file"] for chapter in part["chapters"])
    }
    assert {c: [r.name for r in family] for c, family in FAMILIES.items()} == expected
    page = gallery.markdown(FAMILIES, "/made")
    _, *lists = page.split("\n## ")
    assert [told.partition("\n")[0] for told in lists] == list(expected)
    assert [told.count("\n- [") for told in lists] == [len(f) for f in expected.values()]


def test_each_tile_is_found_by_what_its_activation_is():
    """The boxes offer what some tile carries, as often as tiles carry it."""
    items = [nodes.list_item() for _ in RECORDS]
    gallery.mark(APP, page_of(items))
    page = gallery.markdown(FAMILIES, "/made")
    offered = re.findall(r'value="(\S+)"> \S+ \((\d+)\)', page)
    carried = Counter(name for item in items for name in item["classes"])
    assert {name: int(count) for name, count in offered} == carried
    for record, item in zip(RECORDS, items, strict=True):
        assert item["classes"] == properties.classes(record)


APP = SimpleNamespace(config=SimpleNamespace(external_site_map=CONTENTS))


def page_of(items):
    """The tiles in two lists, and a list that is none of tiles."""
    lists = (nodes.bullet_list("", *some) for some in (items[:3], items[3:]))
    tiles = (nodes.container("", some, classes=["gallery"]) for some in lists)
    return nodes.section("", *tiles, nodes.bullet_list("", nodes.list_item()))


def test_a_tile_without_an_activation_is_an_error():
    items = [nodes.list_item() for _ in RECORDS[1:]]
    with pytest.raises(ValueError, match="zip"):
        gallery.mark(APP, page_of(items))


def test_every_tile_has_its_picture_its_link_and_an_alt_text_that_differs(tmp_path):
    records = RECORDS
    gallery.write(records, tmp_path)
    page = gallery.markdown(FAMILIES, "/made")
    tiles = re.findall(r"\[!\[(.+?)\]\(/made/(\w+)\.svg\) (.+?)\]\((.+?)\)", page)
    assert [name for _, name, _, _ in tiles] == [record.name for record in records]
    for record, (alt, name, title, link) in zip(records, tiles, strict=True):
        assert title == record.title
        assert ROOT.joinpath(link.lstrip("/")).is_file()
        assert len(alt) > 30
        svg = tmp_path.joinpath(f"{name}.svg").read_text("utf-8")
        assert svg.count("<path") >= 3
        assert len(svg) < 12_000
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 250_000


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("elu", "f increases, between -1 and plus infinity. Dashed, its slope."),
        ("step", "f never falls, between 0 and 1. It jumps at 0. Dashed"),
        ("relu", "It has a kink at 0."),
        ("hard_sigmoid", "It has kinks at -2.5 and 2.5."),
        ("softmax", "each between 0 and 1"),
        ("logsumexp", "Its value, between minus infinity and plus infinity, as one of three"),
    ],
)
def test_alt_texts_say_what_is_known(name, told):
    assert told in gallery.describe(actlib.ALL[name])


def test_the_promise_counts_what_is_there():
    """Counted here another way: no nbformat, no ledger."""
    notebooks = sorted(ROOT.joinpath("book").rglob("*.ipynb"))
    cells = [c for n in notebooks for c in json.loads(n.read_text("utf-8"))["cells"]]
    kinds = Counter(cell["cell_type"] for cell in cells)
    sources = "\n".join("".join(cell["source"]) for cell in cells)
    labels = re.findall(r"^\(claim-.+\)=$", sources, re.MULTILINE)
    entries = yaml.safe_load(ROOT.joinpath("book", "claims.yml").read_text("utf-8"))
    unjudged = [entry for entry in entries if entry["verdict"] == "source"]
    cited = [e for e in entries if e.get("citation_only") and e not in unjudged]
    judged = len(labels) - len(unjudged)
    files = [p.read_text("utf-8") for p in ROOT.joinpath("proofs").glob("*.json")]
    results = sum(int(n) for text in files for n in re.findall(r'"inputs": (\d+)', text))
    page = written(notebooks)
    assert f"[{kinds['code']:,} cells]" in page
    assert f" in {len(notebooks)} notebooks " in page
    assert f"[{judged:,} claims]" in page
    assert f"and {judged - len(cited):,} of them a cell" in page
    assert f"[{results:,} values]" in page
    assert "**none** had been found" in page


def test_the_promise_is_no_constant(tmp_path):
    """One notebook less, and one proof with a fault: every number moves."""
    notebooks = sorted(ROOT.joinpath("book").rglob("*.ipynb"))
    proof = json.loads(ROOT.joinpath("proofs", "elu.json").read_text("utf-8"))
    proof["f"]["float16"]["misrounded"] = ["0x1p+0"]
    tmp_path.joinpath("elu.json").write_text(json.dumps(proof), "utf-8")
    before, after = written(notebooks), written(notebooks[1:], tmp_path)
    assert not set(re.findall(r"\d[\d,]* \w+", before)) & set(re.findall(r"\d[\d,]* \w+", after))
    assert "**1** had been found" in after


def written(notebooks, proofs=ROOT / "proofs"):
    claims = ROOT / "book" / "claims.yml"
    return promise.markdown(actlib.ALL.values(), notebooks, claims, proofs)


def test_the_built_page_links_to_every_chapter():
    index = ROOT / "_build" / "html" / "index.html"
    if not index.is_file():
        pytest.skip("there is no site; run `make site`")
    found = Tiles()
    found.feed(index.read_text("utf-8"))
    assert len(found.links) == len(actlib.ALL)
    for link in found.links:
        assert index.parent.joinpath(link).is_file(), link


class Tiles(HTMLParser):
    """The links around the pictures of a page."""

    def __init__(self):
        super().__init__()
        self.link, self.links = None, []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self.link = attributes.get("href")
        elif tag == "img" and self.link and attributes["src"].endswith(".svg"):
            assert attributes["alt"].strip()
            self.links.append(self.link)

    def handle_endtag(self, tag):
        if tag == "a":
            self.link = None
