"""package.module.function: a function of NumPy arrays. Whoever asks for f′ names one that is f′."""

import sys
from functools import partial

from actlib.audit.adapters.contract import Asked, Compute


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The function itself; its library says its version, if it has one."""
    if "." not in asked.name:
        raise asked.error("is no package.module.function")
    function = asked.find(asked.name)
    root = asked.name.partition(".")[0]
    version = getattr(sys.modules[root], "__version__", None)
    return partial(function, **asked.setting), {root: str(version)} if version else {}
