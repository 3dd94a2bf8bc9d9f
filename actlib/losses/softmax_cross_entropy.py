"""Softmax and cross-entropy in one: the loss whose slope is what softmax is known for.

L(z, y) = −Σ_i y_i log f_i with f = softmax(z), and dL/dz_j = f_j Σ_i y_i − y_j: for labels that sum
to 1, softmax(z) − y.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from actlib.activations.softmax import (
    exponentials,
    shifted,
    softmax,
    sum_of_smaller,
    sums_of_others,
)
from actlib.arithmetic.exact import row_sum
from actlib.arithmetic.rounding import Array
from actlib.call.loss import Loss
from actlib.call.rows_kernel import rows_kernel


@rows_kernel
def value(logits: Array, labels: Array) -> tuple[Array, Array]:
    # −log f_i = log(1 + rest) − (z_i − max z), and log1p keeps a rest too small to change the 1.
    shift, carry = shifted(logits)
    rest = sum_of_smaller(exponentials(shift, carry))
    surprise = np.log1p(rest) - shift - carry
    # A component of label 0 adds nothing, even where its surprise is infinite.
    terms = np.where(labels == 0, 0.0, labels * surprise)
    return row_sum(terms)[..., 0], np.abs(terms).sum(axis=-1)


@value.exact
def exact_value(e: Any, place: Any, labels: Any) -> Any:
    return labels.total * e.total.log() - e.shift.dot(labels), e.number(1.0)


@rows_kernel
def derivative(logits: Array, labels: Array) -> tuple[Array, Array]:
    # f_j Σ_i y_i − y_j, after f_j y_j has been taken out of both terms: they would cancel.
    e = exponentials(*shifted(logits))
    rest = sum_of_smaller(e)
    others = sums_of_others(e, rest)
    other_labels = sums_of_others(labels, sum_of_smaller(labels))
    slope = (e * other_labels - labels * others) / (1 + rest)
    sizes = np.abs(labels)
    terms = e * (sizes.sum(axis=-1, keepdims=True) - sizes) + sizes * others
    return slope, terms / (1 + rest)


@derivative.exact
def exact_derivative(e: Any, place: Any, labels: Any) -> Any:
    (j,) = place
    return e[j] * labels.total - labels[j] * e.total, e.total


def definition(logits: Sequence[Any], labels: Sequence[Any]) -> Any:
    import sympy as sp

    f = softmax.definition(logits)
    return -sum(y * sp.log(f_i) for y, f_i in zip(labels, f, strict=True))


softmax_cross_entropy = Loss(
    name="softmax_cross_entropy",
    doc=f"""{__doc__}
Parameters:
    logits: An array-like of shape (..., K, ...): bools, integers, float16, float32 or float64.
        Each vector lies along `axis`.
    labels: One-hot or soft labels of the same shape, read in float64. They need not sum to 1.
    axis: The axis of the vectors, an integer; the last by default.

Returns:
    One loss a vector, in the shape of the logits without `axis`, and in their dtype; bools and
    integers give float64. Infinite logits and NaN are as in softmax.

Raises:
    TypeError: An argument is complex, an object or a string; axis is no integer.
    ValueError: axis does not exist; the shapes differ (class numbers must be made one-hot).

References:
    Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
""",
    definition=definition,
    value_kernel=value,
    derivative_kernel=derivative,
)
