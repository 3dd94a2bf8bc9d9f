"""The tables of a file: one for each setting of the parameters, or for each number of components.

A column is an array with a row for each input; in the tables of vectors it holds K numbers a row,
or K × K, or one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

import actlib
from actlib.call.elementwise import Activation
from actlib.call.loss import Loss
from actlib.call.pairs import Gated
from actlib.call.rows import OfVectors
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated, is_loss, is_reduction
from actlib.formula.setting import Setting
from actlib.formula.symbols import GATE, VALUE, X, at_setting
from actlib.vectors.hardest import hardest
from actlib.vectors.inputs import TYPES, inputs
from actlib.vectors.logits import SIZES, labels, logits, upstreams
from actlib.vectors.rounded import Vectors, rounded

Subject = AnyRecord | Loss
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What sets a table apart from the others of its file, and its columns by type."""

    key: Mapping[str, Any]
    types: Mapping[str, Columns]


def subjects() -> list[Subject]:
    """Every activation, then every loss."""
    return [*actlib.ALL.values(), *losses()]


def losses() -> list[Loss]:
    """Those that the library offers."""
    named = (getattr(actlib, name) for name in actlib.__all__)
    return [found for found in named if is_loss(found)]


def definition(subject: Subject) -> str:
    """The formula in SymPy's notation; of vectors for three components."""
    if is_elementwise(subject) or is_gated(subject):
        return str(subject.definition)
    z, y = _symbols("z", 3), _symbols("y", 3)
    if is_loss(subject):
        return str(subject.definition(z, y))
    f = subject.definition(z)
    return str(f if is_reduction(subject) else list(f))


def tables(subject: Subject) -> list[Table]:
    """All of a file."""
    if is_elementwise(subject):
        default, *samples = subject.settings
        # The grid is finest where most use it.
        first = _elementwise(subject, default, hardest(subject.name), 60)
        return [first, *(_elementwise(subject, setting, [], 20) for setting in samples)]
    if is_gated(subject):
        types = {name: _pairs(subject, dtype) for name, dtype in TYPES.items()}
        return [Table(key={"parameters": {}}, types=types)]
    return [Table(key={"K": size}, types=_vectors(subject, size)) for size in SIZES]


def _elementwise(record: Activation, setting: Setting, hard: Sequence[float], grid: int) -> Table:
    """x, f, f' and the derivative in each learned parameter; in each of a stack."""
    functions = {name: at_setting(e, setting) for name, e in _parameter_slopes(record, setting)}
    f = at_setting(record.definition, setting)
    functions = {"f": f, "f'": sp.diff(f, X), **functions}
    matter = [0.0, *map(float, record.kinks_at(setting) | record.turns_at(setting))]
    types = {}
    for name, dtype in TYPES.items():
        x = inputs(dtype, matter, hard, grid)
        types[name] = {"x": x, **{sign: rounded(e, x) for sign, e in functions.items()}}
    return Table(key={"parameters": dict(setting)}, types=types)


def _parameter_slopes(record: Activation, setting: Setting) -> list[tuple[str, sp.Expr]]:
    found = []
    for p in (p for p in record.parameters if p.learned):
        value = setting[p.name]
        if isinstance(value, tuple):
            each = [(f"{p.name}_{s}", p.symbol[s]) for s in range(1, len(value) + 1)]
        else:
            each = [(p.name, p.symbol)]
        found += [(f"df/d{name}", record.definition.diff(symbol)) for name, symbol in each]
    return found


def _pairs(record: Gated, dtype: np.dtype[Any]) -> Columns:
    """value, gate, f, and its derivative in each: every one of some values with every gate."""
    values = inputs(dtype, [0.0], [], 4)
    gates = inputs(dtype, [0.0], [], 6)
    finite = [a[np.isfinite(a.astype(np.float64))] for a in (values, gates)]
    rows = np.stack(np.meshgrid(*finite), axis=-1).reshape(-1, 2)
    slopes = {f"df/d{s}": sp.diff(record.definition, s) for s in (VALUE, GATE)}
    functions = {"f": record.definition, **slopes}
    found = Vectors((VALUE, GATE), [], rows).rounded(list(functions.values()))
    columns = dict(zip(functions, found.T, strict=True))
    return {"value": rows[:, 0], "gate": rows[:, 1], **columns}


def _vectors(subject: OfVectors | Loss, size: int) -> dict[str, Columns]:
    if is_loss(subject):
        return {name: _loss(subject, size, dtype) for name, dtype in TYPES.items()}
    return {name: _vector(subject, size, dtype) for name, dtype in TYPES.items()}


def _vector(record: OfVectors, size: int, dtype: np.dtype[Any]) -> Columns:
    """z, f, the Jacobian, numbers u for the components of f, and the product with the Jacobian."""
    z, f = _symbols("z", size), record.components(_symbols("z", size))
    u, matrix = _symbols("u", len(f)), f.jacobian(z)
    product = [sum(u[i] * matrix[i, j] for i in range(len(f))) for j in range(size)]
    rows = logits(size, dtype)
    upstream = upstreams(rows[:, : len(f)])
    # Where f has no limit, it has no slope; and where f is infinite, its slope may have none.
    decisive = [*f, *matrix]
    both = Vectors([*z, *u], decisive, np.concatenate([rows, upstream], axis=1))
    event = (len(rows), *record.event(size))
    return {
        "z": rows,
        "f": Vectors(z, list(f), rows).rounded(list(f)).reshape(event),
        "jacobian": Vectors(z, decisive, rows).rounded(list(matrix)).reshape(*event, size),
        "u": upstream.reshape(event),
        "vjp": both.rounded(product),
    }


def _loss(loss: Loss, size: int, dtype: np.dtype[Any]) -> Columns:
    """z, labels y, the loss, and its slope in each logit."""
    z, y = _symbols("z", size), _symbols("y", size)
    value = loss.definition(z, y)
    rows = logits(size, dtype)
    known = labels(rows)
    slope = [sp.diff(value, z_j) for z_j in z]
    both = Vectors([*z, *y], slope, np.concatenate([rows, known], axis=1))
    return {
        "z": rows,
        "y": known,
        "loss": both.rounded([value])[:, 0],
        "slope": both.rounded(slope),
    }


def _symbols(letter: str, size: int) -> tuple[sp.Symbol, ...]:
    return sp.symbols(f"{letter}_1:{size + 1}", real=True)
