"""The sign of a formula between two points, proved by the signs of coefficients.

With x = end ± t and e^t = 1 + v, a polynomial in t > 0 and v > 0 whose coefficients have one sign
has that sign itself. It is a quick proof, and where it fails nothing is said: signs.py goes on.
"""

import sympy as sp

from actlib.formula.symbols import X

T, V = sp.symbols("t v", positive=True)


def sign(expression: sp.Expr, low: sp.Expr, high: sp.Expr) -> int | None:
    """The sign of an expression in x between two points: 1, -1, 0, or None where not proved."""
    if not _is_of_this_kind(expression):
        return None
    if low.is_finite and high.is_finite:
        inside = low + (high - low) * T / (1 + T)
    else:
        inside = low + T if low.is_finite else high - T
    numbers = expression.subs(X, inside).replace(sp.exp, _in_v)
    above, below = map(_sign_of_polynomial, sp.fraction(sp.together(numbers)))
    return None if above is None or below is None else above * below


def _is_of_this_kind(expression: sp.Expr) -> bool:
    """Powers and quotients of x and of exponentials of lines."""
    functions = expression.atoms(sp.Function)
    powers = (power.exp for power in expression.atoms(sp.Pow) if power.has(X))
    return all(f.func == sp.exp and sp.diff(f.args[0], X, 2) == 0 for f in functions) and all(
        exponent.is_Integer for exponent in powers
    )


def _in_v(exponent: sp.Expr) -> sp.Expr:
    """e^(c + k t) as e^c (1 + v)^k."""
    rest, factor = sp.expand(exponent).as_independent(T, as_Add=True)
    return sp.exp(rest) * (1 + V) ** (factor / T)


def _sign_of_polynomial(expression: sp.Expr) -> int | None:
    """The sign for all t > 0 and v > 0, where every coefficient has it."""
    try:
        coefficients = sp.Poly(sp.expand(expression), T, V).coeffs()
    except sp.PolynomialError:
        return None
    signs = {sign_of(c) for c in coefficients}
    return signs.pop() if len(signs) == 1 else None


def sign_of(number: sp.Expr) -> int | None:
    """The sign of a constant."""
    found = sp.sign(number)
    return int(found) if found.is_Integer else None
