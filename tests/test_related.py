"""Relations between functions: what is printed holds, and what does not hold is not printed."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from cases import told
from sphinx_external_toc.parsing import parse_toc_yaml

import actlib
from actlib.formula.symbols import X
from actlib.show.relations import relations
from reference import families, see_also

ROOT = Path(__file__).parents[1]
FAMILIES = list(families.families(parse_toc_yaml(ROOT / "_toc.yml"), actlib.ALL).values())
RECORDS = tuple(record for family in FAMILIES for record in family)
GRID = np.concatenate([np.linspace(-30, 30, 2401), [-1e-8, 1e-8, -1e3, 1e3]])


@pytest.fixture(scope="module")
def found():
    """They take seconds, and collecting the tests must not."""
    return relations(RECORDS)


@pytest.mark.parametrize("seen", [lambda r: r, lambda r: r.turned()], ids=["left", "right"])
def test_every_relation_holds_in_numbers(found, seen):
    """At kinks too: 0, halves and whole numbers lie on the grid."""
    assert found
    for relation in found:
        left, right = seen(relation).sides(GRID)
        told = " = ".join(relation.latex())
        np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12, err_msg=told)


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathrm{softplus}'(x) = \mathrm{sigmoid}(x)",
        r"\mathrm{relu}'(x) = \mathrm{step}(x)",
        r"\mathrm{tanh}(x) = 2\,\mathrm{sigmoid}(2 x) - 1",
        r"\mathrm{relu}(x) = \mathrm{elu}(x;\ \alpha = 0)",
        r"\mathrm{leaky\_relu}(x;\ \alpha) = \mathrm{prelu}(x;\ \alpha)",
        r"\mathrm{selu}(x) = 1.050701\,\mathrm{elu}(x;\ \alpha = 1.6732632)",
        r"\mathrm{sigmoid}(x) = \mathrm{softmax}(x, 0)_1",
        r"\mathrm{leaky\_relu}(x;\ \alpha) = \mathrm{srelu}(x;\ a_{l} = \alpha)",
        r"\mathrm{relu}(x) = \mathrm{apl}(x)",
        r"\mathrm{relu}(x) = \mathrm{threshold}(x)",
        r"\mathrm{softplus}(x) = \mathrm{logsumexp}(x, 0)",
        r"\nabla \mathrm{logsumexp}(z) = \mathrm{softmax}(z)",
        r"z - \mathrm{logsumexp}(z) = \mathrm{log\_softmax}(z)",
    ],
)
def test_what_textbooks_know_is_found(found, formula):
    assert formula in {" = ".join(relation.latex()) for relation in found}


def planted(name, definition):
    """The record of a function, with another definition."""
    return told(actlib.ALL[name], name="planted", definition=definition)


step, relu, sigmoid = (actlib.ALL[name] for name in ("step", "relu", "sigmoid"))


@pytest.mark.parametrize(
    "fault",
    [
        planted("sigmoid", sigmoid.definition + sp.Rational(1, 10**14)),
        planted("step", sp.Piecewise((0, X <= 0), (1, True))),
        planted("step", sp.Piecewise((0, X < 0), (1, X < 20), (2, X < 21), (1, True))),
    ],
    ids=["too small to see", "at one point", "where no number is tried"],
)
def test_a_false_relation_that_numbers_cannot_tell_is_not_found(fault):
    """The kernels are those of the true function, so that only the proof can see the fault."""
    true = next(r for r in (step, sigmoid) if r.value_kernel is fault.value_kernel)
    assert relations((true, replace(true, name="again")))
    assert not relations((true, fault))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_a_false_relation_of_vectors_is_not_found(name):
    """It holds for the numbers, which come from the kernels of the true one."""
    true, tiny = actlib.ALL[name], sp.ones(3, 1) / 10**14
    wrong = {"definition": lambda z: true.definition(z) + tiny[: len(z), :]}
    fault = replace(true, name="planted", **wrong)
    for sum_first in (True, False):
        pair = (actlib.logsumexp, true) if sum_first else (true, actlib.logsumexp)
        assert len(relations(pair)) == 1
        assert not relations(tuple(fault if r is true else r for r in pair))


def test_a_slope_that_is_another_at_the_kink_is_not_found():
    other = planted("step", sp.Piecewise((0, X <= 0), (1, True)))
    assert [r for r in relations((relu, step)) if r.left.is_slope]
    assert not [r for r in relations((relu, other)) if r.left.is_slope]


def test_both_sides_tell_of_each_other():
    for record in RECORDS:
        for other in RECORDS:
            there = f"(/book/activations/{other.name}.ipynb)"
            back = f"(/book/activations/{record.name}.ipynb)"
            page, turned = (see_also.markdown(r, FAMILIES) for r in (record, other))
            assert page.count(there) == turned.count(back)


def test_every_sentence_has_a_formula_and_a_link_to_a_chapter():
    for record in RECORDS:
        lines = see_also.markdown(record, FAMILIES).splitlines()
        for line in (line for line in lines if line.startswith("- ")):
            assert line.count("$") >= 2 or "In the same family" in line
            for link in re.findall(r"\((/book/.+?)\)", line):
                assert ROOT.joinpath(link.lstrip("/")).is_file()


def test_the_family_is_that_of_the_contents():
    head, *others = next(family for family in FAMILIES if len(family) > 2)
    told = see_also.markdown(head, FAMILIES).splitlines()[-1]
    assert re.findall(r"\[(.+?)\]", told) == [record.title for record in others]
