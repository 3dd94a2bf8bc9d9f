"""Run in a kernel before the first cell: tells what the notebook reads of the project.

A line for each file that is opened and each folder that is listed, at once, to the file that the
variable GATE_READS names. Imports are told too: they open modules, and list the folders in which
they look for them. This file leaves no name behind, and imports nothing of ours.
"""


def _watch() -> None:
    import os
    import sys

    target = os.environ.get("GATE_READS")
    if target is None:
        return
    log, known = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT), set()

    def tell(kind, path):
        line = f"{kind} {path}\n"
        if line not in known:
            known.add(line)
            os.write(log, line.encode("utf-8", "surrogateescape"))

    def hear(event, arguments):
        if event == "open" and isinstance(arguments[0], str | bytes):
            tell("file", os.path.abspath(os.fsdecode(arguments[0])))
        elif event in ("os.listdir", "os.scandir") and isinstance(arguments[0], str | bytes | None):
            tell("folder", os.path.abspath(os.fsdecode(arguments[0] or ".")))
        elif event in ("subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn", "os.system"):
            tell("process", event)  # which is not heard

    for folder in sys.path:  # of which the names may be known by now
        tell("folder", os.path.abspath(folder))
    sys.addaudithook(hear)


_watch()
del _watch
