"""The code that a chapter shows is the code that runs."""

import ast
import inspect
import re
from html import unescape
from pathlib import Path

import pytest

import actlib
from reference import kernels

ROOT = Path(__file__).parents[1]
every_record = pytest.mark.parametrize("record", actlib.ALL.values(), ids=lambda r: r.name)


@every_record
def test_every_kernel_is_shown_as_its_module_has_it(record):
    shown = {}
    for path, code in re.findall(
        r"```python\n# (\S+)\n\n(.*?)```", kernels.markdown(record), re.DOTALL
    ):
        there = functions((ROOT / path).read_text("utf-8"))
        for name, text in functions(code).items():
            assert text == there[name]
            shown[path, name] = text
    assert list(shown) == [
        (Path(inspect.getsourcefile(kernel)).relative_to(ROOT).as_posix(), kernel.__name__)
        for kernel in kernels.kernels(record)
    ]


@every_record
def test_the_built_chapter_shows_them(record):
    page = ROOT / "_build" / "html" / "book" / "activations" / f"{record.name}.html"
    if not page.is_file():
        pytest.skip("there is no site; run `make site`")
    text = unescape(re.sub(r"<[^>]*>", "", page.read_text("utf-8")))
    for kernel in kernels.kernels(record):
        assert inspect.getsource(kernel).strip() in text


def functions(code):
    """The text of each function, decorators included, by name."""
    nodes = (node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef))
    return {node.name: ast.unparse(node) for node in nodes}
