"""SwiGLU, a linear unit with a SiLU for its gate: f(value, gate) = value · gate / (1 + exp(−gate)).

With s = 1 / (1 + exp(−gate)): df/dvalue = gate s, df/dgate = value (s + gate s (1 − s)).

Shazeer, "GLU variants improve Transformer", 2020, arXiv:2002.05202.
"""

import math
from typing import Any

import numpy as np

from actlib.activations import sigmoid, silu
from actlib.activations.glu import LAST, exponential, quotient
from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.kernel import kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import where
from actlib.call.pairs import Gated
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula

ROUNDING = 2.0**-40  # of what a gate withholds, computed in float64


@kernel()
def value(value: Array, gate: Array) -> Array:
    # As glu, with one factor more: both are there by their digits alone until the end. Beyond -LAST
    # a finite gate does as well as an infinite one, whose exponential is 0.
    digits, scale = np.frexp(value)
    more, further = np.frexp(np.maximum(gate, -LAST))
    e, low, power, small = exponential(gate)
    left = gate < 0
    product, lost = exact_product(digits, more)
    high, rest = exact_product(product, e)
    high = where(left, high, product)
    rest = where(left, rest + (product * low + lost * e), lost)
    f = quotient(high, rest, *exact_addition(1.0, small))
    return np.ldexp(f, scale + further + power * left)


@value.second_look
def side(middle: Array, value: Array, gate: Array) -> Array:
    return next_to_a_product(middle, value * gate, sigmoid.value(-gate))


def next_to_a_product(middle: Array, product: Array, withheld: Array) -> Array:
    """The sign of product · (1 − withheld) − middle, or NaN where rounding hides it.

    The product of narrow numbers is exact, and where they have few bits a midpoint as likely as
    not. Then what is withheld decides, however little it has become on the far right.
    """
    gap, rest = product - middle, product * withheld
    sure = np.abs(gap - rest) > ROUNDING * (np.abs(gap) + np.abs(rest))
    decided = np.where(sure, np.sign(gap - rest), np.nan)
    return np.where(gap == 0, -np.sign(product), decided)


def value_derivative(value: Array, gate: Array) -> Array:
    slope: Array = silu.value(gate, 1.0)
    return slope


def gate_derivative(value: Array, gate: Array) -> Array:
    digits, scale = np.frexp(value)
    e, low, power, small = exponential(gate)
    left = gate < 0
    above, missing = numerator(np.clip(gate, -LAST, LAST), small)
    high, rest = exact_product(digits, above)
    rest += digits * missing
    tail, more = exact_product(high, e)
    high, rest = where(left, tail, high), where(left, more + (rest * e + high * low), rest)
    total, missing = exact_addition(1.0, small)
    square, error = exact_product(total, total)
    slope = quotient(high, rest, square, error + 2 * total * missing)
    return np.ldexp(slope, scale + power * left)


def numerator(gate: Array, e: Array) -> tuple[Array, Array]:
    """What is divided by (1 + e)² with e = exp(−|gate|), and what is missing from it.

    On the right 1 + e (1 + gate), on the left 1 + gate + e, which is multiplied by e later. That
    is 0 at the turn of silu, where its own numerator does.
    """
    line, lost = exact_addition(1.0, gate)
    left = gate < 0
    high, missing = exact_addition(where(left, line, 1.0), where(left, e, e * line))
    missing += where(left, lost, e * lost)
    near = np.flatnonzero(np.abs(gate - silu.ROOT.nearest) < 0.15)
    high[near], missing[near] = silu.numerator(gate[near], 0.0), 0.0
    return high, missing


def formula(value: Any, gate: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=value * gate / (1 + sp.exp(-gate)),
        range=(-sp.oo, sp.oo),
    )


swiglu = Gated(
    name="swiglu",
    title="SwiGLU",
    aliases=("swish-gated linear unit", "SiLU-gated linear unit"),
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
    equivalents={
        "ONNX": Equivalent(
            "SwiGLU",
            "takes two arrays, of which the first gates; alpha is the beta of silu, and 1",
            gate="first",
            deviates={
                "f(1.5, -inf)": math.nan,
                "f(-2, -inf)": math.nan,
                "f(inf, -1000)": math.nan,
            },
        ),
    },
    spelled={
        "PyTorch": Spelling("value * torch.nn.functional.silu(gate)"),
        "JAX": Spelling("value * jax.nn.silu(gate)"),
    },
)
