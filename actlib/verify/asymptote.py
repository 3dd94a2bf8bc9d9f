"""Next to its limit, to which a function comes so close that no number of digits tells it apart.

Far out 2 tanh(x) + 0.7 lies below 2.7 by less than 2^(−10^24), and 2.7 can be the middle of two
floats. Which one is the nearer is known all the same: the expansion far out tells the side.
"""

import sympy as sp
from flint import arb, ctx, fmpq

from actlib.formula.symbols import X
from actlib.verify import far
from actlib.verify.balls import Ball, UndecidedError, decide, evaluator

CLOSE = arb(2) ** -2000


def next_to_the_limit(expression: sp.Expr, x: float) -> Ball:
    """A ball as good as the truth: at 2⁻²⁰⁰⁰ of the limit, on the side of the truth, which is

    closer still, and with no float and no middle of two in between.

    Raises:
        UndecidedError: The value is not as close to a limit that is a fraction.
    """
    outwards = expression if x > 0 else expression.subs(X, -X)
    start = max((s for s in far.STARTS if s <= abs(x)), default=abs(x))
    try:
        end = far.limit(outwards, start)
        if not isinstance(end, sp.Rational) or not end:
            raise UndecidedError(f"undecided, and not next to a fraction, at {x}")
        side = far.sign(outwards - end, start)
    except far.StrangeError as error:
        raise UndecidedError(f"undecided, and nothing is known far out, at {x}") from error
    limit = fmpq(int(end.p), int(end.q))
    decide(evaluator(expression, [X]), [x], lambda ball: abs(ball / limit - 1) < CLOSE or None)
    with ctx.workprec(4096):
        return limit * (1 + side * int(end.is_positive or -1) * CLOSE)
