"""What has been worked out of a record is read again, until what it depends on changes."""

import shutil
from dataclasses import replace

import pytest

import actlib
from actlib import elu, relu
from reference import kept

ROOT = kept.ROOT


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What a kept function is asked, where nothing has been kept yet; and that function."""
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    records = []

    def title(record):
        records.append(record)
        return record.title

    return records, title


def test_a_later_build_reads_what_was_found(asked):
    records, title = asked
    for build in range(2):
        known = kept.kept(title)
        assert (known(elu), known(relu), known(elu)) == ("ELU", "ReLU", "ELU"), build
    assert records == [elu, relu]


def test_a_record_that_is_not_the_librarys_is_asked_itself(asked):
    records, title = asked
    spoilt = replace(elu, title="Spoilt")
    known = kept.kept(title)
    assert (known(elu), known(spoilt), kept.kept(title)(spoilt)) == ("ELU", "Spoilt", "Spoilt")
    assert records == [elu, spoilt, spoilt]


def test_other_functions_find_something_else(asked):
    _, title = asked
    assert kept.kept(title)(elu) == "ELU"
    assert kept.kept(_name)(elu) == "elu"


def _name(record):
    return record.name


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("actlib", "book/_ext"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    return root


DEPENDS = {
    "its own module": ("actlib/activations/snake.py", {"snake"}),
    "a module that it imports": ("actlib/activations/sine.py", {"sine", "snake"}),
    "what proves": ("actlib/verify/shape.py", set(actlib.ALL)),
    "the pages": ("book/_ext/reference/atlas.py", set(actlib.ALL)),
    "the labs": ("book/_ext/lab/javascript.py", set(actlib.ALL)),
}


def digests(root):
    kept.digest.cache_clear()
    kept._common.cache_clear()
    return {name: kept.digest(name, root) for name in actlib.ALL}


@pytest.mark.parametrize("what", DEPENDS)
def test_what_has_changed_is_worked_out_again(copy, what):
    file, changed = DEPENDS[what]
    before, text = digests(copy), (copy / file).read_text("utf-8")
    (copy / file).write_text(text + "\nMORE = 1\n", "utf-8")
    after = digests(copy)
    (copy / file).write_text(text, "utf-8")
    assert {name for name in after if after[name] != before[name]} == changed


def test_versions_count(copy, monkeypatch):
    before = digests(copy)
    monkeypatch.setattr(kept.depends, "versions", lambda: {"sympy": "another"})
    assert not set(digests(copy).values()) & set(before.values())
    kept.digest.cache_clear()
    kept._common.cache_clear()
