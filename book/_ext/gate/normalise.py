"""Run notebooks from scratch and store them so that an unchanged chapter stays the same file.

    python -m gate.normalise [NOTEBOOK ...]

Two runs of one notebook differ in times, versions and widget state. Here they are left out: what
is stored is the cells, their counts and their outputs. An empty code cell is left out too: it is
never run, and so it has no count.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from gate.files import replace_text
from gate.rules import CELL_METADATA
from gate.surroundings import environment

ROOT = Path(__file__).resolve().parents[3]
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


async def execute(path: Path) -> None:
    """Run one notebook in its own folder, and store it only if every cell ran."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # where the kernel cuts a stream is a matter of timing
        resources={"metadata": {"path": str(path.parent)}},
    )
    with environment(ROOT) as variables:
        # The kernel's own log is of no use here; a cell's errors come another way.
        await client.async_execute(stderr=subprocess.DEVNULL, env=variables)
    replace_text(path, nbformat.writes(normalised(notebook), version=4) + "\n")


def normalised(notebook: NotebookNode) -> NotebookNode:
    """The notebook with nothing in it that changes from run to run."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.cells = [c for c in notebook.cells if c.cell_type != "code" or c.source.strip()]
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    return notebook


def _reason(error: Exception) -> str:
    if isinstance(error, CellExecutionError):  # its text is a coloured traceback
        return f"{error.ename}: {error.evalue}"
    return f"{type(error).__name__}: {error}"


async def execute_all(paths: list[Path]) -> int:
    """Run them two at a time; the number of those that failed."""
    two = asyncio.Semaphore(2)

    async def tell(path: Path) -> bool:
        async with two:
            try:
                await execute(path)
            except Exception as error:  # whatever it is, the other notebooks go on
                print(f"{path.name}: left as it was: {_reason(error)}", file=sys.stderr)
                return False
        print(f"{path.name}: executed and normalised", flush=True)
        return True

    return (await asyncio.gather(*map(tell, paths))).count(False)


def main(arguments: list[str]) -> int:
    paths = [Path(a).resolve() for a in arguments] or sorted(ROOT.joinpath("book").rglob("*.ipynb"))
    return 1 if asyncio.run(execute_all(paths)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
