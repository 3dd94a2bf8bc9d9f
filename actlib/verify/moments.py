"""Mean and variance of f(z) for a standard normal z, by quadrature piece by piece.

mpmath computes in software, so the digits are the same on every processor.
"""

import mpmath
import sympy as sp

from actlib.formula.symbols import X, at_setting
from actlib.verify.pieces import regions

DIGITS = 30


def moments(expression: sp.Expr) -> tuple[sp.Float, sp.Float]:
    """(E f, Var f) for an expression in x alone."""
    alone = at_setting(expression, {})
    mean = _expectation(alone)
    variance = _expectation(alone**2) - mean**2
    return sp.Float(mean), sp.Float(variance)


def _expectation(expression: sp.Expr) -> mpmath.mpf:
    # Regions are cut at 0 in any case: over the whole line, quadrature would have to find the peak.
    density = sp.exp(-(X**2) / 2) / sp.sqrt(2 * sp.pi)
    total = mpmath.mpf(0)
    with mpmath.workdps(DIGITS):
        for part, low, high in regions(expression):
            integrand = sp.lambdify(X, part * density, "mpmath")
            ends = [sp.lambdify((), end, "mpmath")() for end in (low, high)]
            total += mpmath.quad(integrand, ends)
    return total
