"""Facts of shape are proved where they hold, and never where they do not."""

import pytest
import sympy as sp
from cases import every_setting

from actlib import ALL, elu, verify
from actlib.formula.symbols import X, at, at_setting
from actlib.verify import Shape, shape
from actlib.verify.balls import UndecidedError
from actlib.verify.coefficients import sign
from actlib.verify.numbers import known
from actlib.verify.signs import stretches

TANH = 2 / (1 + sp.exp(-2 * X)) - 1
STEP = sp.Piecewise((0, X < 0), (1, True))

KNOWN = {
    "x": (X, sp.oo, "increasing", "linear", 1),
    "3": (sp.Integer(3), sp.oo, "constant", "linear", 0),
    "-x": (-X, sp.oo, "decreasing", "linear", 1),
    "x^3": (X**3, sp.oo, "increasing", "neither", sp.oo),
    "x^2": (X**2, sp.oo, "neither", "convex", sp.oo),
    "-e^x": (-sp.exp(X), sp.oo, "decreasing", "concave", sp.oo),
    "|x|": (sp.Abs(X), 0, "neither", "convex", 1),
    "x |x|": (X * sp.Abs(X), 1, "increasing", "neither", sp.oo),
    "tanh": (TANH, sp.oo, "increasing", "neither", 1),
    "step": (STEP, -1, "never falls", "neither", sp.oo),
    "a step down": (X - 3 * STEP, -1, "neither", "neither", sp.oo),
    "clip": (sp.Max(0, sp.Min(1, X)), 0, "never falls", "neither", 1),
    "sin": (sp.sin(X), sp.oo, "neither", "neither", 1),
    "sin of x squared": (sp.sin(X**2), sp.oo, None, None, None),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known(name):
    expression, smoothness, monotone, convex, lipschitz = KNOWN[name]
    assert shape(expression) == Shape(
        smoothness=sp.Integer(smoothness) if smoothness != sp.oo else sp.oo,
        monotone=monotone,
        convex=convex,
        lipschitz=lipschitz,
    )


def test_a_sign_is_proved_only_where_it_holds():
    between = X * (1 - X)
    assert sign(between, sp.Integer(0), sp.Integer(1)) == 1
    assert sign(between, sp.Integer(1), sp.oo) == -1
    assert sign(between, sp.Integer(0), sp.oo) is None
    assert sign(sp.exp(X) - 1 - X, sp.Integer(0), sp.oo) is None  # true, but not proved here
    assert sign(X * sp.exp(X), -sp.oo, sp.Integer(0)) == -1


def test_a_parameter_changes_the_shape():
    smooth, bent = (shape(at(elu.definition, {"alpha": a})) for a in (1.0, 2.0))
    assert (smooth.smoothness, smooth.convex, smooth.lipschitz) == (1, "convex", 1)
    assert (bent.smoothness, bent.convex, bent.lipschitz) == (0, "neither", 2)


@every_setting
def test_nothing_is_undecided(record, setting):
    """What is None stands as undecided in the atlas."""
    found = vars(shape(at(record.definition, setting)))
    undecided = ", ".join(name for name, value in found.items() if value is None)
    assert not undecided, f"{record.name} {record.label(setting)}: {undecided} could not be proved"


@every_setting
@pytest.mark.parametrize("order", [0, 1, 2])
def test_signs_are_those_of_the_definition(record, setting, order):
    """Of f, f′ and f″: proved everywhere, and at some points held against the oracle."""
    f = at_setting(record.definition, setting)
    try:
        proved = stretches(f, order)
    except UndecidedError:
        if not record.no_limits:
            raise
        pytest.skip("it oscillates: no list of its signs ends")
    for stretch in proved:
        low, high = max(stretch.low, -20), min(stretch.high, 20)
        between = [low + (high - low) * sp.Rational(k, 7) for k in range(1, 7)]
        g = sp.diff(f, X, order)
        signs = {_sign(known(g.subs(X, x), 8)) for x in between}
        assert signs == {stretch.sign}, stretch


def _sign(ball):
    return (ball > 0) - (ball < 0)


MOMENTS = {  # E f, Var f, E f'^2 for standard normal input, computed apart from this library
    "relu": (0.3989423, 0.3408451, 0.5),
    "leaky_relu": (0.3949529, 0.3440622, 0.50005),
    "elu": (0.1605206, 0.6191786, 0.668102),
    "selu": (0, 1, 1.071575),
    "sigmoid": (0.5, 0.04337904, 0.04483624),
    "tanh": (0, 0.3942945, 0.4644029),
    "softsign": (0, 0.183014, 0.2276713),
    "softplus": (0.8060592, 0.2715145, 0.293379),
    "hard_sigmoid": (0.5, 0.03910242, 0.0395032),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_moments_are_those_found_elsewhere(name):
    f = at(ALL[name].definition, ALL[name].settings[0])
    mean, variance = verify.moments(f)
    slope, spread = verify.moments(verify.differentiate(f))
    for found, told in zip((mean, variance, slope**2 + spread), MOMENTS[name], strict=True):
        assert abs(found - told) < 1e-6
