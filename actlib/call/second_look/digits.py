"""The second look of last resort: a formula itself, with as many digits as it takes."""

import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import sympy as sp
from mpmath.ctx_mp import MPContext
from sympy.printing.pycode import MpmathPrinter

from actlib.formula.symbols import X

PRECISIONS = (128, 512, 2048, 8192)  # bits

ONE_AT_A_TIME = threading.Lock()
"""mpmath keeps the digits of pi and log 2 that it has found, and guards them against no thread."""


def sides(asked: Iterable[tuple[Any, ...]], symbols: Sequence[sp.Symbol] = (X,)) -> list[int]:
    """For each (expression in x, x, middle): the sign of expression(x) − middle, 0 for a tie.

    With other symbols than x there is a number for each of them.

    The digits are those of a context of our own: whoever uses mpmath beside us, in this thread or
    another, finds its own precision as it was.
    """
    with ONE_AT_A_TIME:
        context = MPContext()
        return [_side(context, tuple(symbols), *one) for one in asked]


def _side(context: Any, symbols: tuple[sp.Symbol, ...], expression: sp.Expr, *at: float) -> int:
    """The sign of the first difference that more digits confirm; 0 where there is none."""
    evaluate = eval(_compiled(expression, symbols), {"mpmath": context})
    *numbers, middle = at
    before = None
    for context.prec in PRECISIONS:
        gap = evaluate(*map(context.mpf, numbers)) - middle
        if before is not None and abs(gap - before) < abs(gap) / 2:
            return int(context.sign(gap))
        before = gap
    return 0


@lru_cache(maxsize=256)
def _compiled(expression: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> CodeType:
    printed = MpmathPrinter({"fully_qualified_modules": True}).doprint(expression)
    names = ", ".join(symbol.name for symbol in symbols)
    return compile(f"lambda {names}: {printed}", "<definition>", "eval")
