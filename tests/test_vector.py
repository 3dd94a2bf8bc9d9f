"""Laws of the functions of vectors, and of softmax with cross-entropy."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
import sympy as sp
from cases import (
    at_setting,
    every_dtype,
    every_vector,
    every_vector_setting,
    in_rows,
    scales_at,
)

from actlib import (
    hardmax,
    log_softmax,
    logsumexp,
    softmax,
    softmax_cross_entropy,
    sparsemax,
    verify,
)
from actlib.show import typeset

SIZE = 3
Z = sp.symbols(f"z_1:{SIZE + 1}", real=True)
U = sp.symbols(f"u_1:{SIZE + 1}", real=True)


def jacobian(record, setting):
    return at_setting(record, Z, setting).jacobian(Z)


def terms_of(matrix, j):
    """Those of the product with a column: of one that sums to 0, u_j may be taken from every u."""
    there = dict(zip(Z, map(sp.Rational, (0.25, 0.125, 0.5)), strict=True))
    centre = U[j] if abs(sum(matrix[:, j]).subs(there).evalf(50)) < 1e-40 else 0
    return [(U[i] - centre) * matrix[i, j] for i in range(matrix.rows)]


@every_vector_setting
def test_value_agrees_with_definition(record, setting):
    def value(z):
        return in_rows(record(z, **setting))

    f, scales = (at(record, Z, setting) for at in (at_setting, scales_at))
    verify.vectors(record.name, value, list(f), Z, scales=scales)


@every_vector_setting
def test_jacobian_agrees_with_sympy(record, setting):
    def flat(z):
        return in_rows(record.jacobian(z, **setting))

    verify.vectors(f"{record.name}.jacobian", flat, list(jacobian(record, setting)), Z)


@every_vector_setting
def test_vjp_agrees_with_sympy(record, setting):
    """To within rounding of its largest terms: the sum itself may cancel to nothing."""
    matrix = jacobian(record, setting)
    u = U[: matrix.rows]
    product = [sum(u[i] * matrix[i, j] for i in range(len(u))) for j in range(SIZE)]
    terms = [sum(map(sp.Abs, terms_of(matrix, j))) for j in range(SIZE)]

    def joined(zu):
        z, u = zu[:, :SIZE], zu[:, SIZE:]
        return record.vjp(z, u.reshape(len(z), *record.event(SIZE)), **setting)

    verify.vectors(f"{record.name}.vjp", joined, product, [*Z, *u], scales=terms)


@every_vector
def test_a_record_says_where_it_is_kinked_if_it_has_pieces(record):
    pieces = record.components(Z).has(sp.Piecewise)
    assert pieces == bool(record.kinked)
    assert " ".join(record.kinked.split()) in " ".join(record.__doc__.split())


def test_what_stands_for_a_piece_is_that_of_its_component():
    """Where 1 and 2 of three are in the support, s_1 and s_2 are 1 and s_3 is 0."""
    f, there = sparsemax.components(Z), dict(zip(Z, map(sp.Rational, (0.5, 0.25, -3)), strict=True))
    names = dict(zip(sp.symbols("s_1:4"), (1, 1, 0), strict=True))
    for part in f:
        short = typeset.abbreviated(part, f)
        assert short.has(*names)
        assert short.subs(names).subs(there) == part.subs(there)
    told = "f(z)_i = max(z_i − τ, 0), with the τ at which Σ_k f(z)_k = 1"
    assert typeset.definition(sparsemax) == told
    assert typeset.abbreviated(hardmax.components(Z)[0], hardmax.components(Z)).has(sp.Piecewise)


@every_vector
@every_dtype
def test_axis_shape_and_dtype(record, dtype):
    z = np.linspace(-3, 3, 24, dtype=dtype).reshape(2, 3, 4)
    for axis in (0, 1, 2, -1, -2, -3):
        moved = np.moveaxis(z, axis, -1)
        value, last = record(z, axis=axis), record(moved)
        assert value.dtype == dtype
        assert last.shape == (*moved.shape[:-1], *record.event(moved.shape[-1]))
        there = -1 if value.ndim < z.ndim else axis
        np.testing.assert_array_equal(np.moveaxis(value, there, -1), last)
        u = np.cos(value)
        slope = record.vjp(z, u, axis=axis)
        assert slope.dtype == dtype
        expected = record.vjp(moved, np.moveaxis(u, there, -1))
        np.testing.assert_array_equal(np.moveaxis(slope, axis, -1), expected)
    assert record.jacobian(z).shape == (2, 3, *record.event(4), 4)
    assert record.jacobian(z).dtype == dtype


@every_vector
def test_a_block_is_as_wide_as_its_widest_array(record, monkeypatch):
    """A thousand numbers in, and perhaps one out: what lies between them has a thousand."""
    seen = []

    def compute(z, **parameters):
        seen.append(z.size)
        return record.value_kernel(z, **parameters)

    monkeypatch.setattr("actlib.call.blocks.BLOCK", 5_000)
    watched = replace(record.value_kernel, compute=compute)
    replace(record, value_kernel=watched)(np.zeros((100, 1000)))
    assert seen == [5_000] * 20


@every_vector
def test_empty_and_single(record):
    for shape in ((0,), (3, 0), (0, 3)):
        value = record(np.empty(shape))
        event = record.event(shape[-1])
        assert value.shape == (*shape[:-1], *event)
        assert record.vjp(np.empty(shape), value).shape == shape
        assert record.jacobian(np.empty(shape)).shape == (*shape[:-1], *event, shape[-1])


@every_vector
def test_many_rows_are_the_same_as_few(record):
    z = np.random.default_rng(1).random((10_007, 5)).astype(np.float32) * 20
    parts = np.array_split(z, 3)
    np.testing.assert_array_equal(record(z), np.concatenate([record(p) for p in parts]))


@every_vector
def test_nan_spoils_its_own_vector_only(record):
    y = record([[0.0, np.nan, 1.0], [0.0, 1.0, 2.0]])
    assert np.isnan(y[0]).all()
    assert np.isfinite(y[1]).all()


@pytest.mark.parametrize(
    ("z", "limit"),
    [
        ([np.inf, 0, 1], [1, 0, 0]),
        ([-np.inf, 0, 0], [0, 0.5, 0.5]),
        ([-np.inf, np.inf, 5], [0, 1, 0]),
        ([-np.inf, -np.inf, 5], [0, 0, 1]),
        ([np.inf, np.inf, 0], [np.nan] * 3),
        ([-np.inf, -np.inf, -np.inf], [np.nan] * 3),
        ([1e308, -1e308, 0], [1, 0, 0]),
        ([np.inf], [1]),
        ([-np.inf], [1]),
    ],
)
def test_softmax_at_infinity(z, limit):
    """The limit where there is one; it does not exist where two infinities compete."""
    np.testing.assert_array_equal(softmax(z), limit)
    if not np.isnan(limit).any():
        np.testing.assert_array_equal(
            softmax.jacobian(z),
            np.zeros((len(z), len(z))) + (np.diag(limit) - np.outer(limit, limit)),
        )


@pytest.mark.parametrize(
    ("z", "limit"),
    [
        ([np.inf, 0, 1], [0, -np.inf, -np.inf]),
        ([-np.inf, 0, 0], [-np.inf, -np.log(2), -np.log(2)]),
        ([np.inf, -np.inf, 5], [0, -np.inf, -np.inf]),
        ([np.inf, np.inf, 0], [np.nan] * 3),
        ([-np.inf, -np.inf, -np.inf], [np.nan] * 3),
        ([1e308, -1e308, 0], [0, -np.inf, -1e308]),
        ([np.inf], [0]),
        ([-np.inf], [0]),
    ],
)
def test_log_softmax_at_infinity(z, limit):
    """It is the logarithm of softmax, whose slope is δ_ij − p_j there too."""
    np.testing.assert_array_equal(log_softmax(z), limit)
    np.testing.assert_array_equal(log_softmax.jacobian(z), np.eye(len(z)) - softmax(z))


@pytest.mark.parametrize(
    ("z", "limit"),
    [
        ([np.inf, 0, 1], np.inf),
        ([np.inf, np.inf, 0], np.inf),
        ([np.inf, -np.inf], np.inf),
        ([-np.inf, 0, 0], np.log(2)),
        ([-np.inf, -np.inf, -np.inf], -np.inf),
        ([-np.inf], -np.inf),
        ([1e308, 1e308, -1e308], 1e308),
        ([1.79e308] * 9, 1.79e308),
        ([-1.79e308] * 9, -1.79e308),
        ([], -np.inf),
    ],
)
def test_logsumexp_at_infinity(z, limit):
    """The value has a limit everywhere. Its slope is softmax, and has one where that has."""
    assert logsumexp(z) == limit
    np.testing.assert_array_equal(logsumexp.jacobian(z), softmax(z))
    np.testing.assert_array_equal(logsumexp.vjp(z, 2.0), 2 * softmax(z))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (2, 0), (0, 3)])
def test_a_reduction_keeps_its_axis_as_those_of_numpy_do(shape):
    z = np.ones(shape)
    for axis in range(-len(shape), len(shape)):
        for keepdims in (False, True):
            shaped = np.sum(z, axis=axis, keepdims=keepdims)
            found = logsumexp(z, axis, keepdims=keepdims)
            assert np.shape(found) == np.shape(shaped)
            out = np.empty_like(shaped)
            assert logsumexp(z, axis, out=out, keepdims=keepdims) is out
            np.testing.assert_array_equal(out, found)
    assert type(logsumexp([1.0, 2.0])) is np.float64


def test_logsumexp_keeps_digits_that_cancel():
    """Numbers that are probabilities but for their last bits have a sum that is 1 but for those."""
    z = log_softmax(np.random.default_rng(0).normal(size=(20, 5))) + 1e-9
    with mpmath.workprec(200):
        true = [float(mpmath.log(mpmath.fsum(map(mpmath.exp, row)))) for row in z.tolist()]
    np.testing.assert_allclose(logsumexp(z), true, rtol=1e-11)
    assert not np.allclose(np.log(np.exp(z).sum(axis=-1)), true, rtol=1e-9, atol=0)


def test_a_large_upstream_meets_a_small_slope():
    expected = np.exp(-700) * 1e308 * np.exp(-40)
    assert logsumexp.vjp([0.0, -740.0], 1e308)[1] == pytest.approx(expected, rel=1e-14)


def test_log_softmax_keeps_what_the_logarithm_of_softmax_loses():
    assert log_softmax([0.0, -100.0])[0] == pytest.approx(-np.exp(-100), rel=1e-15)
    assert log_softmax([0.0, -1000.0])[1] == -1000


def test_softmax_sums_to_one():
    for dtype, tolerance in (("float32", 1e-6), ("float64", 1e-15)):
        z = verify.rows(np.dtype(dtype).type, 8)
        np.testing.assert_allclose(softmax(z).sum(-1, dtype=float), 1, rtol=8 * tolerance)


def test_jacobian_and_vjp_are_one_matrix():
    z, u = verify.rows(np.float64, 4)[:50], verify.rows(np.float64, 4)[50:100]
    direct = np.einsum("ni,nij->nj", u, softmax.jacobian(z))
    np.testing.assert_allclose(softmax.vjp(z, u), direct, rtol=1e-9, atol=1e-12)


LABELS = [sp.Matrix([int(i == k) for i in range(SIZE)]) for k in range(SIZE)]


@pytest.mark.parametrize("label", LABELS, ids=str)
def test_cross_entropy_of_a_class(label):
    """−log f_k and f − y, where y is 1 at the class k and 0 elsewhere."""
    f = softmax.definition(Z)
    loss = -sum(y * sp.log(p) for y, p in zip(label, f, strict=True))
    slope = list(f - label)
    assert all(sp.simplify(sp.diff(loss, z) - s) == 0 for z, s in zip(Z, slope, strict=True))

    def onehot(z):
        return np.tile(np.array(label.T.tolist(), z.dtype), (len(z), 1))

    def value(z):
        return softmax_cross_entropy(z, onehot(z))[:, None]

    def derivative(z):
        return softmax_cross_entropy.derivative(z, onehot(z))

    verify.vectors("cross-entropy", value, [loss], Z)
    verify.vectors("its derivative", derivative, slope, Z)


def test_cross_entropy_of_any_labels():
    """Σ_i y_i (−log f_i) and f_j Σ_i y_i − y_j, for labels that need not sum to 1."""
    f = softmax.definition(Z)
    terms = [-y * sp.log(p) for y, p in zip(U, f, strict=True)]
    slope = [f[j] * sum(U) - U[j] for j in range(SIZE)]

    def value(zy):
        return softmax_cross_entropy(zy[:, :SIZE], zy[:, SIZE:])[:, None]

    def derivative(zy):
        return softmax_cross_entropy.derivative(zy[:, :SIZE], zy[:, SIZE:])

    sizes = [sum(sp.Abs(t) for t in terms)]
    pulls = [
        f[j] * sp.Abs(sum(U) - U[j]) + sp.Abs(U[j]) * sum(f[i] for i in range(SIZE) if i != j)
        for j in range(SIZE)
    ]
    verify.vectors("cross-entropy", value, [sum(terms)], [*Z, *U], scales=sizes)
    verify.vectors("its derivative", derivative, slope, [*Z, *U], scales=pulls)


@every_dtype
def test_cross_entropy_shapes(dtype):
    z = np.linspace(-3, 3, 24, dtype=dtype).reshape(2, 3, 4)
    y = np.zeros((2, 3, 4), int)
    y[:, 1] = 1
    loss = softmax_cross_entropy(z, y, axis=1)
    assert loss.shape == (2, 4)
    assert loss.dtype == dtype
    np.testing.assert_array_equal(
        loss, softmax_cross_entropy(np.moveaxis(z, 1, -1), np.moveaxis(y, 1, -1))
    )
    slope = softmax_cross_entropy.derivative(z, y, axis=1)
    assert slope.shape == z.shape
    assert slope.dtype == dtype
    assert np.ndim(softmax_cross_entropy([1.0, 2.0], [0, 1])) == 0
    assert softmax_cross_entropy(np.empty((0, 3)), np.empty((0, 3))).shape == (0,)


def test_cross_entropy_keeps_what_rounding_would_lose():
    """The loss of a sure and right answer is small and not 0; an infinite logit gives the limit."""
    assert softmax_cross_entropy([0.0, -100.0], [1, 0]) == pytest.approx(np.exp(-100), rel=1e-15)
    assert softmax_cross_entropy([0.0, -np.inf], [1, 0]) == 0
    for dtype in (np.float16, np.float32, np.float64):
        assert softmax_cross_entropy(np.array([0, np.inf], dtype), [1, 0]) == np.inf
    assert np.isnan(softmax_cross_entropy([np.inf, np.inf], [1, 0]))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda z: softmax(z, temperature=0),
            ValueError,
            "temperature must be finite and > 0; got",
        ),
        (lambda z: softmax(z, -1, -1.0), ValueError, "temperature must be finite and > 0; got"),
        (lambda z: softmax.vjp(z, z, temperature=np.nan), ValueError, "temperature must be finite"),
        (lambda z: softmax.jacobian(z, [1.0, 2.0]), ValueError, "temperature must be one number"),
        (lambda z: softmax(z, temperature="hot"), TypeError, "temperature must hold bools"),
        (lambda z: softmax(z, heat=2), TypeError, "unknown parameter heat=2; it has temperature"),
        (lambda z: softmax(z, -1, 2, temperature=2), TypeError, "temperature is given twice"),
        (lambda z: softmax(z, -1, 2, 3), TypeError, "takes z, axis and 1 parameters"),
    ],
)
def test_a_temperature_that_is_none(call, error, message):
    with pytest.raises(error, match=rf"^softmax: (parameter )?{message}"):
        call(np.ones(3))


@pytest.mark.parametrize("temperature", [5e-324, 1e-300, 1e-5, 0.1, 3.0, 1e5, 1e300, 1.7e308])
def test_a_temperature_of_any_size(temperature):
    """Neither the difference nor the quotient overflows or loses digits on the way."""
    with np.errstate(over="ignore"):
        z = np.array([0.0, -0.7, -1.3]) * temperature
        z = z if temperature < 1e308 else np.array([1e308, -1e308, 0.0])
    with mpmath.workprec(2000):
        e = [mpmath.exp((mpmath.mpf(v) - z.max()) / temperature) for v in z.tolist()]
        true = [float(part / mpmath.fsum(e)) for part in e]
    np.testing.assert_array_max_ulp(softmax(z, temperature=temperature), np.array(true), 4)


def test_temperature_divides():
    z, u = verify.rows(np.float64, 4)[:50], verify.rows(np.float64, 4)[50:100]
    np.testing.assert_array_equal(softmax(z, temperature=2), softmax(z / 2))
    np.testing.assert_array_equal(softmax.jacobian(z, temperature=2) * 2, softmax.jacobian(z / 2))
    np.testing.assert_array_equal(softmax.vjp(z, u, temperature=2) * 2, softmax.vjp(z / 2, u))
    np.testing.assert_array_equal(softmax(z, -1, 0.5), softmax(z, temperature=0.5))
