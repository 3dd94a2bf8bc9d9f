"""Hard swish: f(x) = x · min(max(x + 3, 0), 6) / 6.

f(x) = 0 for x < −3; x (x + 3) / 6 for −3 ≤ x ≤ 3; x for x > 3.
f′(x) = 0, (2x + 3) / 6 and 1 on the same pieces.

Howard et al., "Searching for MobileNetV3", ICCV 2019, arXiv:1905.02244.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.exact import exact_sum
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.arithmetic.select import at_least, at_most, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.place import Turn

THREE, SIX, SIXTH = np.array(3.0), np.array(6.0), np.array(1 / 6)


@kernel(takes=OWN)
def value(x: Array) -> Array:
    # x (x + 3) overflows far out, where no product is needed: the gate comes first.
    narrow, x = x.dtype != np.float64, at_least(-3.0, x).astype(np.float64, copy=False)
    f = x + THREE
    np.minimum(f, SIX, out=f)
    if narrow:
        f *= SIXTH
    else:
        f /= SIX
    f *= x
    f += 0.0  # of -3 times 0, which is -0
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
    inside = at_least(-3.0, at_most(3.0, x)).astype(np.float64, copy=False)
    slope = inside + inside
    slope += THREE
    slope /= SIX
    slope = slope.astype(x.dtype, copy=False)
    slope += where(x < -3, 0.5, 0.0, like=x)  # -1/2 and 3/2 are those of the clipped x
    slope -= where(x > 3, 0.5, 0.0, like=x)
    return slope


LOST = {"f(-inf)": math.nan}  # 0 times infinity


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
    aliases=("hard SiLU", "h-swish"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("howard2019searching",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.hardswish", deviates=LOST | {"f'(nan)": 1.0}),
        "Keras": Equivalent(
            "keras.activations.hard_swish",
            "hard_silu too",
            deviates=LOST | {"f'(inf)": math.nan, "f'(-inf)": math.nan},
        ),
        "JAX": Equivalent("jax.nn.hard_swish", "hard_silu too", deviates=LOST),
        "ONNX": Equivalent("HardSwish", deviates=LOST),
    },
)
