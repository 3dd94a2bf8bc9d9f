"""What each activation is to the others: found at a few numbers, proved in SymPy, never typed.

A relation says that left(x) = scale · right(stretch · x + shift) + offset for every x. Numbers only
propose it. It counts when the two sides are the same expression on every piece, and at every point
where pieces meet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from actlib.call.elementwise import Activation
from actlib.call.rows import OfVectors
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated, is_of_vectors, is_reduction
from actlib.formula.domain import Domain
from actlib.formula.setting import text
from actlib.formula.symbols import GATE, VALUE, X, at_setting, exact
from actlib.show import typeset
from actlib.verify import differentiate, pieces

Array = NDArray[np.float64]
Record = AnyRecord
Z = sp.symbols("z_1:4", real=True)
POINTS = np.array([-7.3, -3.1, -1.9, -0.83, -0.37, -0.11, 0.13, 0.41, 0.71, 1.3, 2.3, 3.7, 6.1])


@dataclass(frozen=True, kw_only=True)
class Term:
    """A side of a relation: a function, its slope, one of vectors at (x, 0), a pair at (x, x)."""

    record: Record
    at: Callable[[Array], Array]  # actlib's numbers; a parameter left open has some value
    expression: Callable[[], sp.Expr]
    setting: str = ""  # in LaTeX, the parameters that are not at their defaults
    is_open: bool = False  # holds for every value of its parameters
    is_slope: bool = False

    @cached_property
    def values(self) -> Array:
        """At POINTS."""
        return self.at(POINTS)

    @cached_property
    def is_allowed(self) -> bool:
        """Not where two parameters do not go together."""
        try:
            return bool(np.all(np.isfinite(self.values)))
        except ValueError:
            return False

    @property
    def is_vector(self) -> bool:
        return is_of_vectors(self.record)

    @property
    def is_pair(self) -> bool:
        return is_gated(self.record)

    def latex(self, argument: str) -> str:
        name = self.record.name.replace("_", r"\_")
        prime = "'" if self.is_slope else ""
        setting = rf";\ {self.setting}" if self.setting else ""
        rest = ", 0" if self.is_vector else f", {argument}" if self.is_pair else ""
        value = rf"\mathrm{{{name}}}{prime}({argument}{setting}{rest})"
        return typeset.one_of(self.record, value) if self.is_vector else value


@dataclass(frozen=True, kw_only=True)
class Whole(Term):
    """A function of vectors at all of z, or what is made of it; three components stand for all."""

    form: str = "{}(z)"  # in LaTeX, around its name

    def latex(self, argument: str) -> str:
        return self.form.format(rf"\mathrm{{{self.record.name}}}".replace("_", r"\_"))


@dataclass(frozen=True, kw_only=True)
class Relation:
    """left(x) = scale · right(stretch · x + shift) + offset."""

    left: Term
    right: Term
    scale: sp.Expr = sp.S.One
    stretch: sp.Expr = sp.S.One
    shift: sp.Expr = sp.S.Zero
    offset: sp.Expr = sp.S.Zero

    @property
    def is_plain(self) -> bool:
        return (self.scale, self.stretch, self.shift, self.offset) == (1, 1, 0, 0)

    @property
    def is_identity(self) -> bool:
        """The same function: at the defaults, or at every setting of as many parameters."""
        sides = (self.left, self.right)
        if not self.is_plain or any(side.is_slope or side.is_vector for side in sides):
            return False
        is_open = any(side.is_open for side in sides)
        alike = len({len(side.record.parameters) for side in sides}) == 1
        return (is_open and alike) or not any(side.setting for side in sides)

    def sides(self, x: Array) -> tuple[Array, Array]:
        """Both in actlib's numbers."""
        right = self.right.at(float(self.stretch) * x + float(self.shift))
        return self.left.at(x), float(self.scale) * right + float(self.offset)

    def holds(self) -> bool:
        """Likely, and then proved."""
        left, right = (self.left.values, self.right.values) if self.is_plain else self.sides(POINTS)
        if not np.allclose(left, right, rtol=1e-9, atol=1e-12):
            return False
        right = self.right.expression()
        if isinstance(right, sp.MatrixBase):
            return bool(sp.simplify(self.left.expression() - right).is_zero_matrix)
        right = right.subs(X, self.stretch * X + self.shift)
        return same(self.left.expression(), self.scale * right + self.offset)

    def turned(self) -> "Relation":
        """Solved for the right side."""
        return Relation(
            left=self.right,
            right=self.left,
            scale=1 / self.scale,
            stretch=1 / self.stretch,
            shift=-self.shift / self.stretch,
            offset=-self.offset / self.scale,
        )

    def latex(self) -> tuple[str, str]:
        """Its two sides; between them a line may be broken."""
        scale = "" if self.scale == 1 else rf"{_latex(self.scale)}\,"
        right = self.right.latex(_latex(self.stretch * X + self.shift))
        sign = "-" if self.offset < 0 else "+"
        offset = f" {sign} {_latex(abs(self.offset))}" if self.offset else ""
        return self.left.latex("x"), f"{scale}{right}{offset}"


def same(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether two expressions in x are proved to agree on every piece, and where pieces meet."""
    meet = pieces.boundaries(left) | pieces.boundaries(right) | {sp.S.Zero}
    if any(point.free_symbols for point in meet):
        return False  # undecided: which piece comes first depends on a parameter
    cuts = sorted(meet)
    between = [(low + high) / 2 for low, high in pairwise(cuts)]
    inside = (cuts[0] - 1, *between, cuts[-1] + 1)
    gaps = {p: pieces.piece(left, p) - pieces.piece(right, p) for p in (*inside, *cuts)}
    at_cuts = [gaps[cut].subs(X, cut) for cut in cuts]
    return all(sp.simplify(gap) == 0 for gap in (*(gaps[p] for p in inside), *at_cuts))


@cache
def relations(records: tuple[Record, ...]) -> list[Relation]:
    """For each two activations how one is the other, and whose slope is whose.

    Of some that are the same function, what the first is to others need not be told of the rest.
    """
    found = []
    for one, other in combinations(records, 2):
        searches = (_slope, _of_all)
        each = (search(*pair) for search in searches for pair in ((one, other), (other, one)))
        for candidates in (_equal(one, other), *each):
            proved = next((c for c in candidates if c.holds()), None)
            found += [proved] if proved else []
    pairs = {frozenset((r.left.record, r.right.record)) for r in found}
    twins = {
        later: first
        for first, later in reversed([*combinations(records, 2)])  # of three, the first stays
        for r in found
        if {r.left.record, r.right.record} == {first, later} and r.is_identity
    }

    def is_told(pair: frozenset[Record]) -> bool:
        """Of the twin of one of the two."""
        return any(pair - {r} | {twins[r]} in pairs - {pair} for r in pair if r in twins)

    return [r for r in found if not is_told(frozenset((r.left.record, r.right.record)))]


def _equal(one: Record, other: Record) -> Iterator[Relation]:
    """What may hold, the most general first."""
    for search in (_for_all_parameters, _at_settings, _stretched):
        yield from search(one, other)
        yield from search(other, one)


def _for_all_parameters(one: Record, other: Record) -> Iterator[Relation]:
    """one(x; its parameters) = other(x; one parameter that is some expression in these)."""
    if not (is_elementwise(one) and is_elementwise(other)):
        return
    if not one.parameters or any(p.stacked for p in one.parameters):
        return
    left = _open(one)
    values = [
        node
        for node in sp.preorder_traversal(one.definition)
        if isinstance(node, sp.Expr) and node.free_symbols and not node.has(X)
    ]
    for parameter, value in product(other.parameters, dict.fromkeys(values)):
        number = value.subs(exact(one.settings[-1]))
        if not parameter.stacked and parameter.domain.has(number):
            told = typeset.latex(parameter.symbol)
            right = Term(
                record=other,
                at=partial(other, **{parameter.name: float(number)}),
                expression=partial(_with_symbol, other, parameter.name, value),
                setting=told if value == parameter.symbol else f"{told} = {typeset.latex(value)}",
            )
            if right.is_allowed:
                yield Relation(left=left, right=right)


def _at_settings(one: Record, other: Record) -> Iterator[Relation]:
    """one(x), at its defaults, = other(x; some setting)."""
    left = _value(one)
    yield from (Relation(left=left, right=right) for right in _values(other, left))


def _slope(one: Record, other: Record) -> Iterator[Relation]:
    """one'(x) = other(x; some setting), unless it is a constant."""
    if not (is_elementwise(one) and is_elementwise(other)):
        return
    left = _slope_of(one)
    if np.ptp(left.values):
        yield from (Relation(left=left, right=right) for right in _values(other, left))


@cache
def _slope_of(record: Activation) -> Term:
    return Term(
        record=record,
        at=record.derivative,
        expression=cache(lambda: differentiate(_expression(record, ()))),
        is_slope=True,
    )


def _of_all(one: Record, other: Record) -> Iterator[Relation]:
    """∇one(z) = other(z) or z − one(z) = other(z), of one value and of K."""
    if not (is_reduction(one) and is_of_vectors(other)) or is_reduction(other):
        return
    gradient = Whole(
        record=one,
        at=lambda x: one.jacobian(_rows(x)),
        expression=lambda: one.components(Z).jacobian(Z).T,
        is_slope=True,
        form=r"\nabla {}(z)",
    )
    remainder = Whole(
        record=one,
        at=lambda x: _rows(x) - one(_rows(x), keepdims=True),
        expression=lambda: sp.Matrix([z_k - one.definition(Z) for z_k in Z]),
        form="z - {}(z)",
    )
    yield from (Relation(left=left, right=_whole(other)) for left in (gradient, remainder))


def _whole(record: OfVectors) -> Whole:
    return Whole(
        record=record, at=lambda x: record(_rows(x)), expression=lambda: record.components(Z)
    )


def _rows(x: Array) -> Array:
    """Three numbers for each of x."""
    return np.stack([x, 1 - x / 2, np.ones_like(x)], axis=-1)


def _stretched(one: Record, other: Record) -> Iterator[Relation]:
    """one(x) = scale · other(stretch · x + shift; some setting) + offset, unless one is a line."""
    if not (is_elementwise(one) and is_elementwise(other)):
        return
    left = _value(one)
    y = left.values
    if not np.ptp(np.diff(y) / np.diff(POINTS)):
        return
    numbers = _numbers(left.expression())
    inner, (stretches, shifts) = _inner(numbers)
    for right in _values(other, left):
        scales, offsets = _lines(right.at(stretches * POINTS + shifts), y)
        for n in np.flatnonzero(np.isfinite(scales) & (scales != 0)):
            stretch, shift = inner[n]
            yield Relation(
                left=left,
                right=right,
                scale=_exact(scales[n], numbers),
                stretch=stretch,
                shift=shift,
                offset=_exact(offsets[n], numbers),
            )


@cache
def _inner(numbers: tuple[sp.Rational, ...]) -> tuple[list[tuple[sp.Rational, ...]], Array]:
    """What may stand around x: each stretch with its shift, and the same as columns of floats."""
    inner = [(stretch, shift) for shift, stretch in product(numbers, numbers) if stretch > 0]
    return inner, np.array(inner, dtype=float).T[..., None]


def _lines(z: Array, y: Array) -> Array:
    """For each row of z the scale, and the offset, for which scale · z + offset is y, or NaN."""
    low, high = y.argmin(), y.argmax()
    with np.errstate(all="ignore"):
        scale = (y[high] - y[low]) / (z[:, high] - z[:, low])
        offset = y[low] - scale * z[:, low]
        error = np.abs(scale[:, None] * z + offset[:, None] - y).max(axis=1)
    return np.where(error < 1e-9, (scale, offset), np.nan)


def _exact(value: float, numbers: tuple[sp.Rational, ...]) -> sp.Rational:
    """The number of the formulas that it is, or a short fraction."""
    near = (n for n in numbers if abs(float(n) - value) < 1e-9)
    return next(near, sp.Rational(value).limit_denominator(100))


@cache
def _numbers(expression: sp.Expr) -> tuple[sp.Rational, ...]:
    """1, 0, and the numbers of a formula and their quotients: what may stand in another formula."""
    written = {n for n in expression.atoms(sp.Rational) if n.is_finite}
    quotients = {a / b for a, b in product(written, written) if b}
    return (sp.S.One, sp.S.Zero, *sorted((written | quotients) - {0, 1}))


@cache
def _open(record: Activation) -> Term:
    """With its parameters left open; in numbers, at the last of its sampled settings."""
    symbols = ",\\ ".join(typeset.latex(p.symbol) for p in record.parameters)
    return Term(
        record=record,
        at=partial(record, **dict[str, Any](record.settings[-1])),
        expression=partial(at_setting, record.definition, {}),
        setting=symbols,
        is_open=True,
    )


def _with_symbol(record: Activation, name: str, value: sp.Expr) -> sp.Expr:
    """At the defaults, but for one parameter."""
    others = {n: v for n, v in record.settings[0].items() if n != name}
    symbol = next(p.symbol for p in record.parameters if p.name == name)
    return at_setting(record.definition, others).subs(symbol, value)


@cache
def _is_in(domain: Domain, number: sp.Rational) -> bool:
    """SymPy compares exactly, and slowly: the same few numbers come again for every two records."""
    return bool(domain.has(number))


def _values(record: Record, other: Term) -> Iterator[Term]:
    """At the defaults; with one parameter that is a number of the other; as sampled."""
    yield _value(record)
    if is_elementwise(record):
        singles = product(record.parameters, _numbers(other.expression()))
        changes = [{p.name: n} for p, n in singles if not p.stacked and _is_in(p.domain, n)]
        terms = (_value(record, tuple(c.items())) for c in (*changes, *record.samples))
        yield from (term for term in terms if term.is_allowed)


@cache
def _value(record: Record, changed: tuple[tuple[str, Any], ...] = ()) -> Term:
    """The function itself; of one of vectors, its first component or its only one, at (x, 0)."""
    if is_gated(record):
        return Term(
            record=record,
            at=lambda x: record(x, x),
            expression=lambda: record.definition.subs({VALUE: X, GATE: X}),
        )
    if is_of_vectors(record):
        return Term(
            record=record,
            at=lambda x: record(np.stack([x, 0 * x]), axis=0).reshape(-1, *x.shape)[0],
            expression=cache(lambda: at_setting(record.components((X, sp.S.Zero))[0], {})),
        )
    symbols = {p.name: typeset.latex(p.symbol) for p in record.parameters}
    told = (f"{symbols[name]} = {_latex(value)}" for name, value in changed)
    return Term(
        record=record,
        at=partial(record, **{name: _float(value) for name, value in changed}),
        expression=partial(_expression, record, changed),
        setting=r",\ ".join(told),
    )


@cache
def _expression(record: Activation, changed: tuple[tuple[str, Any], ...]) -> sp.Expr:
    return at_setting(record.definition, {**record.settings[0], **dict(changed)})


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, sp.Rational) else value


def _latex(value: Any) -> str:
    """A setting or an expression; 0.2, which no float is, as one fifth."""
    if isinstance(value, int | float | tuple):
        return text(value)
    return typeset.latex(sp.sympify(value).replace(_is_rounded, _short))


def _is_rounded(node: sp.Basic) -> bool:
    return node.is_Rational and abs(_short(node) - node) < 1e-15


def _short(number: sp.Rational) -> sp.Rational:
    return number.limit_denominator(1000)
