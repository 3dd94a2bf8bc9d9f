"""The oracle: a SymPy expression evaluated in ball arithmetic.

A ball is a midpoint and a radius, and the true value lies inside: Arb carries the error bound
through every operation (Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic", 2017). A result that "looks converged" is never trusted; where a ball is too wide to
decide a question, the question is asked again with four times the digits.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any, TypeVar

import sympy as sp
from flint import arb, ctx

Ball = Any  # flint's arb, which has no type information
Evaluator = Callable[[Sequence[Ball]], Ball]
Answer = TypeVar("Answer")

PRECISIONS = (128, 512, 2048, 8192, 32_768)  # bits


class UndecidedError(ArithmeticError):
    """A ball was too wide to tell on which side of a condition it lies."""


def evaluator(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Evaluator:
    """A function from one ball per symbol to the ball of `expression`."""
    return _compile(sp.sympify(expression), {s: i for i, s in enumerate(symbols)})


def decide(
    evaluate: Evaluator, at: Sequence[float], ask: Callable[[Ball], Answer | None]
) -> Answer:
    """ask(ball of the expression at these exact numbers), with more digits while it says None."""
    before = ctx.prec
    try:
        for ctx.prec in PRECISIONS:
            try:
                answer = ask(evaluate([arb(value) for value in at]))
            except UndecidedError:
                continue
            if answer is not None:
                return answer
    finally:
        ctx.prec = before
    raise UndecidedError(f"undecided with {PRECISIONS[-1]} bits at {at}")


def decide_each(
    evaluate: Evaluator, points: Sequence[float], ask: Callable[[int, Ball], Answer | None]
) -> list[Answer]:
    """decide at each point in turn, where ask is told its number too: first at the one precision

    that is nearly always enough, which is set once.
    """
    with ctx.workprec(PRECISIONS[0]):
        first = [_asked(evaluate, at, partial(ask, i)) for i, at in enumerate(points)]
    return [
        decide(evaluate, [points[i]], partial(ask, i)) if answer is None else answer
        for i, answer in enumerate(first)
    ]


def _asked(evaluate: Evaluator, at: float, ask: Callable[[Ball], Answer | None]) -> Answer | None:
    try:
        return ask(evaluate([arb(at)]))
    except UndecidedError:
        return None


def _compile(node: Any, index: Mapping[sp.Symbol, int]) -> Callable[[Sequence[Ball]], Any]:
    """One closure for each node of the expression tree; a condition gives True or False."""
    if node.is_Symbol:
        position = index[node]
        return lambda at: at[position]
    if node in (sp.oo, -sp.oo):
        return lambda at: arb("inf") if node is sp.oo else arb("-inf")
    if node.is_Rational:
        numerator, denominator = int(node.p), int(node.q)
        return lambda at: arb(numerator) / denominator
    if node.is_Float:
        raise TypeError(f"{node} is a rounded number; an exact definition needs a Rational")
    if node in (sp.true, sp.false):
        return lambda at: node is sp.true

    if isinstance(node, sp.Piecewise):
        pieces = [(_compile(value, index), _compile(test, index)) for value, test in node.args]

        def piecewise(at: Sequence[Ball]) -> Ball:
            for value, test in pieces:
                if test(at):
                    return value(at)
            return arb.nan()

        return piecewise

    if isinstance(node, sp.Pow):
        base = _compile(node.base, index)
        if node.exp.is_Integer:
            count = int(node.exp)
            return lambda at: base(at) ** count
        exponent = _compile(node.exp, index)
        return lambda at: base(at) ** exponent(at)

    arguments = [_compile(argument, index) for argument in node.args]
    operation = _operation(node)
    return lambda at: operation(*[argument(at) for argument in arguments])


def _operation(node: Any) -> Callable[..., Any]:
    if isinstance(node, sp.Rel):
        return _RELATIONS[node.rel_op]
    if type(node) in _OPERATIONS:
        return _OPERATIONS[type(node)]
    method = getattr(arb, type(node).__name__, None)  # exp, log, tanh, erf, …
    if method is None:
        raise TypeError(f"no ball arithmetic for {type(node).__name__} in {node}")
    return method


def _surely(yes: Callable[..., bool], no: Callable[..., bool]) -> Callable[..., bool]:
    """Comparisons of balls are True only where they hold for all points: ask both ways."""

    def compare(left: Ball, right: Ball) -> bool:
        if yes(left, right):
            return True
        if no(left, right):
            return False
        raise UndecidedError(f"{left} against {right}")

    return compare


_RELATIONS: dict[str, Callable[..., bool]] = {
    "<": _surely(arb.__lt__, arb.__ge__),
    "<=": _surely(arb.__le__, arb.__gt__),
    ">": _surely(arb.__gt__, arb.__le__),
    ">=": _surely(arb.__ge__, arb.__lt__),
}

_OPERATIONS: dict[type, Callable[..., Any]] = {
    sp.Add: lambda *terms: reduce(arb.__add__, terms),
    sp.Mul: lambda *factors: reduce(arb.__mul__, factors),
    sp.Max: lambda *values: reduce(arb.max, values),
    sp.Min: lambda *values: reduce(arb.min, values),
    sp.Abs: abs,
    sp.And: lambda *tests: all(tests),
    sp.Or: lambda *tests: any(tests),
}
