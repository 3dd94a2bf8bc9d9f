"""Activations as courses print them: each step in the type of x, without a thought for digits."""

import numpy as np

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # of SELU
TANH, CUBE = np.sqrt(2 / np.pi).item(), 0.044715  # of GELU with tanh


def typed(x, *constants):
    """Constants as numbers of the type of x."""
    return [x.dtype.type(constant) for constant in constants]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh_slope(x):
    return 1 - np.tanh(x) ** 2


def softplus(x):
    return np.log(1 + np.exp(x))


def softplus_slope(x):
    return sigmoid(x)


def log_sigmoid(x):
    return np.log(sigmoid(x))


def log_sigmoid_slope(x):
    return 1 - sigmoid(x)


def elu(x):
    return np.where(x > 0, x, np.exp(x) - 1)


def elu_slope(x):
    return np.where(x > 0, np.ones_like(x), np.exp(x))


def selu(x):
    alpha, scale = typed(x, ALPHA, SCALE)
    return scale * np.where(x > 0, x, alpha * (np.exp(x) - 1))


def selu_slope(x):
    alpha, scale = typed(x, ALPHA, SCALE)
    return scale * np.where(x > 0, np.ones_like(x), alpha * np.exp(x))


def softsign(x):
    return x / (1 + np.abs(x))


def softsign_slope(x):
    return 1 / (1 + np.abs(x)) ** 2


def silu(x):
    return x * sigmoid(x)


def silu_slope(x):
    return sigmoid(x) * (1 + x * (1 - sigmoid(x)))


def mish(x):
    return x * np.tanh(softplus(x))


def mish_slope(x):
    return np.tanh(softplus(x)) + x * (1 - np.tanh(softplus(x)) ** 2) * sigmoid(x)


def gelu_tanh(x):
    half, tanh_, cube = typed(x, 0.5, TANH, CUBE)
    return half * x * (1 + np.tanh(tanh_ * (x + cube * x**3)))


def gelu_tanh_slope(x):
    half, tanh_, cube, three = typed(x, 0.5, TANH, CUBE, 3 * CUBE)
    t = np.tanh(tanh_ * (x + cube * x**3))
    return half * (1 + t) + half * x * (1 - t**2) * tanh_ * (1 + three * x**2)
