"""GEGLU, a linear unit with a GELU for its gate: f(value, gate) = value · gate · Φ(gate).

Φ is the distribution function of the normal law, Φ(x) = (1 + erf(x / √2)) / 2, and φ its density.
df/dvalue = gate Φ(gate), df/dgate = value (Φ(gate) + gate φ(gate)).

Shazeer, "GLU variants improve Transformer", 2020, arXiv:2002.05202.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations import glu
from actlib.activations.gelu import ROOT
from actlib.activations.swiglu import next_to_a_product
from actlib.arithmetic.exact import exact_addition, exact_product, exact_square
from actlib.arithmetic.kernel import kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import at_most, where
from actlib.arithmetic.special import (
    FAR,
    NEAR,
    OF_CDF,
    SCALE,
    bell,
    excess,
    horner,
    normal_cdf,
)
from actlib.call.pairs import Gated
from actlib.formula.elsewhere import Spelling
from actlib.formula.formula import Formula

LAST = 58.0  # the largest float64 times φ(LAST) is 0
HUNDRED = 100  # SCALE is 2^−HUNDRED

# The slope of gelu at −t is φ(t) (M(t) − t) with Mills' ratio M. With its root r, M(t) − t is
# (r − t) K(1 − t): a polynomial, within 4e-17 of it for t from 0 to NEAR (by Chebyshev's nodes).
K = (
    1.3872228059743212,
    0.17284803969787801,
    0.06916966577442428,
    0.02533902480459137,
    0.008618624297199305,
    0.0027498003985699073,
    0.0008293769558814501,
    0.00023779657802956833,
    6.548791353576966e-05,
    1.65900336132823e-05,
    5.1672788908762335e-06,
    2.1426601360973147e-07,
    8.437293395068815e-07,
    -2.028503931373533e-07,
    7.257945694732699e-08,
)

# The slope of gelu is 1/2 + x OF_SLOPE(x²): the series of 2 φ, and more of each term further on.
OF_SLOPE = tuple(
    (-0.5) ** k * (2 * k + 2) / (math.sqrt(2 * math.pi) * math.factorial(k) * (2 * k + 1))
    for k in range(16)
)


@kernel()
def value(value: Array, gate: Array) -> Array:
    # As swiglu: value and gate are there by their digits alone until the end.
    digits, scale = np.frexp(value)
    more, further = np.frexp(np.maximum(gate, -LAST))
    high, low, below, missing, power = share(gate)
    product, lost = exact_product(digits, more)
    above, rest = exact_product(product, high)
    rest += product * low + lost * high
    return np.ldexp(glu.quotient(above, rest, below, missing), scale + further + power)


@value.second_look
def side(middle: Array, value: Array, gate: Array) -> Array:
    return next_to_a_product(middle, value * gate, normal_cdf(-gate))


gated = value  # under a name that no argument takes


def value_derivative(value: Array, gate: Array) -> Array:
    slope: Array = gated(np.ones_like(gate), gate)
    return slope


def gate_derivative(value: Array, gate: Array) -> Array:
    # With t = |gate|: on the left φ(t) (M(t) − t), on the right 1 less that.
    digits, scale = np.frexp(value)
    t = at_most(LAST, np.abs(gate))
    e, less, power = density(t, gate)
    above, rest, below, missing = mills_less(t)
    mirrored = where(power == -HUNDRED, e * (1 - less) * (above / below) * SCALE, 0.0)
    left = gate < 0
    right, lost = exact_addition(1.0, -mirrored)
    near = np.flatnonzero((gate >= 0) & (t < NEAR))
    x = t[near]
    right[near], lost[near] = exact_addition(0.5, x * horner(OF_SLOPE, x * x))
    high, low = exact_product(digits, where(left, above, right))
    low += digits * where(left, rest, lost)
    tail, more = exact_product(high, e)
    high, low = where(left, tail, high), where(left, more + low * e - tail * less, low)
    slope = glu.quotient(high, low, where(left, below, 1.0), where(left, missing, 0.0))
    return np.ldexp(slope, scale + power * left)


def share(gate: Array) -> tuple[Array, Array, Array, Array, NDArray[np.int64]]:
    """Φ(gate) as (high + low) / (below + missing) · 2^power."""
    t = at_most(LAST, np.abs(gate))
    e, less, power = density(t, gate)
    below, missing = exact_addition(t, inverse_mills_less(t))
    mirrored = where(power == -HUNDRED, e * (1 - less) / below * SCALE, 0.0)
    right, lost = exact_addition(1.0, -mirrored)
    left = gate < 0
    high, low = where(left, e, right), where(left, -e * less, lost)
    below, missing, power = where(left, below, 1.0), where(left, missing, 0.0), power * left
    near = np.flatnonzero(t < NEAR)
    x = gate[near]
    line, lost = exact_addition(1.0, x)
    high[near], rest = exact_addition(line / 2, x * horner(OF_CDF, x * x))
    low[near], below[near], missing[near], power[near] = rest + lost / 2, 1, 0, 0
    return high, low, below, missing, power


def density(t: Array, gate: Array) -> tuple[Array, Array, NDArray[np.int64]]:
    """φ(t) as e (1 − less) · 2^power; 0 at the gate −inf, which no finite value brings back."""
    square, lost = exact_square(t)
    far = square > 2 * glu.FAR
    half, lost = square / 2, lost / 2
    e, less = bell(
        where(far, half - glu.LOG_HIGH, half), lost - where(far, glu.LOG_LOW, 0.0, like=t)
    )
    return where(gate == -np.inf, 0.0, e), less, np.where(far, -glu.POWER - HUNDRED, -HUNDRED)


def inverse_mills_less(t: Array) -> Array:
    """1/M(t) − t for t ≥ NEAR: far out by a few steps of Laplace's continued fraction."""
    r = excess(t)
    far = np.flatnonzero(t > FAR)
    s = t[far]
    r[far] = 1 / (s + 2 / (s + 3 / (s + 4 / (s + 5 / s))))
    return r


def mills_less(t: Array) -> tuple[Array, Array, Array, Array]:
    """M(t) − t as (high + low) / (below + missing): next to its root a difference from it."""
    below, missing = exact_addition(t, inverse_mills_less(t))
    product, lost = exact_product(t, below)
    high, low = exact_addition(1.0, -product)
    low -= lost + t * missing
    near = np.flatnonzero(t < NEAR)
    x = t[near]
    high[near] = ROOT.before(-x) * horner(K, 1 - x)
    low[near], below[near], missing[near] = 0, 1, 0
    return high, low, below, missing


def formula(value: Any, gate: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=value * gate * (1 + sp.erf(gate / sp.sqrt(2))) / 2,
        range=(-sp.oo, sp.oo),
    )


geglu = Gated(
    name="geglu",
    title="GEGLU",
    aliases=("GELU-gated linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernels={"value": value_derivative, "gate": gate_derivative},
    infinities=(
        "The gate -inf gives the limit 0, the gate inf an infinity. An infinite value gives an "
        "infinity with the sign of its product with the gate; where the gate is 0 or -inf there is "
        "no limit, and it gives NaN, as the value 0 does with the gate inf."
    ),
    references=("shazeer2020glu",),
    equivalents={},
    spelled={
        "PyTorch": Spelling("value * torch.nn.functional.gelu(gate)"),
        "JAX": Spelling("value * jax.nn.gelu(gate, approximate=False)"),
    },
)
