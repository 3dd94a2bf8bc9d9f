"""Softmin: f(z)_i = exp(−z_i) / Σ_k exp(−z_k), softmax of −z: the smallest gets the largest share.

Jacobian: df_i/dz_j = −f_i (δ_ij − f_j).
Vector-Jacobian product: Σ_i u_i df_i/dz_j = −f_j (u_j − Σ_i u_i f_i).

Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990, with
the sign turned around.
"""

import math
from collections.abc import Sequence
from typing import Any

from actlib.activations import softmax
from actlib.arithmetic.rounding import Array
from actlib.call.rows import VectorActivation
from actlib.formula.elsewhere import Equivalent, Spelling


@softmax.value.at_minus_z(1)
def value(z: Array) -> tuple[Array, Array]:
    return softmax.value(-z)


@softmax.jacobian.at_minus_z(-1)
def jacobian(z: Array) -> tuple[Array, Array]:
    slope, size = softmax.jacobian(-z)
    return -slope, size


@softmax.vjp.at_minus_z(-1)
def vjp(z: Array, upstream: Array) -> tuple[Array, Array]:
    slope, size = softmax.vjp(-z, upstream)
    return -slope, size


def definition(z: Sequence[Any]) -> Any:
    import sympy as sp

    return sp.Matrix([sp.exp(-z_i) / sum(sp.exp(-z_k) for z_k in z) for z_i in z])


softmin = VectorActivation(
    name="softmin",
    title="Softmin",
    aliases=("Boltzmann distribution",),
    doc=__doc__,
    definition=definition,
    value_kernel=value,
    jacobian_kernel=jacobian,
    vjp_kernel=vjp,
    infinities="One component at -inf gives the limit, 1 there and 0 elsewhere; one at +inf is 0. "
    "Where no limit exists (two at -inf, all at +inf) the vector is NaN.",
    bounds=(0, 1),
    references=("bridle1990probabilistic",),
    equivalents={
        "PyTorch": Equivalent(
            "torch.nn.functional.softmin",
            "warns unless dim is given",
            arguments={"dim": -1},
            # Infinity less infinity, where the limit is 1 for that component and 0 for the others.
            deviates={"f(-inf, 0, 1)": (math.nan,) * 3},
        ),
    },
    spelled={"JAX": Spelling("jax.nn.softmax(-z)")},
)
