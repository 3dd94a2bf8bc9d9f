"""GLU, the gated linear unit: f(value, gate) = value / (1 + exp(−gate)).

With s = 1 / (1 + exp(−gate)): df/dvalue = s, df/dgate = value s (1 − s).

Dauphin, Fan, Auli & Grangier, "Language modeling with gated convolutional networks", ICML 2017,
arXiv:1612.08083.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.activations import sigmoid
from actlib.arithmetic.exact import exact_addition, exact_product
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import where
from actlib.call.pairs import Gated
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula

FAR = 600.0  # beyond it exp(−size) is found as 2^POWER times what it is
POWER = 1500
LOG_HIGH, LOG_LOW = 1039.7207708358765, 4.0414992820981822e-9  # their sum is POWER · log 2
LAST = 1700.0  # the largest float64 times exp(−LAST) is 0


def exponential(gate: Array) -> tuple[Array, Array, NDArray[np.int64], Array]:
    """exp(−|gate|) as (e + low) · 2^power, and e where that power is 0, else 0.

    A large value brings back what exp would lose below the normal numbers, down to exp(−1454).
    """
    size = np.abs(gate)
    size = np.where(np.isinf(size), size, np.minimum(size, LAST))
    far = size > FAR
    e = np.exp(np.where(far, LOG_HIGH - size, -size))
    low = np.where(far, e * math.expm1(LOG_LOW), 0.0)
    return e, low, np.where(far, -POWER, 0), np.where(far, 0.0, e)


def quotient(high: Array, low: Array, below: Array, missing: Array) -> Array:
    """(high + low) / (below + missing), rounded once: what the quotient loses is put back."""
    nearest = high / below
    product, rest = exact_product(nearest, below)
    lost = ((high - product) - rest + low - nearest * missing) / below
    kept = np.isfinite(lost) & (lost != 0)  # -0 stays -0
    return where(kept, nearest + lost, nearest)


def value(value: Array, gate: Array) -> Array:
    # exp is asked for nothing above exp(0): on the left, e / (1 + e). The value is there by its
    # digits alone until the end, so that nothing on the way is too large or too small.
    digits, scale = np.frexp(value)
    e, low, power, small = exponential(gate)
    left = gate < 0
    high, rest = exact_product(digits, e)
    high = where(left, high, digits)
    rest = where(left, rest + digits * low, 0.0)
    f = quotient(high, rest, *exact_addition(1.0, small))
    return np.ldexp(f, scale + power * left)


def value_derivative(value: Array, gate: Array) -> Array:
    slope: Array = sigmoid.value(gate)
    return slope


def gate_derivative(value: Array, gate: Array) -> Array:
    # value · e / (1 + e)²: even in the gate, and s (1 − s) without its cancellation.
    digits, scale = np.frexp(value)
    e, low, power, small = exponential(gate)
    high, rest = exact_product(digits, e)
    total, missing = exact_addition(1.0, small)
    square, error = exact_product(total, total)
    slope = quotient(high, rest + digits * low, square, error + 2 * total * missing)
    return np.ldexp(slope, scale + power)


def one_array(name: str) -> Equivalent:
    """The function of a framework, which gives NaN where 0 meets an infinity."""
    lost = {"f(inf, -1000)": math.nan, "df/dgate(inf, -1000)": math.nan}
    lost["df/dgate(inf, 1000)"] = math.nan
    answers = {"df/dvalue(nan, 1)": 1 / (1 + math.exp(-1))}  # without a look at the value
    note = "takes one array, whose second half gates"
    return Equivalent(name, note, gate="second", deviates=lost | answers)


def formula(value: Any, gate: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=value / (1 + sp.exp(-gate)),
        range=(-sp.oo, sp.oo),
    )


glu = Gated(
    name="glu",
    title="GLU",
    aliases=("gated linear unit",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernels={"value": value_derivative, "gate": gate_derivative},
    infinities=(
        "An infinite gate gives the limit, 0 or the value. An infinite value gives itself; where "
        "the gate is -inf there is no limit, and it gives NaN. An infinite value and an infinite "
        "gate give NaN for df/dgate."
    ),
    references=("dauphin2017language",),
    equivalents={
        "PyTorch": one_array("torch.nn.functional.glu"),
        "Keras": one_array("keras.activations.glu"),
        "JAX": one_array("jax.nn.glu"),
    },
    spelled={
        "PyTorch": Spelling(
            "torch.nn.functional.glu(\n    torch.stack([value, gate], -1))[..., 0]",
        ),
        "JAX": Spelling("jax.nn.glu(\n    jax.numpy.stack([value, gate], -1))[..., 0]"),
    },
)
