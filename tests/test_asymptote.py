"""A value next to the middle of two floats, and closer to it than digits tell."""

import numpy as np
import pytest
import sympy as sp

from actlib.formula.symbols import X
from actlib.vectors.rounded import rounded
from actlib.verify.asymptote import next_to_the_limit
from actlib.verify.balls import UndecidedError

FAR = np.array([-1e24, 1e24])
MIDDLE = 1 + sp.Rational(1, 2**24)  # of 1 and the float32 after it


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (MIDDLE - 1 + sp.tanh(X), [-1, 1]),
        (MIDDLE + 1 / (1 + sp.exp(X)), [2, 1 + 2.0**-23]),
        (MIDDLE - 1 / (1 + sp.exp(-X)), [1, 2.0**-24]),
    ],
)
def test_the_side_of_a_middle_is_told(expression, expected):
    """At −∞ the first two are next to −1 + 2⁻²⁴ and to 2 + 2⁻²⁴."""
    x = FAR.astype(np.float32)
    found = rounded(expression, x)
    assert found[1] == np.float32(expected[1])
    assert abs(found[0] - expected[0]) <= 2.0**-23


def test_a_value_that_is_not_next_to_its_limit_stays_undecided():
    for expression, x in ((sp.tanh(X), 1.0), (sp.sin(X), 1e24), (sp.exp(-X), 1e24)):
        with pytest.raises(UndecidedError, match="undecided"):
            next_to_the_limit(expression, x)
