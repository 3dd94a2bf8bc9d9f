"""Leaky ReLU: f(x) = x for x ≥ 0, alpha x for x < 0.

f′(x) = 1 for x ≥ 0, alpha for x < 0. As in prelu, but alpha is chosen and not learned.

Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
"""

from typing import Any

from actlib.activations import prelu
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.parameter import Parameter

alpha = Parameter(name="alpha", default=0.01, meaning="The slope of the negative side.")

FIFTH = 13421773 / 2**26  # 0.2 as a float32


def formula(x: Any, alpha: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=sp.Piecewise((alpha * x, x < 0), (x, True)),
        range=(sp.Piecewise((-sp.oo, alpha > 0), (0, True)), sp.oo),
        kinks=(
            Kink(
                at=0,
                when=sp.Ne(alpha, 1),
                frameworks={
                    "PyTorch": alpha,
                    "Keras": alpha,
                    "JAX": 1,
                    "TensorFlow": alpha,
                },
            ),
        ),
    )


SLOPE = {"negative_slope": "alpha"}
RIGHT = {"on JAX": {"f'(0)": 1.0}}

leaky_relu = Activation(
    name="leaky_relu",
    title="Leaky ReLU",
    aliases=("leaky rectified linear unit", "LReLU"),
    doc=__doc__,
    formula=formula,
    value_kernel=prelu.value,
    derivative_kernel=prelu.derivative,
    parameters=(alpha,),
    samples=({"alpha": 0.2}, {"alpha": 0.3}, {"alpha": 1.0}, {"alpha": 2.0}, {"alpha": -0.5}),
    references=("maas2013rectifier",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.leaky_relu", renames=SLOPE, deviates={"f'(nan)": 0.01}
        ),
        "Keras": Equivalent(
            "keras.activations.leaky_relu",
            "0.2 by default, and 0.3 in the layer",
            renames=SLOPE,
            setting={"alpha": 0.2},
            deviates={"f'(nan)": 0.2},
            depends=RIGHT,
            also=(
                Equivalent(
                    "keras.layers.LeakyReLU",
                    "0.3 by default",
                    renames=SLOPE,
                    setting={"alpha": 0.3},
                    deviates={"f'(nan)": 0.3},
                    depends=RIGHT,
                ),
            ),
        ),
        "JAX": Equivalent("jax.nn.leaky_relu", renames=SLOPE, deviates={"f'(nan)": 0.01}),
        "TensorFlow": Equivalent(
            "tf.nn.leaky_relu",
            "0.2 by default, kept as a float32",
            setting={"alpha": FIFTH},
            deviates={"f'(nan)": 0.2},
        ),
        "ONNX": Equivalent("LeakyRelu"),
    },
)
