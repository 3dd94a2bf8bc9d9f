"""What a record says of itself, as Markdown: a chapter's fact card, its kink table, two calls."""

from actlib.call.elementwise import Activation
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated, is_of_vectors
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.preset import Preset
from actlib.formula.setting import text
from actlib.show import typeset
from actlib.show.typeset import Table, table

VECTORS = "../reference/vectors.md"  # from a chapter


def facts(record: AnyRecord) -> Table:
    """The fact card at the top of a chapter."""
    rows = {"Also called": ", ".join(record.aliases)} if record.aliases else {}
    rows |= {"Definition": typeset.definition(record), "Range of $f$": typeset.ends(record)}
    for p in record.parameters:
        told = f"{p.meaning} {_domain(p.domain_text, p.default)}"
        rows[f"Parameter ${typeset.latex(p.symbol)}$"] = told + " Learned." * p.learned
    if is_elementwise(record):
        rows["Kinks"] = "; ".join(typeset.place(k) for k in record.kinks) or "none"
        if record.turns:
            rows["Turns"] = "; ".join(map(typeset.place, record.turns))
    elif is_gated(record) and record.kinks:
        rows["Kinks"] = "; ".join(typeset.kink(record, kink) for kink in record.kinks)
    elif is_of_vectors(record) and record.kinked:
        rows["Kinks"] = record.kinked
    if record.presets:
        rows["Presets"] = "; ".join(map(_preset, record.presets))
    rows |= {f"In {framework}": _name(there) for framework, there in record.equivalents.items()}
    rows["For ports"] = f"[exact values at the points that matter]({VECTORS})"
    return table((record.title, "At a glance"), rows.items())


def kinks(record: Activation) -> Table:
    """The slope at each kink: of the piece that owns it, as returned here, in each framework."""
    frameworks = list(dict.fromkeys(f for k in record.kinks for f in k.frameworks))
    rows = [
        [
            typeset.place(k),
            f"${typeset.latex(typeset.taken(record, k.at))}$",
            typeset.returned(record, k),
        ]
        + [f"${typeset.latex(k.frameworks[f])}$" if f in k.frameworks else "" for f in frameworks]
        for k in record.kinks
    ]
    return table(("Kink", "By definition", "`actlib` returns", *frameworks), rows)


def _preset(preset: Preset) -> str:
    """relu6: max_value = 6."""
    each = (f"{name.replace('_', chr(92) + '_')} = {text(v)}" for name, v in preset.setting.items())
    return f"`{preset.name}` ({', '.join(each)})"


def _name(there: Equivalent) -> str:
    """The name as code, and after it what differs."""
    return f"`{there.name}`" + (f" ({there.differs})" if there.differs else "")


def _domain(text: str, default: float | tuple[float, ...] | None) -> str:
    given = "empty" if default == () else default
    return f"{text[0].upper()}{text[1:]}; {given} by default."


SLOPES = {
    "PyTorch": "slope, y = torch.func.vmap(torch.func.grad_and_value(f))(x)",
    "JAX": "y, slope = jax.vmap(jax.value_and_grad(f))(x)",
}
JACOBIANS = {
    "PyTorch": "y, slope = f(z), torch.func.jacrev(f)(z)",
    "JAX": "y, slope = f(z), jax.jacobian(f)(z)",
}


GATED = {
    "PyTorch": "both = torch.func.grad_and_value(f, (0, 1))\n"
    "slope, y = torch.func.vmap(both)(value, gate)",
    "JAX": "both = jax.value_and_grad(f, (0, 1))\ny, slope = jax.vmap(both)(value, gate)",
}


class Code(str):
    """Python that a notebook shows as code."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return f"```python\n{self}\n```"

    def __repr__(self) -> str:
        return "<code>"


def calls(record: AnyRecord) -> Code:
    """How PyTorch and JAX compute it with its slope; of a vector, with its Jacobian.

    A paragraph for each, in which x, z, or value and gate are arrays of that framework.
    """
    variable, lines = ("x", SLOPES) if is_elementwise(record) else ("z", JACOBIANS)
    if is_gated(record):
        variable, lines = "value, gate", GATED
    return Code("\n\n".join(_call(record, f, variable, line) for f, line in lines.items()))


def _call(record: AnyRecord, framework: str, variable: str, line: str) -> str:
    there = record.equivalents.get(framework)
    shown = record.spelled.get(framework)
    if shown is None and there is not None:
        shown = _spelling(there, variable)
    if shown is None:
        raise ValueError(f"{record.name}: the record does not say how to spell it in {framework}")
    setting = ", ".join(f"{name} = {value}" for name, value in shown.setting.items())
    told = [f"# {comment}" for comment in (shown.why, setting) if comment]
    if there is not None and not there.differentiable:
        line = f"y = f({variable})  # it cannot be differentiated"
    whole = shown.code.removesuffix(f"({variable})")  # f = torch.tanh, not a lambda that calls it
    function = (
        whole if whole.replace(".", "").isidentifier() else f"lambda {variable}: {shown.code}"
    )
    return "\n".join([*told, f"f = {function}", line])


def _spelling(there: Equivalent, variable: str) -> Spelling:
    """A call with its arguments."""
    named = [f"{name}={value!r}" for name, value in there.arguments.items()]
    given = ", ".join([variable, *map(str, there.after), *named])
    return Spelling(f"{there.name}({given})", there.setting)
