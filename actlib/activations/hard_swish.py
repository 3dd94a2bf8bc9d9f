"""Hard swish: f(x) = x · min(max(x + 3, 0), 6) / 6.

f(x) = 0 for x < −3; x (x + 3) / 6 for −3 ≤ x ≤ 3; x for x > 3.
f′(x) = 0, (2x + 3) / 6 and 1 on the same pieces.

Howard et al., "Searching for MobileNetV3", ICCV 2019, arXiv:1905.02244.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.arithmetic.exact import exact_addition, exact_sum
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array, to_odd
from actlib.arithmetic.select import HALF, ONE, at_least, at_most
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.place import Turn

SIX, SIXTH, THREE, THIRD = map(np.array, (6.0, 1 / 6, 3.0, 1 / 3))
TINY = 2.0**-120  # of a number so small the half is exact, but for a subnormal one


@kernel(takes=OWN, gives=DECIDED)
def value(x: Array) -> Array:
    if x.dtype != np.float64:
        return narrow_value(x)
    # x (x + 3) overflows far out, where no product is needed: the gate comes first. It is taken
    # below 0 and divided by -6: of -3 times a gate of 0 comes -0.
    x = at_least(-3.0, x)
    f = -THREE - x
    np.maximum(f, -SIX, out=f)
    f /= -SIX
    f *= x
    return f


def narrow_value(x: NDArray[Any]) -> Array:
    """(x + 3)/6 · x, with the signs changed as above.

    A tie comes out exactly: with x, x + 3 is three times a float then. For |x| >= 1/4 what lies
    between f and a midpoint m, (x² + 3x − 6m)/6, is more than roundings make up, since x², 3x and
    6m are multiples of one small number. Below it no float32 comes as close to a midpoint, as `make
    prove` shows. Where x is lost beside 3, half of a subnormal x would be a tie: x² is added there.
    """
    y = (-at_least(-3.0, x)).astype(np.float64)
    f = y - THREE
    f *= SIXTH
    np.maximum(f, -ONE, out=f)
    f *= y
    tiny = np.abs(x) < TINY
    if np.count_nonzero(tiny):
        y = y[tiny]
        f[tiny] = to_odd(*exact_addition(y / -2, y * y / 6))
    return f


@value.second_look
def side(middle: Array, x: Array) -> Array:
    # x² is exact, and six times a midpoint; a sixth is none.
    inside = exact_sum([x * x, 3 * x, -6 * middle])
    return np.where(x > 3, x - middle, np.where(x < -3, -middle, inside))


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def derivative(x: Array) -> Array:
    # 2x + 3 is exact but for |x| < 2^-29, where the slope is close to 1/2 and to no midpoint m of
    # narrow numbers. If it is 6m the quotient is m; else it differs by more than rounding makes up.
    # So it is for x/3 + 1/2, which is faster, but next to the root -3/2 not for a float64.
    slope = at_least(-3.0, at_most(3.0, x)).astype(np.float64)
    if x.dtype != np.float64:
        slope *= THIRD
        slope += HALF
    else:
        slope += slope
        slope += THREE
        slope /= SIX
    slope = slope.astype(x.dtype, copy=False)
    # -1/2 and 3/2 are those of the clipped x.
    beyond = np.subtract(x < -3, x > 3, dtype=np.int8, casting="unsafe").astype(x.dtype)
    beyond *= x.dtype.type(0.5)
    slope += beyond
    return slope


LOST = {"f(-inf)": math.nan}  # 0 times infinity
FLAT = {"f'(inf)": 1.0, "f'(-inf)": 0.0}


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((0, x < -3), (x, x > 3), (x * (x + 3) / 6, True)),
        range=(sp.Rational(-3, 8), sp.oo),
        kinks=(
            Kink(at=-3, frameworks={"PyTorch": 0, "Keras": 0, "JAX": 0}),
            Kink(at=3, frameworks={"PyTorch": 1, "Keras": 1, "JAX": 1}),
        ),
        turns=(Turn(at=sp.Rational(-3, 2)),),
    )


hard_swish = Activation(
    name="hard_swish",
    title="Hard swish",
    aliases=("hard SiLU", "hard_silu", "h-swish"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("howard2019searching",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.hardswish",
            deviates=LOST | {"f'(nan)": 1.0},
            depends={"in a long array": {"f'(nan)": math.nan}},
        ),
        "Keras": Equivalent(
            "keras.activations.hard_swish",
            "hard_silu too",
            deviates=LOST | {"f'(inf)": math.nan, "f'(-inf)": math.nan},
            depends={"on JAX": FLAT, "on PyTorch": FLAT | {"f'(nan)": 1.0}, "by XLA": FLAT},
        ),
        "JAX": Equivalent("jax.nn.hard_swish", "hard_silu too", deviates=LOST),
        "ONNX": Equivalent("HardSwish", deviates=LOST),
    },
)
