"""What a function does where there is no last digit to judge: at infinities, at NaN, at zeros and

kinks; in arrays of other lengths; and how it reads its parameter.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.asked import Asked
from actlib.audit.line import finite, form
from actlib.audit.sweep import Function, by_balls
from actlib.audit.tally import Terms

SOME = 307  # numbers that are asked one by one too: a prime
MORE = 5000  # that tell one reading of a parameter from another
LONG = 4096  # numbers that fill every register of every processor
CLOSE = 2.0**-6  # slopes at a kink that are taken for the same


@dataclass(frozen=True, kw_only=True)
class Placed:
    """How many results changed with the place in the array, or with its length; and one of them."""

    tried: int
    differ: int
    example: tuple[float, float, float] | None = None  # x, alone, among others


@dataclass(frozen=True, kw_only=True)
class Habits:
    """Each as it was found."""

    limits: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    # "inf" -> what is returned, and the limit; None where there is none
    zeros: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    # "-0.0" -> what is returned, and the truth
    kinks: Mapping[float, str] = field(default_factory=dict)  # x -> left, right, mean, or a number
    placed: Placed | None = None  # None where it is not asked: answers come from a file


def habits(function: Function, asked: Asked, dtype: str, placed: bool = True) -> Habits:
    """They are asked in a few small arrays."""
    kind = form(dtype)
    with np.errstate(all="ignore"):
        ends = function(np.array([np.inf, -np.inf, np.nan], kind)).astype(np.float64).tolist()
        zeros = function(np.array([0.0, -0.0], kind)).astype(np.float64).tolist()
        limits = {"inf": asked.limit(1), "-inf": asked.limit(-1), "nan": math.nan}
        at_zero = float(asked.truth.by_balls(np.zeros(1, kind)).value[0])
        if asked.order and 0.0 in asked.kinks:
            zeros = []
        return Habits(
            limits={x: (got, limits[x]) for x, got in zip(limits, ends, strict=True)},
            zeros={x: (got, at_zero) for x, got in zip(("0.0", "-0.0"), zeros, strict=False)},
            kinks=_kinks(function, asked, kind) if asked.order else {},
            placed=_placed(function, kind) if placed else None,
        )


def _kinks(function: Function, asked: Asked, kind: np.dtype[Any]) -> dict[float, str]:
    """Those that are numbers of the type."""
    found = {}
    for x, (left, right) in asked.kinks.items():
        at = np.array([x], kind)
        if float(at[0]) == x:
            found[x] = _side(float(function(at)[0]), left, right)
    return found


def _side(slope: float, left: float, right: float) -> str:
    sides = {"left": left, "right": right, "mean": (left + right) / 2}
    for side, value in sides.items():
        if math.isclose(slope, value, rel_tol=CLOSE, abs_tol=CLOSE * 2**-10):
            return side
    return f"{slope:g}"


def _placed(function: Function, kind: np.dtype[Any]) -> Placed:
    """Alone, in an array, in another place of it, and in a long one: the same bits?"""
    x = _some(kind)
    bits = f"u{kind.itemsize}"
    alone = np.concatenate([function(x[i : i + 1]) for i in range(len(x))])
    long = np.tile(x, -(-LONG // len(x)))
    others = [function(x), function(np.append(x[:1], x))[1:], function(long)[-len(x) :]]
    first = None
    differ = np.zeros(len(x), bool)
    for other in others:
        changed = (other.view(bits) != alone.view(bits)) & ~(np.isnan(other) & np.isnan(alone))
        if first is None and changed.any():
            i = int(changed.argmax())
            first = float(x[i]), float(alone[i]), float(other[i])
        differ |= changed
    return Placed(tried=len(x), differ=int(differ.sum()), example=first)


def _some(kind: np.dtype[Any], count: int = SOME) -> NDArray[Any]:
    """Of both signs, and mostly where functions bend."""
    random = np.random.default_rng(0)
    drawn = np.sinh(random.normal(0, 2, count - 7)).tolist()
    tiny = np.array([finite(kind.name) - 1, 1], f"u{kind.itemsize}").view(kind).tolist()
    return np.array([*drawn, 0, -0.0, *tiny, *(-t for t in tiny), 1], kind)


@dataclass(frozen=True)
class Reading:
    """A parameter as a library may read it, and how many results are misrounded then."""

    told: str  # "as given", "in float32"
    asked: Asked
    misrounded: int


def readings(function: Function, asked: Asked, dtype: str) -> list[Reading]:
    """The best first: a library that stores 0.2 as a float32 computes with another number."""
    found: list[Reading] = []
    if not asked.setting:
        return [Reading("as given", asked, 0)]
    x = _some(form(dtype), MORE)
    got = function(x)
    for told, kind in (("as given", "float64"), (f"in {dtype}", dtype), ("in float32", "float32")):
        setting = {name: _as(value, form(kind)) for name, value in asked.setting.items()}
        if setting not in [reading.asked.setting for reading in found]:
            other = asked.at(setting)
            found.append(Reading(told, other, by_balls(x, got, other, Terms()).misrounded))
    return sorted(found, key=lambda reading: reading.misrounded)


def _as(value: Any, kind: np.dtype[Any]) -> Any:
    """A value, or each of a stack, as a number of a type."""
    if isinstance(value, tuple):
        return tuple(_as(each, kind) for each in value)
    if isinstance(value, float | Fraction) and kind != np.float64:
        return float(np.array(float(value)).astype(kind))
    return value
