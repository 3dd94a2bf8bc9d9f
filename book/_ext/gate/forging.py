"""A pytest plugin: nbval's kernels come from a forge (forge.py), one for each worker of pytest.

It is worth its second where a worker runs several notebooks, and it is for systems that can fork.
"""

import json
import os
import signal
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import local_provisioner


class Forked:
    """What Jupyter asks of a process that it has started. It is a child of the forge."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs. How it ended, the forge does not ask."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    wait = poll  # Jupyter waits until it has ended, and then asks for the status

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):  # it has ended
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def forge(*python: str) -> subprocess.Popen[str]:
    """That of this process: its input is closed when this process ends."""
    return subprocess.Popen(
        [*python, str(Path(__file__).with_name("forge.py"))],
        cwd=os.environ["IPYTHONDIR"],  # in which no file configures what it loads
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def fork(command: list[str], *, env: dict[str, str], cwd: str, **rest: Any) -> Forked:
    """In place of jupyter_client.launcher.launch_kernel, which starts a new Python."""
    told = {"command": command, "variables": env, "folder": str(Path(cwd).resolve())}
    started = forge(*command[: command.index("-m")])
    assert started.stdin is not None
    assert started.stdout is not None
    started.stdin.write(json.dumps(told) + "\n")
    started.stdin.flush()
    if not (answer := started.stdout.readline()):
        raise RuntimeError("the process that makes kernels has ended")
    return Forked(int(answer))


local_provisioner.launch_kernel = fork
