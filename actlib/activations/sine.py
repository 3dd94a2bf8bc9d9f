"""Sine, as SIREN has it: f(x) = sin(omega x).

f′(x) = omega cos(omega x).

Sitzmann, Martel, Bergman, Lindell & Wetzstein, "Implicit neural representations with periodic
activation functions", NeurIPS 2020, arXiv:2006.09661.
"""

from typing import Any

import numpy as np

from actlib.arithmetic.angle import cos, is_exact, sin, sine_of_product
from actlib.arithmetic.kernel import OWN, kernel
from actlib.arithmetic.rounding import Array
from actlib.call.elementwise import Activation
from actlib.formula.domain import Domain
from actlib.formula.elsewhere import Equivalent, Spelling
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


@kernel(takes=OWN)
def value(x: Array, omega: Number) -> Array:
    return wave(x, omega, quarters=0)


@kernel(takes=OWN)
def derivative(x: Array, omega: Number) -> Array:
    f = wave(x, omega, quarters=1)
    f *= omega
    return f


def wave(x: Array, omega: Number, quarters: int) -> Array:
    """sin(omega x), or a quarter turn on, its cosine."""
    wide = x.astype(np.float64)
    if is_exact(omega, x):
        wide *= omega
        return cos(wide) if quarters else sin(wide)
    return sine_of_product(omega, wide, 2 * quarters)


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
    spelled={
        "PyTorch": Spelling("torch.sin(30 * x)", why="torch.sin has no omega"),
        "JAX": Spelling("jax.numpy.sin(30 * x)", why="jax.numpy.sin has no omega"),
    },
)
