"""A number of a formula as floats, for kernels."""

import sympy as sp


def two_floats(number: sp.Expr) -> tuple[float, float]:
    """The nearest float64, and the nearest to what is missing from it."""
    nearest = float(number.evalf(60))
    return nearest, float((number - sp.Rational(nearest)).evalf(60))
