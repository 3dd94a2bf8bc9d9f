"""The atlas: every activation at its default parameters, in a figure, two tables and two files."""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sympy as sp

from actlib import verify
from actlib.call.elementwise import Activation
from actlib.call.shapes import elementwise, is_elementwise, is_gated, is_of_vectors
from actlib.formula.symbols import GATE, VALUE, X, at, at_setting
from actlib.show import plot, typeset
from reference.api import Record
from reference.kept import kept

COLUMNS = {
    "name": "name in actlib",
    "title": "name in the book",
    "definition": "f(x) in SymPy's notation, with its parameters",
    "derivative": "f'(x) in SymPy's notation",
    "parameters": "the defaults, at which all that follows holds",
    "infimum": "of f",
    "supremum": "of f",
    "kinks": "where the slope or the value jumps",
    "slopes_at_kinks": "what actlib returns there",
    "turns": "where the slope changes its sign, and does not jump",
    "value_at_0": "f(0)",
    "smoothness": "the k of C^k; -1 where f jumps",
    "monotone": "increasing, decreasing, constant or neither, proved",
    "convex": "convex, concave, linear or neither, proved",
    "lipschitz": "the smallest Lipschitz constant",
    "gain": "1 / sqrt(E f(z)^2) for standard normal z",
    "backward_gain": "1 / sqrt(E f'(z)^2) for standard normal z",
}
"""What a row holds. An empty entry: it does not apply. Infinity is inf; what could not be proved is
undecided."""

UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is computed here: the rest is on the record."""

    shape: verify.Shape
    value_at_0: sp.Expr
    gain: sp.Expr
    backward_gain: sp.Expr


@partial(kept, applies=is_elementwise)
def facts(record: Activation) -> Facts:
    """Proved or computed, at the default parameters."""
    f = at(record.definition, record.settings[0])
    return Facts(
        shape=verify.shape(f),
        value_at_0=f.subs(X, 0),
        gain=_gain(f),
        backward_gain=_gain(verify.differentiate(f)),
    )


def _gain(expression: sp.Expr) -> sp.Expr:
    """The factor that brings the mean square back to 1; infinity where there is none."""
    mean, variance = verify.moments(expression)
    square = mean**2 + variance
    return sp.oo if square == 0 else 1 / sp.sqrt(square)


def row(record: Record) -> dict[str, Any]:
    """One activation as plain numbers and text."""
    cells: dict[str, Any] = dict.fromkeys(COLUMNS)
    cells |= {"name": record.name, "title": record.title}
    setting = record.settings[0]
    cells |= {
        "parameters": {k: list(v) if isinstance(v, tuple) else v for k, v in setting.items()},
    }
    if not is_elementwise(record):
        return cells | {"infimum": float(record.range[0]), "supremum": float(record.range[1])}
    found = facts(record)
    kinks = sorted(map(float, record.kinks_at(setting)))
    low, high = (float(at(end, setting)) for end in record.range)
    return cells | {
        "definition": sp.sstr(record.definition),
        "derivative": sp.sstr(verify.differentiate(record.definition)),
        "infimum": low,
        "supremum": high,
        "kinks": kinks,
        "slopes_at_kinks": [float(record.derivative(kink)) for kink in kinks],
        "turns": sorted(map(float, record.turns_at(setting))),
        "value_at_0": float(found.value_at_0),
        "smoothness": _plain(found.shape.smoothness),
        "monotone": found.shape.monotone or UNDECIDED,
        "convex": found.shape.convex or UNDECIDED,
        "lipschitz": _plain(found.shape.lipschitz),
        "gain": _ten_digits(found.gain),
        "backward_gain": _ten_digits(found.backward_gain),
    }


def _plain(value: sp.Expr | None) -> float | str:
    return UNDECIDED if value is None else float(value)


def _ten_digits(value: sp.Expr) -> float:
    return float(f"{float(value):.10g}")


def write(records: Sequence[Record], folder: Path) -> None:
    """atlas.csv, atlas.json and atlas.png."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row(record) for record in records]
    with (folder / "atlas.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    plain = {"columns": COLUMNS, "activations": [_without_infinities(cells) for cells in rows]}
    text = json.dumps(plain, indent=1, allow_nan=False)
    (folder / "atlas.json").write_text(text + "\n", "utf-8")
    plot.atlas(elementwise(records), folder / "atlas.png")


def _without_infinities(cells: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: here it is the text inf or -inf, which float() reads everywhere."""
    return {
        name: str(value) if isinstance(value, float) and math.isinf(value) else value
        for name, value in cells.items()
    }


def markdown(records: Sequence[Record], folder: str) -> str:
    """The figure, the tables, and links to the files, in a folder below the project's root."""
    curves = elementwise(records)
    names = ", ".join(record.title for record in curves)
    return f"""## At a glance

```{{figure}} {folder}/atlas.png
:name: fig-atlas
:alt: Small pictures of f, solid, and its derivative, dashed, from -4 to 4, for {names}.
$f$ (solid) and $f'$ (dashed) from $-4$ to 4, at the default parameters. A thin line marks a jump,
and a dot the value taken there.
```

## Definitions

{_definitions(records)}

## Facts

At the default parameters. Monotone, convex and the Lipschitz constant are proved from the signs
of the derivatives, piece by piece; the gains are computed to 30 digits. Weights drawn with the
gain keep the mean square of a standard normal input, and with the backward gain that of the
gradient.

{_facts(curves)}

{_undecided(curves)}

Download all of it as {{download}}`CSV <{folder}/atlas.csv>` or
{{download}}`JSON <{folder}/atlas.json>`; the JSON says what each column means.
"""


def _undecided(records: Iterable[Activation]) -> str:
    """What the word means, where it stands in the table."""
    if not any(None in vars(facts(record).shape).values() for record in records):
        return ""
    return f"""Where it says "{UNDECIDED}", the signs of $f'$ or $f''$ could not be proved: they may
change infinitely often, or touch 0 without crossing it."""


def _link(record: Record) -> str:
    return f"[{record.title}](../activations/{record.name}.ipynb)"


def _definitions(records: Iterable[Record]) -> str:
    rows = []
    for record in records:
        kinks = [typeset.kink(record, kink) for kink in record.kinks]
        rows.append(
            [
                _link(record),
                typeset.definition(record),
                _derivative(record),
                typeset.ends(record),
                "; ".join(kinks) or "none",
            ]
        )
    header = ("Activation", "Definition", "Derivative", "Range", "Kinks, and the slope returned")
    return typeset.table(header, rows)


@kept
def _derivative(record: Record) -> str:
    """The slope, where there is one; of a function of vectors, the first row of its Jacobian."""
    if is_of_vectors(record):
        z = sp.symbols("z_1:4")
        components, f = list(record.components(z)), typeset.one_of(record, "f")
        row = [(z_j, sp.factor(sp.diff(components[0], z_j))) for z_j in z]
        short = [(z_j, typeset.abbreviated(slope, components)) for z_j, slope in row]
        each = (rf"$\partial {f} / \partial {z_j} = {typeset.latex(s)}$" for z_j, s in short)
        told = "" if row == short else typeset.indicators(components[0])
        return f"{'; '.join(each)}{told}, for three components"
    if is_gated(record):
        slopes = ((s, sp.diff(record.definition, s)) for s in (VALUE, GATE))
        each = (rf"$\partial f / \partial\,\mathrm{{{s}}} = {typeset.latex(e)}$" for s, e in slopes)
        return "; ".join(each)
    slope = f"$f'(x) = {typeset.latex(_slope(record.definition))}$"
    heights = verify.jumps(at_setting(record.definition, record.settings[0])).items()
    jumps = [f"${typeset.latex(point)}$" for point, jump in heights if jump.height != 0]
    return slope + (f" for $x$ other than {' and '.join(jumps)}" if jumps else "")


def _slope(definition: sp.Expr) -> sp.Expr:
    """Piece by piece; where the two sides of 0 mirror each other, one formula in |x|."""
    slope = verify.differentiate(definition)
    if not definition.has(sp.Abs):
        return slope
    positive = sp.Symbol("p", positive=True)
    right, left = (sp.simplify(slope.subs(X, sign * positive)) for sign in (1, -1))
    return right.subs(positive, sp.Abs(X)) if sp.simplify(right - left) == 0 else slope


def _facts(records: Iterable[Activation]) -> str:
    rows = []
    for record in records:
        found = facts(record)
        rows.append(
            [
                _link(record),
                _number(found.value_at_0),
                smooth(found.shape.smoothness),
                found.shape.monotone or UNDECIDED,
                found.shape.convex or UNDECIDED,
                _number(found.shape.lipschitz),
                _number(found.gain),
                _number(found.backward_gain),
            ]
        )
    header = ("Activation", "Value at 0", "Smooth", "Monotone", "Convex", "Lipschitz constant")
    return typeset.table((*header, "Gain", "Backward gain"), rows)


def smooth(order: sp.Expr | None) -> str:
    """A smoothness class as readers know it."""
    if order is None:
        return UNDECIDED
    return "jumps" if order == -1 else f"$C^{{{typeset.latex(order)}}}$"


def _number(value: sp.Expr | None) -> str:
    """Exact where that is short, else to six digits; none where it is infinite."""
    if value is None:
        return UNDECIDED
    if value.is_infinite:
        return "none"
    short = value.is_Rational and value.q < 100
    return f"${sp.latex(value) if short else format(float(value), '.6g')}$"
