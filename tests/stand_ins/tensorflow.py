"""As much of TensorFlow as its adapter uses."""

from types import SimpleNamespace

import numpy as np
import wrong_elu

__version__ = "0.3"
config = SimpleNamespace(list_physical_devices=lambda kind: [])


class Tensor:
    def __init__(self, x, alpha=None):
        self.x, self.alpha = x, alpha

    def numpy(self):
        return self.x


constant = Tensor


class GradientTape:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.left = True

    def watch(self, x):
        self.watched = x

    def gradient(self, y, x):
        assert self.left
        assert x is self.watched
        return None if y.alpha is None else Tensor(wrong_elu.slope(x.x, y.alpha))


def elu(x, alpha=1.0):
    return Tensor(wrong_elu.value(x.x, alpha), alpha)


def sign(x):
    return Tensor(np.sign(x.x))


nn = SimpleNamespace(elu=elu)
