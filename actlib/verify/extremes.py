"""Where a function is 0, where it turns, how far its values reach, and its Lipschitz constant: from
its signs and those of its derivatives, each of them proved.

Between two neighbouring roots of f′ the function is monotone, so its values reach from one end to
the other; and so do those of f′ between two roots of f″. What is found is a formula where one is
proved, else a number that is known by its digits.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise

import sympy as sp
from flint import ctx

from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import PRECISIONS, UndecidedError, evaluator
from actlib.verify.closed import without_exponents
from actlib.verify.limits import limit
from actlib.verify.numbers import Digits, Value, known
from actlib.verify.pieces import boundaries, jumps, piece
from actlib.verify.signs import stretches

BITS = 64


def roots(expression: sp.Expr) -> set[sp.Expr]:
    """The points where the function is 0, and beside which it is not.

    Raises:
        UndecidedError: Its signs could not be proved.
    """
    f = at_setting(expression, {})
    cuts = boundaries(f) | {sp.S.Zero}
    return {
        left.high
        for left, right in pairwise(stretches(f, 0))
        if left.sign and right.sign and (left.high not in cuts or _vanishes(f, left.high))
    }


def _vanishes(f: sp.Expr, point: sp.Expr) -> bool:
    return bool(sp.simplify(piece(f, point).subs(X, point)) == 0)


def turns(expression: sp.Expr) -> set[sp.Expr]:
    """The points where the slope changes its sign, and neither it nor the value jumps.

    Raises:
        UndecidedError: The signs of the slope could not be proved.
    """
    f = at_setting(expression, {})
    found = pairwise(stretches(f, 1))
    return {left.high for left, right in found if left.sign * right.sign == -1} - set(jumps(f))


def directions(expression: sp.Expr) -> tuple[int, ...]:
    """The signs of the slope from left to right, none twice in a row. Raises as turns does."""
    found = stretches(at_setting(expression, {}), 1)
    return tuple(sign for sign, _ in groupby(stretch.sign for stretch in found))


def extremes(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Infimum and supremum. Raises as turns does."""
    f = at_setting(expression, {})
    reached = [
        _at(stretch.part, end) for stretch in stretches(f, 1) for end in (stretch.low, stretch.high)
    ]
    reached += [piece(f, point).subs(X, point) for point in boundaries(f)]
    return -largest([-value for value in reached]), largest(reached)


def steepest(expression: sp.Expr) -> sp.Expr:
    """The largest |f′|; infinity where there is none, or where f jumps. Raises as turns does."""
    f = at_setting(expression, {})
    if any(jump.height != 0 for jump in jumps(f).values()):
        return sp.oo
    slopes = [
        _at(sp.diff(stretch.part, X), end)
        for stretch in stretches(f, 2)
        for end in (stretch.low, stretch.high)
    ]
    return largest([side for slope in slopes for side in (slope, -slope)])


def largest(numbers: Sequence[sp.Expr]) -> sp.Expr:
    """The greatest of some numbers. Where no ball can tell two of them apart, the greater one."""
    distinct = list(dict.fromkeys(numbers))
    for bits in PRECISIONS[:3]:
        if len(distinct) == 1 or sp.oo in distinct:
            break
        with ctx.workprec(bits):
            balls = [evaluator(number, []).exact([]) for number in distinct]
        distinct = [
            number
            for number, ball in zip(distinct, balls, strict=True)
            if not any(ball < other for other in balls)
        ]
    exact = [number for number in distinct if not number.has(Digits)]
    if sp.oo in distinct:
        return sp.oo
    if len(distinct) == 1:
        return distinct[0]
    return sp.Max(*distinct) if exact == distinct else Value(sp.Max(*distinct, evaluate=False))


@lru_cache(maxsize=2048)
def _at(part: sp.Expr, end: sp.Expr) -> sp.Expr:
    """The value at a point, or the limit at an infinity."""
    if end.is_infinite:
        found = limit(part, 1 if end > 0 else -1)
        if found is None:
            raise UndecidedError(f"the limit of {part} at {end}")
        return found
    value = part.subs(X, end)
    if end.has(Digits):
        known(Value(value), BITS)  # it is not 0, which no ball could tell
        return Value(value)
    return sp.simplify(without_exponents(value)) if end.has(sp.LambertW) else value
