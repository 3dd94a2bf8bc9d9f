"""What the book says of other frameworks, measured again in those that are installed.

`make frameworks` runs it in all of them; see frameworks.py.
"""

import inspect
import json
import math
import runpy
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frameworks import (
    MEASURES,
    ORDINARY,
    PAIRS,
    PLACES,
    VECTORS,
    by_numpy,
    by_onnx,
    find,
    installed,
    same,
)

import actlib
from actlib import verify
from actlib.call.shapes import is_elementwise, is_gated, is_of_vectors, is_reduction
from actlib.formula.elsewhere import MEASURED, Equivalent, everywhere
from actlib.formula.symbols import at, at_setting
from actlib.show import card

ROOT = Path(__file__).parents[1]
PLACE_OF_INF = -2


@pytest.mark.parametrize("required", [True, False])
def test_a_framework_that_is_missing_is_told(required, monkeypatch):
    monkeypatch.setenv("REQUIRE_FRAMEWORKS", "1" if required else "")
    told = (pytest.fail if required else pytest.skip).Exception
    with pytest.raises(told, match="no_such_framework is not installed"):
        installed("no_such_framework")


WITHOUT_SLOPES = {by_numpy, by_onnx}
NAMED = [
    (framework, record, there)
    for record in actlib.ALL.values()
    for framework, there in everywhere(record)
    if not there.unmeasured
]
ELEMENTWISE = [named for named in NAMED if is_elementwise(named[1])]
VECTOR = [named for named in NAMED if is_of_vectors(named[1])]
GATED = [named for named in NAMED if is_gated(named[1])]


def each(named):
    """Parameters of a test, each with a name that can be read."""
    names = ("framework", "record", "there")
    return pytest.mark.parametrize(
        names, named, ids=[f"{f}-{r.name}-{t.name}" for f, r, t in named]
    )


def measured(framework, there, x):
    """Values and slopes as float64 arrays; None for slopes that there are none of."""
    found = MEASURES[framework](there, np.asarray(x, dtype=float)[:, None])
    return tuple(None if a is None else np.asarray(a, dtype=float).ravel() for a in found)


def against(there, found):
    """What was found to deviate from our answers, against what the record says does."""
    told = []
    for name in sorted({*found, *there.deviates}):
        says, does = there.deviates.get(name), found.get(name)
        if says is None or does is None or not same(says, does):
            told.append(f"{name}: the record says {says}, it is {does}; None is as here")
    return told


def differences(record, there, values, slopes):
    """What a framework does otherwise than the record says, in words, at ORDINARY and PLACES."""
    x = np.array([*ORDINARY, *PLACES.values()])
    kinks = {point for _, point in kinks_of(record, there)}  # asked below
    names = [*(f"{point:g}" for point in ORDINARY), *PLACES]
    found = {}
    for name, ours, theirs in (
        ("f", record(x, **there.floats), values),
        ("f'", record.derivative(x, **there.floats), slopes),
    ):
        if theirs is not None:
            answers = zip(names, x, ours, theirs, strict=True)
            found |= {
                f"{name}({place})": b
                for place, point, a, b in answers
                if not same(a, b) and point not in kinks
            }
    return against(there, found)


def bent(there):
    """It at the setting at which its kinks are measured."""
    return replace(
        there,
        arguments={**there.arguments, **there.kinks_at},
        setting={**there.setting, **there.kinks_at},
    )


def kinks_of(record, there):
    """The kinks of that call, each with its points."""
    setting = {**record.settings[0], **there.setting}
    return [(kink, float(p)) for kink in record.kinks for p in kink.points(setting)]


def differences_at_kinks(framework, record, there, measure=measured):
    """The same at kinks: of values from ours, and of slopes from what the record says of them."""
    told, setting = [], {**record.settings[0], **there.setting}
    for kink, point in kinks_of(record, there):
        values, slopes = measure(framework, there, [point])
        ours = float(at(record.definition, {**setting, "x": point}))
        if not same(values[0], ours):
            told.append(f"value at {point}: {ours} here, it is {values[0]}")
        if slopes is not None:
            says = kink.functions.get(there.name, kink.frameworks.get(framework))
            does = slopes[0]
            if says is None or not math.isclose(at(says, setting), does, rel_tol=1e-6):
                told.append(f"slope at {point}: the record says {says}, it is {does}")
    return told


def test_no_framework_is_left_out():
    assert {framework for framework, _, _ in NAMED} == set(MEASURES) == set(MEASURED)


def test_the_versions_are_those_that_are_asked_for():
    asked = (Path(__file__).parents[1] / "requirements-peers.txt").read_text("utf-8").splitlines()
    for framework, version in MEASURED.items():
        package = {"PyTorch": "torch"}.get(framework, framework.lower())
        assert f"{package}=={version}" in asked


def test_every_slope_at_a_kink_is_measured():
    for record in actlib.ALL.values():
        for kink in record.kinks:
            found = {
                name
                for framework, of, there in ELEMENTWISE
                if of is record and kink in {k for k, _ in kinks_of(record, bent(there))}
                for name in (framework, there.name)
            }
            assert {*kink.frameworks, *kink.functions} <= found, record.name


@each(ELEMENTWISE)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_records_say_what_the_framework_does(framework, record, there):
    values, slopes = measured(framework, there, [*ORDINARY, *PLACES.values()])
    if MEASURES[framework] not in WITHOUT_SLOPES:
        assert (slopes is not None) == there.differentiable
    assert differences(record, there, values, slopes) == []
    assert differences_at_kinks(framework, record, bent(there)) == []


RENAMED = [
    pytest.param(framework, record, there, theirs, ours, id=f"{framework}-{there.name}-{theirs}")
    for framework, record, there in ELEMENTWISE
    for theirs, ours in there.renames.items()
]


def renamed(record, there, theirs, ours):
    """The same call, in which one argument has another value: by its name, whatever the others."""
    taken = {**record.settings[0], **there.setting}[ours]
    value = next(float(s[ours]) for s in record.settings if s[ours] not in (taken, None))
    order = list(inspect.signature(find(there.name)).parameters)[1:] if there.after else []
    given = {**dict(zip(order, there.after, strict=False)), **there.arguments}
    given[theirs] = (value,) if isinstance(given.get(theirs), tuple) else value
    return replace(there, after=(), arguments=given, setting={**there.setting, ours: value})


@pytest.mark.parametrize(("framework", "record", "there", "theirs", "ours"), RENAMED)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_an_argument_is_what_the_record_says(framework, record, there, theirs, ours):
    changed = renamed(record, there, theirs, ours)
    x = np.linspace(-7.7, 7.7, 155)
    values, _ = measured(framework, changed, x)
    assert same(values, record(x, **changed.floats))
    assert not same(values, record(x, **there.floats)), "another value must show"


@each(VECTOR)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_records_say_what_it_does_to_vectors(framework, record, there):
    rows = np.array([*VECTORS.values()])
    values, slopes = MEASURES[framework](there, rows)
    pairs = {"f": (record(rows), values)}
    if is_reduction(record) and slopes is not None:  # the slope of one value is its gradient
        pairs["f'"] = record.jacobian(rows), slopes
    found = {
        f"{function}({name})": b
        for function, (ours, theirs) in pairs.items()
        for name, a, b in zip(VECTORS, ours, np.asarray(theirs), strict=True)
        if not same(a, b)
    }
    assert against(there, found) == []


def of_pairs(framework, there):
    """What a function of one array, or an operator of two, gives at PAIRS, and its derivatives."""
    order = {"first": [1, 0], "second": [0, 1]}[there.gate]
    rows = np.array(PAIRS)[:, order]
    y, slopes = MEASURES[framework](there, *(rows.T if framework == "ONNX" else [rows]))
    if slopes is None:
        return {"f": y}
    value, gate = np.asarray(slopes, dtype=float)[:, order].T
    return {"f": np.asarray(y, dtype=float)[:, 0], "df/dvalue": value, "df/dgate": gate}


def differences_of_pairs(record, there, theirs):
    """What it does otherwise than the record says, in words."""
    value, gate = np.array(PAIRS).T
    slopes = {f"df/d{side}": slope for side, slope in record.derivatives(value, gate).items()}
    found = {
        f"{name}({v:g}, {g:g})": b
        for name, ours in ({"f": record(value, gate)} | slopes).items()
        if name in theirs
        for v, g, a, b in zip(value, gate, ours, theirs[name], strict=True)
        if not same(a, b)
    }
    return against(there, found)


@each(GATED)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_a_gated_pair_is_what_the_record_says(framework, record, there):
    assert differences_of_pairs(record, there, of_pairs(framework, there)) == []


@each(GATED)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_the_wrong_half_is_seen(framework, record, there):
    swapped = replace(there, gate={"first": "second", "second": "first"}[there.gate])
    theirs = of_pairs(framework, swapped)
    assert len(differences_of_pairs(record, there, theirs)) > len(theirs) * len(PAIRS) / 3


def test_slopes_lie_between_those_of_the_two_sides():
    """Each is an element of Clarke's generalised gradient, where f is continuous."""
    near, checked = np.array([-1e-7, 1e-7]), set()
    for framework, record, there in ELEMENTWISE:
        setting = {**record.settings[0], **bent(there).setting}
        floats = {k: v if v is None else float(v) for k, v in setting.items()}
        for kink, point in kinks_of(record, bent(there)):
            left, right = record(point + near, **floats)
            if framework in kink.frameworks and abs(right - left) < 1e-5:
                low, high = sorted(record.derivative(point + near, **floats))
                slope = float(at(kink.frameworks[framework], setting))
                assert low - 1e-5 <= slope <= high + 1e-5, (framework, record.name, point)
                checked.add(record.name)
    told = [record for record in actlib.ALL.values() if any(k.frameworks for k in record.kinks)]
    assert checked == {record.name for record in told if continuous(record)}


def continuous(record):
    return verify.shape(at_setting(record.definition, record.settings[0])).smoothness >= 0


class TestDifferences:
    """The comparison itself, on answers that are made up."""

    @staticmethod
    def ours(record=actlib.softsign):
        x = np.array([*ORDINARY, *PLACES.values()])
        return record(x), record.derivative(x)

    def test_what_agrees_is_not_reported(self):
        assert differences(actlib.softsign, Equivalent("a.b"), *self.ours()) == []

    @pytest.mark.parametrize("index", range(len(ORDINARY) + len(PLACES)))
    @pytest.mark.parametrize("which", [0, 1])
    def test_a_wrong_value_or_slope_is_reported(self, which, index):
        wrong = [array.copy() for array in self.ours()]
        wrong[which][index] = 0.3
        assert len(differences(actlib.softsign, Equivalent("a.b"), *wrong)) == 1

    def test_a_stale_deviation_is_reported(self):
        stale = Equivalent("a.b", deviates={"f(inf)": math.nan})
        assert len(differences(actlib.softsign, stale, *self.ours())) == 1
        wrong, slopes = self.ours()
        wrong[PLACE_OF_INF] = math.nan
        assert differences(actlib.softsign, stale, wrong, slopes) == []
        wrong[PLACE_OF_INF] = 2.0
        assert len(differences(actlib.softsign, stale, wrong, slopes)) == 1

    @pytest.mark.parametrize(
        ("framework", "value", "slope", "faults"),
        [("JAX", 0, 0, 0), ("JAX", 0, 1, 1), ("JAX", 1, 0, 1), ("Other", 0, 1, 1)],
    )
    def test_a_wrong_answer_at_a_kink_is_reported(self, framework, value, slope, faults):
        answer = lambda framework, there, x: ([value], [slope])  # noqa: E731
        found = differences_at_kinks(framework, actlib.relu, Equivalent("a.b"), answer)
        assert len(found) == faults


Z = np.array([0.5, -1.0, 2.0])


ARRAYS = {"x": ORDINARY, "z": Z, "value": ORDINARY, "gate": np.roll(ORDINARY, 2)}


def torch_names():
    torch = installed("torch")
    return {"torch": torch, **{name: torch.tensor(a) for name, a in ARRAYS.items()}}


def jax_names():
    jax = installed("jax")
    jax.config.update("jax_enable_x64", True)
    return {"jax": jax, **{name: jax.numpy.asarray(a) for name, a in ARRAYS.items()}}


NAMES = {"PyTorch": torch_names, "JAX": jax_names}
SHOWN = [
    pytest.param(framework, record, code, id=f"{framework}-{name}")
    for name, record in actlib.ALL.items()
    for framework, code in zip(NAMES, card.calls(record).split("\n\n"), strict=True)
]


def wrong_in(code, framework, record):
    """Which of y and slope this code computes otherwise than we do, when it is run."""
    names = NAMES[framework]()
    exec(code, names)
    there = record.equivalents.get(framework)
    if is_elementwise(record):
        setting = record.spelled[framework].setting if framework in record.spelled else there.floats
        ours = {"y": record(ORDINARY, **setting), "slope": record.derivative(ORDINARY, **setting)}
    elif is_gated(record):
        pair = ARRAYS["value"], ARRAYS["gate"]
        ours = {"y": record(*pair), "slope": [*record.derivatives(*pair).values()]}
    else:
        ours = {"y": record(Z), "slope": record.jacobian(Z)}
    if there and not there.differentiable:
        assert "slope" not in names
        del ours["slope"]
    answers = {name: np.asarray(names[name]) for name in ours}
    return [name for name, expected in ours.items() if not same(answers[name], expected)]


@pytest.mark.parametrize(("framework", "record", "code"), SHOWN)
def test_the_code_that_a_chapter_shows(framework, record, code):
    assert wrong_in(code, framework, record) == []


@pytest.mark.parametrize("framework", NAMES)
def test_a_wrong_line_is_seen(framework):
    shown = {p.values[1].name: p.values[2] for p in SHOWN if p.values[0] == framework}
    swapped = shown["tanh"].replace("slope, y", "s, y").replace("y, slope", "slope, y")
    swapped = swapped.replace("s, y", "y, slope")
    assert wrong_in(swapped, framework, actlib.tanh) == ["y", "slope"]
    assert wrong_in(shown["leaky_relu"], framework, actlib.prelu) == ["y", "slope"]


def test_code_is_shown_as_code():
    shown = card.calls(actlib.tanh)
    assert shown._repr_markdown_() == f"```python\n{shown}\n```"
    assert repr(shown) == "<code>"
    for record in actlib.ALL.values():
        assert max(map(len, card.calls(record).splitlines())) <= 76


def slope_at(function, x):
    """By PyTorch."""
    import torch

    return torch.func.grad(function)(torch.tensor(x))


def fails(call):
    """Does it refuse?"""
    try:
        call()
    except (TypeError, RuntimeError, ValueError):
        return True
    return False


def loss_and_slope(torch, loss):
    """For the logit 20 and the label 0."""
    x = torch.tensor(20.0, requires_grad=True)
    found = loss(x, torch.tensor(0.0))
    return [found.item(), *torch.autograd.grad(found, x)]


def warns(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return bool(caught)


def in_place(torch, slope):
    """The gradient of an in-place leaky ReLU at -1 and 2."""
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    y = torch.nn.functional.leaky_relu(x * 1, slope, inplace=True)
    return torch.autograd.grad(y.sum(), x)[0]


def beyond(torch, x):
    """By how much softplus is above x."""
    x = torch.tensor(x, dtype=torch.float64)
    return torch.nn.functional.softplus(x) - x


def composed_snake(library, x):
    return x + library.sin(x) ** 2


def prelu_weights(keras, **arguments):
    """The shape of the weights that Keras's layer makes for pictures of 8 by 8, with 3 channels."""
    layer = keras.layers.PReLU(**arguments)
    layer.build((None, 8, 8, 3))
    return layer.weights[0].shape


def tf_slope(tf, function, x):
    x = tf.constant(x, None if isinstance(x, np.float32) else tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x)


GAINS = {"tanh": 5 / 3, "selu": 3 / 4, "sigmoid": 1, "relu": 2**0.5}
GAINS |= {"leaky_relu": (2 / (1 + 0.01**2)) ** 0.5}
THRESHOLDED = Equivalent("ThresholdedRelu", arguments={"alpha": 1.5})
THREE = np.array([1.4, 1.5, 1.6])
FIVE = np.array([0.5, 1, 1.5, 2, 3])
CAPPED_BELOW = {"max_value": 1, "threshold": 2, "negative_slope": 0.25}

TOLD = [
    (
        "relu: the threshold of PyTorch has the other value at the threshold",
        "torch",
        lambda t: t.nn.functional.threshold(t.tensor([4.9, 5.0, 5.1]), 5, 0),
        [0, 0, 5.1],
    ),
    (
        "relu: so has that of ONNX",
        "onnx",
        lambda onnx: by_onnx(THRESHOLDED, THREE)[0],
        [0, 0, 1.6],
    ),
    (
        "relu: the threshold of ONNX is 1 by default",
        "onnx",
        lambda onnx: by_onnx(Equivalent("ThresholdedRelu"), np.array([1, 1.1]))[0],
        [0, 1.1],
    ),
    (
        "relu: Keras has 0 at the threshold",
        "keras",
        lambda k: k.activations.relu(np.array([5.0]), threshold=5),
        [0],
    ),
    (
        "relu: Keras has a cap below the threshold",
        "keras",
        lambda k: k.activations.relu(FIVE, **CAPPED_BELOW),
        [-0.375, -0.25, -0.125, 0, 1],
    ),
    (
        "relu: alpha is negative_slope in Keras",
        "keras",
        lambda k: k.activations.relu(np.array([-2.0]), negative_slope=0.25),
        [-0.5],
    ),
    ("relu: clamp", "torch", lambda t: slope_at(lambda x: t.clamp(x, min=0), 0.0), 1),
    (
        "relu: maximum of PyTorch",
        "torch",
        lambda t: slope_at(lambda x: t.maximum(x, t.zeros(())), 0.0),
        1 / 2,
    ),
    (
        "relu: maximum of JAX",
        "jax",
        lambda jax: jax.grad(lambda x: jax.numpy.maximum(x, 0.0))(0.0),
        1 / 2,
    ),
    (
        "relu: maximum of TensorFlow",
        "tensorflow",
        lambda tf: tf_slope(tf, lambda x: tf.maximum(x, tf.zeros((), tf.float64)), 0.0),
        1,
    ),
    ("elu: TensorFlow has no alpha", "tensorflow", lambda tf: "alpha" in parameters(tf.nn.elu), 0),
    (
        "celu: PyTorch refuses an alpha of 0",
        "torch",
        lambda t: fails(lambda: t.nn.functional.celu(t.zeros(1), 0.0)),
        True,
    ),
    (
        "celu: and takes a negative one, without a bound on the left",
        "torch",
        lambda t: t.nn.functional.celu(t.tensor([-1e4]), -1.0),
        [-math.inf],
    ),
    (
        "leaky_relu: PyTorch differentiates slope 0 in place",
        "torch",
        lambda t: in_place(t, 0.0),
        [0, 1],
    ),
    (
        "leaky_relu: and no negative slope",
        "torch",
        lambda t: fails(lambda: in_place(t, -0.1)),
        True,
    ),
    (
        "leaky_relu: TensorFlow keeps alpha as a float32",
        "tensorflow",
        lambda tf: tf.nn.leaky_relu(tf.constant(-1.0, tf.float64)) == -np.float64(np.float32(0.2)),
        True,
    ),
    (
        "prelu: one alpha per element in Keras",
        "keras",
        prelu_weights,
        (8, 8, 3),
    ),
    (
        "prelu: unless shared_axes is given",
        "keras",
        lambda k: prelu_weights(k, shared_axes=[1, 2]),
        (1, 1, 3),
    ),
    ("prelu: one weight in PyTorch", "torch", lambda t: t.nn.PReLU().weight.shape, (1,)),
    (
        "prelu: unless num_parameters is given",
        "torch",
        lambda t: t.nn.PReLU(num_parameters=3).weight.shape,
        (3,),
    ),
    (
        "gelu: PyTorch, TensorFlow and keras.activations have the erf form by default",
        "tensorflow",
        lambda tf: [
            installed("torch").nn.functional.gelu(installed("torch").ones(())),
            tf.nn.gelu(1.0),
            installed("keras").activations.gelu(np.ones(1))[0],
        ],
        [0.8413447] * 3,
    ),
    (
        "gelu: JAX and keras.ops have the tanh form by default",
        "jax",
        lambda jax: [jax.nn.gelu(1.0), installed("keras").ops.gelu(np.ones(1))[0]],
        [0.8411920] * 2,
    ),
    (
        "gelu: PyTorch has 0 from -8.4 on",
        "torch",
        lambda t: [bool(t.nn.functional.gelu(t.tensor(x).double())) for x in (-8.3, -8.4)],
        [True, False],
    ),
    (
        "gelu_tanh: PyTorch has 0 from -7.2 on, and in long arrays from -7.15 on",
        "torch",
        lambda t: [
            bool(t.nn.functional.gelu(t.full((n,), x).double(), approximate="tanh")[0])
            for n, x in ((1, -7.2), (1, -7.21), (64, -7.14), (64, -7.15))
        ],
        [True, False, True, False],
    ),
    (
        "mish: JAX has 0 where the tail is subnormal",
        "jax",
        lambda jax: [float(jax.nn.mish(np.float32(x))) != 0 for x in (-87.0, -95.0)],
        [True, False],
    ),
    (
        "silu, hard_swish: Keras and JAX have second names",
        "jax",
        lambda jax: [
            here.silu is here.swish and here.hard_swish is here.hard_silu
            for here in (jax.nn, installed("keras").activations)
        ],
        [True, True],
    ),
    (
        "silu: so has TensorFlow",
        "tensorflow",
        lambda tf: tf.nn.silu is tf.nn.swish,
        True,
    ),
    (
        "softmax: Softmax2d takes the third axis from the end",
        "torch",
        lambda t: t.nn.Softmax2d()(t.arange(8.0).reshape(2, 2, 2)),
        actlib.softmax(np.arange(8, dtype=np.float32).reshape(2, 2, 2), axis=-3),
    ),
    (
        "rrelu: vmap refuses it",
        "torch",
        lambda t: fails(lambda: t.func.vmap(t.nn.functional.rrelu)(t.zeros(2))),
        True,
    ),
    (
        "softmax: SciPy takes the whole array by default",
        "scipy.special",
        lambda special: special.softmax([[1.0, 2.0], [3.0, 4.0]]).sum(),
        1,
    ),
    (
        "softmax: PyTorch warns unless dim is given",
        "torch",
        lambda t: warns(lambda: t.nn.functional.softmax(t.zeros(2))),
        True,
    ),
    (
        "softmax: JAX has no cross-entropy",
        "jax",
        lambda jax: sum(word in n for n in dir(jax.nn) for word in ("cross", "entropy", "loss")),
        0,
    ),
    (
        "softplus: up to 20 PyTorch adds what is above x, and nothing beyond",
        "torch",
        lambda t: beyond(t, [20.0, 20.0000001]),
        [math.log1p(math.exp(-20)), 0],
    ),
    (
        "sigmoid, tanh: PyTorch takes the slope from the output",
        "torch",
        lambda t: [slope_at(f, 20.0) for f in (t.sigmoid, t.tanh)],
        [0, 0],
    ),
    (
        "sigmoid, tanh: so does JAX",
        "jax",
        lambda jax: [jax.grad(f)(np.float32(20)) for f in (jax.nn.sigmoid, jax.numpy.tanh)],
        [0, 0],
    ),
    (
        "sigmoid, tanh: so does TensorFlow",
        "tensorflow",
        lambda tf: [tf_slope(tf, f, np.float32(20)) for f in (tf.math.sigmoid, tf.math.tanh)],
        [0, 0],
    ),
    (
        "sigmoid: PyTorch's cross-entropy with logits",
        "torch",
        lambda t: loss_and_slope(t, t.nn.functional.binary_cross_entropy_with_logits),
        [20, 1],
    ),
    (
        "sigmoid: and of probabilities",
        "torch",
        lambda t: loss_and_slope(
            t, lambda x, y: t.nn.functional.binary_cross_entropy(t.sigmoid(x), y)
        ),
        [100, 0],
    ),
    (
        "sigmoid: TensorFlow's cross-entropy with logits",
        "tensorflow",
        lambda tf: tf.nn.sigmoid_cross_entropy_with_logits(labels=0.0, logits=20.0),
        20,
    ),
    (
        "sigmoid: Keras's",
        "keras",
        lambda k: k.losses.BinaryCrossentropy(from_logits=True)(np.zeros(1), np.full(1, 20.0)),
        20,
    ),
    ("sigmoid: log_sigmoid of JAX", "jax", lambda jax: jax.nn.log_sigmoid(-200.0), -200),
    (
        "log_sigmoid: the logarithm of ONNX's sigmoid loses both tails",
        "onnx",
        lambda onnx: np.log(by_onnx(Equivalent("Sigmoid"), np.array([-800.0, 40.0]))[0]),
        [-math.inf, 0],
    ),
    (
        "softsign: far out PyTorch returns 0",
        "torch",
        lambda t: slope_at(t.nn.functional.softsign, 1e20),
        0,
    ),
    (
        "softsign: and JAX the root of the answer",
        "jax",
        lambda jax: jax.grad(jax.nn.soft_sign)(np.float32(1e20)) * 1e20,
        1,
    ),
    (
        "softsign: and TensorFlow 0",
        "tensorflow",
        lambda tf: tf_slope(tf, tf.nn.softsign, np.float32(1e20)),
        0,
    ),
    (
        "snake: composed, PyTorch has NaN at an infinity",
        "torch",
        lambda t: composed_snake(t, t.tensor([-math.inf, math.inf])),
        [math.nan, math.nan],
    ),
    (
        "snake: and JAX",
        "jax",
        lambda jax: composed_snake(jax.numpy, np.array([-math.inf, math.inf])),
        [math.nan, math.nan],
    ),
    (
        "softmax: Keras's cross-entropy expects probabilities",
        "keras",
        lambda k: parameters(k.losses.CategoricalCrossentropy)["from_logits"].default,
        False,
    ),
    (
        "softmax: SciPy has no cross-entropy of logits, but log_softmax",
        "scipy.special",
        lambda special: ["cross" in " ".join(dir(special)), hasattr(special, "log_softmax")],
        [False, True],
    ),
    (
        "linear: a layer of Keras without an activation has this one",
        "keras",
        lambda k: k.layers.Dense(3).activation is k.activations.linear,
        True,
    ),
    (
        "rrelu: PyTorch takes the mean slope unless it trains",
        "torch",
        lambda t: [t.nn.functional.rrelu(-t.ones(())), t.nn.RReLU().eval()(-t.ones(()))],
        [-11 / 48, -11 / 48],
    ),
    (
        "rrelu: and then draws it",
        "torch",
        lambda t: t.nn.functional.rrelu(-t.ones(99), training=True).unique().numel() > 90,
        True,
    ),
    (
        "softplus: no other framework has a threshold",
        "jax",
        lambda jax: list(parameters(jax.nn.softplus)) == ["x"],
        True,
    ),
    (
        "squareplus: JAX computes it as it stands",
        "jax",
        lambda jax: jax.nn.squareplus(np.float32([-2e4, -1e20, 1e20])),
        [0, math.inf, math.inf],
    ),
    (
        "squareplus: so does Keras",
        "keras",
        lambda k: k.activations.squareplus(np.float32([-2e4, -1e20, 1e20])),
        [0, math.inf, math.inf],
    ),
    (
        "depth: no gain for some",
        "torch",
        lambda t: [fails(lambda n=n: t.nn.init.calculate_gain(n)) for n in ("elu", "softplus")],
        [True, True],
    ),
    (
        "step: NumPy asks for the value at 0",
        "numpy",
        lambda np: fails(lambda: np.heaviside(0.0)),
        True,
    ),
    (
        "step: so does PyTorch",
        "torch",
        lambda t: fails(lambda: t.heaviside(t.zeros(1))),
        True,
    ),
    ("step: so does JAX", "jax", lambda jax: fails(lambda: jax.numpy.heaviside(0.0)), True),
    ("step: so does Keras", "keras", lambda k: fails(lambda: k.ops.heaviside(0.0)), True),
    (
        "depth: gains",
        "torch",
        lambda t: [t.nn.init.calculate_gain(name) for name in GAINS],
        list(GAINS.values()),
    ),
]


def parameters(function):
    return inspect.signature(function).parameters


@pytest.mark.parametrize(
    ("root", "call", "expected"),
    [pytest.param(*told, id=sentence) for sentence, *told in TOLD],
)
@pytest.mark.filterwarnings("ignore")  # theirs
def test_what_else_the_book_says_of_other_libraries(root, call, expected):
    found = np.asarray(call(installed(root)), dtype=float)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-15)


EXPORTS = runpy.run_path(str(ROOT / "benchmarks" / "exports.py"))["EXPORTS"]


@pytest.mark.parametrize("framework", EXPORTS)
def test_the_list_of_what_a_framework_exports_is_whole(framework):
    installed(framework.lower().replace("pytorch", "torch"))
    listed = json.loads(ROOT.joinpath("benchmarks", "results", "exports.json").read_text("utf-8"))
    _, names = EXPORTS[framework]
    assert names() == listed[framework]["names"]
