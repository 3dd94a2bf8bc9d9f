"""When a ball tells a number to more digits than any float has."""

from actlib.verify.balls import Ball


def is_sharp(truth: Ball) -> bool:
    """Is it known to 2^-60, or below all that does not round to 0?"""
    vanishes = abs(truth) * 2.0**1000 < 2.0**-100
    return bool(vanishes or (truth.is_finite() and truth.rad() <= abs(truth.mid()) * 2.0**-60))
