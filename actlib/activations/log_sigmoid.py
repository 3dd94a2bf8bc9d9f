"""Log-sigmoid, the logarithm of the logistic function: f(x) = −log(1 + exp(−x)).

f′(x) = 1 / (1 + exp(x)), the sigmoid of −x.

The logarithm of the probability of a "yes" in the model of Cox, "The regression analysis of binary
sequences", Journal of the Royal Statistical Society B 20, 1958.
"""

from typing import Any

from actlib.activations import sigmoid, softplus
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import Equivalent
from actlib.formula.formula import Formula


def value(x: Array) -> Array:
    # The logarithm of a sigmoid that was rounded to 0 or to 1 is lost; softplus is never asked
    # for either.
    return -softplus.value(-x, 1.0)


@kernel(takes=OWN)
def derivative(x: Array) -> Array:
    slope: Array = sigmoid.value(-x)  # 1 - sigmoid(x) would cancel on the right
    return slope


def formula(x: Any) -> Formula:
    import sympy as sp

    return Formula(
        definition=-sp.log(1 + sp.exp(-x)),
        range=(-sp.oo, 0),
    )


log_sigmoid = Activation(
    name="log_sigmoid",
    title="Log-sigmoid",
    aliases=("logsigmoid", "log_expit"),
    doc=__doc__,
    formula=formula,
    value_kernel=value,
    derivative_kernel=derivative,
    references=("cox1958regression",),
    equivalents={
        "PyTorch": Equivalent("torch.nn.functional.logsigmoid"),
        "Keras": Equivalent("keras.activations.log_sigmoid"),
        "JAX": Equivalent("jax.nn.log_sigmoid"),
        "TensorFlow": Equivalent("tf.math.log_sigmoid"),
        "SciPy": Equivalent("scipy.special.log_expit"),
    },
)
