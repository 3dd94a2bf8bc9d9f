"""The truth of some activations once more, by mpmath: nothing here comes from actlib.

Each formula is as a paper prints it, and its derivative was written by hand. With 400 digits it
may cancel as much as it likes.
"""

from fractions import Fraction
from math import isfinite

from mpmath import MPContext

mp = MPContext()  # of our own: the digits of mpmath are one setting for a whole process
mp.dps = 400
ALPHA = mp.mpf("1.67326324235437728481704298")
SCALE = mp.mpf("1.05070098735548049341933498")
SLOPE, CUBE = mp.sqrt(2 / mp.pi), mp.mpf("0.044715")


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log(1 + mp.exp(x))


def tanh(x):
    return (mp.exp(x) - mp.exp(-x)) / (mp.exp(x) + mp.exp(-x))


def normal_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def inner(x):
    """What GELU with tanh takes the tanh of."""
    return SLOPE * (x + CUBE * x**3)


def gelu_tanh(x):
    return x * sigmoid(2 * inner(x))


def gelu_tanh_slope(x):
    s = sigmoid(2 * inner(x))
    return s + 2 * x * s * sigmoid(-2 * inner(x)) * SLOPE * (1 + 3 * CUBE * x * x)


def mish_slope(x):
    t = tanh(softplus(x))
    return t + x * (1 - t * t) * sigmoid(x)


def elu(x):
    return x if x > 0 else mp.exp(x) - 1


def hard(x):
    """The straight line of hard sigmoid and hard swish, with its ends."""
    return min(max(x / 6 + mp.mpf(1) / 2, 0), 1)


TRUTH = {
    ("sigmoid", "f"): sigmoid,
    ("sigmoid", "f'"): lambda x: sigmoid(x) * sigmoid(-x),
    ("tanh", "f"): tanh,
    ("tanh", "f'"): lambda x: 4 / (mp.exp(x) + mp.exp(-x)) ** 2,
    ("softplus", "f"): softplus,
    ("softplus", "f'"): sigmoid,
    ("elu", "f"): elu,
    ("elu", "f'"): lambda x: mp.mpf(1) if x > 0 else mp.exp(x),
    ("selu", "f"): lambda x: SCALE * (x if x > 0 else ALPHA * (mp.exp(x) - 1)),
    ("selu", "f'"): lambda x: SCALE * (mp.mpf(1) if x > 0 else ALPHA * mp.exp(x)),
    ("softsign", "f"): lambda x: x / (1 + abs(x)),
    ("softsign", "f'"): lambda x: 1 / (1 + abs(x)) ** 2,
    ("gelu", "f"): lambda x: x * normal_cdf(x),
    ("gelu", "f'"): lambda x: normal_cdf(x) + x * density(x),
    ("gelu_tanh", "f"): gelu_tanh,
    ("gelu_tanh", "f'"): gelu_tanh_slope,
    ("silu", "f"): lambda x: x * sigmoid(x),
    ("silu", "f'"): lambda x: sigmoid(x) * (1 + x * sigmoid(-x)),
    ("mish", "f"): lambda x: x * tanh(softplus(x)),
    ("mish", "f'"): mish_slope,
    ("hard_sigmoid", "f"): hard,
    ("hard_sigmoid", "f'"): lambda x: mp.mpf(1) / 6 if abs(x) < 3 else mp.mpf(0),
    ("hard_swish", "f"): lambda x: x * hard(x),
}
"""By activation and function, at the parameters that books and libraries have: our defaults, but"""
SETTINGS = {"hard_sigmoid": {"slope": Fraction(1, 6)}}

FORMS = {"float16": (11, -14), "bfloat16": (8, -126), "float32": (24, -126), "float64": (53, -1022)}
"""Digits in base 2, and the exponent of the smallest normal number."""


def truth(activation, function, x):
    """To 400 digits; None where no formula is here."""
    formula = TRUTH.get((activation, function))
    return None if formula is None or not isfinite(x) else mp.mpf(formula(mp.mpf(x)))


def told(value):
    """Twenty digits of it."""
    return mp.nstr(value, 20)


def rounded(value, dtype):
    """The number of a type that is nearest to it, ties to even, as a float."""
    digits, least = FORMS[dtype]
    if value == 0:
        return 0.0
    exponent = max(int(mp.floor(mp.log(abs(value), 2))), least)
    ulp = mp.ldexp(mp.mpf(1), exponent - digits + 1)
    nearest = float(mp.nint(value / ulp) * ulp)
    largest = float((2 - mp.ldexp(mp.mpf(1), 1 - digits)) * mp.ldexp(mp.mpf(1), 1 - least))
    return nearest if abs(nearest) <= largest else float("inf") * (1 if value > 0 else -1)
