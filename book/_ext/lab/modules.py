"""A record as a JavaScript module: its functions, kinks and turns, and what a reader can set."""

from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from actlib.call.rows import OfVectors
from actlib.call.shapes import AnyRecord, is_gated, is_of_vectors
from actlib.formula.kink import Kink
from actlib.formula.pair import section
from actlib.formula.place import Place
from actlib.formula.record import Record
from actlib.formula.setting import Setting
from actlib.formula.symbols import INDEX, X
from lab.javascript import Code, expression, imports, literal, spelled, values, with_tanh
from lab.sliders import opening, order, sliders

SIZES = range(2, 7)
"""How many logits a vector lab can have."""


def module(record: AnyRecord) -> str:
    """A module whose default export is all that a lab knows of the activation."""
    if is_of_vectors(record):
        made = vector(record)
    else:
        made = elementwise(section(record) if is_gated(record) else record)
    return f"// Generated from the record of {record.name}.\n{exported(made)}"


def together(records: Iterable[Record]) -> str:
    """A module with all of them in a list."""
    made = ",\n".join(elementwise(record) for record in records)
    return "// Generated from the records.\n" + exported(f"[\n{made}\n]")


def exported(value: str) -> str:
    """What makes a module of a value."""
    return f"{imports(value)}export default {value};\n"


def elementwise(record: Record, setting: Setting | None = None) -> str:
    """An object with f, its derivatives, its kinks and its sliders; a stack has as many numbers as
    it has in the setting."""
    setting = opening(record) if setting is None else setting
    f = with_tanh(spelled(record.definition, setting))
    slope = sp.diff(f, X)
    return _object(
        name=record.name,
        title=record.title,
        start=setting,
        sliders=list(sliders(record)),
        order=order(record),
        f=Code(f"(x, p) => {values(f)}"),
        slope=_function("x, p", slope),
        curvature=_function("x, p", sp.diff(slope, X)),
        kinks=[kink for declared in record.kinks for kink in _kinks(declared, slope, setting)],
        turns=[place for turn in record.turns for place in _places(turn, setting)],
    )


def _kinks(kink: Kink, slope: sp.Expr, setting: Setting) -> Iterator[dict[str, Any]]:
    """Its places, and the slopes that are taken there."""
    for at, when in _spelled(kink, setting):
        taken = {"actlib": slope.subs(X, at)}
        taken |= {who: spelled(there, setting) for who, there in kink.frameworks.items()}
        yield {
            "at": _function("p", at),
            "when": _function("p", when),
            "taken": {who: _function("p", there) for who, there in taken.items()},
        }


def _places(place: Place, setting: Setting) -> Iterator[dict[str, Any]]:
    """One entry for each point: where it is, and when."""
    for at, when in _spelled(place, setting):
        yield {"at": _function("p", at), "when": _function("p", when)}


def _spelled(place: Place, setting: Setting) -> Iterator[tuple[sp.Basic, sp.Basic]]:
    stacks = [len(value) for value in setting.values() if isinstance(value, tuple)]
    for s in range(1, max(stacks) + 1) if place.at.has(INDEX) else (1,):
        when = sp.sympify(place.when).subs(INDEX, s)
        yield spelled(place.at.subs(INDEX, s), setting), spelled(when, setting)


def vector(record: OfVectors) -> str:
    """An object with, for each number of components, a function from z to its value and its
    Jacobian; and whether the components are shares of a whole."""
    functions = {size: _with_jacobian(record, size) for size in SIZES}
    shares = record.range == (0, 1)
    return _object(name=record.name, title=record.title, shares=shares, of=functions)


def _with_jacobian(record: OfVectors, size: int) -> Code:
    z = [sp.Symbol(f"z[{i}]", real=True) for i in range(size)]
    value = record.components(z)
    slopes = _jacobian(value, z)
    parts, (value, jacobian) = sp.cse([value, slopes], symbols=sp.numbered_symbols("s"))
    lines = [f"const {name} = {expression(part)};" for name, part in parts]
    rows = [list(map(expression, row)) for row in jacobian.tolist()]
    result = _object(
        value=[Code(expression(entry)) for entry in value],
        jacobian=[[Code(entry) for entry in row] for row in rows],
    )
    return Code(f"(z) => {{ {' '.join(lines)} return {result}; }}")


def _jacobian(value: sp.Matrix, z: list[sp.Symbol]) -> sp.Matrix:
    """That of SymPy, which would differentiate each indicator to 0 wherever it occurs."""
    pieces = value.atoms(sp.Piecewise)
    flat = [p for p in pieces if all(entry.is_number for entry, _ in p.args)]
    names = {piece: sp.Dummy() for piece in flat}
    slopes = value.xreplace(names).jacobian(z)
    return slopes.xreplace({name: piece for piece, name in names.items()})


def _function(arguments: str, value: Any) -> Code:
    return Code(f"({arguments}) => {expression(value)}")


def _object(**entries: Any) -> Code:
    return Code("{\n" + "".join(f"  {k}: {literal(v)},\n" for k, v in entries.items()) + "}")
