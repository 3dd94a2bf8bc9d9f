"""The checks whose verdicts the chapters print. Each returns a report, or raises Disagreement.

They take the expression from the chapter and the function from the record, and know neither: that
the two were written apart is what makes their agreement worth something.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from numpy.typing import NDArray

from actlib.spec import INDEX, Activation, Setting, at_setting
from actlib.verify import pieces
from actlib.verify.agreement import Agreement, DisagreementError, title

# float16 and float32 are computed in float64 and rounded once, to half an ulp. float64 has no wider
# format to be rounded from: these bounds, in ulp, hold for its value and for its derivatives.
VALUE_BOUND, SLOPE_BOUND = 2.0, 4.0


@dataclass(frozen=True)
class Report:
    """What was checked, a line each."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def value(record: Activation, definition: sp.Expr) -> Report:
    """The record's value against `definition`, in every dtype and at every sampled setting."""
    return _report(
        Agreement(
            record=record,
            function=record,
            name="value",
            expression=definition,
            wide=VALUE_BOUND,
        )
    )


def derivative(record: Activation, slope: sp.Expr) -> Report:
    """The record's derivative against `slope`, kinks included: there the owning piece decides."""
    return _report(
        Agreement(
            record=record,
            function=record.derivative,
            name="derivative",
            expression=slope,
            wide=SLOPE_BOUND,
        )
    )


def parameter_derivative(record: Activation, parameter: str, slope: sp.Expr) -> Report:
    """df/dparameter of the record against `slope`; of a stacked one for each INDEX in turn."""

    def call(x: NDArray[Any], **setting: Any) -> NDArray[Any]:
        return record.parameter_derivatives(x, **setting)[parameter]

    def one_of_stack(s: int) -> Agreement:
        return Agreement(
            record=record,
            function=lambda x, **setting: call(x, **setting)[s - 1],
            name=f"derivative in {parameter}_{s}",
            expression=slope.subs(INDEX, s),
            wide=SLOPE_BOUND,
            settings=[setting for setting in record.settings if sizes(setting) >= s],
        )

    def sizes(setting: Setting) -> int:
        value = setting[parameter]
        return len(value) if isinstance(value, tuple) else 0

    largest = max(map(sizes, record.settings))
    if largest:
        return _report(*map(one_of_stack, range(1, largest + 1)))
    return _report(
        Agreement(
            record=record,
            function=call,
            name=f"derivative in {parameter}",
            expression=slope,
            wide=SLOPE_BOUND,
        )
    )


def kinks(record: Activation, definition: sp.Expr) -> Report:
    """The kinks the record declares against those found in `definition`, at every setting."""
    lines = []
    for setting in record.settings:
        found = pieces.jumps(at_setting(definition, setting))
        declared = record.kinks_at(setting)
        where = title(record, "kinks", setting)
        if declared != set(found):
            raise DisagreementError(
                f"{where}: the record declares kinks at {_points(declared)}, "
                f"the definition has them at {_points(found)}"
            )
        told = [f"at {_show(point)} {_jump(jump)}" for point, jump in sorted(found.items())]
        lines += [f"{where}: {text}" for text in told or ["no kink"]]
    return Report(tuple(lines))


def _report(*agreements: Agreement) -> Report:
    lines = [line for agreement in agreements for line in agreement.lines()]
    return Report((*lines, "NaN gives NaN, an infinity the limit, and nothing warns"))


def _jump(jump: pieces.Jump) -> str:
    height = f"the value jumps by {_show(jump.height)} and " if jump.height else ""
    slopes = f"the slope goes from {_show(jump.left)} to {_show(jump.right)}"
    return f"{height}{slopes}; {_show(jump.taken)} is taken"


def _points(found: Iterable[sp.Expr]) -> str:
    return ", ".join(_show(p) for p in sorted(found)) or "none"


def _show(number: sp.Expr) -> str:
    return f"{float(number):g}"
