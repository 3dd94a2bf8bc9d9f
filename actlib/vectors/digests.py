"""python -m actlib.vectors.digests FOLDER [NAME ...]: hashes of all results of an activation.

One for each sign and exponent of a type. So who ports an activation can show with nothing but a
hash function that every result is right, and finds the exponents where one is not.

A digest is the SHA-256 of the results for all inputs that have this sign and this exponent in their
bits, in the order of their bits: raw and little-endian, every zero as +0. The results are those of
actlib, which a proof has shown to be correctly rounded at each of these inputs. Where a proof ends,
as that of a wave does far out, there is no digest. At a kink, the slope is that of the piece that
owns it.
"""

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.extras import needed_by

with needed_by("python -m actlib.vectors.digests", command=__name__ == "__main__"):
    from actlib.proof.depends import digest as code
    from actlib.proof.work import ELEMENTWISE
    from actlib.vectors.inputs import TYPES

SCHEMA = "actlib-digests/1"
SMALL = ("float16", "bfloat16")  # whose digests take a moment; those of float32 take minutes
FRACTION = {"float16": 10, "bfloat16": 7, "float32": 23}  # bits, below those of the exponent
AT_ONCE = 2**17  # numbers that stay in the cache

Function = Callable[[NDArray[Any]], Any]


def digests(function: Function, dtype: str, sign: str, exponents: range) -> dict[str, str]:
    """Of any function, by sign and exponent as the bits have them: "+15".

    Args:
        function: An array in, an array of the same dtype and shape out.
        dtype: float16, bfloat16 or float32.
        sign: "+" or "-".
        exponents: Those asked for: 0 is that of zero and the subnormal numbers.
    """
    kind, size = TYPES[dtype], 2 ** FRACTION[dtype]
    bits = np.dtype(f"u{kind.itemsize}")
    first = 0 if sign == "+" else 2 ** (8 * bits.itemsize - 1)
    found = {exponent: hashlib.sha256() for exponent in exponents}
    stop = exponents.stop * size
    for start in range(exponents.start * size, stop, AT_ONCE):
        x = np.arange(first + start, first + min(start + AT_ONCE, stop), dtype=bits).view(kind)
        raw = (function(x) + kind.type(0)).view(bits).astype(bits.newbyteorder("<"))  # −0 + 0 is 0
        for at in range(0, len(x), size):
            found[(start + at) // size].update(raw[at : at + size].tobytes())
    return {f"{sign}{exponent}": each.hexdigest() for exponent, each in found.items()}


def proved(name: str, dtype: str) -> range:
    """The exponents up to which every result of an activation is proved: mostly all there are."""
    record = ELEMENTWISE[name]
    reach = record.reach_at(record.settings[0]) if dtype == "float32" else math.inf
    end = np.array(reach).astype(TYPES[dtype])
    return range(int(end.view(f"u{end.itemsize}")) >> FRACTION[dtype])


def of_activation(name: str, dtype: str, order: int, sign: str) -> dict[str, str]:
    """Those of f or f′ at the defaults."""
    record = ELEMENTWISE[name]
    function = record.derivative if order else record
    return digests(function, dtype, sign, proved(name, dtype))


def text(name: str, dtype: str, found: Sequence[dict[str, str]]) -> str:
    """The file: a digest on each line. What was found is f for + and −, and f′ for + and −."""
    head = {
        "schema": SCHEMA,
        "name": name,
        "parameters": ELEMENTWISE[name].settings[0],
        "type": dtype,
        "depends on": code(name),
    }
    opening = json.dumps(head, indent=1).removesuffix("\n}")
    lines = [
        f'  "{order} {key}": "{digest}"'
        for order, signs in (("f", found[:2]), ("f'", found[2:]))
        for each in signs
        for key, digest in each.items()
    ]
    return opening + ',\n "digests": {\n' + ",\n".join(lines) + "\n }\n}\n"


JOBS = [(order, sign) for order in (0, 1) for sign in "+-"]


def write(folder: Path, name: str, dtype: str, each: Callable[..., Any] = map) -> Path:
    """The file of one activation in one type; `each` may share out its four parts."""
    found = list(each(of_activation, *zip(*[(name, dtype, *job) for job in JOBS], strict=True)))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{dtype}.json"
    path.write_text(text(name, dtype, found), "utf-8")
    return path


def why_stale(path: Path) -> str:
    """Why a file must be made anew, and how to; nothing where it is of this code."""
    kept = json.loads(path.read_text("utf-8"))
    name, dtype = kept["name"], kept["type"]
    if kept["schema"] == SCHEMA and kept["depends on"] == code(name):
        return ""
    cure = f"python -m actlib.vectors.digests --dtype {dtype} {path.parent} {name}"
    return f"{path.name} is of other code; run `{cure}`"


def main() -> int:
    """0 when all are written."""
    parser = argparse.ArgumentParser(
        prog="python -m actlib.vectors.digests",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all, if none is named")
    parser.add_argument("--dtype", choices=("16", *FRACTION), default="16", help="16: both")
    given = parser.parse_args()
    if unknown := set(given.names) - ELEMENTWISE.keys():
        parser.error(f"no function of one number: {', '.join(sorted(unknown))}")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as executor:
        for name in given.names or ELEMENTWISE:
            for dtype in SMALL if given.dtype == "16" else (given.dtype,):
                print(write(given.folder, name, dtype, executor.map), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
