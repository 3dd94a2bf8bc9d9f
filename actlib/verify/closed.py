"""A root that was found as an interval, as a formula: where one of a few kinds is proved to be it.

The polynomials of degree 1 and 2 in x or in an exponential, and lines beside an exponential, whose
roots Lambert's W tells (Corless et al., "On the Lambert W function", 1996). A formula is believed
if it is a root, by algebra, and lies where only one root is.
"""

from collections.abc import Iterator
from fractions import Fraction

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify.balls import UndecidedError, evaluator
from actlib.verify.numbers import Root

Bracket = tuple[Fraction, Fraction]

E = sp.Symbol("E", positive=True)


def closed(expression: sp.Expr, bracket: Bracket) -> sp.Expr:
    """The only root of an expression in x in this interval: a formula, or else its digits."""
    low, high = (sp.Rational(end.numerator, end.denominator) for end in bracket)
    for candidate in _candidates(expression):
        if _lies_between(candidate, low, high) and _is_root(expression, candidate):
            return candidate
    return Root(expression, low, high)


def _candidates(expression: sp.Expr) -> Iterator[sp.Expr]:
    """Formulas that may be roots: of each factor of the numerator that is of one of the kinds."""
    lines = [f.args[0] for f in expression.atoms(sp.exp) if _is_line(f.args[0])]
    rate = min((abs(sp.diff(line, X)) for line in lines), default=sp.S.One)
    others: dict[sp.Expr, sp.Symbol] = {}

    def spelled(function: sp.Function) -> sp.Expr:
        if function.func == sp.exp and _is_line(function.args[0]):
            constant, line = sp.expand(function.args[0]).as_independent(X, as_Add=True)
            return sp.exp(constant) * E ** (line / X / rate)
        return others.setdefault(function, sp.Dummy()) if function.has(X, E) else function

    plain = expression.replace(lambda node: isinstance(node, sp.Function), spelled)
    powers = {power.exp for power in plain.atoms(sp.Pow) if power.has(X, E)}
    if not all(n.is_Integer and abs(n) <= HIGHEST for n in powers):
        return
    try:
        factors = sp.factor_list(sp.numer(sp.together(plain)))[1]
    except sp.PolynomialError:
        return
    for factor, _ in factors:
        if factor.free_symbols <= {X, E}:
            yield from _roots(sp.Poly(factor, X, E), rate)


HIGHEST = 8  # powers of x, or of an exponential, beyond which no formula is looked for


def _is_line(exponent: sp.Expr) -> bool:
    return exponent.has(X) and not sp.diff(exponent, X).has(X)


def _roots(polynomial: sp.Poly, rate: sp.Expr) -> Iterator[sp.Expr]:
    in_x, in_e = polynomial.degree(X), polynomial.degree(E)
    if in_e == 0 and 0 < in_x <= 2:
        yield from sp.roots(polynomial.as_expr(), X)
    elif in_x == 0 and 0 < in_e <= 2:
        yield from (sp.log(e) / rate for e in sp.roots(polynomial.as_expr(), E) if e.is_positive)
    elif in_x == in_e == 1:
        yield from _lambert(polynomial, rate)


def _lambert(factor: sp.Poly, k: sp.Expr) -> Iterator[sp.Expr]:
    """a + b x + (c + d x) E = 0, where b or d is 0."""
    a, b, c, d = (factor.coeff_monomial(m) for m in (1, X, E, X * E))
    for branch in (0, -1):
        if d == 0:
            yield -a / b - sp.LambertW(k * c / b * sp.exp(-k * a / b), branch) / k
        elif b == 0:
            yield -c / d + sp.LambertW(-a * k / d * sp.exp(k * c / d), branch) / k


def _lies_between(candidate: sp.Expr, low: sp.Rational, high: sp.Rational) -> bool:
    try:
        with ctx.workprec(256):
            ball = evaluator(candidate, []).quick([])
            ends = [arb(fmpq(int(end.p), int(end.q))) for end in (low, high)]
            return bool(ball > ends[0] and ball < ends[1])
    except (TypeError, UndecidedError):  # an imaginary one
        return False


def _is_root(expression: sp.Expr, candidate: sp.Expr) -> bool:
    """By W e^W = z, which SymPy does not apply by itself."""
    value = without_exponents(expression.subs(X, candidate))
    return bool(sp.expand(sp.numer(sp.together(value))) == 0)


def without_exponents(value: sp.Expr) -> sp.Expr:
    """Each e^(c + n W(z)) as e^c (z / W(z))^n."""

    def spelled(exponent: sp.Expr) -> sp.Expr:
        made = sp.S.One
        for term in sp.Add.make_args(sp.expand(exponent)):
            n, w = term.as_independent(sp.LambertW)
            made *= (w.args[0] / w) ** n if isinstance(w, sp.LambertW) else sp.exp(term)
        return made

    return value.replace(sp.exp, spelled)
