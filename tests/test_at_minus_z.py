"""A kernel at −z has the bits of the kernel itself, next to ties too."""

from dataclasses import replace

import numpy as np
import pytest
from test_vector_rounding import every_narrow_dtype, next_to_ties

from actlib import softmax, softmin

CALLS = {
    "value": (lambda f, z, u: f(z), 1),
    "jacobian": (lambda f, z, u: f.jacobian(z), -1),
    "vjp": (lambda f, z, u: f.vjp(z, u), -1),
}


def differs(record, dtype):
    """Which of its functions have other bits than softmax at −z."""
    rows = next_to_ties(dtype)
    z, u = rows[:, :3], rows[:, 3:]
    return [
        name
        for name, (call, sign) in CALLS.items()
        if not np.array_equal(call(record, -z, u), sign * call(softmax, z, u))
    ]


@every_narrow_dtype
def test_softmin_is_softmax_at_minus_z(dtype):
    assert differs(softmin, dtype) == []


@every_narrow_dtype
def test_who_decides_by_the_exponentials_of_z_is_seen(dtype):
    wrong = replace(softmin, vjp_kernel=replace(softmin.vjp_kernel, mirrored=False))
    assert differs(wrong, dtype) == ["vjp"]


@pytest.mark.parametrize(
    ("z", "limit"),
    [
        ([-np.inf, 0, 1], [1, 0, 0]),
        ([np.inf, 0, 0], [0, 0.5, 0.5]),
        ([np.inf, np.inf, 5], [0, 0, 1]),
        ([-np.inf, -np.inf, 0], [np.nan] * 3),
        ([np.inf] * 3, [np.nan] * 3),
        ([np.inf], [1]),
        ([np.nan, 0], [np.nan] * 2),
    ],
)
def test_softmin_at_infinity(z, limit):
    np.testing.assert_array_equal(softmin(z), limit)
