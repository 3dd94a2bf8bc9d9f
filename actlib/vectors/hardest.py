"""python -m actlib.vectors.hardest PROOFS: keep the inputs that the proofs found hardest.

They are the float32 inputs at which f or f' lies closest to a tie. They are kept beside this file:
test vectors are the same wherever the package is, with the proofs beside it or without.
"""

import json
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("hardest.json")


def hardest(name: str) -> list[float]:
    """Those of an activation; none where nothing is proved of it."""
    found = json.loads(FILE.read_text("utf-8")).get(name, [])
    return [float.fromhex(case) for case in found]


def collected(proofs: Path) -> str:
    """The file: all that the proofs in this folder found, an activation a line."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(proofs.glob("*.json"))]
    lines = [f" {json.dumps(proof['activation'])}: {json.dumps(_cases(proof))}" for proof in found]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _cases(proof: dict[str, Any]) -> list[str]:
    """Each once."""
    each = [case for sign in ("f", "f'") for case, _ in proof[sign]["float32"]["hardest"]]
    return list(dict.fromkeys(each))


if __name__ == "__main__":
    FILE.write_text(collected(Path(sys.argv[1])), "utf-8")
