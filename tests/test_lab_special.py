"""erf and erfc of the labs: the numbers of actlib, in JavaScript, to twelve digits."""

import json
import re
import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from test_special import JOINS, ROOT_OF_2, TINY, around

import lab
from actlib.arithmetic import special
from actlib.formula.symbols import X
from actlib.verify import ulp
from actlib.verify.balls import decide, evaluator
from lab import javascript, modules

SCRIPT = lab.STATIC / "special.js"


def test_the_labs_have_the_same_numbers():
    text = SCRIPT.read_text("utf-8")
    for name in ("P", "Q", "OF_ERF"):
        (numbers,) = re.findall(rf"^const {name} = \[(.*?)\];", text, re.M | re.S)
        assert tuple(map(float, numbers.split(",")[:-1])) == getattr(special, name)


def in_node(formula, x, folder):
    """What the labs make of a formula in X, at these numbers."""
    code = f"(x) => {javascript.expression(formula)}"
    brought = javascript.imports(code).replace("../special.js", SCRIPT.as_uri())
    script = folder / "script.mjs"
    script.write_text(
        f"{brought}const x = {json.dumps(x.tolist())};\n"
        f"console.log(JSON.stringify(x.map({code})));\n",
        "utf-8",
    )
    run = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
@pytest.mark.parametrize(
    "formula",
    [
        sp.erf(X),
        sp.erfc(X),
        (1 + sp.erf(X / ROOT_OF_2)) / 2,
        1 - sp.erf(3 * X),
        X * (1 + sp.erf(X / ROOT_OF_2)) / 2,
    ],
    ids=str,
)
def test_in_the_labs_they_keep_twelve_digits(formula, tmp_path):
    x = np.concatenate([np.linspace(-30, 30, 601), *(around(j, 3) for j in JOINS), [1e-300, 100]])
    got = in_node(formula, x, tmp_path)
    truth = evaluator(formula, [X])
    for point, y in zip(x.tolist(), got, strict=True):
        error = decide(truth, [point], lambda ball, y=y: off(y, ball))
        assert error < 1e-12, point


def off(y, ball):
    """The relative error; of a result below the normal numbers, against the smallest of these."""
    if abs(ball) < TINY and abs(y) < TINY:
        error = abs(y - ball) / TINY
        return float(error.upper()) if error.rad() < 1e-15 else None
    return ulp.relative_error(y, ball)


def test_only_what_calls_them_imports_them():
    assert javascript.imports(javascript.expression(sp.exp(X))) == ""
    assert javascript.imports(javascript.expression(1 + sp.erf(X))) == (
        'import { erfc } from "../special.js";\n'
    )
    both = javascript.expression(sp.erf(X) + sp.erfc(2 * X))
    assert javascript.imports(both) == 'import { erf, erfc } from "../special.js";\n'


def test_a_page_fetches_them_at_once_with_the_rest(monkeypatch):
    """Whatever the module of its function imports, and once; a page without them fetches none."""
    code = {"erf": javascript.expression(sp.erf(X)), "tanh": javascript.expression(sp.tanh(X))}
    monkeypatch.setattr(lab, "functions", lambda app, name: modules.exported(code[name]))
    for name, times in (("erf", 1), ("tanh", 0)):
        context = {"body": f'<div class="lab lab-curve" data-activation="{name}">'}
        app = SimpleNamespace(add_css_file=lambda file: None)
        lab.head(app, f"book/activations/{name}", "", context, doctree=True)
        assert context["metatags"].count('href="../../_static/lab/special.js"') == times
