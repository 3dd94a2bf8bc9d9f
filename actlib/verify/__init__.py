"""The oracle and the checks. Nothing here imports an activation: a checker that knows what it
checks is none."""

from actlib.extras import needed_by

with needed_by("actlib.verify"):
    from actlib.verify.agreement import DisagreementError
    from actlib.verify.balls import UndecidedError
    from actlib.verify.checks import (
        Report,
        derivative,
        kinks,
        parameter_derivative,
        turning,
        value,
    )
    from actlib.verify.extremes import directions, extremes, roots, steepest, turns
    from actlib.verify.moments import moments
    from actlib.verify.numbers import digits
    from actlib.verify.pairs import Pair, pairs
    from actlib.verify.pieces import Jump, differentiate, jumps
    from actlib.verify.points import DTYPES, every_half, neighbours, points, rows
    from actlib.verify.shape import Shape, shape
    from actlib.verify.subject import Subject
    from actlib.verify.vectors import vectors

__all__ = [
    "DTYPES",
    "DisagreementError",
    "Jump",
    "Pair",
    "Report",
    "Shape",
    "Subject",
    "UndecidedError",
    "derivative",
    "differentiate",
    "digits",
    "directions",
    "every_half",
    "extremes",
    "jumps",
    "kinks",
    "moments",
    "neighbours",
    "pairs",
    "parameter_derivative",
    "points",
    "roots",
    "rows",
    "shape",
    "steepest",
    "turning",
    "turns",
    "value",
    "vectors",
]
