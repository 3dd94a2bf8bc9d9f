"""A kernel of rows comes with its exact part, or no record takes it."""

from dataclasses import replace

import pytest
from cases import every_vector

from actlib import softmax_cross_entropy
from actlib.call.rows_kernel import rows_kernel


def unmarked(z):
    return z, z


KERNELS = ("value_kernel", "jacobian_kernel", "vjp_kernel")


@every_vector
@pytest.mark.parametrize("field", KERNELS)
@pytest.mark.parametrize("kernel", [unmarked, rows_kernel(unmarked)], ids=["bare", "marked"])
def test_a_record_without_an_exact_part_is_refused(record, field, kernel):
    with pytest.raises(TypeError, match=rf"^{record.name}: kernel \S+\.unmarked has no exact part"):
        replace(record, **{field: kernel})


@pytest.mark.parametrize("field", ["value_kernel", "derivative_kernel"])
def test_so_is_a_loss(field):
    with pytest.raises(TypeError, match=r"^softmax_cross_entropy: kernel \S+ has no exact part"):
        replace(softmax_cross_entropy, **{field: unmarked})
