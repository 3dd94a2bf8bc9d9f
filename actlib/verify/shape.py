"""Facts of shape, proved: smoothness, monotonicity, convexity, the Lipschitz constant.

All of them follow from the signs of f′ and f″ (signs.py; of a wave, waves.py) and from what jumps
where pieces meet.
What could not be proved is None, never guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import sympy as sp

from actlib.formula.symbols import X, at_setting
from actlib.verify.balls import UndecidedError
from actlib.verify.coefficients import sign_of
from actlib.verify.extremes import steepest
from actlib.verify.pieces import boundaries, jumps
from actlib.verify.signs import stretches
from actlib.verify.waves import swing

Found = TypeVar("Found")

FLAT = {"increasing": "never falls", "decreasing": "never rises"}  # where it may be flat
HIGHEST = 8  # derivatives looked at, before we say that we do not know


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What was proved of a function on the whole line; None where nothing was."""

    smoothness: sp.Expr | None  # the k of C^k; -1 where the value jumps
    monotone: str | None
    convex: str | None
    lipschitz: sp.Expr | None  # infinity where there is none


def shape(expression: sp.Expr) -> Shape:
    """The facts of an expression in x alone."""
    f = at_setting(expression, {})
    found = jumps(f).values()
    steps = [sign_of(jump.height) for jump in found]
    bends = [sign_of(jump.right - jump.left) for jump in found]
    slopes, curvatures = (_signs(f, order) for order in (1, 2))
    return Shape(
        smoothness=_smoothness(f),
        monotone=_monotone(slopes + [s for s in steps if s != 0], strict=0 not in slopes),
        convex="neither" if any(steps) else _convex(curvatures + bends),
        lipschitz=_lipschitz(f),
    )


def attempted(prove: Callable[[], Found]) -> Found | None:
    """What is proved, or None."""
    try:
        return prove()
    except UndecidedError:
        return None


def _signs(f: sp.Expr, order: int) -> list[int | None]:
    """Those of a derivative from left to right; [None] where they were not proved."""
    ends = swing(sp.diff(f, X, order))
    if ends is not None:  # an end is reached at single points alone: where it is 0, nothing is flat
        return [sign for end in ends if (sign := sign_of(end)) != 0]
    return attempted(lambda: [s.sign for s in stretches(f, order)]) or [None]


def _lipschitz(f: sp.Expr) -> sp.Expr | None:
    ends = swing(sp.diff(f, X))
    return attempted(lambda: steepest(f)) if ends is None else sp.Max(-ends[0], ends[1])


def _smoothness(f: sp.Expr) -> sp.Expr | None:
    if not boundaries(f):
        return sp.oo
    for order in range(HIGHEST):
        if any(jump.height != 0 for jump in jumps(f).values()):
            return sp.Integer(order - 1)
        f = sp.diff(f, X)
    return None


def _monotone(signs: list[int | None], strict: bool) -> str | None:
    """From the sign of the slope in every region, and of every jump of the value."""
    if {1, -1} <= set(signs):
        return "neither"
    if None in signs:
        return None
    if not any(signs):
        return "constant"
    direction = "increasing" if 1 in signs else "decreasing"
    return direction if strict else FLAT[direction]


def _convex(signs: list[int | None]) -> str | None:
    """From the sign of f″ in every region, and of every jump of the slope."""
    if {1, -1} <= set(signs):
        return "neither"
    if None in signs:
        return None
    return "convex" if 1 in signs else "concave" if -1 in signs else "linear"
