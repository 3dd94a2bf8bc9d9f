"""What goes to one worker of `--dist loadgroup`, and in which order.

Modules that use the one copy of the book are a group, the longest: it comes first. Then come others
that build a book, and tests in a browser, those of a module shared out by what they are asked of,
so that workers finish together. Of every other module the tests stay together, since they share
what they have computed.
"""

import zlib

import pytest

COPY = "copy"
uses_the_copy = pytest.mark.xdist_group(COPY)
PARTS = 4  # of a module of tests in a browser


def group(item):
    if marked := item.get_closest_marker("xdist_group"):
        return marked.args[0]
    module, asked = place(item)
    if "browser" not in item.fixturenames:
        return module
    return f"{module} {zlib.crc32(asked.encode()) % PARTS}"


def place(item):
    """Its module, and what it asks there."""
    module, _, test = item.nodeid.partition("::")
    return module, test.partition("[")[2] or test


def rank(item):
    """The group of the copy, what else builds a book, the browser, then all others in order.

    In a browser one page after the other, so that what is asked of one can share it.
    """
    builds, browses = hasattr(item.module, "build"), "browser" in item.fixturenames
    return group(item) != COPY, not builds, not browses, place(item) if browses else ()
