"""The files: NAME.json and NAME.npz, the same bytes each time."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.spec import Activation, X, at_setting
from actlib.testvectors import SCHEMA
from actlib.testvectors.inputs import TYPES, hard_cases, inputs
from actlib.testvectors.rounded import rounded

Arrays = dict[str, dict[str, NDArray[Any]]]
EPOCH = (1980, 1, 1, 0, 0, 0)  # of ZIP: a date of today would make every file a new one


def arrays(record: Activation, proofs: Path) -> Arrays:
    """By type: x, f, f' and df/dNAME for each learned parameter, at the record's defaults."""
    setting = record.settings[0]
    f = at_setting(record.definition, setting)
    functions = {"f": f, "f'": sp.diff(f, X)}
    for p in record.parameters:
        if p.learned and not p.stacked:
            slope = at_setting(sp.diff(record.definition, p.symbol), setting)
            functions[f"df/d{p.name}"] = slope
    kinks = [0.0, *map(float, record.kinks_at(setting))]
    hard = [x for sign in ("f", "f'") for x in hard_cases(proofs, record.name, sign)]
    found: Arrays = {}
    for name, dtype in TYPES.items():
        x = inputs(dtype, kinks, hard)
        found[name] = {"x": x, **{sign: rounded(e, x) for sign, e in functions.items()}}
    return found


def write(folder: Path, record: Activation, proofs: Path) -> list[Path]:
    """Both files of one activation."""
    found = arrays(record, proofs)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{record.name}.json", folder / f"{record.name}.npz"]
    paths[0].write_text(_json(record, found), "utf-8")
    paths[1].write_bytes(_npz(found))
    return paths


def _json(record: Activation, found: Arrays) -> str:
    lines = [
        f"  {json.dumps(name)}: [\n"
        + ",\n".join(
            "    " + json.dumps([_hex(float(number)) for number in row])
            for row in zip(*columns.values(), strict=True)
        )
        + "\n  ]"
        for name, columns in found.items()
    ]
    head = {
        "schema": SCHEMA,
        "activation": record.name,
        "definition": str(record.definition),
        "parameters": {name: _plain(value) for name, value in record.settings[0].items()},
        "columns": list(found["float64"]),
    }
    opening = json.dumps(head, indent=1)[:-2]
    return opening + ',\n "vectors": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _npz(found: Arrays) -> bytes:
    """As numpy.savez, but dated EPOCH. bfloat16 is stored as its bits: NumPy cannot read it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, columns in found.items():
            for column, values in columns.items():
                array = values.view(np.uint16) if name == "bfloat16" else values
                member = io.BytesIO()
                np.save(member, array)
                entry = zipfile.ZipInfo(f"{name}/{column.replace('/', '_')}.npy", EPOCH)
                archive.writestr(entry, member.getvalue())
    return buffer.getvalue()


def _hex(number: float) -> str:
    """0x1.8p+1, without zeros that say nothing; nan, inf and -inf as C reads them."""
    digits, _, exponent = number.hex().partition("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}" if exponent else digits


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
