"""Softmax, logsumexp and the loss on vectors of any length and spread, against ball arithmetic.

Correctly rounded in float16, bfloat16 and float32. In float64 at most 4 ulp of the true value; of
the largest terms where a sum may cancel to nothing.
"""

import ml_dtypes
import numpy as np
import pytest
from flint import arb, ctx

from actlib import logsumexp, softmax, softmax_cross_entropy
from actlib.verify import ulp
from actlib.verify.vectors import WIDE_BOUND

DTYPES = [*map(np.dtype, (np.float16, ml_dtypes.bfloat16, np.float32, np.float64))]

# A ball says when it is too wide. Most results need few bits; then more than the 1074 below 1 at
# which float64 ends; then enough for exp(-10,000) beside a tie.
PRECISIONS = (128, 1200, 16_000)
SHAPES = [(2, 100), (1000, 1), (100_000, 1)]  # from this length on, one longer each time


def drawn(dtype, length, spread):
    """Logits, what comes from above, and labels that sum to about 1."""
    random = np.random.default_rng([length, int(spread)])
    logits = random.uniform(-spread / 2, spread / 2, length).astype(dtype)
    upstream = random.normal(size=length).astype(dtype)
    labels = np.zeros(length, dtype)
    labels[: min(length, 10)] = random.dirichlet(np.ones(min(length, 10))).astype(dtype)
    return logits, upstream, random.permutation(labels)


def truths(logits, upstream, labels):
    """For each result: the balls, and the sizes of the terms of which they are sums."""
    z, u, y = ([arb(v) for v in array.tolist()] for array in (logits, upstream, labels))
    top = int(logits.argmax())
    e = [(v - z[top]).exp() for v in z]
    total = sum(e, arb(0))
    f = [v / total for v in e]
    centred = [v - u[top] for v in u]
    mean = sum((p * v for p, v in zip(f, centred, strict=True)), arb(0))
    size = sum((p * abs(v) for p, v in zip(f, centred, strict=True)), arb(0))
    surprise = [total.log() - (v - z[top]) for v in z]
    loss = sum((a * b for a, b in zip(y, surprise, strict=True)), arb(0))
    all_labels = sum(y, arb(0))
    both = list(zip(f, y, strict=True))
    high, log_sum = z[top], z[top] + total.log()
    return {
        "value": (f, f),
        "log sum": ([log_sum], [arb.max(abs(log_sum), (abs(high) + total.log()) / 2**16)]),
        "vjp": (
            [p * (v - mean) for p, v in zip(f, centred, strict=True)],
            [p * (abs(v) + size) for p, v in zip(f, centred, strict=True)],
        ),
        "loss": ([loss], [loss]),
        "slope": (
            [p * all_labels - v for p, v in both],
            [p * (all_labels - v) + v * (1 - p) for p, v in both],
        ),
    }


def distances(got, balls, sizes):
    """In ulp of float64; in narrower types 0 where the result is the nearest number.

    None where the balls are too wide.
    """
    if got.dtype == np.float64:
        entries = zip(got.tolist(), balls, sizes, strict=True)
        return [ulp.error(g, ball, got.dtype, size) for g, ball, size in entries]
    rounding = ulp.Rounding(got)
    right = [rounding.holds(i, ball) for i, ball in enumerate(balls)]
    return [{True: 0, False: np.inf, None: None}[answer] for answer in right]


def worst(got, arrays, monkeypatch):
    """The largest distance in each result."""
    for precision in PRECISIONS:
        monkeypatch.setattr(ctx, "prec", precision)
        found = {name: distances(got[name], *truth) for name, truth in truths(*arrays).items()}
        if not any(None in each for each in found.values()):
            return {name: max(each) for name, each in found.items()}
    raise AssertionError(f"undecided with {precision} bits")


@pytest.mark.parametrize(("length", "count"), SHAPES, ids=str)
@pytest.mark.parametrize("spread", [1.0, 30.0, 700.0, 1e4])
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.name)
def test_any_length_and_spread(dtype, length, count, spread, monkeypatch):
    for i in range(count):
        z, u, y = drawn(dtype, length + i, spread)
        got = {
            "value": softmax(z),
            "log sum": logsumexp(z, keepdims=True),
            "vjp": softmax.vjp(z, u),
            "loss": softmax_cross_entropy(z, y)[None],
            "slope": softmax_cross_entropy.derivative(z, y),
        }
        for name, distance in worst(got, (z, u, y), monkeypatch).items():
            assert distance <= WIDE_BOUND, f"{name}: {distance} ulp"
