"""A process that has loaded what all notebooks load, and makes kernels of itself.

    python book/_ext/gate/forge.py

Each line of its input is a kernel to start, as JSON: its command, variables and folder; the answer
is a line with the number of its process. To load Python, ipykernel, SymPy and Matplotlib takes more
than a second, a third of what a chapter takes. A kernel is forked before anything of ours is
loaded: what a notebook reads of the project, it reads itself (watch.py). This file is run, and not
imported, since that would load the gate and Sphinx. When the input is closed, the forge ends, and
its kernels with it.
"""

import json
import os
import runpy
import signal
import sys
from contextlib import suppress
from importlib import import_module

JUPYTER = ("ipykernel.kernelapp", "ipykernel.debugger", "IPython.extensions.storemagic", "sqlite3")
LOADED = (*JUPYTER, "numpy", "sympy", "mpmath", "matplotlib.pyplot")
"""What is not installed, the notebook that needs it says."""


def main() -> None:
    del sys.path[0]  # the folder of this file
    # Read as they are loaded: with whom a kernel ends, and what draws its figures.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for name in LOADED:
        with suppress(ImportError):
            import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a kernel has ended
    for line in sys.stdin:
        told = json.loads(line)
        kernel = os.fork()
        if kernel == 0:
            become(**told)
        with suppress(ProcessLookupError):  # it has ended already
            os.setpgid(kernel, kernel)  # who ends a kernel ends its group, not that of the forge
        print(kernel, flush=True)


def become(command: list[str], variables: dict[str, str], folder: str) -> None:
    """What `command` starts, `python … -m MODULE …`, in a process that is a copy of this."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(silence, stream)
        os.environ.clear()
        os.environ.update({**variables, "JPY_PARENT_PID": str(os.getppid())})
        os.chdir(folder)
        sys.path.insert(0, folder)  # as `-m` does
        module, *arguments = command[command.index("-m") + 1 :]
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
