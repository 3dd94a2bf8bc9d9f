"""Sine, as SIREN has it: f(x) = sin(omega x).

f′(x) = omega cos(omega x).

Sitzmann, Martel, Bergman, Lindell & Wetzstein, "Implicit neural representations with periodic
activation functions", NeurIPS 2020, arXiv:2006.09661.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from actlib.arithmetic.exact import exact_product
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array, fits
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent
from actlib.formula.endless import NoLimit
from actlib.formula.formula import Formula
from actlib.formula.parameter import Parameter
from actlib.formula.place import Turn
from actlib.formula.reach import Reach

omega = Parameter(
    name="omega",
    default=30.0,
    domain=Domain(above=0),
    meaning="How often it swings: a period is 2 pi / omega.",
)

Number = Array | float
Wave = Callable[[Array], Array]

FAR = 2.0**20  # from here on what the product lost is no small angle


@kernel(takes=OWN)
def value(x: Array, omega: Number) -> Array:
    return wave(np.sin, np.cos, 0, x, omega)


@kernel(takes=OWN)
def derivative(x: Array, omega: Number) -> Array:
    f = wave(np.cos, lambda y: -np.sin(y), 1, x, omega)
    f *= omega
    return f


def wave(function: Wave, slope: Wave, quarters: int, x: Array, omega: Number) -> Array:
    """function(omega x), of which the sine is `quarters` quarter turns behind.

    Next to a zero what the product lost is all there is. To it belongs a tangent; far out, where it
    is more than a small angle, whole turns are taken off omega x as a fraction.
    """
    narrow = x.dtype != np.float64
    x = x.astype(np.float64)
    if narrow and not isinstance(omega, np.ndarray) and fits(np.dtype(np.float32), omega):
        return function(omega * x)  # the product is exact
    y, lost = exact_product(omega, x)
    f = function(y)
    f += lost * slope(y)
    far = np.flatnonzero((np.abs(y) > FAR) & np.isfinite(x))
    if far.size:
        each = omega[far] if isinstance(omega, np.ndarray) else np.full(far.shape, omega)
        f[far] = [turned(*pair, quarters) for pair in zip(x[far], each, strict=True)]
    return f


def turned(x: float, omega: float, quarters: int) -> float:
    """sin(omega x + quarters · π/2), of the exact product."""
    (m, p), (n, q) = x.as_integer_ratio(), omega.as_integer_ratio()
    bits = 2400  # more than both exponents, and 200 for the digits
    product, quarter = (m * n << bits) // (p * q), _quarter_turn(bits)
    turns = (2 * product + quarter) // (2 * quarter)
    angle = (product - turns * quarter) / (1 << bits)
    turns += quarters
    size = math.cos(angle) if turns % 2 else math.sin(angle)
    return -size if turns % 4 > 1 else size


@cache
def _quarter_turn(bits: int) -> int:
    """π/2 · 2^bits, by Machin's formula, π/4 = 4 arctan(1/5) − arctan(1/239)."""
    one = 1 << bits + 64

    def arctan(n: int) -> int:
        power, total, k = one // n, 0, 1
        while power:
            total += power // k if k % 4 == 1 else -(power // k)
            power //= n * n
            k += 2
        return total

    return 2 * (4 * arctan(5) - arctan(239)) >> 64


WAVE = "a wave has no limit"
REACH = (
    "It swings ever faster from one float32 to the next, and beyond this no polynomial holds for "
    "enough neighbours."
)


def formula(x: Any, omega: Any) -> Formula:
    import sympy as sp

    nearest = sp.pi / (2 * omega)  # of the endlessly many, the two next to 0
    return Formula(
        definition=sp.sin(omega * x),
        range=(-1, 1),
        turns=(Turn(at=-nearest), Turn(at=nearest)),
        reach=Reach(to=1920 / omega, why=REACH),
        no_limits=(NoLimit(of="value", why=WAVE), NoLimit(of="derivative", why=WAVE)),
    )


PLAIN = {"omega": 1.0}

sine = Activation(
    name="sine",
    title="Sine",
    aliases=("SIREN", "sin", "sinusoid"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(omega,),
    samples=(PLAIN, {"omega": 0.3}),
    references=("sitzmann2020implicit",),
    equivalents={
        "PyTorch": Equivalent("torch.sin", "omega=1", setting=PLAIN),
        "Keras": Equivalent("keras.ops.sin", "omega=1", setting=PLAIN),
        "JAX": Equivalent("jax.numpy.sin", "omega=1", setting=PLAIN),
        "TensorFlow": Equivalent("tf.math.sin", "omega=1", setting=PLAIN),
        "NumPy": Equivalent("numpy.sin", "omega=1", setting=PLAIN),
        "ONNX": Equivalent("Sin", "omega=1", setting=PLAIN),
    },
)
