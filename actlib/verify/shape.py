"""Facts of shape, proved: smoothness, monotonicity, convexity, the Lipschitz constant.

The line is cut at 0 and where the pieces meet. Between two cuts the sign of a derivative is proved
by writing x = cut ± t and e^t = 1 + v: if a polynomial in t > 0 and v > 0 has coefficients of one
sign, so has its value. What cannot be proved that way is None, never guessed.
"""

from dataclasses import dataclass

import sympy as sp

from actlib.formula.setting import X, at_setting
from actlib.verify.pieces import boundaries, jumps, regions

T, V = sp.symbols("t v", positive=True)
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
    steps = [_sign_of(jump.height) for jump in found]
    bends = [_sign_of(jump.right - jump.left) for jump in found]
    parts = list(regions(f))
    slopes = [sign(sp.diff(p, X), *ends) for p, *ends in parts]
    curvatures = [sign(sp.diff(p, X, 2), *ends) for p, *ends in parts]
    return Shape(
        smoothness=_smoothness(f),
        monotone=_monotone(slopes + [s for s in steps if s != 0], strict=0 not in slopes),
        convex="neither" if any(steps) else _convex(curvatures + bends),
        lipschitz=sp.oo if any(steps) else _lipschitz(parts, curvatures),
    )


def sign(expression: sp.Expr, low: sp.Expr, high: sp.Expr) -> int | None:
    """The sign of an expression in x between two points: 1, -1, 0, or None where not proved."""
    if sp.simplify(expression) == 0:
        return 0
    if low.is_finite and high.is_finite:
        inside = low + (high - low) * T / (1 + T)
    else:
        inside = low + T if low.is_finite else high - T
    numbers = expression.subs(X, inside).replace(sp.exp, _in_v)
    above, below = map(_sign_of_polynomial, sp.fraction(sp.together(numbers)))
    return None if above is None or below is None else above * below


def _in_v(exponent: sp.Expr) -> sp.Expr:
    """e^(c + k t) as e^c (1 + v)^k."""
    rest, factor = sp.expand(exponent).as_independent(T, as_Add=True)
    return sp.exp(rest) * (1 + V) ** (factor / T)


def _sign_of_polynomial(expression: sp.Expr) -> int | None:
    """The sign for all t > 0 and v > 0, where every coefficient has it."""
    try:
        coefficients = sp.Poly(sp.expand(expression), T, V).coeffs()
    except sp.PolynomialError:
        return None
    signs = {_sign_of(c) for c in coefficients}
    return signs.pop() if len(signs) == 1 else None


def _sign_of(number: sp.Expr) -> int | None:
    """The sign of a constant."""
    found = sp.sign(number)
    return int(found) if found.is_Integer else None


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


def _lipschitz(
    parts: list[tuple[sp.Expr, sp.Expr, sp.Expr]], curvatures: list[int | None]
) -> sp.Expr | None:
    """The largest |f′|: where f″ keeps its sign, f′ is monotone and largest at an end."""
    if None in curvatures:
        return None
    slopes = [(sp.diff(p, X), end) for p, *ends in parts for end in ends]
    return sp.Max(*(sp.Abs(sp.limit(s, X, end) if end.is_infinite else s.subs(X, end))
                    for s, end in slopes))  # fmt: skip
