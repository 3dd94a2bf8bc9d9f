"""A sum that cancels as a quotient that does not: a + √b is (b − a²) / (√b − a).

Left of 0 x + √(x² + 4) is 4 / (√(x² + 4) − x). At −10³⁰ the sum of two balls has no digit left, and
over an interval it has none much sooner.
"""

import sympy as sp

from actlib.formula.symbols import X

HALF = sp.Rational(1, 2)


def without_cancelling(f: sp.Expr, side: int) -> sp.Expr:
    """The same function where side · x > 0: its sums of a multiple of x and a root that cancels it

    all but for a constant are written as quotients.
    """
    if not any(abs(power.exp) == HALF for power in f.atoms(sp.Pow)):
        return f
    for form in (f, sp.together(f)):
        found = form.replace(lambda e: _quotient(e, side) is not None, lambda e: _quotient(e, side))
        if found != form:
            return found
    return f


def _quotient(e: sp.Expr, side: int) -> sp.Expr | None:
    """Of a sum a + √b with a constant b − a²; None of anything else, and where nothing cancels."""
    if not (isinstance(e, sp.Add) and len(e.args) == 2):
        return None
    for root, line in (e.args, e.args[::-1]):
        factor, power = root.as_coeff_Mul()
        slope = line / X
        if power.is_Pow and power.exp == HALF and slope.is_number and side * slope * factor < 0:
            left = sp.expand(root**2 - line**2)
            return None if left.has(X) else left / (root - line)
    return None
