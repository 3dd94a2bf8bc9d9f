"""A C compiler, for programs that are audited through a pipe.

Where there is none these tests are skipped. With REQUIRE_COMPILER=1, as continuous integration has
it, they fail.
"""

import os
import shutil

import pytest


def compiler():
    """The command that compiles C."""
    found = shutil.which("cc")
    if found is None:
        refuse = pytest.fail if os.environ.get("REQUIRE_COMPILER") else pytest.skip
        refuse("there is no C compiler: install gcc")
    return found
