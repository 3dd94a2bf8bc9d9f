"""On what a function was asked: its results change with the instructions of a processor."""

import platform
from importlib.metadata import version
from typing import Any

import numpy as np


def machine() -> dict[str, str]:
    """The class of the processor, as x86_64 AVX512_ICL; and the versions of what judges."""
    simd: Any = np.show_config(mode="dicts")
    found = simd.get("SIMD Extensions", {}).get("found", [])
    return {
        "cpu": " ".join([platform.machine(), *found[-1:]]),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "actlib": version("actlib"),
    }
