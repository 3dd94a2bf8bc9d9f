"""Scaled tanh: f(x) = gain · tanh(slope · x) + shift.

f′(x) = gain slope / cosh(slope x)²; df/dgain = tanh(slope x); df/dslope = gain x / cosh(slope x)²;
df/dshift = 1.

LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998. As dynamic tanh, with learned parameters:
Zhu, Chen, He, LeCun & Liu, "Transformers without normalization", CVPR 2025, arXiv:2503.10622.
"""

from typing import Any, TypeGuard

import numpy as np

from actlib.arithmetic.exact import Number, exact_addition, exact_product, exact_sum
from actlib.arithmetic.exponential import exp_in_parts
from actlib.arithmetic.kernel import OWN, ROUNDED, kernel
from actlib.arithmetic.product import product
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import ONE, always
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula
from actlib.formula.looser import Looser
from actlib.formula.parameter import Parameter
from actlib.formula.preset import Preset

gain = Parameter(name="gain", default=1.7159, learned=True, meaning="How high it is far out.")
slope = Parameter(name="slope", default=2 / 3, learned=True, meaning="What x is multiplied by.")
shift = Parameter(name="shift", default=0.0, learned=True, meaning="The value at 0.")

HUGE, TINY = 2.0**700, 2.0**-700
STRAIGHT = 2.0**-400  # tanh(y) is y below it, and more digits are lost in y than in y³
FAR = 700.0  # exp(−FAR) is a normal number
SMALL, LARGE = 2.0**-200, 2.0**200
CLOSE = 6.0  # of slope x: up to here its error is a small one of cosh²
MOST = 4000.0  # exp(−MOST) is 0, even times the square of the largest float
LARGEST = float(np.finfo(float).max)


@kernel(takes=OWN)
def value(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    narrow = x.dtype != np.float64 and usual(gain) and usual(slope)
    x = x.astype(np.float64, copy=False)
    if narrow and always(shift, 0):  # then no product is so small that it loses digits
        f: Array = slope * x
        np.tanh(f, out=f)
        f *= gain
        return f
    f = np.where(np.equal(slope, 0), 0.0, slope * x)
    near = np.flatnonzero(np.abs(f) < STRAIGHT)
    if always(shift, 0):
        np.tanh(f, out=f)
        f *= gain
    else:
        f = about_root(x, gain, slope, shift)
    if near.size:
        f[near] = line(x[near], *(_entries(p, near) for p in (gain, slope, shift)))
    return f


def usual(parameter: Number) -> TypeGuard[float]:
    """Is it one number for all, and neither very large nor very small?"""
    return not isinstance(parameter, np.ndarray) and SMALL < abs(parameter) < LARGE


@value.second_look
def side(middle: Array, x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    # Next to 0 it is gain (y − y³/3 + …) + shift with y = slope x, and the line is known exactly.
    y, lost = exact_product(slope, x)
    products = [*exact_product(gain, y), *exact_product(gain, lost)]
    gap = exact_sum([*products, shift, -middle])
    rest = -gain * y**3 / 3
    sure = np.abs(gap + rest) > 2.0**-16 * np.abs(rest) + 2.0**-50 * np.abs(gap)
    sure &= (np.abs(y) < 2.0**-10) & (np.abs(products[0]) > 2.0**-900) & (rest != 0)
    return np.where(sure, np.sign(gap + rest), np.nan)


def _entries(parameter: Number, places: Any) -> Number:
    return parameter[places] if isinstance(parameter, np.ndarray) else parameter


def argument(slope: Number, x: Array) -> tuple[Array, Array]:
    """2 |slope x|, or MOST, as two numbers: an error of it is one of exp(−2 |slope x|), times it.

    Neither factor may be so large that its halves overflow.
    """
    size, above = np.abs(slope), np.abs(x)
    if usual(slope):
        most = MOST / (2 * size)
        return product(2 * size, above if above.max() <= most else np.minimum(above, most))
    part = np.where(size > HUGE, 2.0**-200, np.where(size < TINY, 2.0**200, 1.0))
    size, above = 2 * (size * part), above / part
    return exact_product(size, np.minimum(above, np.minimum(MOST / size, LARGEST)))


def about_root(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    """(a + b e) / (1 + e) with a = shift + gain, b = shift − gain, e = exp(−y) and y = 2 slope x.

    That is for y ≥ 0; the left side is the right side of −gain. a and b are known exactly. Where
    they have one sign nothing cancels. Else there is a root r, exp(−r) = −a/b, and next to it the
    numerator is −a expm1(r − y).
    """
    y, lost = argument(slope, x)
    size = np.maximum(np.abs(gain), np.abs(shift))
    part = np.where(size > 2.0**1000, 2.0**-2, np.where(size < TINY, 2.0**300, 1.0))
    height = np.where(np.signbit(x) != np.signbit(slope), -part, part) * gain
    a, a_lost = exact_addition(shift * part, height)
    b, b_lost = exact_addition(shift * part, -height)
    e = np.exp(-np.minimum(y, FAR))
    e -= lost * e
    beyond = np.where(a == 0, np.exp(np.minimum(FAR - y, 0)), 1.0)
    f = a + (b * e + (a_lost + b_lost * e))
    root, rest = logarithm(a, a_lost, b, b_lost)
    away = (y - root) + (lost - rest)
    f = np.where(np.abs(away) < 2, -a * np.expm1(-away), f)
    return f / (1 + e) * beyond / part


def logarithm(a: Array, a_lost: Array, b: Array, b_lost: Array) -> tuple[Array, Array]:
    """log(−b/a) as two numbers; NaN where a and b are of one sign, or 0."""
    there = np.sign(a) * np.sign(b) < 0
    above = np.abs(a) < np.abs(b)
    more, more_lost = np.where(above, b, a), np.where(above, b_lost, a_lost)
    less, less_lost = np.where(above, a, b), np.where(above, a_lost, b_lost)
    nearest = np.log(np.where(there, -less / more, 1.0))
    first, second, third = exp_in_parts(nearest)
    gap = exact_sum(
        [
            less,
            *exact_product(more, first),
            *exact_product(more, second),
            less_lost + more_lost * first,
            more * third + more_lost * second,
        ]
    )
    sign = np.where(above, -1.0, 1.0)
    return np.where(there, sign * nearest, np.nan), sign * gap / np.where(there, less, 1.0)


def line(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    """gain · slope · x + shift, whatever the size of each: the mantissas are multiplied."""
    parts, powers = zip(*(np.frexp(n) for n in (gain, slope, x, shift)), strict=True)
    power = powers[0] + powers[1] + powers[2]
    none = -(10**4)  # the power of 0
    most = np.maximum(
        np.where(parts[0] * parts[1] * parts[2] == 0, none, power),
        np.where(np.equal(shift, 0), none, powers[3]),
    )
    both, lost = exact_product(parts[0], parts[1])
    products = [*exact_product(both, parts[2]), lost * parts[2]]
    less = power - most
    terms = [np.ldexp(product, less) for product in products]
    return np.ldexp(exact_sum([*terms, np.ldexp(parts[3], powers[3] - most)]), most)


def bell(slope: Number, x: Array) -> tuple[Array, Number]:
    """1/4 / cosh(slope x)² as a number that is normal, and another one by which it is smaller.

    As in sigmoid: s − s², with s = e / (1 + e). What the product lost goes to the smaller term.
    """
    y, lost = argument(slope, x)
    less: Number = 0.0
    if not y.max() <= FAR:
        less = np.minimum(FAR - y, 0)
        y += less  # FAR where it is more
    s = np.negative(y, out=y)
    np.exp(s, out=s)
    s /= ONE + s
    lost *= ONE - s
    lost *= ONE - (s + s)
    lost += s
    lost *= s
    s -= lost
    return s, less


def fourfold(a: Number, b: Number, s: Array, less: Number) -> Array:
    """4 · a · b · s · exp(less), where the whole may be a normal number and a part of it none.

    0 where exp(less) is, even by infinity.
    """
    if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray) and always(less, 0):
        factor = 4 * a * b
        if TINY < abs(factor) < HUGE:
            s *= factor
            return s
    tail = np.exp(less)
    (a, m), (b, n), (c, k), (d, j) = (np.frexp(part) for part in (a, b, s, tail))
    none = np.equal(a, 0) | (d == 0)
    return np.where(none, 0.0, np.ldexp(a * b * c * d, m + n + k + j + 2))


@kernel(takes=OWN)
def derivative(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    wide = x.astype(np.float64, copy=False)
    if x.dtype == np.float64 or not (usual(gain) and usual(slope)):
        return fourfold(gain, slope, *bell(slope, wide))
    # gain slope / cosh²: what overflows is 0 here, and what the product lost counts far out only.
    f: Array = slope * wide
    far = np.flatnonzero(np.abs(x) > CLOSE / abs(slope))
    np.cosh(f, out=f)
    f *= f
    np.divide(gain * slope, f, out=f)
    if far.size:
        f[far] = fourfold(gain, slope, *bell(slope, wide[far]))
    return f


def gain_derivative(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    found: Array = value(x, 1.0, slope, 0.0)
    return found


def slope_derivative(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    return fourfold(gain, x, *bell(slope, x))


@kernel(takes=OWN, gives=ROUNDED)
def shift_derivative(x: Array, gain: Number, slope: Number, shift: Number) -> Array:
    return np.ones_like(x)


def formula(x: Any, gain: Any, slope: Any, shift: Any) -> Formula:
    import sympy as sp

    height = sp.Piecewise((0, sp.Eq(slope, 0)), (sp.Abs(gain), True))
    return Formula(
        definition=gain * (2 / (1 + sp.exp(-2 * slope * x)) - 1) + shift,  # tanh, as in tanh.py
        range=(shift - height, shift + height),
        looser={"value": Looser(4, "the errors of tanh, or of exp and expm1, and two products")},
    )


scaled_tanh = Activation(
    name="scaled_tanh",
    title="Scaled tanh",
    aliases=("stanh", "DyT", "dynamic tanh"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(gain, slope, shift),
    parameter_kernels={
        "gain": gain_derivative,
        "slope": slope_derivative,
        "shift": shift_derivative,
    },
    samples=(
        {"gain": 1.0, "slope": 0.5},
        {"gain": 2.0, "slope": 1.5, "shift": 0.7},
        {"gain": -0.3, "slope": 3.0, "shift": -0.3},
    ),
    presets=(
        Preset(
            name="lecun_tanh",
            title="LeCun's tanh",
            setting={"gain": 1.7159, "slope": 2 / 3, "shift": 0.0},
        ),
    ),
    references=("lecun1998efficient", "zhu2025transformers"),
    equivalents={},
    spelled={
        "PyTorch": Spelling("1.7159 * torch.tanh(2 / 3 * x)"),
        "JAX": Spelling("1.7159 * jax.numpy.tanh(2 / 3 * x)"),
    },
)
