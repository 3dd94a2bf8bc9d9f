"""Between which numbers a wave swings, and that nothing else is taken for one."""

import numpy as np
import pytest
import sympy as sp

from actlib.formula.symbols import X
from actlib.verify import shape
from actlib.verify.waves import swing

SINE, COSINE = sp.sin(X), sp.cos(X)
WAVES = [SINE, 3 - 2 * COSINE, SINE * COSINE, 1 + sp.sin(2 * X), SINE**2, 5 * sp.cos(7 * X - 1) / 3]
OTHERS = [
    X,
    sp.tanh(X),
    X + SINE,
    X * SINE,
    SINE + sp.sin(2 * X),
    SINE + COSINE,
    sp.sin(X**2),
    sp.sin(SINE),
    sp.exp(SINE),
    SINE**2 + COSINE**2,
    sp.sin(1) * X,
    sp.Piecewise((SINE, X > 0), (0, True)),
]


@pytest.mark.parametrize("wave", WAVES, ids=str)
def test_a_wave_swings_between_its_extremes(wave):
    y = sp.lambdify(X, wave)(np.linspace(-20, 20, 100_001))
    np.testing.assert_allclose([y.min(), y.max()], [float(end) for end in swing(wave)], atol=1e-4)


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_nothing_else_is_a_wave(other):
    assert swing(other) is None


@pytest.mark.parametrize(
    ("line", "height", "monotone", "lipschitz"),
    [
        (1, sp.Rational(1, 2), "increasing", sp.Rational(3, 2)),
        (1, 1, "increasing", 2),
        (1, sp.Rational(9, 8), "neither", sp.Rational(17, 8)),
        (-1, 1, "decreasing", 2),
        (0, -3, "neither", 3),
    ],
)
def test_a_wave_on_a_line_rises_until_it_is_too_steep(line, height, monotone, lipschitz):
    found = shape(line * X + height * SINE)
    assert (found.monotone, found.convex, found.lipschitz) == (monotone, "neither", lipschitz)
