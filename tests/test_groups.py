"""The tests are shared out so that nothing is built twice and no worker is left with the rest."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from groups import PARTS, group, rank, uses_the_copy


def item(name, *fixtures, mark=None, **module):
    return SimpleNamespace(
        nodeid=name,
        fixturenames=fixtures,
        module=SimpleNamespace(**module),
        get_closest_marker=lambda name: mark,
    )


def test_a_module_stays_together():
    assert group(item("test_laws.py::a[elu]")) == group(item("test_laws.py::b[relu]"))
    assert group(item("test_laws.py::a[elu]")) != group(item("test_gate.py::a[elu]"))


def test_a_module_of_the_browser_is_shared_out():
    found = {group(item(f"test_lab.py::a[{n}]", "browser")) for n in range(100)}
    assert len(found) == PARTS
    together = {group(item(f"test_lab.py::{test}[elu]", "browser")) for test in "abc"}
    assert len(together) == 1, "what is asked of one page is asked by one worker"


def test_the_longest_come_first():
    items = [
        item("test_arguments.py::a"),
        item("browser/test_lab.py::a", "browser"),
        item("test_contributing.py::a", build=print),
        item("test_faults.py::a", mark=uses_the_copy.mark, build=print),
        item("test_laws.py::a"),
    ]
    assert [items.index(each) for each in sorted(items, key=rank)] == [3, 2, 1, 0, 4]


def test_in_a_browser_one_page_follows_the_other():
    tests = [f"test_lab.py::{test}[{page}]" for test in "ba" for page in ("relu", "elu")]
    found = sorted((item(test, "browser") for test in tests), key=rank)
    asked = [each.nodeid.partition("::")[2] for each in found]
    assert asked == ["b[elu]", "a[elu]", "b[relu]", "a[relu]"]


def test_all_that_uses_the_copy_goes_to_one_worker():
    """It would be built in each that takes one of these."""
    for path in Path(__file__).parent.rglob("test_*.py"):
        asks = re.search(r"\bdef \w+\([^)]*\bsound\b", path.read_text("utf-8"))
        assert not asks or "\npytestmark = uses_the_copy\n" in path.read_text("utf-8"), path.name


def test_every_test_has_its_group(request):
    for collected in request.session.items:
        (mark,) = collected.iter_markers("xdist_group")
        assert mark.args == (group(collected),)


def test_a_group_is_what_a_worker_is_given(request):
    """xdist 3.8 tells it by a test's name, and pytest 9.2 keeps all names (pytest-xdist #1386)."""
    if not request.config.getoption("loadgroup", False):
        pytest.skip("one process runs all tests")
    for collected in request.session.items:
        assert collected.nodeid.endswith(f"@{group(collected)}")
