"""What a plain installation lacks, and which extra has it: an import that fails says so."""

from collections.abc import Iterator
from contextlib import contextmanager

EXTRAS = {
    "distributed": ("distributed", "cluster"),
    "flint": ("python-flint", "verify"),
    "matplotlib": ("matplotlib", "plot"),
    "ml_dtypes": ("ml_dtypes", "verify"),
}
"""By the name of its import: what pip calls a package, and the extra that has it."""


@contextmanager
def needed_by(part: str, *, command: bool = False) -> Iterator[None]:
    """Around imports: where such a package is missing, say what to install.

    Args:
        part: Who needs what is imported, as its user knows it.
        command: Whether that is a command, which ends with this one sentence.

    Raises:
        ModuleNotFoundError: It is missing. What else is missing is told as Python tells it.
        SystemExit: The same, in a command.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        package, extra = EXTRAS[error.name]
        told = f"{part} needs {package}: pip install 'actlib[{extra}]'"
        if command:
            raise SystemExit(told) from None
        raise ModuleNotFoundError(told, name=error.name) from None
