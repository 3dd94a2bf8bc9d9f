"""The oracle: a SymPy expression evaluated in exact fractions, and in balls where it must be.

A ball is a midpoint and a radius, and the true value lies inside: Arb carries the error bound
through every operation (Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic", 2017). A result that "looks converged" is never trusted; where a ball is too wide to
decide a question, the question is asked again with four times the digits.

A number stays a fraction until it meets a function that leaves the fractions. So a tie of x (x + 3)
/ 6 is decided, which no ball does: the ball of 1/6 has a radius, with any digits.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import add, ge, gt, le, lt, mul
from typing import Any, TypeVar

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X

Ball = Any  # flint's arb, which has no type information
Number = Any  # a ball, or flint's fmpq: a fraction
Answer = TypeVar("Answer")
Closure = Callable[[Sequence[Number]], Any]
Closures = dict[Any, Closure | None]

PRECISIONS = (128, 512, 2048, 8192, 32_768)  # bits


class UndecidedError(ArithmeticError):
    """A ball was too wide to tell on which side of a condition it lies."""


@dataclass(frozen=True)
class Evaluator:
    """From one number per symbol to the ball of an expression: in balls alone, which is quick, or

    in fractions for as long as they last. Only these know a tie where a third comes in. Next to an
    asymptote neither tells, but what is known of it: there, a ball strictly on its own side.
    """

    quick: Callable[[Sequence[Ball]], Ball]
    exact: Callable[[Sequence[Number]], Ball]
    beside: Callable[[float], Ball | None] | None = None

    def then(self, change: Callable[[Ball], Ball]) -> "Evaluator":
        """The same, with something done to each ball."""
        quick, exact = self.quick, self.exact
        return Evaluator(lambda at: change(quick(at)), lambda at: change(exact(at)))


def evaluator(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Evaluator:
    """What evaluates `expression` at numbers for these symbols."""
    exact = compiled(expression, symbols, Exact())
    quick = compiled(expression, symbols, Arithmetic())
    beside = partial(_beside, expression) if list(symbols) == [X] else None
    return Evaluator(quick, lambda at: _ball(exact(at)), beside)


def _beside(expression: sp.Expr, x: float) -> Ball | None:
    from actlib.verify.asymptote import ball  # which asks for balls itself

    return ball(expression, x)


def compiled(
    expression: sp.Expr, symbols: Sequence[sp.Symbol], arithmetic: "Arithmetic"
) -> Closure:
    """The expression as a function of numbers for these symbols, in some arithmetic."""
    index = {symbol: i for i, symbol in enumerate(symbols)}
    whole = sp.sympify(expression)
    done: Closures = {node: None for node in _shared(whole)}
    return _compile(whole, index, arithmetic, done)


def _shared(expression: sp.Basic) -> set[sp.Basic]:
    """The parts that are compound, and occur in more than one other: computed once."""
    within = Counter(part for node in set(sp.preorder_traversal(expression)) for part in node.args)
    return {part for part, count in within.items() if count > 1 and part.args}


def _once(compute: Closure) -> Closure:
    """The same, which remembers what it last said, with these digits of these very numbers."""
    last: tuple[Any, int, Any] = (None, 0, None)

    def remembered(at: Sequence[Number]) -> Any:
        nonlocal last
        if last[0] is not at or last[1] != ctx.prec:
            last = (at, ctx.prec, compute(at))
        return last[2]

    return remembered


def decide(
    evaluate: Evaluator, at: Sequence[float], ask: Callable[[Ball], Answer | None]
) -> Answer:
    """ask(ball of the expression at these exact numbers), with more digits while it says None."""
    balls = [arb(value) for value in at]
    with ctx.workprec(PRECISIONS[0]):
        answer = _asked(evaluate.quick, balls, ask)
    if answer is not None:
        return answer
    numbers = [_exactly(value) for value in at]
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            answer = _asked(evaluate.exact, numbers, ask)
        if answer is not None:
            return answer
    truth = evaluate.beside(at[0]) if evaluate.beside is not None else None
    if truth is not None:
        with ctx.workprec(PRECISIONS[-1]):
            answer = ask(truth)
    if answer is None:
        raise UndecidedError(f"undecided with {PRECISIONS[-1]} bits at {at}")
    return answer


def decide_each(
    evaluate: Evaluator, points: Sequence[float], ask: Callable[[int, Ball], Answer | None]
) -> list[Answer]:
    """decide at each point in turn, where ask is told its number too: first at the one precision

    that is nearly always enough, which is set once.
    """
    with ctx.workprec(PRECISIONS[0]):
        first = [_asked(evaluate.quick, [arb(at)], partial(ask, i)) for i, at in enumerate(points)]
    return [
        decide(evaluate, [points[i]], partial(ask, i)) if answer is None else answer
        for i, answer in enumerate(first)
    ]


def _asked(
    compute: Callable[[Sequence[Number]], Ball],
    at: Sequence[Number],
    ask: Callable[[Ball], Answer | None],
) -> Answer | None:
    try:
        return ask(compute(at))
    except UndecidedError:
        return None


def _exactly(value: float) -> Number:
    """The fraction that a finite number is."""
    try:
        return fmpq(*value.as_integer_ratio())
    except (OverflowError, ValueError):  # an infinity, or NaN
        return arb(value)


def _ball(number: Number) -> Ball:
    return arb(number) if isinstance(number, fmpq) else number


def _compile(
    node: Any, index: Mapping[sp.Symbol, int], arithmetic: "Arithmetic", done: Closures
) -> Closure:
    """One closure for each node of the expression tree; a condition gives True or False.

    Those of shared nodes are found in `done`, or put there.
    """
    if node not in done:
        return _compiled(node, index, arithmetic, done)
    found = done[node]
    if found is None:
        done[node] = found = _once(_compiled(node, index, arithmetic, done))
    return found


def _compiled(
    node: Any, index: Mapping[sp.Symbol, int], arithmetic: "Arithmetic", done: Closures
) -> Closure:
    if node.is_Symbol:
        position = index[node]
        return lambda at: at[position]
    if node.is_Rational and node.is_finite:
        return arithmetic.constant(int(node.p), int(node.q))
    if node in _CONSTANTS:
        return lambda at: _CONSTANTS[node]()
    if hasattr(node, "ball"):  # a number that is known by its digits alone
        return lambda at: node.ball()
    if node.is_Float:
        raise TypeError(f"{node} is a rounded number; an exact definition needs a Rational")
    if node in (sp.true, sp.false):
        return lambda at: node is sp.true
    if isinstance(node, sp.Pow) and node.exp.is_Integer:
        base, count = _compile(node.base, index, arithmetic, done), int(node.exp)
        return lambda at: _integer_power(base(at), count)
    parts = [_compile(part, index, arithmetic, done) for part in _parts(node)]
    if isinstance(node, sp.Piecewise):
        return _piecewise(parts)
    operation = arithmetic.operation(node)
    return lambda at: operation(*[part(at) for part in parts])


def _parts(node: Any) -> Sequence[Any]:
    """What it is computed from; of pieces, value, test, value, test, …"""
    if isinstance(node, sp.Piecewise):
        return [part for piece in node.args for part in piece]
    return node.args


def _piecewise(parts: Sequence[Callable[..., Any]]) -> Callable[..., Number]:
    pieces = list(zip(parts[::2], parts[1::2], strict=True))

    def owner(at: Sequence[Number]) -> Number:
        for value, test in pieces:
            if test(at):
                return value(at)
        return arb.nan()

    return owner


def _integer_power(base: Number, count: int) -> Number:
    if isinstance(base, fmpq) and not (count < 0 and base == 0):
        return base**count
    # A fraction has no 1/0, a ball has: it is no number.
    power = _multiplied(_ball(base), abs(count))
    return 1 / power if count < 0 else power


def _multiplied(base: Ball, count: int) -> Ball:
    """base^count. flint's own power of a tiny ball around 0 is no number."""
    if count == 1:
        return base
    half = _multiplied(base, count // 2)
    return half * half * base if count % 2 else half * half


def _power(base: Ball, exponent: Ball) -> Ball:
    return base.sqrt() if exponent == HALF else base**exponent


def _surely(yes: Callable[..., bool], no: Callable[..., bool]) -> Callable[..., bool]:
    """Comparisons of balls are True only where they hold for all points: ask both ways."""

    def compare(left: Number, right: Number) -> bool:
        if yes(left, right):
            return True
        if no(left, right):
            return False
        raise UndecidedError(f"{left} against {right}")

    return compare


HALF = fmpq(1, 2)

_CONSTANTS: dict[Any, Callable[[], Ball]] = {
    sp.oo: lambda: arb("inf"),
    -sp.oo: lambda: arb("-inf"),
    sp.pi: arb.pi,
    sp.E: arb.const_e,
}

_RELATIONS: dict[str, Callable[..., bool]] = {
    "<": _surely(lt, ge),
    "<=": _surely(le, gt),
    ">": _surely(gt, le),
    ">=": _surely(ge, lt),
}

_OF_FRACTIONS: dict[type, Callable[..., Any]] = {
    sp.Add: lambda *terms: reduce(add, terms),
    sp.Mul: lambda *factors: reduce(mul, factors),
    sp.Abs: abs,
    sp.And: lambda *tests: all(tests),
    sp.Or: lambda *tests: any(tests),
    sp.Not: lambda test: not test,
    sp.ITE: lambda test, yes, no: yes if test else no,
}

_OF_BALLS: dict[type, Callable[..., Ball]] = {
    sp.Pow: _power,
    sp.Max: lambda *values: reduce(arb.max, values),
    sp.Min: lambda *values: reduce(arb.min, values),
    sp.LambertW: lambda value, *branch: value.lambertw(*(int(b.unique_fmpz()) for b in branch)),
}


class Arithmetic:
    """In balls alone."""

    def constant(self, numerator: int, denominator: int) -> Callable[..., Number]:
        return lambda at: arb(numerator) / denominator

    def operation(self, node: Any) -> Callable[..., Any]:
        if isinstance(node, sp.Rel):
            return self.relation(_RELATIONS[node.rel_op])
        if type(node) in _OF_FRACTIONS:
            return _OF_FRACTIONS[type(node)]
        of_balls = _OF_BALLS.get(type(node)) or getattr(arb, type(node).__name__, None)
        if of_balls is None:
            raise TypeError(f"no ball arithmetic for {type(node).__name__} in {node}")
        return self.of_balls(of_balls)  # exp, log, tanh, erf, …

    def relation(self, compare: Callable[..., bool]) -> Callable[..., bool]:
        return compare

    def of_balls(self, function: Callable[..., Ball]) -> Callable[..., Ball]:
        return function


class Exact(Arithmetic):
    """In fractions, and in balls from the first function on that leaves them."""

    def constant(self, numerator: int, denominator: int) -> Callable[..., Number]:
        fraction = fmpq(numerator, denominator)
        return lambda at: fraction

    def relation(self, compare: Callable[..., bool]) -> Callable[..., bool]:
        def alike(left: Number, right: Number) -> bool:
            both = isinstance(left, fmpq) and isinstance(right, fmpq)
            return compare(left, right) if both else compare(_ball(left), _ball(right))

        return alike

    def of_balls(self, function: Callable[..., Ball]) -> Callable[..., Ball]:
        return lambda *numbers: function(*map(_ball, numbers))
