"""A sum that cancels is written as a quotient that does not, and is the same function still."""

import pytest
import sympy as sp

from actlib.formula.symbols import X
from actlib.verify.conjugate import without_cancelling

ROOT = sp.sqrt(X**2 + 4)


@pytest.mark.parametrize(
    ("f", "side"),
    [(X + ROOT, -1), (3 * ROOT - 3 * X, 1), ((1 + X / ROOT) / 2, -1), ((X + ROOT) ** 2, -1)],
)
def test_it_is_the_same_function_written_without_the_sum(f, side):
    found = without_cancelling(f, side)
    assert found != f
    size = sp.Symbol("p", positive=True)
    assert sp.simplify((found - f).subs(X, side * size)) == 0
    near = [sp.N(g.subs(X, side * 10**9), 20) for g in (f, found)]
    assert abs(near[0] - near[1]) < 1e-15 * abs(near[1])


@pytest.mark.parametrize(
    ("f", "side"),
    [(X + ROOT, 1), (X + sp.exp(X), -1), (X + sp.sqrt(X**2 + X), -1), (X / ROOT, -1)],
)
def test_what_does_not_cancel_to_a_constant_stays_as_it_is(f, side):
    assert without_cancelling(f, side) == f
