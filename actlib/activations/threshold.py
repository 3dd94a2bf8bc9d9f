"""Threshold: f(x) = x for x > threshold, value for x ≤ threshold.

f′(x) = 1 and 0 on the same pieces.

Konda, Memisevic & Krueger, "Zero-bias autoencoders and the benefits of co-adapting features", ICLR
2015, arXiv:1402.3337.
"""

import math
from typing import Any

import numpy as np

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array, fits
from actlib.arithmetic.select import always, at_least, where
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter
from actlib.formula.preset import Preset

point = Parameter(name="threshold", default=0.0, meaning="Up to where x is replaced.")
other = Parameter(name="value", default=0.0, meaning="What stands in its place.")

Number = Array | float


def meet_exactly(dtype: np.dtype[Any], threshold: float, value: float) -> bool:
    """Is the point where the pieces meet a number of this dtype?"""
    return fits(dtype, threshold)


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def replaced(x: Array, threshold: Number, value: Number) -> Array:
    if not isinstance(threshold, np.ndarray) and always(value, threshold):
        return at_least(threshold, x)
    return where(x <= threshold, value, x)


@kernel(takes=OWN, gives=ROUNDED, when=meet_exactly, otherwise=DECIDED)
def derivative(x: Array, threshold: Number, value: Number) -> Array:
    return where(x > threshold, 1.0, 0.0, like=x)


def formula(x: Any, threshold: Any, value: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((x, x > threshold), (value, True)),
        range=(sp.Min(threshold, value), sp.oo),
        kinks=(Kink(at=threshold, frameworks={"PyTorch": 0, "Keras": 0}),),
    )


ONE = {"threshold": 1.0}
KEPT = {"on PyTorch": {"f(nan)": math.nan, "f'(nan)": 1.0}}

threshold = Activation(
    name="threshold",
    title="Threshold",
    doc=__doc__,
    formula=formula,
    value_kernel=replaced,
    derivative_kernel=derivative,
    parameters=(point, other),
    samples=(
        ONE,
        {"threshold": 0.5, "value": -2.0},
        {"threshold": -0.7, "value": 0.1},
        {"threshold": 0.3, "value": 0.3},
    ),
    references=("konda2015zero",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.threshold",
            "asks for both numbers",
            arguments={"threshold": 0.0, "value": 0.0},
            deviates={"f'(nan)": 1.0},
        ),
        "Keras": Equivalent(
            "keras.activations.threshold",
            "asks for both numbers",
            renames={"default_value": "value"},
            after=(0.0, 0.0),
            deviates={"f(nan)": 0.0, "f'(nan)": 0.0},
            depends=KEPT,
        ),
    },
    spelled={"JAX": Spelling("jax.numpy.where(x > 0, x, 0)")},
    presets=(
        Preset(
            name="thresholded_relu",
            title="Thresholded ReLU",
            aliases=("TRec", "truncated rectified linear unit"),
            setting=ONE,
            equivalents={
                "PyTorch": Equivalent(
                    "torch.nn.functional.threshold",
                    "threshold=1, value=0",
                    arguments={"threshold": 1.0, "value": 0.0},
                    setting=ONE,
                    deviates={"f'(nan)": 1.0},
                ),
                "Keras": Equivalent(
                    "keras.activations.threshold",
                    "1 and 0 by place",
                    after=(1.0, 0.0),
                    setting=ONE,
                    deviates={"f(nan)": 0.0, "f'(nan)": 0.0},
                    depends=KEPT,
                ),
                "ONNX": Equivalent(
                    "ThresholdedRelu",
                    renames={"alpha": "threshold"},
                    setting=ONE,
                    deviates={"f(nan)": 0.0},
                ),
            },
        ),
    ),
)
