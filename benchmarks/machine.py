"""On what, and with what, something was measured."""

import platform
import re
from importlib.metadata import version
from pathlib import Path


def machine(*packages):
    """The processor, Python, and the versions of these packages."""
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text("utf-8"))
    return {
        "cpu": found.group(1) if found else platform.processor(),
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }
