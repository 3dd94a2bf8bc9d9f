"""At its kinks a function says one thing everywhere: in every type, in figures and in files."""

import ml_dtypes
import numpy as np
import pytest
import sympy as sp
from cases import ELEMENTWISE, every_setting
from matplotlib import pyplot

from actlib import verify
from actlib.formula.symbols import X, at_setting
from actlib.show import card, plot, typeset
from actlib.vectors import tables
from actlib.vectors.rounded import rounded
from actlib.verify.points import neighbours

TYPES = (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)
KINKED = [record for record in ELEMENTWISE if record.kinks]
every_kinked = pytest.mark.parametrize("record", KINKED, ids=lambda r: r.name)


def agree(got, expected):
    """The same bits; in float64, which is not rounded from a wider type, within the law's 4 ulp."""
    if got.dtype == np.float64:
        np.testing.assert_array_max_ulp(got, expected, maxulp=4)
    else:
        np.testing.assert_array_equal(got, expected)


@every_setting
@pytest.mark.parametrize("dtype", TYPES, ids=lambda t: t.__name__)
def test_value_and_slope_are_those_of_the_definition(record, setting, dtype):
    """On a kink or a turn, and at the two floats on either side: rounded from balls."""
    f = at_setting(record.definition, setting)
    places = record.kinks_at(setting) | record.turns_at(setting)
    x = np.array([n for p in places for n in neighbours(dtype(float(p)))], dtype)
    for function, expression in ((record, f), (record.derivative, sp.diff(f, X))):
        agree(function(x, **setting), rounded(expression, x))


@every_kinked
def test_what_is_said_to_be_returned_has_been_returned(record):
    """The check of the chapters and its card, at every setting that has the kink."""
    told = str(verify.kinks(record, record.definition))
    shown = str(card.kinks(record))
    for setting in record.settings:
        for there in record.at_kinks(setting):
            assert there.slope == record.derivative(there.x, **setting)
            assert f"{there.slope:g}" in told
    for kink in record.kinks:
        assert typeset.returned(record, kink) in shown


@every_kinked
def test_the_figure_has_its_dots_there(record, monkeypatch):
    monkeypatch.setattr(pyplot, "show", lambda: None)
    for setting in record.settings:
        plot.curve(record, **setting)
        (axes,) = pyplot.gcf().axes
        dots = {xy for line in axes.lines if line.get_marker() == "o" for xy in _points(line)}
        pyplot.close("all")
        inside = [there for there in record.at_kinks(setting) if -5 < there.x < 5]
        found = verify.jumps(at_setting(record.definition, setting))
        expected = {(t.x, t.slope) for t in inside if found[t.point].left != found[t.point].right}
        expected |= {(t.x, t.value) for t in inside if found[t.point].height != 0}
        assert dots == expected


def _points(line):
    return zip(*map(np.ndarray.tolist, line.get_data()), strict=True)


@every_kinked
def test_the_test_vectors_have_them(record):
    for table in tables.tables(record):
        setting = {name: table.key["parameters"][name] for name in record.settings[0]}
        for columns in table.types.values():
            x = np.array([float(p) for p in record.kinks_at(setting)]).astype(columns["x"].dtype)
            rows = [np.flatnonzero(columns["x"] == point)[-1] for point in x]
            for name, function in (("f", record), ("f'", record.derivative)):
                agree(function(x, **setting), columns[name][rows])
