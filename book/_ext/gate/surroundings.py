"""What surrounds a run of a notebook: nothing of the user's that could change what it returns.

pytest, Jupyter, IPython, Python and the libraries below them read dozens of variables, and files
that variables name: options that compare less, code that runs first, Python without `assert`. So
a few variables that every program needs are handed on, and no other.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gate import reads

HANDED_ON = {"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"}
HANDED_ON |= {"TEMP", "TMP", "SYSTEMROOT", "USERPROFILE"}  # the same in Windows
EXTENSIONS = Path(__file__).resolve().parents[1]


@contextmanager
def environment(root: Path) -> Iterator[dict[str, str]]:
    """The variables of the run, in which the actlib beside the book comes before any other."""
    with tempfile.TemporaryDirectory(prefix="gate-") as empty:
        yield {
            **{name: value for name, value in os.environ.items() if name in HANDED_ON},
            "PYTHONPATH": os.pathsep.join([str(root), str(EXTENSIONS)]),
            "PYTHONNOUSERSITE": "1",
            "PYTHONUTF8": "1",
            # A profile in the home folder runs code in every kernel; in this folder is only ours.
            "IPYTHONDIR": empty,
            **reads.listen(empty),
            "JUPYTER_CONFIG_DIR": empty,
            # Whatever else is installed, pytest has the plugins that run.py names, and no other.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            # Two notebooks run at a time: each has one core, and matrices do not wait.
            "OPENBLAS_NUM_THREADS": "1",
        }
