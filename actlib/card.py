"""What a record says of itself, as Markdown tables: a chapter's fact card and its kink table."""

from collections.abc import Iterable

import sympy as sp

from actlib.spec import Activation, Kink, X, at
from actlib.vector import VectorActivation


class Table(str):
    """Markdown text that a notebook shows as a table."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return "<table>"


def facts(record: Activation | VectorActivation) -> Table:
    """The fact card at the top of a chapter."""
    rows = {"Definition": _definition(record), "Range of $f$": _range(record)}
    if isinstance(record, Activation):
        rows |= {
            f"Parameter ${_latex(p.symbol)}$": f"{p.meaning} {_domain(p.domain_text, p.default)}"
            + (" Learned." if p.learned else "")
            for p in record.parameters
        }
        rows["Kinks"] = "; ".join(_kink(k) for k in record.kinks) or "none"
    rows |= {f"In {framework}": _name(text) for framework, text in record.equivalents.items()}
    return _table(("", record.title), rows.items())


def kinks(record: Activation) -> Table:
    """The slope taken at each kink: here, and in each framework."""
    frameworks = list(dict.fromkeys(f for k in record.kinks for f in k.frameworks))
    rows = [
        [_kink(k), f"${_latex(_taken(record, k.at))}$"]
        + [f"${_latex(k.frameworks[f])}$" if f in k.frameworks else "" for f in frameworks]
        for k in record.kinks
    ]
    return _table(("Kink", "`actlib`", *frameworks), rows)


def _taken(record: Activation, point: sp.Expr) -> sp.Expr:
    slope = record.definition.diff(X).subs(X, point)
    # SymPy 1.14 would take the pieces out of a sum, and their conditions with them.
    return slope if slope.has(sp.Sum) else sp.simplify(slope)


def _definition(record: Activation | VectorActivation) -> str:
    """The formula; of a vector activation, for the first of three components."""
    if isinstance(record, Activation):
        return f"$f(x) = {_latex(record.definition)}$"
    first = record.definition(sp.symbols("z_1:4"))[0]
    return f"$f(z)_1 = {_latex(first)}$, for three components"


def _kink(kink: Kink) -> str:
    """Where it is, and when, if that is said in one relation; the chapter says the rest."""
    told = isinstance(kink.when, sp.Rel) and not kink.when.has(sp.Sum)
    condition = f", where ${_latex(kink.when)}$" if told else ""
    return f"$x = {_latex(kink.at)}${condition}"


def _range(record: Activation | VectorActivation) -> str:
    """From infimum to supremum; where that depends on cases, at the default parameters."""
    low, high = record.range
    place = ""
    if sp.Tuple(low, high).has(sp.Piecewise) and isinstance(record, Activation):
        low, high = (at(end, record.settings[0]) for end in record.range)
        place = ", at the default parameters"
    return f"from ${_latex(low)}$ to ${_latex(high)}${place}"


def _name(text: str) -> str:
    """The name as code, and after it what differs."""
    name, _, note = text.partition(" ")
    return f"`{name}` {note}".strip()


def _domain(text: str, default: float | tuple[float, ...] | None) -> str:
    given = "empty" if default == () else default
    return f"{text[0].upper()}{text[1:]}; {given} by default."


def _latex(expression: object) -> str:
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


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return Table("\n".join("| " + " | ".join(line) + " |" for line in lines))
