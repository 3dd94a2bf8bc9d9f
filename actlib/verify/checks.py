"""The checks whose verdicts the chapters print. Each returns a report, or raises Disagreement.

They take the expression from the chapter and the function from the record, and know neither: that
the two were written apart is what makes their agreement worth something.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import Setting
from actlib.formula.symbols import INDEX, X, at_setting
from actlib.verify import pieces
from actlib.verify.agreement import (
    NEAREST,
    Agreement,
    DisagreementError,
    Function,
    compare,
    quietly,
    title,
)
from actlib.verify.balls import UndecidedError
from actlib.verify.extremes import turns
from actlib.verify.numbers import is_near
from actlib.verify.points import DTYPES, neighbours
from actlib.verify.subject import Subject

# float16 and float32 are computed in float64 and rounded once, to half an ulp. float64 has no wider
# format to be rounded from: these bounds, in ulp, hold for its value and for its derivatives.
VALUE_BOUND, SLOPE_BOUND = 2.0, 4.0


@dataclass(frozen=True)
class Report:
    """What was checked, a line each."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def value(record: Subject, definition: sp.Expr) -> Report:
    """The record's value against `definition`, in every dtype and at every sampled setting."""
    return _report(
        Agreement(
            record=record,
            function=record,
            name="value",
            expression=definition,
            usual=VALUE_BOUND,
        )
    )


def derivative(record: Subject, slope: sp.Expr) -> Report:
    """The record's derivative against `slope`, kinks included: there the owning piece decides."""
    return _report(
        Agreement(
            record=record,
            function=record.derivative,
            name="derivative",
            expression=slope,
            usual=SLOPE_BOUND,
        )
    )


def parameter_derivative(record: Subject, parameter: str, slope: sp.Expr) -> Report:
    """df/dparameter of the record against `slope`; of a stacked one for each INDEX in turn."""

    def call(x: NDArray[Any], **setting: Any) -> NDArray[Any]:
        return record.parameter_derivatives(x, **setting)[parameter]

    def one_of_stack(s: int) -> Agreement:
        return Agreement(
            record=record,
            function=lambda x, **setting: call(x, **setting)[s - 1],
            name=f"derivative in {parameter}_{s}",
            expression=slope.subs(INDEX, s),
            usual=SLOPE_BOUND,
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
            usual=SLOPE_BOUND,
        )
    )


def kinks(record: Subject, definition: sp.Expr) -> Report:
    """The kinks the record declares against those found in `definition`, at every setting.

    At the floats on and beside each of them, its functions are called in every dtype.
    """
    lines = []
    for setting in record.settings:
        alone = at_setting(definition, setting)
        found = pieces.jumps(alone)
        where = title(record, "kinks", setting)
        declared = record.kinks_at(setting)
        if declared != set(found):
            raise DisagreementError(
                f"{where}: the record declares kinks at {_points(declared)}, "
                f"the definition has them at {_points(found)}"
            )
        _call_beside(record, setting, alone, found)
        told = [_told(record, setting, *kink) for kink in sorted(found.items())]
        lines += [f"{where}: {text}" for text in told or ["no kink"]]
    return Report((*lines, "value and slope hold on and beside each kink, in every type"))


def turning(record: Subject, definition: sp.Expr) -> Report:
    """The turning points the record declares against those proved of `definition`, at every
    setting; and the functions at the floats on and beside each of them, in every dtype.

    A point without a formula is declared by its digits: the first twenty must be right.
    """
    lines = []
    for setting in record.settings:
        alone = at_setting(definition, setting)
        where = title(record, "turning points", setting)
        declared, found = record.turns_at(setting), _turns(record, where, alone)
        if found is None:
            lines.append(f"{where}: undecided, since f oscillates")
            continue
        if not _alike(declared, found):
            raise DisagreementError(
                f"{where}: the record declares that it turns at {_points(declared)}, "
                f"the definition turns at {_points(found)}"
            )
        _call_beside(record, setting, alone, found)
        told = [f"it turns at {_place(p)}, where it is {_show(alone.subs(X, p))}" for p in found]
        lines += [f"{where}: {text}" for text in sorted(told) or ["none"]]
    return Report((*lines, "value and slope hold on and beside each of them, in every type"))


def _turns(record: Subject, where: str, definition: sp.Expr) -> set[sp.Expr] | None:
    """None where no list of them ends: the record declares that there is no limit."""
    try:
        return turns(definition)
    except UndecidedError as error:
        if _oscillates(record):
            return None
        raise DisagreementError(f"{where} could not be proved: {error}") from error


def _oscillates(record: Subject) -> bool:
    """Is there an infinity at which the value or the slope is declared to have no limit?"""
    return not all(
        record.has_limit(of, sign, setting)
        for of in ("value", "derivative")
        for sign in (-1, 1)
        for setting in record.settings
    )


def _alike(declared: Iterable[sp.Expr], found: Iterable[sp.Expr]) -> bool:
    """The same points, to twenty digits."""
    pairs = zip_longest(sorted(declared), sorted(found))
    return all(None not in pair and is_near(*pair) for pair in pairs)


def _call_beside(
    record: Subject, setting: Setting, definition: sp.Expr, kinks: Iterable[sp.Expr]
) -> None:
    """Value and slope at the floats on and beside the kinks are what the definition says there."""
    checks = (
        ("value", record, definition, VALUE_BOUND),
        (
            "derivative",
            record.derivative,
            pieces.differentiate(definition),
            SLOPE_BOUND,
        ),
    )
    for dtype in DTYPES:
        x = np.unique([n for kink in kinks for n in neighbours(dtype(kink))])
        for what, function, expression, usual in checks if x.size else ():
            where = f"{title(record, what, setting)} in {dtype.__name__}"
            wide = record.bound_of(what, usual, setting)
            allowed = wide if dtype is np.float64 else NEAREST
            compare(where, x, quietly(function, setting, x), expression, allowed)


def _told(record: Subject, setting: Setting, point: sp.Expr, jump: pieces.Jump) -> str:
    """What the definition does at a kink, and what the functions return there."""
    floats = _beside(point)
    slopes = _returned(record.derivative, setting, floats)
    told = f"the slope goes from {_show(jump.left)} to {_show(jump.right)}, and {slopes}"
    if jump.height:
        values = _returned(record, setting, floats)
        told = f"the value jumps by {_show(jump.height)}, and {values}; {told}"
    return f"at {_place(point)} {told}"


def _beside(point: sp.Expr) -> list[float]:
    """The point itself; where it is no float64, the floats below and above it."""
    near = float(point)
    beyond = sp.Rational(near) - point
    if beyond == 0:
        return [near]
    other = float(np.nextafter(near, -np.inf if beyond > 0 else np.inf))
    return sorted([near, other])


def _returned(function: Function, setting: Setting, floats: Sequence[float]) -> str:
    """0.2 is returned; or 0 is returned at -2.5, 0.2 at the next float."""
    got = [f"{float(function(x, **setting)):g}" for x in floats]
    if len(floats) == 1:
        return f"{got[0]} is returned"
    first, *others = zip(got, map(_float, floats), strict=True)
    return ", ".join([f"{first[0]} is returned at {first[1]}", *(f"{y} at {x}" for y, x in others)])


def _place(point: sp.Expr) -> str:
    """A float64 as Python shows it; any other number in enough digits to tell it from them."""
    near = float(point)
    return _float(near) if sp.Rational(near) == point else str(sp.N(point, 18))


def _float(x: float) -> str:
    return repr(x).removesuffix(".0")


def _report(*agreements: Agreement) -> Report:
    lines = [line for agreement in agreements for line in agreement.lines()]
    none = " or, where there is none, NaN" if any(_oscillates(a.record) for a in agreements) else ""
    return Report((*lines, f"NaN gives NaN, an infinity the limit{none}, and nothing warns"))


def _points(found: Iterable[sp.Expr]) -> str:
    return ", ".join(map(_place, sorted(found))) or "none"


def _show(number: sp.Expr) -> str:
    return f"{float(number):g}"
