"""How long it takes to open the door: a process that imports actlib, and asks it for one number.

The ratio to a process that imports NumPy, medians of runs taken in turn on this machine.
"""

import statistics
import subprocess
import sys
import time

RUNS = 10
NUMPY = "import numpy"
ASKED = {
    "import actlib": "import actlib",
    "the first number": "import actlib; actlib.sigmoid(1.0)",
    "every record": "import actlib; actlib.ALL",
    "the first formula": "import actlib; actlib.sigmoid.definition",
}


def seconds(code: str) -> float:
    """Of a process of its own, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> None:
    runs = [{code: seconds(code) for code in (NUMPY, *ASKED.values())} for _ in range(RUNS)]
    median = {code: statistics.median(run[code] for run in runs) for code in runs[0]}
    print(f"import numpy: {median[NUMPY]:.3f} s")
    for name, code in ASKED.items():
        print(f"{name}: {median[code] / median[NUMPY]:.2f} times that")


if __name__ == "__main__":
    main()
