"""Linear, or identity: f(x) = x.

f′(x) = 1.

Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
neural networks", ICLR 2014, arXiv:1312.6120.
"""

from typing import Any

from actlib.arithmetic.kernel import DECIDED, OWN, ROUNDED, kernel
from actlib.arithmetic.rounding import Array
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.formula import Formula


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def value(x: Array) -> Array:
    return x


@kernel(takes=OWN, gives=ROUNDED, otherwise=DECIDED)
def derivative(x: Array) -> float:
    return 1.0


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=x,
        range=(-sp.oo, sp.oo),
    )


linear = Activation(
    name="linear",
    title="Linear",
    aliases=("identity",),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("saxe2014exact",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.Identity", deviates={"f'(nan)": 1.0}),
        "Keras": Equivalent(
            "keras.activations.linear",
            "as a layer Identity",
            deviates={"f'(nan)": 1.0},
            also=(Equivalent("keras.layers.Identity", deviates={"f'(nan)": 1.0}),),
        ),
        "JAX": Equivalent("jax.nn.identity", deviates={"f'(nan)": 1.0}),
        "TensorFlow": Equivalent("tf.identity", deviates={"f'(nan)": 1.0}),
        "ONNX": Equivalent("Identity"),
    },
    spelled={"PyTorch": Spelling("torch.nn.Identity()(x)")},
)
