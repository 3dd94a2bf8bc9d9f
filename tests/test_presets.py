"""Presets: what holds for a record holds for its settings that have a name."""

import re

import numpy as np
import pytest

import actlib
from actlib.formula.symbols import X, at_setting
from actlib.show import card
from website import names

every_preset = pytest.mark.parametrize("preset", actlib.PRESETS.values(), ids=lambda p: p.name)
POINTS = np.array([-7.0, -1.5, -1e-3, 0.0, 0.25, 5.9, 6.0, 6.1, np.inf, -np.inf], np.float32)


def test_there_are_some():
    assert {"relu6", "sparse_sigmoid"} <= set(actlib.PRESETS)
    assert not set(actlib.PRESETS) & set(actlib.ALL)


@every_preset
def test_it_is_its_record_at_that_setting(preset):
    setting = preset.preset.setting
    np.testing.assert_array_equal(preset(POINTS), preset.record(POINTS, **setting))
    slopes = preset.record.derivative(POINTS, **setting)
    np.testing.assert_array_equal(preset.derivative(POINTS), slopes)
    whole = {**preset.record.settings[0], **setting}
    left = at_setting(preset.definition, whole) - at_setting(preset.record.definition, whole)
    assert all(left.subs(X, x) == 0 for x in (-5, 0, 3))


@every_preset
def test_the_laws_run_at_its_setting(preset):
    """All that is proved and tested of sampled settings is so of it."""
    whole = {**preset.record.settings[0], **preset.preset.setting}
    assert whole in preset.record.settings, f"{preset.name}: add its setting to the samples"


@every_preset
def test_it_is_called_like_any_function(preset):
    out = np.empty(POINTS.shape, np.float32)
    assert preset(POINTS, out=out) is out
    assert preset(0.5).shape == ()
    assert getattr(actlib, preset.name) is preset
    assert preset.name in actlib.__all__
    assert preset.preset.title in preset.__doc__
    with pytest.raises(TypeError, match="argument"):
        preset(POINTS, 3.0)


NAMES = {
    "swish": "silu",
    "quick_gelu": "silu",
    "hard_silu": "hard_swish",
    "relu6": "relu",
    "thresholded_relu": "threshold",
    "sparse_sigmoid": "hard_sigmoid",
    "star_relu": "squared_relu",
    "lecun_tanh": "scaled_tanh",
    "dyt": "scaled_tanh",
    "identity": "linear",
    "shrink": "hard_shrink",
    "clip": "hard_tanh",
    "softmax2d": "softmax",
}
"""Under which a function is known without a chapter of its own: where a reader is to find it."""


@pytest.mark.parametrize("name", NAMES)
def test_a_name_without_a_chapter_leads_to_one(name):
    record = actlib.ALL[NAMES[name]]
    assert name in of(record)
    shown = card.facts(record).lower()
    assert f"`{name}` (" in shown or re.search(rf"\b{name}\b", shown)


def of(record):
    return set(map(str.lower, names.names(record)))


@every_preset
def test_a_reader_finds_it_in_the_chapter_and_in_the_search(preset):
    assert f"`{preset.name}` (" in card.facts(preset.record)
    assert preset.name in of(preset.record)
