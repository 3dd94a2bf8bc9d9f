"""The tests are shared out so that nothing is built twice and no worker is left with the rest."""

from types import SimpleNamespace

from groups import COPY, PARTS, group, rank


def item(name, *fixtures, **module):
    module = SimpleNamespace(**module)
    return SimpleNamespace(nodeid=name, fixturenames=fixtures, module=module)


def test_all_that_uses_the_copy_goes_to_one_worker():
    one, other = item("test_faults.py::a", "sound"), item("test_addresses.py::b[x]", "sound")
    assert group(one) == group(other) == COPY


def test_a_module_stays_together():
    assert group(item("test_laws.py::a[elu]")) == group(item("test_laws.py::b[relu]"))
    assert group(item("test_laws.py::a[elu]")) != group(item("test_gate.py::a[elu]"))


def test_a_module_of_the_browser_is_shared_out():
    found = {group(item(f"test_lab.py::a[{n}]", "visit")) for n in range(100)}
    assert len(found) == PARTS
    together = {group(item(f"test_lab.py::{test}[elu]", "visit")) for test in "abc"}
    assert len(together) == 1, "what is asked of one page is asked by one worker"


def test_the_longest_come_first():
    items = [
        item("test_arguments.py::a"),
        item("browser/test_lab.py::a", "visit"),
        item("test_contributing.py::a", build=print),
        item("test_faults.py::a", "sound", build=print),
        item("test_laws.py::a"),
    ]
    assert [items.index(each) for each in sorted(items, key=rank)] == [3, 2, 1, 0, 4]


def test_every_test_is_in_its_group(request):
    """xdist has put the names of the groups behind those of the tests, if it shares them out."""
    for collected in request.session.items:
        (mark,) = collected.iter_markers("xdist_group")
        assert mark.args == (group(plain(collected)),)


def plain(collected):
    return item(collected.nodeid.rpartition("@")[0] or collected.nodeid, *collected.fixturenames)
