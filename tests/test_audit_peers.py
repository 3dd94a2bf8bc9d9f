"""What the audit calls in other libraries is what is there: each adapter against our own functions.

`make frameworks` runs it in all of them; see frameworks.py.
"""

import re
from functools import partial

import ml_dtypes
import numpy as np
import pytest
from frameworks import installed

import actlib
from actlib.audit.adapters import CallError, SpecError, peer
from actlib.audit.isolated import Isolated

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

FLOAT16, BFLOAT16, FLOAT32, FLOAT64 = TYPES = [
    np.dtype(t) for t in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)
]
NEEDS = {
    "torch": ["torch"],
    "jax": ["jax"],
    "jax-eager": ["jax"],
    "tf": ["tensorflow"],
    "keras": ["keras", "tensorflow"],
    "onnx": ["onnx", "onnxruntime"],
}
X = np.linspace(-6, 6, 389)


def made(spec, dtype, **more):
    """A peer. Where its library is not installed the test is skipped, or fails."""
    kind, colon, _ = spec.partition(":")
    for library in NEEDS[kind] if colon else [kind.partition(".")[0]]:
        installed(library)
    return peer(spec, dtype=dtype, **more)


def bits(x):
    return x.view(f"u{x.itemsize}").tolist()


def close(found, x, function, **setting):
    """Whether results are right but for some numbers of the type."""
    near = 32 * float(ml_dtypes.finfo(x.dtype).eps)
    right = function(x.astype(np.float64), **setting)
    np.testing.assert_allclose(found.astype(np.float64), right, near, near)


ALPHA = {"alpha": 0.3}
CALLED = [
    ("torch:torch.nn.functional.elu", ALPHA, actlib.elu, ALPHA),
    ("torch:torch.nn.ELU", ALPHA, actlib.elu, ALPHA),
    ("torch:torch.nn.PReLU", {"init": 0.3}, actlib.prelu, ALPHA),
    ("torch:torch.Tensor.sigmoid", {}, actlib.sigmoid, {}),
    ("torch:torch.nn.functional.gelu", {"approximate": "tanh"}, actlib.gelu_tanh, {}),
    ("jax:jax.nn.elu", ALPHA, actlib.elu, ALPHA),
    ("jax:jax.nn.gelu", {"approximate": False}, actlib.gelu, {}),
    ("jax-eager:jax.nn.softplus", {}, actlib.softplus, {}),
    ("tf:tf.nn.selu", {}, actlib.selu, {}),
    ("tf:tensorflow.nn.elu", {}, actlib.elu, {}),
    ("keras:keras.activations.elu", ALPHA, actlib.elu, ALPHA),
    ("keras:keras.layers.ELU", ALPHA, actlib.elu, ALPHA),
    ("keras:keras.ops.silu", {}, actlib.silu, {}),
]


@pytest.mark.parametrize(("spec", "setting", "record", "ours"), CALLED, ids=[c[0] for c in CALLED])
@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_f_and_its_derivative_come_back(spec, setting, record, ours, dtype):
    x = X[X != 0].astype(dtype)
    f, slope = (made(spec, dtype, setting=setting, derivative=d) for d in (False, True))
    close(f.compute(x), x, record, **ours)
    close(slope.compute(x), x, record.derivative, **ours)
    assert f.about == slope.about
    assert f.about["device"] == "cpu"


OPERATORS = [
    ("Elu", ALPHA, actlib.elu, ALPHA),
    ("Tanh", {}, actlib.tanh, {}),
    ("Gelu", {"approximate": "tanh"}, actlib.gelu_tanh, {}),
    (
        "HardSigmoid",
        {"alpha": 0.25, "beta": 0.5},
        actlib.hard_sigmoid,
        {"slope": 0.25, "offset": 0.5},
    ),
]


@pytest.mark.parametrize(
    ("name", "setting", "record", "ours"), OPERATORS, ids=[o[0] for o in OPERATORS]
)
@pytest.mark.parametrize("dtype", [FLOAT16, FLOAT32], ids=str)
def test_an_operator_is_run(name, setting, record, ours, dtype):
    x = X.astype(dtype)
    operator = made(f"onnx:{name}", dtype, setting=setting)
    close(operator.compute(x), x, record, **ours)
    assert set(operator.about) == {"onnx", "onnxruntime", "device"}


def test_an_operator_that_it_has_not_in_a_type_is_told():
    installed("onnxruntime")
    with pytest.raises(SpecError, match=r"^onnx:Elu: onnxruntime refuses it in float64: .+"):
        made("onnx:Elu", FLOAT64)


def test_a_model_in_a_file_is_run(tmp_path):
    installed("onnxruntime")
    helper = installed("onnx").helper
    x, y = (helper.make_tensor_value_info(name, 11, ["any number"]) for name in "xy")  # DOUBLE
    graph = helper.make_graph([helper.make_node("Mul", ["x", "x"], ["y"])], "square", [x], [y])
    standard = [helper.make_opsetid("", 14)]
    model = helper.make_model(graph, opset_imports=standard, ir_version=8)
    tmp_path.joinpath("square.onnx").write_bytes(model.SerializeToString())
    square = made(f"onnx:{tmp_path / 'square.onnx'}", FLOAT64)
    assert bits(square.compute(X)) == bits(X * X)
    with pytest.raises(CallError, match=r" raised InvalidArgument: .*[Rr]ank"):
        square.compute(X[None])
    with pytest.raises(SpecError, match=r" takes tensor\(double\), not float32$"):
        made(square.spec, FLOAT32)


@pytest.mark.parametrize("spec", ["scipy.special.expit", "numpy.tanh"])
@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
def test_a_function_of_arrays_is_called(spec, dtype):
    x = X.astype(dtype)
    close(made(spec, dtype).compute(x), x, {"expit": actlib.sigmoid}.get(spec[14:], actlib.tanh))


SAME = ["torch:torch.nn.Identity", "jax:jax.nn.identity", "tf:tf.identity", "onnx:Identity"]
SAME += ["jax-eager:jax.nn.identity", "keras:keras.activations.linear"]


@pytest.mark.parametrize("spec", SAME)
@pytest.mark.parametrize("dtype", [FLOAT16, BFLOAT16], ids=str)
def test_every_number_goes_there_and_back(spec, dtype):
    """Subnormal ones, infinities and NaNs, whatever their bits say."""
    if (spec, dtype) == ("onnx:Identity", BFLOAT16):
        installed("onnxruntime")
        with pytest.raises(SpecError, match="takes no bfloat16"):
            made(spec, dtype)
    else:
        every = np.arange(2**16, dtype=np.uint16).view(dtype)
        assert bits(made(spec, dtype).compute(every)) == bits(every)


SLOPE = {"derivative": True}
REFUSED = [
    ("torch:torch.isnan", SLOPE, "autograd has no derivative of it"),
    ("torch:torch.Tensor.elu", {}, "torch.Tensor has no elu"),
    ("torch:torch.nn.ELU", {"device": "abacus"}, "no device abacus: RuntimeError: .+"),
    ("torch:torch.nn.ELU", {"setting": {"alpa": 1}}, "cannot be made: TypeError: .+ 'alpa'"),
    ("jax:jax.nn.elu", {"device": "abacus"}, "no device abacus: RuntimeError: .+"),
    ("jax:jax.nn.elo", {}, "jax.nn has no elo"),
    ("tf:tf.math.ceil", SLOPE, "TensorFlow has no derivative of it"),
    ("tf:tf.nn.elo", {}, "tensorflow.nn has no elo"),
    ("keras:keras.layers.ELU", {"setting": {"alpa": 1}}, "cannot be made: ValueError: .+alpa.+"),
    ("onnx:Elo", {}, "ONNX has no operator Elo"),
    ("onnx:PRelu", {}, "PRelu is no operator of one input and one output"),
    ("onnx:IsNaN", {}, "onnxruntime refuses it in float32: .+"),
]


@pytest.mark.parametrize(("spec", "more", "told"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_cannot_be_made_is_told_in_one_line(spec, more, told):
    with pytest.raises(SpecError, match=f"^{re.escape(spec)}: {told}$"):
        made(spec, FLOAT32, **more).compute(X.astype(np.float32))


UNFIT = [
    ("torch:torch.Tensor.relu_", "wrote into its input"),
    ("torch:torch.isnan", "returned bool for float16"),
    ("torch:torch.frexp", "returned a frexp, not an array of NumPy"),
    ("jax:jax.numpy.sum", "returned an array of shape () for (389,)"),
    ("jax:jax.numpy.power", "raised TypeError: "),
    ("tf:tf.math.is_nan", "returned bool for float16"),
    ("numpy.power", "raised TypeError: "),
    ("scipy.special.expit", "returned float64 for float16"),
]


@pytest.mark.parametrize(("spec", "told"), UNFIT, ids=[u[0] for u in UNFIT])
def test_an_answer_that_is_none_is_told(spec, told):
    with pytest.raises(CallError, match=f"^{re.escape(f'{spec} {told}')}"):
        made(spec, FLOAT16).compute(X.astype(np.float16))


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_keras_computes_by_each_backend(backend, monkeypatch):
    """Which a process cannot change once it has imported Keras."""
    installed("keras")
    installed(backend)
    monkeypatch.setenv("KERAS_BACKEND", backend)
    x = X[X != 0].astype(BFLOAT16)
    make = partial(peer, "keras:keras.layers.ELU", dtype=x.dtype, derivative=True, setting=ALPHA)
    with Isolated(make, patience=100) as compute:
        assert {"keras", backend} <= set(compute.about)
        close(compute(x), x, actlib.elu.derivative, **ALPHA)
