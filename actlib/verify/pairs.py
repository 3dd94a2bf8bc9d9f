"""The check for gated pairs: the value and both derivatives, at points in both variables."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
import sympy as sp
from flint import arb, ctx, fmpq
from numpy.typing import NDArray

from actlib.formula.pair import factor
from actlib.formula.symbols import GATE, VALUE, X, at_setting
from actlib.verify import limits, pieces
from actlib.verify.agreement import (
    NEAREST,
    DisagreementError,
    asked_of,
    digits,
    is_limit,
    quietly,
    verdict,
)
from actlib.verify.asymptote import CLOSE
from actlib.verify.balls import Ball, Evaluator, UndecidedError, decide, evaluator
from actlib.verify.checks import SLOPE_BOUND, VALUE_BOUND, Report
from actlib.verify.extremes import turns
from actlib.verify.points import DTYPES, neighbours

Pairs = tuple[NDArray[Any], NDArray[Any]]

GATES = (-math.inf, -3e4, -0.5, 0.0, 0.5, 3e4, math.inf)
INFINITE = [(v, g) for v in (-math.inf, -1.5, 1.5, math.inf) for g in GATES]
NANS = [(math.nan, 1.0), (1.0, math.nan), (math.nan, -math.inf), (math.inf, math.nan)]


class Pair(Protocol):
    """A function of a value and a gate, and its derivatives."""

    @property
    def name(self) -> str: ...

    def __call__(self, value: Any, gate: Any) -> NDArray[Any]: ...

    def derivatives(self, value: Any, gate: Any) -> Mapping[str, NDArray[Any]]: ...


def pairs(record: Pair, definition: sp.Expr, slopes: Mapping[str, sp.Expr] | None = None) -> Report:
    """The record against `definition`, an expression in the symbols value and gate, every dtype.

    Its derivatives against `slopes`, or without them against those that SymPy derives. Each is
    value times a function of the gate, or such a function alone.
    """
    plain = at_setting(definition, {})
    derived = slopes or {"value": plain.diff(VALUE), "gate": plain.diff(GATE)}
    edges = _edges(plain)
    lines = _lines(record.name, "value", record, plain, VALUE_BOUND, edges)
    for side in ("value", "gate"):
        call = partial(_derivative, record, side)
        what = f"derivative in {side}"
        lines += _lines(record.name, what, call, derived[side], SLOPE_BOUND, edges)
    last = "NaN gives NaN, an infinity the limit or, where there is none, NaN, and nothing warns"
    return Report((*lines, last))


def _derivative(record: Pair, side: str, value: Any, gate: Any) -> NDArray[Any]:
    return record.derivatives(value, gate)[side]


def _lines(
    name: str,
    what: str,
    function: Callable[..., Any],
    expression: sp.Expr,
    bound: float,
    edges: set[sp.Expr],
) -> list[str]:
    """One line a dtype."""
    lines = [f"{name} {what}"]
    for dtype in DTYPES:
        allowed = bound if dtype is np.float64 else NEAREST
        where = f"{name} {what} in {dtype.__name__}"
        at = points(dtype, edges)
        got = _called(where, function, at)
        _compare(where, at, got, expression, allowed)
        _ends(where, function, dtype, expression, allowed)
        lines.append(f"  {dtype.__name__}: {verdict(allowed)} at all {at[0].size:,} pairs")
    return lines


def points(dtype: Any, edges: Any = (), count: int = 400) -> Pairs:
    """Values and gates, about 10 · count pairs.

    Each of some values with each of some gates: 0, the smallest and the largest float, subnormals,
    small and usual numbers, the edges with their neighbours, and tails in which the exponential of
    the gate vanishes and a large value brings it back. Then pairs by chance, of all sizes.
    """
    form, random = np.finfo(dtype), np.random.default_rng(0)
    smallest, largest = float(form.smallest_subnormal), float(form.max)
    small = [k * smallest for k in (1, 2, 3, 4, 5, 7, 2.0**form.nmant - 1, 2.0**form.nmant + 1)]
    usual = [float(form.eps), 2.0**-20, 0.1, 0.5, 1.0, 1.5, 3.7]
    large = [largest / 2.0**20, largest / 3, largest]
    tail = [
        8.0,
        17.3,
        40.0,
        90.5,
        104.0,
        177.0,
        600.5,
        709.0,
        745.5,
        1300.0,
        1410.5,
        1454.0,
        1500.0,
    ]
    values = [0.0, *small, *usual, *large]
    with np.errstate(over="ignore", under="ignore"):
        near = [float(n) for edge in edges for n in neighbours(dtype(float(edge)))]
        crossed = [
            (v, g) for v in values for g in (*values, *tail, *(-t for t in (*values, *tail)), *near)
        ]
        sizes = random.uniform(form.minexp - form.nmant, form.maxexp, (2, count))
        ladder = (random.choice([-1, 1], (2, count)) * np.exp2(sizes)).T
        usual_gates = np.column_stack([ladder[::-1, 0], random.normal(0, 4, count)])
        far = np.column_stack([largest * random.random(count), random.uniform(-1500, 0, count)])
        chosen = np.concatenate([crossed, ladder, usual_gates, far]).astype(dtype)
    chosen[::2, 0] *= -1  # odd results of both signs
    chosen = np.unique(chosen[np.isfinite(chosen).all(axis=1)], axis=0)
    return np.ascontiguousarray(chosen[:, 0]), np.ascontiguousarray(chosen[:, 1])


def _edges(expression: sp.Expr) -> set[sp.Expr]:
    """The gates at which one piece ends and the next begins, or the slope is 0."""
    curve = _of_gate(expression)
    return pieces.boundaries(curve) | turns(curve)


def _of_gate(expression: sp.Expr) -> sp.Expr:
    return at_setting(factor(expression).subs(GATE, X), {})


def _called(where: str, function: Callable[..., Any], at: Pairs) -> NDArray[Any]:
    value, gate = at
    gate.flags.writeable = False
    got = quietly(lambda x: function(x, gate), {}, value)
    if got.dtype != value.dtype or got.shape != value.shape:
        raise DisagreementError(
            f"{where}: expected {value.dtype} of shape {value.shape}, "
            f"got {got.dtype} of shape {got.shape}"
        )
    return got


def _compare(where: str, at: Pairs, got: NDArray[Any], expression: sp.Expr, allowed: float) -> None:
    """`got` is the expression at every pair, within `allowed` ulp; or DisagreementError."""
    evaluate, is_right = evaluator(expression, [VALUE, GATE]), asked_of(got, allowed)
    for i, pair in enumerate(zip(*(a.tolist() for a in at), strict=True)):
        if not answer(expression, evaluate, pair, partial(is_right, i)):
            raise DisagreementError(
                f"{where} at (value, gate) = {pair}: expected {decide(evaluate, pair, digits)}, "
                f"got {got[i]!s}, which is not {verdict(allowed)}"
            )


def answer(
    expression: sp.Expr, evaluate: Evaluator, pair: tuple[float, float], ask: Callable[[Ball], Any]
) -> Any:
    """`decide` of a pair, and where no digits do, of what lies beside the product of the two."""
    try:
        return decide(evaluate, pair, ask)
    except UndecidedError:
        return ask(next_to_the_product(expression, *pair))


def next_to_the_product(expression: sp.Expr, value: float, gate: float) -> Ball:
    """A ball as good as the truth where a gate is so wide open that f is value · gate, nearly.

    At 2⁻²⁰⁰⁰ of it, on the side of the truth, which is closer still, and with no float and no
    middle of two in between. No number of digits tells the truth itself from a product that is such
    a middle; what it lacks is a product, and known to all its digits.
    """
    with ctx.workprec(4096):
        product = arb(fmpq(*value.as_integer_ratio()) * fmpq(*gate.as_integer_ratio()))
        for evaluate in _missing(expression):
            missing = decide(evaluate, (value, gate), lambda ball: ball / product)
            if missing != 0:
                break
        if not (missing != 0 and abs(missing) < CLOSE):
            raise UndecidedError(f"undecided, and not next to a product, at {(value, gate)}")
        return product * (1 - CLOSE * (1 if missing > 0 else -1))


@lru_cache(maxsize=16)
def _missing(expression: sp.Expr) -> tuple[Evaluator, Evaluator]:
    """value · gate − f, without a difference in which it would be lost.

    Then the same with 2⁻³⁰⁰⁰ for erfc(z), of which balls lose the sign far out: it has the same
    one, and is larger for z ≥ 46.
    """
    complement = expression.rewrite(sp.erfc)
    missing = sp.factor(sp.expand(sp.together(VALUE * GATE - complement)))
    further = missing.replace(sp.erfc, lambda z: sp.Rational(1, 2**3000))
    return evaluator(missing, [VALUE, GATE]), evaluator(further, [VALUE, GATE])


def _ends(
    where: str, function: Callable[..., Any], dtype: Any, expression: sp.Expr, allowed: float
) -> None:
    """What it returns at infinities and NaN."""
    ends = [*INFINITE, *NANS]
    value, gate = np.array(ends, dtype).T.copy()
    got = _called(where, function, (value, gate))
    is_right = asked_of(got, allowed)
    for i, pair in enumerate(ends):
        limit = _limit(expression, *pair)
        if not is_limit(got[i], limit, partial(is_right, i)):
            raise DisagreementError(
                f"{where} at (value, gate) = {pair}: expected "
                f"{'NaN' if limit is None else limit}, got {got[i]}"
            )


def _limit(expression: sp.Expr, value: float, gate: float) -> sp.Expr | None:
    """That at this pair: h of the gate, times the value if that is in it; None where it has none.

    Infinity times a gate that is closed all around, as that of ReLU is on the left, is 0; times one
    that only tends to 0, or passes through it, it has no limit.
    """
    if math.isnan(value) or math.isnan(gate):
        return None
    curve = _of_gate(expression)
    h = limits.limit(curve, int(math.copysign(1, gate))) if math.isinf(gate) else None
    h = curve.rewrite(sp.erfc).subs(X, sp.Rational(gate)) if math.isfinite(gate) else h
    if h is None or not expression.has(VALUE):
        return h
    if math.isfinite(value):
        product = sp.Rational(value) * h
    elif h != 0:
        product = sp.oo * int(math.copysign(1, value)) * sp.sign(h)
    else:
        return sp.Integer(0) if _is_closed(curve, gate) else None
    return product


def _is_closed(curve: sp.Expr, gate: float) -> bool:
    """Is it 0 at this gate and on both sides of it? Next to an infinity there is one side."""
    if math.isinf(gate):
        around = [int(math.copysign(1, gate)) * pieces.BEYOND]
    else:
        around = [sp.Rational(gate) + side for side in (-pieces.BESIDE, pieces.BESIDE)]
    return all(pieces.piece(curve, at) == 0 for at in around)
