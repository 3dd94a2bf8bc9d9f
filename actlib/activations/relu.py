"""ReLU, the rectified linear unit: f(x) = max(x, 0), with three parameters that generalise it.

f(x) = max_value for x ≥ max_value; x for threshold ≤ x < max_value; alpha (x − threshold) below.
f′(x) = 0, 1 and alpha on the same three pieces.

Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.exact import exact_sum, slope_times_difference
from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.lines import bent, leaning
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import always, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter
from actlib.formula.preset import Preset

alpha = Parameter(name="alpha", default=0.0, meaning="The slope below the threshold.")
max_value = Parameter(
    name="max_value",
    default=None,
    absent=math.inf,
    meaning="The largest value of the upper branch; None means no limit.",
)
threshold = Parameter(name="threshold", default=0.0, meaning="Where the identity begins.")


def meet_exactly(dtype: np.dtype[Any], alpha: float, max_value: float, threshold: float) -> bool:
    """Are the points where pieces meet numbers of this dtype?"""
    return fits(dtype, max_value, threshold)


def round_once(dtype: np.dtype[Any], alpha: float, max_value: float, threshold: float) -> bool:
    """Are besides all pieces lines through 0?"""
    return (alpha == 0 or threshold == 0) and fits(dtype, max_value, threshold)


@kernel(takes=OWN, gives=ROUNDED, when=round_once)
def value(
    x: Array, alpha: Array | float, max_value: Array | float, threshold: Array | float
) -> Array:
    if always(threshold, 0) and always(max_value, np.inf):
        return bent(alpha, x)
    return where(x < threshold, leaning(alpha, x, threshold), np.clip(x, threshold, max_value))


@value.second_look
def side(
    middle: Array,
    x: Array,
    alpha: Array | float,
    max_value: Array | float,
    threshold: Array | float,
) -> Array:
    below = exact_sum([*slope_times_difference(np.negative(alpha), threshold, x), -middle])
    return where(x < threshold, below, np.minimum(x, max_value) - middle)


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(
    x: Array, alpha: Array | float, max_value: Array | float, threshold: Array | float
) -> Array:
    slope = where(x < threshold, alpha, 1.0, like=x)
    if always(max_value, np.inf):
        return slope
    # An absent maximum is infinite, and x = +inf does not reach it: the slope's limit there is 1.
    return where((x >= max_value) & (max_value != np.inf), 0.0, slope)


def capped(name: str, slope_at_nan: float, **rest: Any) -> Equivalent:
    """A framework's ReLU6."""
    lost = {"f'(nan)": slope_at_nan}
    return Equivalent(name, "max_value=6", setting={"max_value": 6.0}, deviates=lost, **rest)


def formula(x: Any, alpha: Any, max_value: Any, threshold: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise(
            (max_value, x >= max_value), (x, x >= threshold), (alpha * (x - threshold), True)
        ),
        range=(
            sp.Piecewise((-sp.oo, alpha > 0), (sp.Min(0, threshold), True)),
            sp.Piecewise((sp.oo, alpha < 0), (sp.Max(0, max_value), True)),
        ),
        kinks=(
            Kink(
                at=threshold,
                when=sp.Ne(threshold, 0)
                | (sp.Ne(alpha, 1) & (max_value > threshold))
                | (sp.Ne(alpha, 0) & sp.Eq(max_value, threshold)),
                frameworks={"PyTorch": 0, "Keras": 0, "JAX": 0, "TensorFlow": 0},
            ),
            Kink(
                at=max_value,
                when=max_value > threshold,
                frameworks={"PyTorch": 0, "Keras": 0, "JAX": 0, "TensorFlow": 0},
            ),
        ),
    )


relu = Activation(
    name="relu",
    title="ReLU",
    aliases=("rectified linear unit", "rectifier", "positive part"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    parameters=(alpha, max_value, threshold),
    ordered=(("threshold", "max_value"),),
    samples=(
        {"max_value": 6.0},
        {"alpha": 0.3},
        {"alpha": 0.25, "max_value": 4.0, "threshold": 1.5},
        {"alpha": 0.3, "threshold": -0.7},
        {"alpha": -0.5, "max_value": 1.0, "threshold": 1.0},
        {"alpha": 1.0, "max_value": 0.0},
    ),
    references=("nair2010rectified", "fukushima1969visual"),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.relu",
            "threshold(x, t, 0) has 0 at t",
            deviates={"f'(nan)": 1.0},
        ),
        "Keras": Equivalent(
            "keras.activations.relu",
            "at the threshold it has 0",
            renames={"negative_slope": "alpha"},
            deviates={"f'(nan)": 0.0},
            depends={"on PyTorch": {"f'(nan)": 1.0}},
        ),
        "JAX": Equivalent(
            "jax.nn.relu",
            deviates={"f'(nan)": 0.0},
        ),
        "TensorFlow": Equivalent(
            "tf.nn.relu",
            deviates={"f'(nan)": 0.0},
        ),
        "ONNX": Equivalent("Relu", "ThresholdedRelu has 0 at its threshold"),
    },
    presets=(
        Preset(
            name="relu6",
            title="ReLU6",
            setting={"max_value": 6.0},
            equivalents={
                "PyTorch": capped(
                    "torch.nn.functional.relu6",
                    1.0,
                    depends={"in a long array": {"f'(nan)": 0.0}},
                ),
                "Keras": capped(
                    "keras.activations.relu6", 0.0, depends={"on PyTorch": {"f'(nan)": 1.0}}
                ),
                "JAX": capped("jax.nn.relu6", 0.0),
                "TensorFlow": capped("tf.nn.relu6", 0.0),
                "ONNX": Equivalent(
                    "Clip",
                    "min=0, max=6",
                    arguments={"min": (0.0,), "max": (6.0,)},
                    setting={"max_value": 6.0},
                ),
            },
        ),
    ),
)
