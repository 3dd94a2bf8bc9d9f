"""Laws: what must hold for every elementwise activation, written once and run over all."""

import numpy as np
import pytest
from cases import every_dtype, every_record, every_setting, told

import actlib
from actlib import verify
from actlib.call.blocks import BLOCK
from actlib.formula.symbols import at, at_setting
from actlib.verify import pieces
from actlib.verify.balls import UndecidedError
from actlib.verify.checks import VALUE_BOUND
from actlib.verify.numbers import is_near


def every_function(record, setting):
    """The value, the derivative, and each derivative in a parameter, or in one of a stack."""
    yield record
    yield record.derivative
    for p in record.parameters if record.parameter_kernels else ():
        for s in range(len(setting[p.name])) if p.stacked else [()]:

            def one(x, name=p.name, s=s, **given):
                return record.parameter_derivatives(x, **given)[name][s]

            if p.learned:
                yield one


def infinities_without_limit(record, setting, function):
    """At which the record says that the value, or the derivative, has none."""
    of = {record: "value", record.derivative: "derivative"}.get(function)
    return [sign * np.inf for sign in (-1, 1) if not record.has_limit(of, sign, setting)]


def sample(dtype, around=()):
    special = np.array([-np.inf, np.inf, np.nan], dtype)
    return np.concatenate([verify.points(np.dtype(dtype).type, around), special])


@every_record
def test_value_agrees_with_definition(record):
    verify.value(record, record.definition)


@every_record
def test_derivative_agrees_with_sympy(record):
    verify.derivative(record, verify.differentiate(record.definition))


@every_record
def test_parameter_derivatives_agree_with_sympy(record):
    learned = [p for p in record.parameters if p.learned]
    assert set(record.parameter_kernels) == {p.name for p in learned}
    for p in learned:
        verify.parameter_derivative(record, p.name, record.definition.diff(p.variable))


@every_record
def test_kinks_are_as_declared(record):
    verify.kinks(record, record.definition)


@every_record
def test_turning_points_are_as_declared(record):
    verify.turning(record, record.definition)


@every_setting
def test_slope_is_continuous_away_from_kinks(record, setting):
    """Between neighbouring float32 numbers the slope moves by less than a jump would."""
    assert largest_step(record, setting) < 1e-5


@pytest.mark.parametrize("alpha", [0.3, 2.0])
def test_a_slope_that_jumps_where_no_kink_is_declared_is_seen(alpha):
    unaware = told(actlib.elu, kinks=())
    assert largest_step(unaware, {"alpha": alpha}) > 0.1


def largest_step(record, setting):
    """Of the slope, from one float32 to those beside it; of one above 1, as a part of it."""
    kinks = set(map(float, record.kinks_at(setting)))
    x = np.linspace(-10, 10, 40_001).astype(np.float32)
    for kink in kinks:
        x = x[(x < np.float32(kink) - 1e-5) | (x > np.float32(kink) + 1e-5)]
    slope = record.derivative(x, **setting)
    bend = np.max(np.abs(np.gradient(slope, x)))  # of a wave with omega = 30, say, 900
    beside = [np.nextafter(x, np.float32(end)) for end in (-np.inf, np.inf)]
    step = np.abs(record.derivative(beside, **setting) - slope) - 2 * bend * np.spacing(np.abs(x))
    return (step / np.maximum(1, np.abs(slope))).max()


@every_setting
def test_range_holds_and_is_no_wider_than_needed(record, setting):
    low, high = (float(at(end, setting)) for end in record.range)
    turns = record.turns_at(setting)
    edges = pieces.boundaries(at_setting(record.definition, setting)) | turns
    y = record(sample("float64", map(float, edges))[:-1], **setting)
    assert low - _slack(low, turns) <= np.nanmin(y)
    assert np.nanmax(y) <= high + _slack(high, turns)
    reached = [np.nanmin(y), np.nanmax(y)]
    np.testing.assert_allclose(reached, [low, high], rtol=1e-12, atol=1e-12)


def _slack(end, turns):
    """At a turning point the end of the range is a value, which float64 has to within its law."""
    return VALUE_BOUND * np.spacing(abs(end)) if turns and np.isfinite(end) else 0.0


@every_setting
def test_range_is_proved(record, setting):
    """From the signs of the slope; an end without a formula is declared by twenty digits."""
    try:
        proved = verify.extremes(at(record.definition, setting))
    except UndecidedError:
        if not record.no_limits:
            raise
        pytest.skip("it oscillates: its range is sampled alone")
    for name, end, found in zip(("infimum", "supremum"), record.range, proved, strict=True):
        declared = at(end, setting)
        assert is_near(declared, found), f"{record.name}: its {name} is {found}, not {declared}"


@every_setting
@every_dtype
def test_dtype_is_kept_and_nan_stays(record, setting, dtype):
    x = sample(dtype)
    for function in every_function(record, setting):
        y = function(x, **setting)
        assert y.dtype == dtype
        assert y.shape == x.shape
        nowhere = np.isin(x, infinities_without_limit(record, setting, function))
        np.testing.assert_array_equal(np.isnan(y), np.isnan(x) | nowhere)


@every_setting
def test_layout_does_not_matter(record, setting):
    """Strides, byte order, broadcasting and read-only memory change nothing; nor does the call
    change its input."""
    x = np.linspace(-8, 8, 2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)
    layouts = [
        x.T.copy().T,
        np.repeat(x, 2, axis=1)[:, ::2],
        x[::-1, :, ::-1].copy()[::-1, :, ::-1],
        x.astype(">f4"),
        x.astype("<f4"),
    ]
    for function in every_function(record, setting):
        expected = function(x, **setting)
        for layout in layouts:
            before = layout.copy()
            layout.flags.writeable = False
            y = function(layout, **setting)
            assert y.dtype == np.float32
            assert y.dtype.isnative
            np.testing.assert_array_equal(y, expected)
            np.testing.assert_array_equal(layout, before)


@every_setting
def test_the_result_is_the_callers_own(record, setting):
    """Neither the input, nor something that is kept for the next call."""
    x = np.linspace(-8, 8, 7)
    for function in every_function(record, setting):
        first = function(x, **setting)
        assert not np.shares_memory(first, x)
        expected = first.copy()
        first.fill(np.nan)
        np.testing.assert_array_equal(function(x, **setting), expected)


@every_setting
def test_large_arrays_are_the_same_as_small_ones(record, setting):
    """Nothing happens at the borders of the driver's blocks."""
    x = np.linspace(-8, 8, 4 * BLOCK + 11, dtype=np.float32)
    for function in every_function(record, setting):
        pieces_of_x = [function(part, **setting) for part in np.array_split(x, 7)]
        np.testing.assert_array_equal(function(x, **setting), np.concatenate(pieces_of_x))


@every_setting
def test_scalars_lists_and_empty_arrays(record, setting):
    for function in every_function(record, setting):
        for one in (2, True, 2.5, np.float32(2.5), np.array(2.5)):
            y = function(one, **setting)
            assert np.ndim(y) == 0
            assert isinstance(y, np.floating)
            assert y == function(np.array([one], np.result_type(one)), **setting)[0]
        assert function([[1, 2], [3, 4]], **setting).dtype == np.float64
        for shape in ((0,), (3, 0), (0, 2, 0)):
            assert function(np.empty(shape, np.float16), **setting).shape == shape


@every_setting
def test_integers_and_bools_compute_in_float64(record, setting):
    for function in every_function(record, setting):
        for x in (np.arange(-3, 4, dtype=np.int8), np.array([True, False]), np.uint64([1, 2**60])):
            y = function(x, **setting)
            assert y.dtype == np.float64
            np.testing.assert_array_equal(y, function(x.astype(np.float64), **setting))


@every_record
def test_parameters_broadcast(record):
    """A setting for each channel, or for each element: there, the result is that setting's."""
    x = np.linspace(-4, 4, 24, dtype=np.float32).reshape(2, 3, 4)
    alike = _settings_of_one_shape(record)
    channel = np.arange(3).reshape(3, 1) % len(alike)
    element = np.arange(24).reshape(2, 3, 4) % len(alike)
    for function in every_function(record, alike[0]):
        shared = [function(x, **setting) for setting in alike]
        for which in (channel, element):
            arrays = {
                name: np.moveaxis(np.array([s[name] for s in alike]), 0, -1)[..., which]
                for name in alike[0]
            }
            expected = np.choose(np.broadcast_to(which, x.shape), shared)
            np.testing.assert_array_equal(function(x, **arrays), expected)


@every_record
def test_one_parameter_broadcasts_beside_shared_ones(record):
    x = np.linspace(-4, 4, 24, dtype=np.float32).reshape(2, 3, 4)
    alike = _settings_of_one_shape(record)
    for p in record.parameters:
        for setting in alike:
            one = {**alike[0], p.name: setting[p.name]}
            if p.stacked or not _allowed(record, one):
                continue
            for function in every_function(record, one):
                full = function(x, **{**one, p.name: np.full(x.shape, one[p.name])})
                np.testing.assert_array_equal(full, function(x, **one))


def _settings_of_one_shape(record):
    """Those whose values are all numbers or all stacks of one size, as many as there are."""
    shapes = [{k: np.shape(v) for k, v in s.items()} for s in record.settings]
    most = max(shapes, key=shapes.count)
    alike = [s for s, shape in zip(record.settings, shapes, strict=True) if shape == most]
    return [s for s in alike if None not in s.values()]


def _allowed(record, setting):
    try:
        record(0.0, **setting)
    except ValueError:
        return False
    return True


@every_record
def test_parameters_are_positional_too(record):
    first = record.settings[-1]
    x = np.linspace(-3, 3, 7)
    np.testing.assert_array_equal(record(x, *first.values()), record(x, **first))
