"""What is refused, with an error that names the function, the argument and the value; and `out`."""

import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest
from cases import every_dtype, every_record, every_setting, every_vector

import actlib
from actlib import apl, elu, logsumexp, prelu, relu, sigmoid, softmax, softmax_cross_entropy

NOT_REAL = [
    1j,
    "one",
    None,
    b"1",
    [1, "a"],
    {},
    10**400,
    np.longdouble(1),
    np.array(["a"], dtype=object),
    np.datetime64("2026-01-01"),
    np.zeros(2, dtype=[("a", float)]),
]


@every_record
@pytest.mark.parametrize("x", NOT_REAL, ids=repr)
def test_x_that_is_not_real(record, x):
    for function in (record, record.derivative, record.parameter_derivatives):
        if function == record.parameter_derivatives and not record.parameter_kernels:
            continue
        with pytest.raises(TypeError, match=rf"^{record.name}: x must hold .* got "):
            function(x)


@every_vector
@pytest.mark.parametrize("z", NOT_REAL, ids=repr)
def test_z_that_is_not_real(record, z):
    for call in (record, record.jacobian, lambda v: record.vjp(v, v)):
        with pytest.raises(TypeError, match=rf"^{record.name}: z must hold .* got "):
            call(z)


def test_ragged_list():
    with pytest.raises(ValueError, match=r"^elu: x is not an array: \[1, \[2, 3\]\]"):
        elu([1, [2, 3]])


@every_setting
def test_parameters_that_are_not_numbers(record, setting):
    for name in setting:
        for bad in (1j, "1", [None], object()):
            with pytest.raises(TypeError, match=rf"^{record.name}: {name} must hold .* got "):
                record(1.0, **{**setting, name: bad})
        with pytest.raises(ValueError, match=rf"^{record.name}: {name} must be .* got {name}=nan"):
            record(1.0, **{**setting, name: np.nan})


@every_record
def test_unknown_and_repeated_parameters(record):
    with pytest.raises(TypeError, match=rf"^{record.name}: unknown parameter no_such=3"):
        record(1.0, no_such=3)
    count = len(record.parameters)
    with pytest.raises(TypeError, match=rf"^{record.name}: takes x and {count} parameters"):
        record(*[1.0] * (count + 2))
    for p in record.parameters[:1]:
        with pytest.raises(TypeError, match=rf"^{record.name}: parameter {p.name} is given twice"):
            record(1.0, 1.0, **{p.name: 1.0})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: elu(1.0, alpha=-1.0), r"elu: alpha must be finite and >= 0; got alpha=-1.0"),
        (lambda: elu(1.0, alpha=np.inf), r"elu: alpha must be finite and >= 0; got alpha=inf"),
        (lambda: elu(1.0, alpha=[1.0, -2.0]), r"elu: alpha must be .* got alpha=\[1.0, -2.0\]"),
        (
            lambda: relu(1.0, max_value=-1.0),
            r"relu: threshold <= max_value is required; got threshold=0.0, max_value=-1.0",
        ),
        (lambda: relu(1.0, threshold=np.inf), r"relu: threshold must be finite; got threshold=inf"),
        (lambda: relu(1.0, max_value=-np.inf), r"relu: max_value must be finite, or None; got"),
        (lambda: prelu(1.0, alpha=-np.inf), r"prelu: alpha must be finite; got alpha=-inf"),
        (lambda: softmax([1.0, 2.0], axis=1), r"softmax: axis=1 does not exist in 1 dimensions"),
        (lambda: softmax(1.0), r"softmax: axis=-1 does not exist in 0 dimensions"),
        (lambda: softmax.jacobian(1.0), r"softmax: axis=-1 does not exist in 0 dimensions"),
        (
            lambda: softmax.vjp([1.0, 2.0], [1.0]),
            r"softmax: upstream must have shape \(2,\); got \(1,\)",
        ),
        (
            lambda: logsumexp.vjp([1.0, 2.0], [1.0, 2.0]),
            r"logsumexp: upstream must have shape \(\); got \(2,\)",
        ),
        (
            lambda: softmax_cross_entropy(np.ones((2, 3)), [0, 2]),
            r"softmax_cross_entropy: shapes must be equal: logits \(2, 3\), labels \(2,\)",
        ),
        (
            lambda: prelu(np.ones(3), alpha=np.ones(2)),
            r"prelu: shapes do not broadcast: x \(3,\), alpha \(2,\)",
        ),
        (
            lambda: apl(1.0, [0.5], [1.0, 2.0]),
            r"apl: shapes must be equal: a \(1,\), b \(2,\)",
        ),
        (
            lambda: apl(1.0, 0.5, 0.5),
            r"apl: a must be finite, of shape \(S,\) or \(S, \*features\); got a=0.5",
        ),
        (
            lambda: apl(np.ones(3), np.ones((4, 2)), np.ones((4, 2))),
            r"apl: shapes do not broadcast: x \(3,\), each of a \(2,\), each of b \(2,\)",
        ),
    ],
)
def test_values_out_of_domain(call, message):
    with pytest.raises(ValueError, match="^" + message):
        call()


def test_none_is_not_a_number_except_where_it_means_absent():
    with pytest.raises(TypeError, match=r"^elu: alpha must hold"):
        elu(1.0, alpha=None)
    assert relu(1e300, max_value=None) == relu(1e300, max_value=np.inf) == 1e300


@pytest.mark.parametrize("axis", [0.0, "0", None, (0,)])
def test_axis_that_is_no_integer(axis):
    with pytest.raises(TypeError, match=r"^softmax: axis must be an integer; got axis="):
        softmax([1.0, 2.0], axis=axis)


@every_dtype
def test_out_takes_the_result(dtype):
    x = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    for function in (sigmoid, sigmoid.derivative, softmax):
        expected = function(x)
        swapped = np.empty(x.shape, np.dtype(dtype).newbyteorder())
        strided = np.empty((3, 8), dtype)[:, ::2]
        for out in (np.empty_like(x), swapped, strided, np.empty_like(x.T).T):
            assert function(x, out=out) is out
            np.testing.assert_array_equal(out, expected)
        out = np.empty_like(x)
        assert function(x, out=(out,)) is out


@every_record
def test_out_may_share_memory_with_the_input(record):
    x = np.linspace(-3, 3, 50_000)
    expected = record(x)
    for start, stop in ((0, None), (1, None), (0, -1)):
        shared = x.copy()
        source, target = (shared, shared) if stop is None and not start else (x, x)
        if start:
            source, target = shared[1:], shared[:-1]
        elif stop:
            source, target = shared[:-1], shared[1:]
        want = record(source.copy())
        record(source, out=target)
        np.testing.assert_array_equal(target, want)
    backwards = x.copy()
    record(backwards, out=backwards[::-1])
    np.testing.assert_array_equal(backwards[::-1], expected)


def test_out_broadcasts_its_inputs_as_a_ufunc_does():
    out = np.empty((2, 3))
    elu(1.5, out=out)
    np.testing.assert_array_equal(out, np.full((2, 3), 1.5))
    scalar = np.empty(())
    assert elu(-1.0, out=scalar) is scalar


@every_dtype
@pytest.mark.parametrize("size", [3, 100_000])
def test_out_is_filled_to_its_last_row(dtype, size):
    """Whatever the driver does with blocks, and where x is a part of `out`."""
    x = np.linspace(-3, 3, size, dtype=dtype)
    for function in (relu, relu.derivative, elu, softmax):
        out = np.full((2, size), 7, dtype)
        assert function(x, out=out) is out
        np.testing.assert_array_equal(out, [function(x)] * 2)
        out[0] = x
        function(out[0], out=out)
        np.testing.assert_array_equal(out, [function(x)] * 2)


class Metres(np.ndarray):
    """An array with something beside its numbers."""


@pytest.mark.parametrize(
    "x",
    [
        np.ma.array([1.0, 2.0, 3.0], mask=[0, 0, 1]),
        np.ma.masked,
        np.arange(3.0).view(Metres),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_a_conversion_would_drop_is_refused(x):
    calls = [
        lambda: elu(x),
        lambda: elu(1.0, alpha=x),
        lambda: elu.derivative(x),
        lambda: softmax(x),
        lambda: softmax.vjp([1.0, 2.0, 3.0], x),
        lambda: softmax.jacobian(x),
        lambda: actlib.softmax_cross_entropy(x, [1, 0, 0]),
        lambda: elu(np.ones(np.shape(x)), out=x),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"only its numbers would be used|out must be an array"):
            call()


def test_what_lies_in_a_file_is_an_array(tmp_path):
    np.save(tmp_path / "x.npy", np.linspace(-1, 1, 5))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_array_equal(elu(mapped), elu(np.linspace(-1, 1, 5)))


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn", "int4"])
def test_other_small_types_are_refused(name):
    x = np.zeros(3, getattr(ml_dtypes, name))
    for function in (elu, elu.derivative, softmax):
        with pytest.raises(TypeError, match=f"got {name}"):
            function(x)


def test_without_docstrings_the_library_still_computes():
    code = "import actlib; print(actlib.elu(2.0), actlib.softmax([0, 0])[0])"
    command = [sys.executable, "-OO", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2.0", "0.5"]


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        (np.empty(2), ValueError, r"shapes do not broadcast: out \(2,\), result \(3,\)"),
        (np.empty(()), ValueError, r"out must have shape \(3,\); got \(\)"),
        (np.empty(3, np.float32), TypeError, "out must have dtype float64; got float32"),
        (np.empty(3, int), TypeError, "out must have dtype float64; got int64"),
        ([0.0, 0.0, 0.0], TypeError, "out must be an array; got"),
        ((np.empty(3), np.empty(3)), TypeError, "out must be an array; got"),
        (np.broadcast_to(0.0, (3,)), ValueError, "out is read-only"),
    ],
)
def test_out_that_does_not_fit(out, error, message):
    for function in (elu, elu.derivative, softmax):
        with pytest.raises(error, match=f": {message}"):
            function(np.ones(3), out=out)


def test_every_name_is_public():
    found = {*actlib.ALL, *actlib.PRESETS, "softmax_cross_entropy", "halves"}
    assert {*found, "ALL", "PRESETS"} == set(actlib.__all__)
    for name, record in actlib.ALL.items():
        assert getattr(actlib, name) is record
        assert record.name == name


@pytest.mark.parametrize("count", [0, 1, 40])
def test_stacks_of_any_height(count):
    """S numbers for all features, or S for each; the derivatives have them along a new axis."""
    x = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)
    a, b = np.linspace(-1, 1, count), np.linspace(-2, 2, count)
    y = apl(x, a, b)
    assert y.shape == x.shape
    for shape in ((1,), (4,), (3, 1), (3, 4)):
        per_feature = [
            np.broadcast_to(v.reshape(-1, *[1] * len(shape)), (count, *shape)) for v in (a, b)
        ]
        np.testing.assert_array_equal(apl(x, *per_feature), y)
        for slopes in apl.parameter_derivatives(x, *per_feature).values():
            assert slopes.shape == (count, *x.shape)
            assert slopes.dtype == np.float32
    assert apl.parameter_derivatives(1.0, a, b)["a"].shape == (count,)


def test_stacks_far_out():
    """At −inf infinite terms of both signs meet, and near it they overflow before they cancel."""
    assert apl(-np.inf, [1.0, -1.0], [2.0, 3.0]) == -1.0
    assert apl(-np.inf, [0.0], [2.0]) == 0.0
    assert apl(-1e308, [4.0, -4.0], [1.0, 0.0]) == 4.0
