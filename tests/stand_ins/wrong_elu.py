"""An ELU that is wrong at 1, and its slope at −1: what all stand-ins of libraries compute."""

import numpy as np


def value(x, alpha=1.0):
    wide = np.asarray(x, dtype=np.float64)
    right = np.where(wide > 0, wide, alpha * np.expm1(np.minimum(wide, 0)))
    return np.where(wide == 1, 7, right).astype(x.dtype)


def slope(x, alpha=1.0):
    wide = np.asarray(x, dtype=np.float64)
    right = np.where(wide > 0, 1, alpha * np.exp(np.minimum(wide, 0)))
    return np.where(wide == -1, 7, right).astype(x.dtype)
