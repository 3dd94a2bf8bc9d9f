"""A gated pair as functions of one variable: of the gate, or of what passes."""

from typing import Any

from actlib.formula.parameter import Parameter
from actlib.formula.record import Record

PASSED = Parameter(name="value", default=1.0, meaning="What passes.")


def section(record: Record) -> Record:
    """The pair as a function of its gate, with the value for a parameter: as it is drawn."""
    return Record(
        name=record.name,
        title=record.title,
        doc=record.doc,
        formula=lambda x, value: record.formula(value, x),
        parameters=(PASSED,),
        samples=({"value": -2.0},),
        references=record.references,
        equivalents={},
    )


def factor(expression: Any) -> Any:
    """What `value` is multiplied by: a function of the gate alone; without a value, itself."""
    from actlib.formula.symbols import VALUE

    return expression.subs(VALUE, 1)
