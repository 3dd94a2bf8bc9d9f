"""A pytest plugin: nbval's kernels talk over Unix sockets instead of TCP ports.

Two processes that start a kernel at the same moment can be given the same free port, and then one
kernel dies. About one notebook in fifty failed that way. A socket in a folder of its own cannot
be given twice.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import nbval.kernel
from jupyter_client.manager import KernelManager


class SocketKernelManager(KernelManager):
    def __init__(self, **settings: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gate-")
        sockets = str(Path(self._folder.name) / "kernel")
        super().__init__(transport="ipc", ip=sockets, **settings)

    def cleanup_resources(self, restart: bool = False) -> None:
        super().cleanup_resources(restart)
        if not restart:
            self._folder.cleanup()


if os.name == "posix":
    nbval.kernel.KernelManager = SocketKernelManager
