"""python -m actlib.vectors FOLDER: write the test vectors of every activation and loss."""

import argparse
import sys
from pathlib import Path

from actlib.extras import needed_by

with needed_by("python -m actlib.vectors", command=True):
    from actlib.vectors import files
    from actlib.vectors.tables import subjects


def main() -> int:
    """0 when all are written."""
    parser = argparse.ArgumentParser(prog="python -m actlib.vectors", description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    for subject in subjects():
        for path in files.write(given.folder, subject):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
