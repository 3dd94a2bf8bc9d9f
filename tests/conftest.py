"""What is too long for every run takes turns, day by day; `--whole` asks all of it."""

import datetime

PARTS = 4


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="all that takes turns, at once")


def pytest_generate_tests(metafunc):
    """A test that asks for a `chapter_in_turn` gets those of its module's CHAPTERS due today."""
    if "chapter_in_turn" in metafunc.fixturenames:
        chapters = metafunc.module.CHAPTERS
        if not metafunc.config.getoption("whole"):
            chapters = due(chapters, datetime.date.today())
        metafunc.parametrize("chapter_in_turn", chapters, ids=lambda path: path.stem)


def due(items, day):
    """The items whose turn it is: each comes once in PARTS days."""
    return items[day.toordinal() % PARTS :: PARTS]
