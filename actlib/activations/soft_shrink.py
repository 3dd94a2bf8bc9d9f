"""Soft shrink: f(x) = x − lambd for x > lambd, x + lambd for x < −lambd, 0 between.

f′(x) = 1 for |x| > lambd, 0 elsewhere.

Donoho, "De-noising by soft-thresholding", IEEE Transactions on Information Theory 41, 1995.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.exact import exact_sum
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import where
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

lambd = Parameter(
    name="lambd",
    default=0.5,
    domain=Domain(least=0),
    meaning="How far each value is moved towards 0, where what is nearer stays.",
)

Number = Array | float


def meet_exactly(dtype: np.dtype[Any], lambd: float) -> bool:
    """Are the points where pieces meet numbers of this dtype?"""
    return fits(dtype, lambd)


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly)
def value(x: Array, lambd: Number) -> Array:
    inner = x.clip(-lambd, lambd)
    return np.subtract(x, inner, out=inner)


@value.second_look
def side(middle: Array, x: Array, lambd: Number) -> Array:
    return exact_sum([x, -x.clip(np.negative(lambd), lambd), -middle])


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(x: Array, lambd: Number) -> Array:
    beyond = np.abs(x) > lambd
    without = np.equal(lambd, 0)
    if without.any():  # the point in the middle is no piece: f is the identity
        beyond |= without
    return where(beyond, 1.0, 0.0, like=x)


def formula(x: Any, lambd: Any) -> Formula:
    import sympy as sp

    flat = {"PyTorch": 0, "Keras": 0}
    return Formula(
        definition=sp.Piecewise(
            (x + lambd, x < -lambd), (x - lambd, x > lambd), (0, lambd > 0), (x, True)
        ),
        range=(-sp.oo, sp.oo),
        kinks=(
            Kink(at=-lambd, when=lambd > 0, frameworks=flat),
            Kink(at=lambd, when=lambd > 0, frameworks=flat),
        ),
    )


soft_shrink = Activation(
    name="soft_shrink",
    title="Soft shrink",
    aliases=("softshrink", "soft thresholding", "shrinkage operator"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(lambd,),
    samples=({"lambd": 0.3}, {"lambd": 0.0}, {"lambd": 2.0}),
    references=("donoho1995denoising", "gregor2010learning"),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.softshrink",
            deviates={"f'(nan)": 1.0},
            depends={"in a long array": {"f'(nan)": 0.0}},
        ),
        "Keras": Equivalent(
            "keras.activations.soft_shrink",
            renames={"threshold": "lambd"},
            deviates={"f(nan)": 0.0, "f'(nan)": 0.0},
            depends={"on PyTorch": {"f(nan)": math.nan, "f'(nan)": 1.0}},
        ),
        "ONNX": Equivalent(
            "Shrink",
            "bias=lambd; by default it is hard shrink",
            arguments={"lambd": 0.5, "bias": 0.5},
            deviates={"f(nan)": 0.0},
        ),
    },
    spelled={"JAX": Spelling("jax.numpy.where(abs(x) > 0.5, x - 0.5 * jax.numpy.sign(x), 0)")},
)
