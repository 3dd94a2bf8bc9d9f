"""What is shown of a wave is a setting at which it can be seen."""

from cases import ELEMENTWISE

import actlib
from actlib.show import calm
from lab.sliders import opening


def test_a_fast_wave_is_shown_at_a_setting_at_which_it_is_slow():
    assert list(calm.settings(actlib.sine)) == list(actlib.sine.settings[1:])
    assert opening(actlib.sine) == {"omega": 1.0}


def test_all_others_are_shown_at_their_defaults():
    fast = [record.name for record in ELEMENTWISE if calm.settings(record)[0] != record.settings[0]]
    assert fast == ["sine"]
