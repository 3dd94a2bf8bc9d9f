"""What the laws range over: every record, and every record at each of its settings."""

from dataclasses import fields, replace

import pytest
import sympy as sp

import actlib
from actlib.call.shapes import elementwise, of_vectors
from actlib.formula.formula import Formula

ELEMENTWISE = elementwise(actlib.ALL.values())
VECTOR = of_vectors(actlib.ALL.values())


def at_setting(record, z, setting):
    """The components of a function of vectors, at these numbers."""
    return record.components(z, **_exact(setting))


def scales_at(record, z, setting):
    """What their errors in float64 are counted in; None for themselves."""
    return record.scale and [record.scale(z, **_exact(setting))]


def _exact(setting):
    return {name: sp.Rational(value) for name, value in setting.items()}


def in_rows(results):
    """What came of many vectors, a row for each, whatever the shape of an event."""
    return results.reshape(len(results), -1)


def second_rows(record, u):
    """What comes from above, for each row as many numbers as the value has."""
    return u if record.event(u.shape[-1]) else u[:, 0]


def _id(record, setting):
    return "-".join(filter(None, (record.name, record.label(setting))))


every_record = pytest.mark.parametrize("record", ELEMENTWISE, ids=lambda r: r.name)
every_setting = pytest.mark.parametrize(
    ("record", "setting"),
    [pytest.param(r, s, id=_id(r, s)) for r in ELEMENTWISE for s in r.settings],
)
every_vector = pytest.mark.parametrize("record", VECTOR, ids=lambda r: r.name)
every_vector_setting = pytest.mark.parametrize(
    ("record", "setting"),
    [pytest.param(r, s, id=_id(r, s)) for r in VECTOR for s in r.settings],
)
every_dtype = pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])


FACTS = {field.name for field in fields(Formula)}


def told(record, **changes):
    """The same record, of which something else is told: its kernels, its definition, its kinks."""
    facts = {name: changes.pop(name) for name in FACTS & set(changes)}

    def formula(*symbols):
        return replace(record.formula(*symbols), **facts)

    return replace(record, formula=formula, **changes)
