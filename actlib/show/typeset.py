"""Mathematics and tables as Markdown: what fact cards and reference pages are set with."""

from collections.abc import Iterable

import sympy as sp

from actlib.call.elementwise import Activation
from actlib.call.pairs import Gated
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated, is_reduction
from actlib.formula.kink import Kink
from actlib.formula.place import Place
from actlib.formula.symbols import X, at


class Table(str):
    """Markdown text that a notebook shows as a table."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return "<table>"


def taken(record: Activation, point: sp.Expr) -> sp.Expr:
    """The slope that the definition gives to a point."""
    slope = record.definition.diff(X).subs(X, point)
    # SymPy 1.14 would take the pieces out of a sum, and their conditions with them.
    return slope if slope.has(sp.Sum) else sp.simplify(slope)


def definition(record: AnyRecord) -> str:
    """The formula; of a function of vectors for three components, of K values for the first.

    One with a support is too long to be read at a glance: it is told as its docstring tells it.
    """
    if is_elementwise(record):
        return f"$f(x) = {latex(record.definition)}$"
    if is_gated(record):
        return rf"$f(\mathrm{{value}}, \mathrm{{gate}}) = {latex(record.definition)}$"
    name = one_of(record, "f(z)")
    first, *others = record.components(sp.symbols("z_1:4"))
    if record.doc and abbreviated(first, [first, *others]) != first:
        return record.doc.partition("\n")[0].partition(": ")[2].removesuffix(".")
    return f"${name} = {latex(first)}$, for three components"


def indicators(first: sp.Expr) -> str:
    """What is said after formulas that have been abbreviated, of which this is component 1."""
    condition = latex(first.args[0].cond)
    return f", where $s_1$ is 1 if ${condition}$, and 0 if not, and likewise the other $s_i$"


def abbreviated(expression: sp.Expr, components: Iterable[sp.Expr]) -> sp.Expr:
    """With s_i for what is 1 where component i is in its first piece, and 0 elsewhere."""
    names = {
        _indicator(part): sp.Symbol(f"s_{i}")
        for i, part in enumerate(components, 1)
        if part.is_Piecewise
    }
    inside = [part.xreplace(names) for part in expression.args]
    short = expression.func(*inside) if inside else expression
    if short.is_Piecewise and short.has(*names.values()):
        (inner, _), *others = short.args
        if others == [(0, True)]:
            return names[_indicator(expression)] * sp.together(inner)
    return short


def _indicator(part: sp.Piecewise) -> sp.Piecewise:
    """1 in its first piece, and 0 elsewhere."""
    return sp.Piecewise((1, part.args[0].cond), (0, True))


def one_of(record: AnyRecord, value: str) -> str:
    """The first of the K values of a function of vectors, or its only one."""
    return value if is_reduction(record) else f"{value}_1"


def place(place: Place) -> str:
    """Where it is, and when, if that is said in one relation; the chapter says the rest."""
    told = isinstance(place.when, sp.Rel) and not place.when.has(sp.Sum)
    condition = f", where ${latex(place.when)}$" if told else ""
    return f"$x = {latex(place.at)}${condition}"


def kink(record: Activation | Gated, kink: Kink) -> str:
    """Where it is, and what is returned there; of a pair, its slope in the gate for the value 1."""
    if is_gated(record):
        slope = record.derivatives(1.0, float(kink.at))["gate"]
        return rf"$\mathrm{{gate}} = {latex(kink.at)}$: ${slope:.7g}$ for the value 1"
    return f"{place(kink)}: {returned(record, kink)}"


def returned(record: Activation, kink: Kink) -> str:
    """The slope that the function returns there: at the first setting that has this kink."""
    setting = next(s for s in record.settings if kink.points(s))
    points = kink.points(setting)
    there = [f for f in record.at_kinks(setting) if f.point in points]
    told = "; ".join(f"${f.slope:.7g}$ at ${f.x:.7g}$" for f in there)
    label = record.label(setting).replace("_", r"\_")
    return told + (f", with {label}" if label else "")


def ends(record: AnyRecord) -> str:
    """From infimum to supremum; where that depends on cases, at the default parameters."""
    low, high = record.range
    place = ""
    if sp.Tuple(low, high).has(sp.Piecewise):
        low, high = (at(end, record.settings[0]) for end in record.range)
        place = ", at the default parameters"
    return f"from ${latex(low)}$ to ${latex(high)}${place}"


def latex(expression: object) -> str:
    """LaTeX for a cell of a table, where a bar would end the cell, with parameters' names whole."""
    expression = sp.sympify(expression).replace(_is_long, lambda number: number.evalf(8))
    names = {s: rf"\mathrm{{{s.name}}}".replace("_", r"\_") for s in _words(expression)}
    return str(sp.latex(expression, symbol_names=names)).replace("|", r"\vert ")


def _is_long(node: sp.Basic) -> bool:
    """A fraction that nobody would read, such as a constant given to 32 digits."""
    return node.is_Rational and node.q > 10**6


def _words(expression: sp.Basic) -> set[sp.Symbol]:
    """The symbols whose names SymPy would set as a product or a subscript: max_value, threshold."""
    return {
        s
        for s in expression.free_symbols
        if len(s.name.split("_")[0]) > 1 and not sp.latex(s).startswith("\\")
    }


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A Markdown table."""
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return Table("\n".join("| " + " | ".join(line) + " |" for line in lines))
