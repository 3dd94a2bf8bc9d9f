"""What launch buttons open: the notebooks of the built site, and what they need to run.

    python -m website.launch FOLDER

The folder is pushed as a branch of the repository. Binder reads there what to install; Colab opens
a notebook alone, which installs what it imports.
"""

import shutil
import sys
from pathlib import Path

from website.wheel import PLACE, ROOT

HTML = ROOT / "_build" / "html"
PYTHON = "python-3.12"
"""For Binder, in the words of its runtime.txt."""


def gather(site: Path, folder: Path) -> None:
    for file in (*site.glob("book/**/*.ipynb"), site / PLACE):
        copy = folder / file.relative_to(site)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    folder.joinpath("requirements.txt").write_text(f"./{PLACE}[book]\n", "utf-8")
    folder.joinpath("runtime.txt").write_text(f"{PYTHON}\n", "utf-8")


if __name__ == "__main__":
    gather(HTML, Path(sys.argv[1]))
