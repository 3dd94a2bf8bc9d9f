"""`--whole` asks at once for all that takes turns."""

import datetime

from turns import due


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="all that takes turns, at once")


def pytest_generate_tests(metafunc):
    """A test that asks for a `chapter_in_turn` gets those of its module's CHAPTERS due today."""
    if "chapter_in_turn" in metafunc.fixturenames:
        chapters = metafunc.module.CHAPTERS
        if not metafunc.config.getoption("whole"):
            chapters = due(chapters, datetime.date.today())
        metafunc.parametrize("chapter_in_turn", chapters, ids=lambda path: path.stem)
