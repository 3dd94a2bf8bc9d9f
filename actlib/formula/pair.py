"""The variables of a gated pair: what passes, and what says how much of it."""

import sympy as sp

from actlib.formula.parameter import Parameter
from actlib.formula.record import Record
from actlib.formula.setting import X

VALUE, GATE = sp.symbols("value gate", real=True)


PASSED = Parameter(name="value", default=1.0, meaning="What passes.")


def section(record: Record) -> Record:
    """The pair as a function of its gate, with the value for a parameter: as it is drawn."""
    return Record(
        name=record.name,
        title=record.title,
        doc=record.doc,
        definition=record.definition.subs(GATE, X),
        parameters=(PASSED,),
        samples=({"value": -2.0},),
        kinks=record.kinks,
        turns=record.turns,
        range=record.range,
        references=record.references,
        equivalents={},
    )


def factor(expression: sp.Expr) -> sp.Expr:
    """What `value` is multiplied by: a function of the gate alone; without a value, itself."""
    return expression.subs(VALUE, 1)
