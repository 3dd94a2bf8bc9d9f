"""The standard's own tests of its operators, asked of our functions.

The package onnx brings them: inputs, and what an operator must give for them. An operator is an
activation if a record says that it is called so there; the record says too what its arguments are
called here, and nothing else is told to make the call.
"""

import functools
from dataclasses import replace

import numpy as np
import pytest
from frameworks import installed

import actlib
from actlib.call.shapes import is_gated
from actlib.formula.elsewhere import everywhere

NAMED = {}  # by operator: (record, what it is there)
for record in actlib.ALL.values():
    for framework, there in everywhere(record):
        if framework == "ONNX":
            NAMED.setdefault(there.name, []).append((record, there))

INTEGERS = "of integers; here they give float64"
SEVERAL = "over all axes at once; here it is one axis"
NOT_ARRAYS = "it copies what is no array"
FIXED = "alpha and gamma are arguments; here they are the constants of the paper"
APART = {
    "test_clip_default_int8_inbounds": INTEGERS,
    "test_clip_default_int8_max": INTEGERS,
    "test_clip_default_int8_min": INTEGERS,
    "test_clip_min_greater_than_max": "the ends are in the wrong order; here that is refused",
    "test_identity_opt": NOT_ARRAYS,
    "test_identity_sequence": NOT_ARRAYS,
    "test_reduce_log_sum_exp_default_axes_keepdims_example": SEVERAL,
    "test_reduce_log_sum_exp_default_axes_keepdims_random": SEVERAL,
    "test_selu": FIXED,
    "test_selu_example": FIXED,
    "test_swiglu_alpha": "alpha is the beta of its gate; here it is 1",
}
"""Tests that cannot be asked of our functions, each with the reason."""


pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


class NotOurs(Exception):
    """No record takes these arguments."""


@functools.cache
def nodes():
    """{name: a test whose model is one node, of an operator that a record names}."""
    installed("onnx")
    from onnx.backend.test import loader

    tests = {test.name: test for test in loader.load_model_tests(kind="node") if test.model}
    return {
        name: test
        for name, test in tests.items()
        if [node.op_type in NAMED for node in test.model.graph.node] == [True]
        and "_expanded" not in name
    }


@functools.cache
def expanded():
    """{name: the same test, of a model in which the operator is spelled out in others}."""
    installed("onnx")
    from onnx.backend.test import loader

    return {
        test.name: test
        for test in loader.load_model_tests(kind="node")
        if test.name.partition("_expanded")[0] in nodes() and "_expanded" in test.name
    }


def given(node, opset, inputs):
    """Its arguments by their names: attributes, and inputs that the operator has names for."""
    from onnx import defs, helper

    names = [one.name for one in defs.get_schema(node.op_type, opset).inputs]
    told = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    told = {name: a.decode() if isinstance(a, bytes) else a for name, a in told.items()}
    present = [name for name, shown in zip(names, node.input, strict=False) if shown]
    return told, dict(zip(present, inputs, strict=True))


def ours(record, there, arguments):
    """Those arguments as the record takes them."""
    known = {p.name for p in record.parameters} | {"axis", "keepdims"}
    setting = dict(there.floats)
    for name, value in arguments.items():
        here = there.renames.get(name, name)
        if here in known:
            setting[here] = number(value) if here in ("axis", "keepdims") else value
        elif not np.array_equal(there.arguments.get(name), value):
            raise NotOurs(f"{name}={value!r}")
    for name in there.arguments:
        if name not in arguments and there.renames.get(name) not in setting:
            raise NotOurs(f"without {name}")
    return setting


def number(value):
    """One axis, which may come in an array."""
    if np.size(value) != 1:
        raise NotOurs(f"{value!r} are several")
    return int(np.ravel(value)[0])


def without_ends(node, dtype):
    """What Clip takes for an end that is not given: the smallest number, and the largest."""
    if node.op_type != "Clip":
        return {}
    ends = np.finfo(dtype)
    return {"min": ends.min, "max": ends.max}


def right(record, *arrays, **setting):
    return record(*arrays, **setting)


def answers(test, named=NAMED, call=right):
    """What we return, and what the standard asks for: two arrays."""
    ((inputs, (expected,)),) = test.data_sets
    (node,) = test.model.graph.node
    told, arrays = given(node, test.model.opset_import[0].version, inputs)
    first = inputs[0]
    if not isinstance(first, np.ndarray) or first.dtype.kind in "iub":
        raise NotOurs("no array of floats")
    refused = []
    for record, there in named[node.op_type]:
        taken = [*arrays][: 2 if is_gated(record) else 1]
        rest = {name: a for name, a in arrays.items() if name not in taken}
        try:
            setting = ours(record, there, without_ends(node, first.dtype) | told | rest)
        except NotOurs as refusal:
            refused.append(str(refusal))
            continue
        pair = {"first": [1, 0], "second": [0, 1]}.get(there.gate, [0])  # value, then gate
        return call(record, *(arrays[taken[i]] for i in pair), **setting), expected
    raise NotOurs("; ".join(refused))


def off(test, named=NAMED, call=right):
    """Where our answer is not within the bounds of the test, or of another dtype or shape."""
    found, expected = answers(test, named, call)
    if (found.dtype, found.shape) != (expected.dtype, expected.shape):
        return [f"{found.dtype} {found.shape}, not {expected.dtype} {expected.shape}"]
    close = np.isclose(
        found.astype(float), expected.astype(float), test.rtol, test.atol, equal_nan=True
    )
    return [f"{a}, not {b}" for a, b in zip(found[~close], expected[~close], strict=True)]


def test_each_test_of_an_activation_holds():
    asked = {name: test for name, test in nodes().items() if name not in APART}
    assert {name: told for name, test in asked.items() if (told := off(test))} == {}


def test_each_operator_that_a_record_names_is_among_them():
    asked = {test.model.graph.node[0].op_type for test in nodes().values()}
    assert asked == set(NAMED)


def test_what_is_apart_cannot_be_asked():
    assert set(APART) <= set(nodes())
    for name in APART:
        with pytest.raises((NotOurs, ValueError)):
            answers(nodes()[name])


def test_what_is_spelled_out_asks_the_same():
    """So nothing is left out where an operator's test is there a second time, as a function."""
    for name, test in expanded().items():
        ((inputs, outputs),) = test.data_sets
        ((asked, told),) = nodes()[name.partition("_expanded")[0]].data_sets
        for a, b in zip([*inputs, *outputs], [*asked, *told], strict=True):
            np.testing.assert_array_equal(np.asarray(a, object), np.asarray(b, object))
    assert len(expanded()) > len(nodes()) / 2


def wrong(record, *arrays, **setting):
    found = record(*arrays, **setting)
    return (-1 - found).astype(found.dtype)


def test_a_wrong_function_fails():
    asked = {name: test for name, test in nodes().items() if name not in APART}
    assert [name for name, test in asked.items() if not off(test, call=wrong)] == []


def test_the_wrong_argument_fails():
    """Each argument that a test gives is one on which our answer depends."""
    record, there = NAMED["HardSigmoid"][0]
    swapped = replace(there, renames={"alpha": "offset", "beta": "slope"})
    assert off(nodes()["test_hardsigmoid"], {"HardSigmoid": [(record, swapped)]})
    with pytest.raises(NotOurs, match="alpha"):
        answers(
            nodes()["test_hardsigmoid"], {"HardSigmoid": [(record, replace(there, renames={}))]}
        )
