"""Written from the records by `make stubs`."""

# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from collections.abc import Mapping

from numpy.typing import ArrayLike

from actlib.call.arguments import AnyArray
from actlib.call.elementwise import Activation
from actlib.call.halves import halves as halves
from actlib.call.pairs import Gated
from actlib.call.presets import Fixed
from actlib.call.reductions import Reduction
from actlib.call.rows import OfVectors, VectorActivation
from actlib.losses.softmax_cross_entropy import softmax_cross_entropy as softmax_cross_entropy

__version__: str
__all__: list[str]

ALL: Mapping[str, Activation | OfVectors | Gated]
PRESETS: Mapping[str, Fixed]

class _Apl(Activation):
    """APL, adaptive piecewise linear: f(x) = max(x, 0) + a_1 max(0, b_1 − x) + … + a_S max(0, b_S − x)."""

    def __call__(
        self, x: ArrayLike, /, a: ArrayLike = (), b: ArrayLike = (), *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, a: ArrayLike = (), b: ArrayLike = (), *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def parameter_derivatives(
        self, x: ArrayLike, /, a: ArrayLike = (), b: ArrayLike = ()
    ) -> dict[str, AnyArray]: ...

apl: _Apl

class _Celu(Activation):
    """CELU, a continuously differentiable ELU: f(x) = x for x ≥ 0, alpha (exp(x/alpha) − 1) for x < 0."""

    def __call__(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

celu: _Celu

class _Elu(Activation):
    """ELU, the exponential linear unit: f(x) = x for x ≥ 0, alpha (exp(x) − 1) for x < 0."""

    def __call__(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

elu: _Elu

class _Entmax15(VectorActivation):
    """1.5-entmax: f(z)_i = max(z_i/2 − τ, 0)², with the τ at which Σ_k f(z)_k = 1."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

entmax15: _Entmax15

class _Exponential(Activation):
    """Exponential: f(x) = exp(x)."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

exponential: _Exponential

class _Gelu(Activation):
    """GELU, the Gaussian error linear unit: f(x) = x Φ(x) = x (1 + erf(x / √2)) / 2."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

gelu: _Gelu

class _GeluTanh(Activation):
    """GELU in its tanh form: f(x) = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

gelu_tanh: _GeluTanh

class _HardShrink(Activation):
    """Hard shrink: f(x) = x for |x| > lambd, 0 elsewhere; with a bias also x − sign(x) bias."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        lambd: ArrayLike = 0.5,
        bias: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        lambd: ArrayLike = 0.5,
        bias: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

hard_shrink: _HardShrink

class _HardSigmoid(Activation):
    """Hard sigmoid: f(x) = slope x + offset, cut off below 0 and above 1."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        slope: ArrayLike = 0.2,
        offset: ArrayLike = 0.5,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        slope: ArrayLike = 0.2,
        offset: ArrayLike = 0.5,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

hard_sigmoid: _HardSigmoid

class _HardSwish(Activation):
    """Hard swish: f(x) = x · min(max(x + 3, 0), 6) / 6."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

hard_swish: _HardSwish

class _HardTanh(Activation):
    """Hard tanh: f(x) = x between min_val and max_val, and the nearer of the two beyond."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        min_val: ArrayLike = -1.0,
        max_val: ArrayLike = 1.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        min_val: ArrayLike = -1.0,
        max_val: ArrayLike = 1.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

hard_tanh: _HardTanh

class _Hardmax(VectorActivation):
    """Hardmax: f(z)_i = 1 for the first of the largest components, and 0 for all others."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

hardmax: _Hardmax

class _LeakyRelu(Activation):
    """Leaky ReLU: f(x) = x for x ≥ 0, alpha x for x < 0."""

    def __call__(
        self, x: ArrayLike, /, alpha: ArrayLike = 0.01, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, alpha: ArrayLike = 0.01, *, out: AnyArray | None = None
    ) -> AnyArray: ...

leaky_relu: _LeakyRelu

class _Linear(Activation):
    """Linear, or identity: f(x) = x."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

linear: _Linear

class _Lisht(Activation):
    """LiSHT, the linearly scaled hyperbolic tangent: f(x) = x · tanh(x)."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

lisht: _Lisht

class _LogSigmoid(Activation):
    """Log-sigmoid, the logarithm of the logistic function: f(x) = −log(1 + exp(−x))."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

log_sigmoid: _LogSigmoid

class _LogSoftmax(VectorActivation):
    """Log-softmax: f(z)_i = z_i − log Σ_k exp(z_k), the logarithm of softmax."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

log_softmax: _LogSoftmax

class _Logsumexp(Reduction):
    """Log-sum-exp: f(z) = log Σ_k exp(z_k), a smooth maximum."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None, keepdims: bool = False
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

logsumexp: _Logsumexp

class _Mish(Activation):
    """Mish: f(x) = x tanh(log(1 + exp(x)))."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

mish: _Mish

class _Prelu(Activation):
    """PReLU, the parametric rectified linear unit: f(x) = x for x ≥ 0, alpha x for x < 0."""

    def __call__(
        self, x: ArrayLike, /, alpha: ArrayLike = 0.25, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, alpha: ArrayLike = 0.25, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def parameter_derivatives(
        self, x: ArrayLike, /, alpha: ArrayLike = 0.25
    ) -> dict[str, AnyArray]: ...

prelu: _Prelu

class _Relu(Activation):
    """ReLU, the rectified linear unit: f(x) = max(x, 0), with three parameters that generalise it."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        alpha: ArrayLike = 0.0,
        max_value: ArrayLike | None = None,
        threshold: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        alpha: ArrayLike = 0.0,
        max_value: ArrayLike | None = None,
        threshold: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

relu: _Relu

class _Rrelu(Activation):
    """RReLU, the randomised leaky ReLU: f(x) = x for x ≥ 0, and the mean slope times x for x < 0."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        lower: ArrayLike = 0.125,
        upper: ArrayLike = 0.3333333333333333,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        lower: ArrayLike = 0.125,
        upper: ArrayLike = 0.3333333333333333,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

rrelu: _Rrelu

class _ScaledTanh(Activation):
    """Scaled tanh: f(x) = gain · tanh(slope · x) + shift."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        gain: ArrayLike = 1.7159,
        slope: ArrayLike = 0.6666666666666666,
        shift: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        gain: ArrayLike = 1.7159,
        slope: ArrayLike = 0.6666666666666666,
        shift: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def parameter_derivatives(
        self,
        x: ArrayLike,
        /,
        gain: ArrayLike = 1.7159,
        slope: ArrayLike = 0.6666666666666666,
        shift: ArrayLike = 0.0,
    ) -> dict[str, AnyArray]: ...

scaled_tanh: _ScaledTanh

class _Selu(Activation):
    """SELU, the scaled exponential linear unit: f(x) = scale · elu(x, alpha) with two fixed constants."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

selu: _Selu

class _Sigmoid(Activation):
    """Sigmoid, the logistic function: f(x) = 1 / (1 + exp(−x))."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

sigmoid: _Sigmoid

class _Silu(Activation):
    """SiLU, the sigmoid linear unit, or swish: f(x) = x / (1 + exp(−beta x))."""

    def __call__(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def parameter_derivatives(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0
    ) -> dict[str, AnyArray]: ...

silu: _Silu

class _Sine(Activation):
    """Sine, as SIREN has it: f(x) = sin(omega x)."""

    def __call__(
        self, x: ArrayLike, /, omega: ArrayLike = 30.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, omega: ArrayLike = 30.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

sine: _Sine

class _Snake(Activation):
    """Snake: f(x) = x + sin²(alpha x) / alpha."""

    def __call__(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, alpha: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

snake: _Snake

class _SoftShrink(Activation):
    """Soft shrink: f(x) = x − lambd for x > lambd, x + lambd for x < −lambd, 0 between."""

    def __call__(
        self, x: ArrayLike, /, lambd: ArrayLike = 0.5, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, lambd: ArrayLike = 0.5, *, out: AnyArray | None = None
    ) -> AnyArray: ...

soft_shrink: _SoftShrink

class _Softmax(VectorActivation):
    """Softmax: f(z)_i = exp(z_i / T) / Σ_k exp(z_k / T), a point of the simplex; T = 1 by default."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, temperature: float = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike, temperature: float = 1.0) -> AnyArray: ...
    def vjp(
        self,
        z: ArrayLike,
        upstream: ArrayLike,
        axis: int = -1,
        temperature: float = 1.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

softmax: _Softmax

class _Softmin(VectorActivation):
    """Softmin: f(z)_i = exp(−z_i) / Σ_k exp(−z_k), softmax of −z: the smallest gets the largest share."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

softmin: _Softmin

class _Softplus(Activation):
    """Softplus, a smooth ReLU: f(x) = log(1 + exp(beta x)) / beta."""

    def __call__(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

softplus: _Softplus

class _Softsign(Activation):
    """Softsign: f(x) = x / (|x| + 1)."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

softsign: _Softsign

class _SparsePlus(Activation):
    """Sparse plus, or smooth ReLU: f(x) = (x + beta)² / (4 beta) for −beta < x < beta."""

    def __call__(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, beta: ArrayLike = 1.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

sparse_plus: _SparsePlus

class _Sparsemax(VectorActivation):
    """Sparsemax: f(z)_i = max(z_i − τ, 0), with the τ at which Σ_k f(z)_k = 1."""

    def __call__(
        self, z: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def jacobian(self, z: ArrayLike) -> AnyArray: ...
    def vjp(
        self, z: ArrayLike, upstream: ArrayLike, axis: int = -1, *, out: AnyArray | None = None
    ) -> AnyArray: ...

sparsemax: _Sparsemax

class _SquaredRelu(Activation):
    """Squared ReLU: f(x) = scale · max(x, 0)² + bias."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        scale: ArrayLike = 1.0,
        bias: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        scale: ArrayLike = 1.0,
        bias: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def parameter_derivatives(
        self, x: ArrayLike, /, scale: ArrayLike = 1.0, bias: ArrayLike = 0.0
    ) -> dict[str, AnyArray]: ...

squared_relu: _SquaredRelu

class _Squareplus(Activation):
    """Squareplus, a ReLU with a hyperbola for its corner: f(x) = (x + √(x² + b)) / 2."""

    def __call__(
        self, x: ArrayLike, /, b: ArrayLike = 4.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...
    def derivative(
        self, x: ArrayLike, /, b: ArrayLike = 4.0, *, out: AnyArray | None = None
    ) -> AnyArray: ...

squareplus: _Squareplus

class _Srelu(Activation):
    """SReLU, the S-shaped rectified linear unit: f(x) = x between t_l and t_r, a line on either side."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        t_l: ArrayLike = 0.0,
        a_l: ArrayLike = 0.2,
        t_r: ArrayLike = 1.0,
        a_r: ArrayLike = 1.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        t_l: ArrayLike = 0.0,
        a_l: ArrayLike = 0.2,
        t_r: ArrayLike = 1.0,
        a_r: ArrayLike = 1.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def parameter_derivatives(
        self,
        x: ArrayLike,
        /,
        t_l: ArrayLike = 0.0,
        a_l: ArrayLike = 0.2,
        t_r: ArrayLike = 1.0,
        a_r: ArrayLike = 1.0,
    ) -> dict[str, AnyArray]: ...

srelu: _Srelu

class _Step(Activation):
    """Step, the Heaviside function with 1 at 0: f(x) = 0 for x < 0, 1 for x ≥ 0."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

step: _Step

class _Tanh(Activation):
    """Tanh, the hyperbolic tangent: f(x) = 2 / (1 + exp(−2x)) − 1."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

tanh: _Tanh

class _TanhShrink(Activation):
    """Tanh shrink: f(x) = x − tanh(x)."""

    def __call__(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...
    def derivative(self, x: ArrayLike, /, *, out: AnyArray | None = None) -> AnyArray: ...

tanh_shrink: _TanhShrink

class _Threshold(Activation):
    """Threshold: f(x) = x for x > threshold, value for x ≤ threshold."""

    def __call__(
        self,
        x: ArrayLike,
        /,
        threshold: ArrayLike = 0.0,
        value: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...
    def derivative(
        self,
        x: ArrayLike,
        /,
        threshold: ArrayLike = 0.0,
        value: ArrayLike = 0.0,
        *,
        out: AnyArray | None = None,
    ) -> AnyArray: ...

threshold: _Threshold

bilinear: Gated

geglu: Gated

glu: Gated

reglu: Gated

swiglu: Gated

sparse_sigmoid: Fixed

relu6: Fixed

lecun_tanh: Fixed

quick_gelu: Fixed

star_relu: Fixed

thresholded_relu: Fixed
