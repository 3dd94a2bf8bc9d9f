"""The settings at which a function can be shown: those at which it does not swing too fast."""

from collections.abc import Sequence

import numpy as np

from actlib.call.elementwise import Activation
from actlib.call.shapes import AnyRecord, is_elementwise
from actlib.formula.setting import Setting

LEFT, RIGHT = -4.0, 4.0  # what small pictures show
SWINGS = 8  # that can be told apart there


def settings(record: AnyRecord) -> Sequence[Setting]:
    """The defaults and the samples, in this order, without those that would fill a picture."""
    if not is_elementwise(record):
        return record.settings
    calm = [setting for setting in record.settings if _swings(record, setting) <= SWINGS]
    return calm or record.settings


def _swings(record: Activation, setting: Setting) -> int:
    """How often the slope changes its sign."""
    slope = record.derivative(np.linspace(LEFT, RIGHT, 2001), **setting)
    signs = np.sign(slope[slope != 0])
    return int(np.count_nonzero(np.diff(signs)))
