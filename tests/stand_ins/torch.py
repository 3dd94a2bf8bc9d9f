"""As much of PyTorch as its adapter uses. It too knows no bfloat16 of NumPy."""

import contextlib
import functools
import os
from types import SimpleNamespace

import ml_dtypes
import numpy as np
import wrong_elu

__version__ = "0.1"
float16, float32, float64, int16 = map(np.dtype, ("float16", "float32", "float64", "int16"))
bfloat16 = np.dtype(ml_dtypes.bfloat16)
backends = SimpleNamespace(cpu=SimpleNamespace(get_cpu_capability=lambda: "ABACUS"))
cuda = SimpleNamespace(get_device_name=lambda device: "a chip")
told = []  # what has been done


class Tensor:
    requires_grad = False
    alpha = 1.0

    def __init__(self, x, made_by=None):
        self.x, self.dtype, self.made_by = x, x.dtype, made_by

    def view(self, dtype):
        return Tensor(self.x.view(dtype))

    def to(self, device):
        told.append(f"to {device.type}")
        return self

    def requires_grad_(self):
        self.requires_grad = True
        return self

    def elu(self, alpha=1.0):
        y = Tensor(wrong_elu.value(self.x, alpha), alpha)
        y.requires_grad = self.requires_grad and grad_enabled[0]
        return y

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        if self.dtype == bfloat16:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.x


def from_numpy(x):
    if x.dtype == bfloat16:
        raise TypeError("can't convert np.ndarray of type ml_dtypes.bfloat16")
    return Tensor(x)


class device:
    def __init__(self, name):
        self.type = name

    def __str__(self):
        return self.type


def empty(size, device):
    if device.type not in ("cpu", "cuda"):
        raise RuntimeError(f"Invalid device string: '{device.type}'\nand much more")


grad_enabled = [True]


@contextlib.contextmanager
def no_grad():
    grad_enabled[0] = False
    yield
    grad_enabled[0] = True


def ones_like(y):
    return Tensor(np.ones_like(y.x))


def get_num_threads():
    return int(os.environ.get("OMP_NUM_THREADS", 3))


def grad(y, t, ones):
    assert np.all(ones.x == 1)
    return (Tensor(wrong_elu.slope(t.x, y.made_by)),)


autograd = SimpleNamespace(grad=grad)


default = [float32]
set_default_dtype = functools.partial(default.__setitem__, 0)
get_default_dtype = functools.partial(default.__getitem__, 0)


class Module:
    training = True

    def to(self, device):
        return self

    def eval(self):
        self.training = False
        return self


class ELU(Module):
    def __init__(self, alpha=1.0):
        self.alpha, self.dtype = alpha, get_default_dtype()

    def __call__(self, x):
        assert get_default_dtype() == float32
        assert not self.training
        assert self.dtype == x.dtype
        return x.elu(self.alpha)


def sign(x):
    return Tensor(np.sign(x.x))


def relu_(x):
    np.maximum(x.x, 0, out=x.x)
    return x


def both(x):
    return x, x


def half(x):
    return Tensor(x.x.astype(np.float16))


nn = SimpleNamespace(Module=Module, ELU=ELU, functional=SimpleNamespace(elu=Tensor.elu))
