"""The files: NAME.json and NAME.npz, the same bytes each time."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.vectors import SCHEMA
from actlib.vectors.tables import Columns, Subject, Table, definition, tables

EPOCH = (1980, 1, 1, 0, 0, 0)  # of ZIP: a date of today would make every file a new one


def write(folder: Path, subject: Subject) -> list[Path]:
    """Both files of one activation, or of a loss."""
    found = tables(subject)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{subject.name}.json", folder / f"{subject.name}.npz"]
    paths[0].write_text(_json(subject, found), "utf-8")
    paths[1].write_bytes(_npz(found))
    return paths


def _json(subject: Subject, found: list[Table]) -> str:
    head = {"schema": SCHEMA, "name": subject.name, "definition": definition(subject)}
    opening = json.dumps(head, indent=1)[:-2]
    return opening + ',\n "tables": [\n' + ",\n".join(map(_table, found)) + "\n ]\n}\n"


def _table(table: Table) -> str:
    head = {**table.key, "columns": list(table.types["float64"])}
    opening = "\n".join(f"   {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items())
    types = [f"    {json.dumps(name)}: [\n{_rows(c)}\n    ]" for name, c in table.types.items()]
    return "  {\n" + opening + '\n   "vectors": {\n' + ",\n".join(types) + "\n   }\n  }"


def _rows(columns: Columns) -> str:
    """A row of the table on each line."""
    wide = [values.astype(np.float64).tolist() for values in columns.values()]
    return ",\n".join("     " + json.dumps(_hex(list(row))) for row in zip(*wide, strict=True))


def _npz(found: list[Table]) -> bytes:
    """As numpy.savez, but dated EPOCH. bfloat16 is stored as its bits: NumPy cannot read it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, table in enumerate(found):
            for name, columns in table.types.items():
                for column, values in columns.items():
                    array = values.view(np.uint16) if name == "bfloat16" else values
                    _add(archive, f"{number}/{name}/{column.replace('/', '_')}", array)
            for name, value in table.key.get("parameters", {}).items():
                number_or_inf = np.inf if value is None else value
                _add(archive, f"{number}/parameters/{name}", np.array(number_or_inf, np.float64))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    member = io.BytesIO()
    np.save(member, array)
    archive.writestr(zipfile.ZipInfo(f"{name}.npy", EPOCH), member.getvalue())


def _hex(cell: Any) -> Any:
    """0x1.8p+1, without zeros that say nothing; nan, inf and -inf as C reads them."""
    if isinstance(cell, list):
        return [_hex(each) for each in cell]
    digits, _, exponent = cell.hex().partition("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}" if exponent else digits
