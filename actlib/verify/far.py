"""A formula far out: a sum of powers times exponentials, which holds for all x from a start on.

There x e^x / (1 + e^x) is x − x e^(−x) + …, and what was left out is put into the last coefficient,
a ball. So each coefficient is a function of x that stays in its ball for every x ≥ start; fractions
stay fractions, for what cancels must cancel exactly. A term is known to be small where its share of
another falls from the start on: then the share is at most what it is at the start.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from itertools import zip_longest
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify.balls import Number, UndecidedError, evaluator

Monomial = tuple[sp.Rational, tuple[sp.Expr, ...]]
"""x^a e^(q_1 x + q_2 x^2 + …) as (a, (q_1, q_2, …)), without zeros at the end."""

Series = dict[Monomial, Number]
"""Each monomial with its coefficient."""

ONE: Monomial = (sp.S.Zero, ())
ORDER = 5  # terms of the series of exp, log, powers and erf
BITS = 128
STARTS = [2.0**k for k in range(-10, 21)]  # those that are worth a try
KEPT = 7  # terms of a sum that are told apart


class StrangeError(TypeError):
    """A function whose behaviour far out is not known here: sin, say, however far."""


def expand(expression: sp.Expr, start: float) -> Series:
    """The expression in x for all x >= start; its largest term is the first.

    Raises:
        UndecidedError: It does not hold from so small a start on.
        StrangeError: It holds from nowhere on.
    """
    with ctx.workprec(BITS):
        series = _Far(start).of(expression)
        if not series:
            return {}
        lead, coefficient, _, _ = _parted(series, start)
    return {lead: coefficient, **series}


def sign(expression: sp.Expr, start: float) -> int:
    """The sign of the expression, the same for all x >= start. Raises as expand does."""
    series = expand(expression, start)
    return 0 if not series else _sign(next(iter(series.values())))


def limit(expression: sp.Expr, start: float) -> sp.Expr | None:
    """The limit at +infinity, where the expansion tells it exactly."""
    series = expand(expression, start)
    lead, coefficient = next(iter(series.items()), (ONE, fmpq(0)))
    if lead == ONE:
        exact = isinstance(coefficient, fmpq)
        return sp.Rational(int(coefficient.p), int(coefficient.q)) if exact else None
    a, q = lead
    grows = _sign(_value(q[-1] if q else a)) > 0
    return _sign(coefficient) * sp.oo if grows else sp.S.Zero


def asymptote(expression: sp.Expr, start: float) -> tuple[Number, Number, Monomial, Number] | None:
    """(slope, offset, m, c) where the expression is slope · x + offset + c m for all x >= start: m

    falls to 0, and the ball c has one sign. None where it is no line and a little. Raises as expand
    does.
    """
    series = expand(expression, start)
    with ctx.workprec(BITS):
        slope, offset = series.pop((sp.S.One, ()), fmpq(0)), series.pop(ONE, fmpq(0))
        if not (isinstance(slope, fmpq) and isinstance(offset, fmpq) and series):
            return None
        lead, coefficient, _, size = _parted(series, start)
        return (
            (slope, offset, lead, coefficient * (1 + arb(0, size))) if _falls(lead, start) else None
        )


class _Far:
    """The expansion of each part of an expression, each once."""

    def __init__(self, start: float) -> None:
        self.start = start
        self.known: dict[sp.Expr, Series] = {}

    def of(self, node: sp.Expr) -> Series:
        if node not in self.known:
            self.known[node] = _shortened(self._made(node), self.start)
        return self.known[node]

    def _made(self, node: sp.Expr) -> Series:
        if not node.has(X):
            return _constant(node)
        if node == X:
            return {(sp.S.One, ()): fmpq(1)}
        if isinstance(node, sp.Add):
            return reduce(_sum, map(self.of, node.args))
        if isinstance(node, sp.Mul):
            return reduce(self._product, map(self.of, node.args))
        if isinstance(node, sp.Pow) and node.exp.is_Rational:
            return self._power(self.of(node.base), node.exp)
        made = {sp.exp: self._exp, sp.log: self._log, sp.tanh: self._tanh}
        made |= {sp.erf: self._erf, sp.erfc: self._erfc}
        if node.func in made:
            return made[node.func](node.args[0])
        if isinstance(node, sp.sinh | sp.cosh):
            return self.of(node.rewrite(sp.exp))
        raise StrangeError(f"no expansion of {node} far out")

    def _product(self, left: Series, right: Series) -> Series:
        return _shortened(_product(left, right), self.start)

    def _power(self, base: Series, exponent: sp.Rational) -> Series:
        if not base:
            raise UndecidedError("a power of 0")
        if exponent.is_Integer and 0 < exponent <= ORDER:
            return reduce(self._product, [base] * int(exponent))
        (a, q), c, small, size = _parted(base, self.start)
        weights = [fmpq(1)]
        for k in range(ORDER):
            weights.append(weights[-1] * _fraction(exponent - k) / (k + 1))
        rest = weights.pop() * (1 + arb(0, size)) ** arb(_fraction(exponent - ORDER))
        raised = (a * exponent, tuple(sp.expand(exponent * k) for k in q))
        return self._product({raised: _raised(c, exponent)}, self._series(small, weights, rest))

    def _series(self, small: Series, weights: Sequence[Number], rest: Number) -> Series:
        """Σ weight_k small^k; what is left out of the sum is rest times the next power."""
        total: Series = {ONE: rest}
        for weight in reversed(weights):
            total = _sum({ONE: weight}, self._product(small, total)) if small else {ONE: weight}
        return total

    def _exp(self, argument: sp.Expr) -> Series:
        growing, rest = _polynomial_part(argument)
        bounded = self.of(rest)
        constant = bounded.get(ONE, fmpq(0))
        small = {m: c for m, c in bounded.items() if m != ONE}
        size = _size(small, ONE, fmpq(1), self.start)
        weights = [fmpq(1)]
        for k in range(1, ORDER + 1):
            weights.append(weights[-1] / k)
        series = self._series(small, weights[:-1], weights[-1] * arb(0, size).exp())
        factor = fmpq(1) if constant == 0 else arb(constant).exp()
        return self._product({(sp.S.Zero, growing): factor}, series)

    def _log(self, argument: sp.Expr) -> Series:
        (a, q), c, small, size = _parted(self.of(argument), self.start)
        if a != 0:
            raise StrangeError(f"log x in log({argument}) far out")
        weights = [fmpq(0), *(fmpq((-1) ** (k + 1), k) for k in range(1, ORDER))]
        rest = fmpq((-1) ** (ORDER + 1), ORDER) * (1 + arb(0, size)) ** -ORDER
        logs = {(sp.Integer(k), ()): _number(of) for k, of in enumerate(q, 1) if of != 0}
        constant = {} if c == 1 else {ONE: arb(c).log()}
        return reduce(_sum, [logs, constant, self._series(small, weights, rest)])

    def _tanh(self, u: sp.Expr) -> Series:
        return self.of(1 - 2 / (1 + sp.exp(2 * u)))

    def _erf(self, u: sp.Expr) -> Series:
        return _sum({ONE: fmpq(1)}, _product({ONE: fmpq(-1)}, self._erfc(u)))

    def _erfc(self, u: sp.Expr) -> Series:
        if _sign(_parted(self.of(u), self.start)[1]) > 0:
            return self._erfc_of_positive(u)
        # SymPy would turn erfc(−u) round once more.
        return _sum({ONE: fmpq(2)}, _product({ONE: fmpq(-1)}, self._erfc_of_positive(-u)))

    def _erfc_of_positive(self, u: sp.Expr) -> Series:
        """e^(−u²) / (u √π) (1 − 1 / (2 u²) + 3 / (2 u²)² − …), which alternates: what is left out
        lies between 0 and the next term (DLMF 7.12.1)."""
        weights = [fmpq(1)]
        for k in range(ORDER):
            weights.append(-weights[-1] * (2 * k + 1))
        rest = weights.pop() * arb(0.5, 0.5)
        square = self.of(1 / (2 * sp.expand(u**2)))
        front = self.of(sp.exp(-sp.expand(u**2)) / (u * sp.sqrt(sp.pi)))
        return self._product(front, self._series(square, weights, rest))


def _sum(left: Series, right: Series) -> Series:
    total = dict(left)
    for monomial, coefficient in right.items():
        total[monomial] = total[monomial] + coefficient if monomial in total else coefficient
    return {m: c for m, c in total.items() if not (isinstance(c, fmpq) and c == 0)}


def _product(left: Series, right: Series) -> Series:
    total: Series = {}
    for one, c in left.items():
        for other, d in right.items():
            total = _sum(total, {_times(one, other): c * d})
    return total


@lru_cache(maxsize=100_000)
def _times(one: Monomial, other: Monomial, sign: int = 1) -> Monomial:
    """The product; with sign −1, the quotient."""
    q = [a + sign * b for a, b in zip_longest(one[1], other[1], fillvalue=sp.S.Zero)]
    while q and q[-1] == 0:
        q.pop()
    return one[0] + sign * other[0], tuple(q)


def _parted(series: Series, start: float) -> tuple[Monomial, Number, Series, arb]:
    """m, c, small and its size, where the series is c m (1 + small) and |small| <= size < 1."""
    if not series:
        raise UndecidedError("nothing is left")
    lead = max(series, key=_rank)
    c = series[lead]
    _sign(c)
    small = {_times(m, lead, -1): d / c for m, d in series.items() if m != lead}
    size = _size(small, ONE, fmpq(1), start)
    if not size < 1:
        raise UndecidedError("the largest term is not the largest yet")
    return lead, c, small, size


def _size(small: Series, lead: Monomial, of: Number, start: float) -> arb:
    """A bound of |small / (of · lead)| for all x >= start."""
    each = (abs(arb(c / of)) * _share(m, lead, start) for m, c in small.items())
    return sum(each, arb(0)).upper()


@lru_cache(maxsize=100_000)
def _share(one: Monomial, lead: Monomial, start: float) -> arb:
    """The largest one / lead for x >= start, where that falls from the start on."""
    ratio = _times(one, lead, -1)
    if not _falls(ratio, start):
        raise UndecidedError("a term grows")
    return value(ratio, start)


def value(monomial: Monomial, x: float) -> arb:
    """x^a e^(q_1 x + q_2 x^2 + …)."""
    a, q = monomial
    power = sum((_value(k) * arb(x) ** n for n, k in enumerate(q, 1)), arb(0))
    return arb(x) ** _value(a) * power.exp()


@lru_cache(maxsize=100_000)
def _falls(monomial: Monomial, start: float) -> bool:
    """Does it fall for all x >= start, to 0? Its logarithm has the slope (a + q_1 x + 2 q_2 x² …) /
    x: with x = start + t, that has no coefficient above 0."""
    a, q = monomial
    slope = [_value(a), *(n * _value(k) for n, k in enumerate(q, 1))]
    shifted = []
    while slope:
        for i in reversed(range(len(slope) - 1)):
            slope[i] = slope[i] + start * slope[i + 1]
        shifted.append(slope.pop(0))
    return bool(all(k <= 0 for k in shifted) and shifted[0] < 0)


def _shortened(series: Series, start: float) -> Series:
    """Its largest terms; the others become a part of the last of them."""
    if len(series) <= KEPT:
        return series
    *kept, last = ordered = sorted(series, key=_rank, reverse=True)[:KEPT]
    others = {m: c for m, c in series.items() if m not in ordered}
    share = _size(others, last, fmpq(1), start)
    return {m: series[m] for m in kept} | {last: series[last] + arb(0, share)}


@lru_cache(maxsize=100_000)
def _rank(monomial: Monomial) -> tuple[float, ...]:
    """The greater, the faster it grows: a guess, since each use of it is proved."""
    a, q = monomial
    padded = [0.0] * (8 - len(q)) + [float(k) for k in reversed(q)]
    return (*padded, float(a))


def _polynomial_part(argument: sp.Expr) -> tuple[tuple[sp.Expr, ...], sp.Expr]:
    """(q_1, q_2, …) of the terms of a sum that are powers of x, and the rest of the sum."""
    terms = sp.Add.make_args(sp.expand(argument))
    powers = [t for t in terms if t.has(X) and t.is_polynomial(X)]
    rest = sp.Add(*(t for t in terms if t not in powers))
    if not powers:
        return (), rest
    return tuple(reversed(sp.Poly(sp.Add(*powers), X).all_coeffs()[:-1])), rest


def _sign(number: Number) -> int:
    if number > 0:
        return 1
    if number < 0:
        return -1
    raise UndecidedError(f"the sign of {number}")


def _raised(number: Number, exponent: sp.Rational) -> Number:
    """A fraction where it is one."""
    if isinstance(number, fmpq):
        power = sp.Rational(int(number.p), int(number.q)) ** exponent
        return _number(power)
    return number ** (int(exponent) if exponent.is_Integer else arb(_fraction(exponent)))


def _constant(node: sp.Expr) -> Series:
    return {} if node == 0 else {ONE: _number(node)}


def _number(node: sp.Expr) -> Number:
    return _fraction(node) if node.is_Rational else _value(node)


def _fraction(node: sp.Rational) -> fmpq:
    return fmpq(int(node.p), int(node.q))


@lru_cache(maxsize=100_000)
def _value(node: sp.Expr) -> Any:
    constant: Callable[[Sequence[Any]], Any] = evaluator(node, []).quick
    return constant([])
