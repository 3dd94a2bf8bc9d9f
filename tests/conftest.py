"""What all tests share: a copy of the book to spoil, the groups that workers take, and turns.

`--whole` asks at once for all that takes turns, `--library` for what needs no book.
"""

import datetime
import re

import pytest
from copies import build, copy_project
from groups import group, rank
from library import is_of_the_library
from turns import due


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="all that takes turns, at once")
    parser.addoption("--library", action="store_true", help="only what asks the library alone")


def pytest_configure(config):
    told = "locked: holds with the versions of requirements.txt, and need not with others"
    config.addinivalue_line("markers", told)


def pytest_ignore_collect(collection_path, config):
    """None is no answer: then others decide."""
    alone = config.getoption("library")
    return True if alone and not is_of_the_library(collection_path) else None


def pytest_generate_tests(metafunc):
    """A test that asks for a `chapter_in_turn` gets those of its module's CHAPTERS due today."""
    if "chapter_in_turn" in metafunc.fixturenames:
        chapters = metafunc.module.CHAPTERS
        if not metafunc.config.getoption("whole"):
            chapters = due(chapters, datetime.date.today())
        metafunc.parametrize("chapter_in_turn", chapters, ids=lambda path: path.stem)


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """A copy of the whole project without addresses, built. Who spoils it puts it right again."""
    project = copy_project(tmp_path_factory.mktemp("sound") / "book")
    config = project / "_config.yml"
    config.write_text(re.sub(r"\b(base)?url: .*", r'\1url: ""', config.read_text("utf-8")), "utf-8")
    code, shown = build(project)
    assert code == 0, shown
    return project


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=rank)
