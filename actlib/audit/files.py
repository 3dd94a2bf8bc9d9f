"""Files that are there whole, or not at all."""

import os
import tempfile
from pathlib import Path


def written(path: Path, content: bytes) -> None:
    """Write a file in place of another; that one stays as it is until this one is finished.

    Raises:
        OSError: It could not be written: no such folder, a full disk.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
