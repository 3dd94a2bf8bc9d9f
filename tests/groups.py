"""What goes to one worker of `--dist loadgroup`, and in which order.

All that uses the one copy of the book is a group, the longest: it comes first. Then come others
that build a book, and tests in a browser, those of a module shared out by what they are asked of,
so that workers finish together. Of every other module the tests stay together, since they share
what they have computed.
"""

import zlib

COPY = "copy"
PARTS = 4  # of a module of tests in a browser


def group(item):
    if "sound" in item.fixturenames:
        return COPY
    module, _, test = item.nodeid.partition("::")
    if "visit" not in item.fixturenames:
        return module
    asked = test.partition("[")[2] or test
    return f"{module} {zlib.crc32(asked.encode()) % PARTS}"


def rank(item):
    """The group of the copy, what else builds a book, the browser, then all others in order."""
    builds = hasattr(item.module, "build")
    return group(item) != COPY, not builds, "visit" not in item.fixturenames
