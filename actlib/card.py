"""What a record says of itself, as Markdown tables: a chapter's fact card and its kink table."""

from actlib import typeset
from actlib.framework import Equivalent
from actlib.spec import Activation
from actlib.typeset import Table, table
from actlib.vector import VectorActivation

VECTORS = "../reference/vectors.md"  # from a chapter


def facts(record: Activation | VectorActivation) -> Table:
    """The fact card at the top of a chapter."""
    rows = {"Also called": ", ".join(record.aliases)} if record.aliases else {}
    rows |= {"Definition": typeset.definition(record), "Range of $f$": typeset.ends(record)}
    if isinstance(record, Activation):
        for p in record.parameters:
            told = f"{p.meaning} {_domain(p.domain_text, p.default)}"
            rows[f"Parameter ${typeset.latex(p.symbol)}$"] = told + " Learned." * p.learned
        rows["Kinks"] = "; ".join(typeset.kink(k) for k in record.kinks) or "none"
    rows |= {f"In {framework}": _name(there) for framework, there in record.equivalents.items()}
    rows["For ports"] = f"[exact values at the points that matter]({VECTORS})"
    return table((record.title, "At a glance"), rows.items())


def kinks(record: Activation) -> Table:
    """The slope at each kink: of the piece that owns it, as returned here, in each framework."""
    frameworks = list(dict.fromkeys(f for k in record.kinks for f in k.frameworks))
    rows = [
        [
            typeset.kink(k),
            f"${typeset.latex(typeset.taken(record, k.at))}$",
            typeset.returned(record, k),
        ]
        + [f"${typeset.latex(k.frameworks[f])}$" if f in k.frameworks else "" for f in frameworks]
        for k in record.kinks
    ]
    return table(("Kink", "By definition", "`actlib` returns", *frameworks), rows)


def _name(there: Equivalent) -> str:
    """The name as code, and after it what differs."""
    return f"`{there.name}`" + (f" ({there.note})" if there.note else "")


def _domain(text: str, default: float | tuple[float, ...] | None) -> str:
    given = "empty" if default == () else default
    return f"{text[0].upper()}{text[1:]}; {given} by default."
