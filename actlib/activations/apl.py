"""APL, adaptive piecewise linear: f(x) = max(x, 0) + a_1 max(0, b_1 − x) + … + a_S max(0, b_S − x).

f′(x) = 1 for x ≥ 0, else 0, less a_s for each hinge b_s > x.
Both are learned: df/da_s = max(0, b_s − x); df/db_s = a_s for x < b_s, else 0.

Agostinelli, Hoffman, Sadowski & Baldi, "Learning activation functions to improve deep neural
networks", ICLR workshop 2015, arXiv:1412.6830.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from actlib.arithmetic.exact import (
    difference,
    exact_product,
    exact_sum,
    odd,
    slope_times_difference,
)
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import positive, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

a = Parameter(
    name="a",
    default=(),
    learned=True,
    stacked=True,
    meaning="How much each hinge takes off the slope on its left.",
)
b = Parameter(name="b", default=(), learned=True, stacked=True, meaning="Where the hinges are.")

Stack = Sequence[Array | float]


def no_hinge(dtype: np.dtype[Any], a: Sequence[float], b: Sequence[float]) -> bool:
    return not a


@kernel(takes=OWN, gives=ROUNDED, when=no_hinge, otherwise=DECIDED)
def value(x: Array, a: Stack, b: Stack) -> Array:
    if not a:
        return positive(x)
    if any(map(is_extreme, (*a, *b))):
        return by_fractions(x, a, b)
    # Far out a difference could overflow where the sum does not: scale it down, then up again.
    scale = where(np.abs(x) > 2.0**900, 2.0**-100, 1.0, like=x)
    parts = [positive(x) * scale]
    for slope, point in zip(a, b, strict=True):
        left = x < point
        hinge = slope_times_difference(slope, point * scale, x * scale)
        parts += [where(left, part, 0.0) for part in hinge]
    return where(x == -np.inf, limit(a, b), exact_sum(parts) / scale)


def is_extreme(number: Array | float) -> bool:
    """May products with it overflow, or lose digits below the smallest float?"""
    size = np.abs(number)
    return bool(np.any((size > 2.0**400) | ((size < 2.0**-400) & (size > 0))))


def by_fractions(x: Array, a: Stack, b: Stack) -> Array:
    """Where products may overflow and their sum may not: one by one, exactly."""
    rows = np.stack(np.broadcast_arrays(x, *a, *b), axis=-1).reshape(-1, 1 + 2 * len(a))
    each = [_at(place, stacks[: len(a)], stacks[len(a) :]) for place, *stacks in rows.tolist()]
    return np.array(each).reshape(x.shape)


def _at(x: float, a: Sequence[float], b: Sequence[float]) -> float:
    if not math.isfinite(x) and x != -math.inf:
        return x
    hinges = [(Fraction(t), Fraction(u)) for t, u in zip(a, b, strict=True) if x < u]
    slope = sum((t for t, _ in hinges), start=Fraction(0))
    offset = sum((t * u for t, u in hinges), start=Fraction(max(x, 0.0)))
    if x == -math.inf and slope != 0:
        return math.copysign(math.inf, slope)
    return odd(offset if slope == 0 else offset - slope * Fraction(x))


def limit(a: Stack, b: Stack) -> Array:
    """At −inf, where infinite terms of both signs may meet: what their slopes add up to decides."""
    slope = exact_sum(list(a))
    offset = exact_sum([p for t, u in zip(a, b, strict=True) for p in exact_product(t, u)])
    return np.where(slope == 0, offset, slope * np.inf)


@kernel(takes=OWN, gives=ROUNDED, when=no_hinge, otherwise=DECIDED)
def derivative(x: Array, a: Stack, b: Stack) -> Array:
    parts: list[Array | float] = [where(x >= 0, 1.0, 0.0, like=x)]
    parts += [where(x < point, -slope, 0.0, like=x) for slope, point in zip(a, b, strict=True)]
    return exact_sum(parts)


@kernel(gives=DECIDED)
def a_derivative(s: int, x: Array, a: Stack, b: Stack) -> Array:
    return positive(difference(b[s], x))


@kernel(gives=DECIDED)
def b_derivative(s: int, x: Array, a: Stack, b: Stack) -> Array:
    return where(x < b[s], a[s], 0.0, like=x)


ONE_HINGE = {"a": (0.2,), "b": (-0.7,)}  # by default there is none


def formula(x: Any, a: Any, b: Any) -> Formula:
    import sympy as sp

    from actlib.formula.stack import EACH, OTHER, Lowest, every
    from actlib.formula.symbols import COUNT, INDEX

    ramp = sp.Piecewise((x, x >= 0), (0, True))
    hinge = sp.Piecewise((b[EACH] - x, x < b[EACH]), (0, True))
    definition = ramp + every(a[EACH] * hinge)
    lowest_vertex = Lowest(definition.subs(x, b[OTHER]), OTHER, COUNT)

    def bend(point: Any) -> Any:
        """By how much the slope grows there: by 1 at 0, and by a_i at each b_i."""
        hinges = sp.Piecewise((a[EACH], sp.Eq(b[EACH], point)), (0, True))
        return sp.Piecewise((1, sp.Eq(point, 0)), (0, True)) + every(hinges)

    return Formula(
        definition=definition,
        range=(
            sp.Piecewise(
                (-sp.oo, every(a[EACH]) < 0),
                (sp.Min(definition.subs(x, 0), lowest_vertex), True),
            ),
            sp.oo,
        ),
        kinks=(
            Kink(at=0, when=sp.Ne(bend(sp.S.Zero), 0)),
            Kink(at=b[INDEX], when=sp.Ne(bend(b[INDEX]), 0)),
        ),
    )


apl = Activation(
    name="apl",
    title="APL",
    aliases=("adaptive piecewise linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(a, b),
    parameter_kernels={"a": a_derivative, "b": b_derivative},
    samples=(
        {"a": (-0.01,), "b": (0.0,)},
        ONE_HINGE,
        {"a": (0.3, -0.7), "b": (-1.0, 0.4)},
        {"a": (-0.25, 0.25), "b": (1.5, -1.0)},
        {"a": (-1.0, 0.1), "b": (0.0, 0.3)},
    ),
    references=("agostinelli2014learning",),
    equivalents={},
    spelled={
        "PyTorch": Spelling("torch.relu(x) + 0.2 * torch.relu(-0.7 - x)", ONE_HINGE),
        "JAX": Spelling("jax.nn.relu(x) + 0.2 * jax.nn.relu(-0.7 - x)", ONE_HINGE),
    },
)
