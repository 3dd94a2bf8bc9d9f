"""The picture of the identities: each that is proved is a line, and leads to where it is told."""

import re
from html import unescape
from itertools import pairwise
from math import dist
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from cases import told
from docutils import nodes
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from reference import families, identities, see_also

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
FAMILIES = families.families(parse_toc_yaml(ROOT / "_toc.yml"), actlib.ALL)
RECORDS = [record for family in FAMILIES.values() for record in family]


@pytest.fixture(scope="module")
def found():
    return identities.proved(FAMILIES)


@pytest.fixture(scope="module")
def page():
    return identities.markdown(FAMILIES)


@pytest.fixture(scope="module")
def picture(page):
    return ElementTree.fromstring(re.search(r"<svg.+</svg>", page, re.DOTALL)[0])


def test_every_relation_is_a_line_and_a_sentence(found, page, picture):
    ends = [line.get("data-ends") for line in picture.iter("a") if line.get("data-ends")]
    assert ends == [f"{r.left.record.name} {r.right.record.name}" for r in found]
    in_words = page.partition("## In words")[2]
    for relation in found:
        assert in_words.count(see_also.sentence(relation)) >= 1
    assert in_words.count("\n- ") == len(found)


def test_a_line_begins_and_ends_at_its_functions(picture):
    at = {}
    for node in picture.iter("a"):
        if name := node.get("data-name"):
            at[name] = tuple(float(node.find("circle").get(side)) for side in ("cx", "cy"))
    assert list(at) == [record.name for record in RECORDS]
    for line in picture.iter("a"):
        if line.get("data-ends"):
            numbers = [float(n) for n in re.findall(r"-?\d+\.\d", line.find("path").get("d"))]
            assert [tuple(numbers[:2]), tuple(numbers[-2:])] == [
                at[name] for name in line.get("data-ends").split()
            ]


def test_a_line_says_what_it_is_in_plain_text(found, picture):
    for relation, line in zip(found, lines(picture), strict=True):
        text = line.get("aria-label")
        assert text == line.find("title").text
        assert text.startswith(f"{relation.left.record.title}. ")
        assert relation.right.record.title in text
        assert not re.search(r"[$\\{}\[\]]", text)


def lines(picture):
    return [link for link in picture.iter("a") if link.get("data-ends")]


def test_what_is_not_proved_has_no_line():
    """One number of the definition is wrong, too little for numbers to tell."""
    true = actlib.sigmoid
    wrong = told(true, name="wrong", definition=true.definition + actlib.step.definition / 10**14)
    assert len(identities.proved({"A": [true], "B": [told(true, name="again")]})) == 1
    assert identities.proved({"A": [true], "B": [wrong]}) == []


@pytest.mark.parametrize("members", [[1], [1, 1, 1], [40, 1], [2] * 25, [60]])
def test_there_is_room_for_each_name_however_many(members):
    """Next to one another on the circle, and outside it a family's name beside the next."""
    records = iter([told(actlib.tanh, name=f"f{number}") for number in range(sum(members))])
    crowd = {f"Family {n}": [next(records) for _ in range(n_)] for n, n_ in enumerate(members)}
    circle = identities.circle(crowd)
    for places, room in ((circle.of_records, identities.TEXT), (circle.of_families, 3 * 15)):
        around = [*places.values(), next(iter(places.values()))]
        assert [p.angle for p in around[:-1]] == sorted(p.angle for p in around[:-1])
        for one, other in pairwise(around if len(places) > 1 else []):
            assert dist(one.at(circle.radius), other.at(circle.radius)) > room


def test_the_picture_is_the_same_each_time(page):
    assert identities.markdown(FAMILIES) == page


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_each_sentence_of_a_chapter_is_a_place(record, found):
    """As many as there are, none twice; what else the list has is none."""
    seen = list(see_also.seen_from(record, found))
    items = [nodes.list_item() for _ in (*seen, "family")]
    foot = nodes.section("", nodes.bullet_list("", *items), ids=["related"])
    document = nodes.section("", foot)
    see_also.mark(document, record, found)
    marked = [item["ids"] for item in items]
    assert marked == [*([see_also.anchor(relation)] for relation in seen), []]
    assert len({str(ids) for ids in marked}) == len(items)


def test_every_link_of_the_built_page_leads_to_its_sentence(found):
    path = HTML / "book" / "reference" / "identities.html"
    if not path.is_file():
        pytest.skip("there is no site; run `make site`")
    links = BeautifulSoup(path.read_text("utf-8"), "html.parser").select(".web a")
    assert len(links) == len(found) + len(RECORDS)
    told_by = {f"{r.left.record.name} {r.right.record.name}": r for r in found}
    for link in links:
        file, _, place = link["href"].partition("#")
        chapter = BeautifulSoup(chapter_of(path.parent / file), "html.parser")
        if "data-name" in link.attrs:
            assert file == f"../activations/{link['data-name']}.html"
            continue
        (sentence,) = chapter.select(f"#{place}")
        relation = told_by[link["data-ends"]]
        assert f"{relation.right.record.name}.html" in str(sentence)
        assert unescape(relation.latex()[0]) in sentence.get_text()


def chapter_of(path):
    return path.resolve().read_text("utf-8")
