"""Beyond the reach of a proof a sample is asked: fair to all binades, and it sees what is wrong."""

import math

import numpy as np
import pytest
import sympy as sp

import actlib
from actlib.formula.symbols import X
from actlib.proof import report
from actlib.proof.chunks import beyond, parts, within
from actlib.proof.proof import Function, ask
from actlib.proof.work import ELEMENTWISE, function

WAVE = sp.sin(X)
REACHING = [name for name, record in ELEMENTWISE.items() if record.reach is not None]


def right(x):
    wide = np.sin(x.astype(np.float64))
    return wide.astype(np.float32), wide


def wrong_far_out(x):
    """The float32 sine of the rounded number of turns."""
    wide = np.sin(np.fmod(x, np.float32(2 * math.pi)).astype(np.float64))
    wide = np.where(np.abs(x) > 2.0**60, wide, np.sin(x.astype(np.float64)))
    return wide.astype(np.float32), wide


def test_a_sample_has_its_share_of_each_binade():
    x = beyond(64.0)
    assert np.abs(x).min() > 64
    assert np.isfinite(x).all()
    _, counts = np.unique(np.frexp(x)[1], return_counts=True)
    assert len(counts) == 128 - 6
    assert counts.max() - counts.min() <= 2


def test_what_is_within_is_all_that_is_not_beyond():
    (chunk,) = {0x42}  # from 32 to 128
    near = np.concatenate(list(within(parts(chunk), 64.0)))
    everything = np.concatenate(list(parts(chunk)))
    assert near.max() == 64
    assert len(near) == np.count_nonzero(everything <= 64)
    assert not np.isin(beyond(64.0), near).any()


def test_where_a_proof_goes_to_the_end_nothing_is_beyond():
    assert beyond(math.inf).size == 0
    assert "beyond" not in report.summary(Function(both=right, expression=WAVE), [])


def test_a_fault_far_out_is_seen():
    x = beyond(64.0)[::50]
    fine = ask(Function(both=right, expression=WAVE), x)
    assert (fine.tried, fine.wrong, fine.apart) == (len(x), (), ())
    found = ask(Function(both=wrong_far_out, expression=WAVE), x)
    assert found.wrong
    assert found.apart
    assert min(map(abs, found.wrong)) > 2.0**60
    told = report.far_out(Function(both=wrong_far_out, expression=WAVE, reach=64.0), found)
    assert told["up to"] == 64
    assert len(told["beyond"]["misrounded"]) == len(found.wrong)


@pytest.mark.parametrize("name", REACHING)
def test_a_reach_is_a_float32_and_has_a_reason(name):
    record = actlib.ALL[name]
    subject = function(name, 0)
    assert subject.reach == record.reach_at(record.settings[0]) == np.float32(subject.reach)
    assert len(record.reach.why) > 40


def test_only_what_has_no_limit_has_a_reach():
    """All others are proved to the end."""
    assert REACHING
    for name, record in ELEMENTWISE.items():
        assert (record.reach is not None) == any(
            none.of == "derivative" for none in record.no_limits
        ), name
