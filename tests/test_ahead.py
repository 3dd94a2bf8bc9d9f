"""Before all pages are read, what takes long is worked out of every record, on all cores."""

import os
from types import SimpleNamespace

import pytest

import actlib
from actlib.call.shapes import is_elementwise
from reference import ahead, digests, kept, vectors

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="there is no fork: pages do it themselves"
)
BOOK = SimpleNamespace(found_docs={"one", "two"})


@pytest.fixture
def found(tmp_path, monkeypatch):
    """A folder with a file for each record that was asked; and what asks."""

    def find(record):
        tmp_path.joinpath(record.name).touch()

    for module in (vectors, digests):
        monkeypatch.setattr(module, "write", lambda *_: None)
    monkeypatch.setattr(kept, "ALL", [kept.Kept(find, is_elementwise)])
    return tmp_path


def test_every_record_is_asked_what_applies_to_it(found):
    ahead.work_out(None, BOOK, ["one", "two"])
    asked = {path.name for path in found.iterdir()}
    assert asked == {name for name, record in actlib.ALL.items() if is_elementwise(record)}


def test_where_few_pages_are_read_nothing_is_asked(found):
    ahead.work_out(None, BOOK, ["one"])
    assert list(found.iterdir()) == []


def test_what_goes_wrong_ends_the_build(found, monkeypatch):
    def find(record):
        raise ValueError(f"{record.name} has no slope")

    monkeypatch.setattr(kept, "ALL", [kept.Kept(find, is_elementwise)])
    with pytest.raises(ValueError, match="has no slope"):
        ahead.work_out(None, BOOK, ["one", "two"])
