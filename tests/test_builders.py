"""What nothing has checked is not written: html pages are, and there is no other builder."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from copies import copy_project, run
from sphinx.application import builtin_extensions
from sphinx.builders import Builder

import gate
from gate.site import PASSED

MODULES = [import_module(name) for name in builtin_extensions if name.startswith("sphinx.builders")]
CLASSES = [c for module in MODULES for c in vars(module).values() if isinstance(c, type)]
BUILDERS = {c.name for c in CLASSES if issubclass(c, Builder)} - {""}
"""Those of Sphinx, which are all that `jupyter-book build --builder` can choose from."""


def chosen(builder):
    return SimpleNamespace(builder=SimpleNamespace(name=builder))


@pytest.mark.parametrize("builder", sorted(BUILDERS - {"html"}))
def test_a_builder_that_nothing_checks_is_refused(builder):
    with pytest.raises(SystemExit, match=rf"^\ngate: nothing checks what the builder {builder} "):
        gate.only_html(chosen(builder))


def test_html_is_built():
    assert {"html", "dirhtml", "singlehtml", "latex", "linkcheck", "epub"} < BUILDERS
    gate.only_html(chosen("html"))


def test_a_refused_builder_leaves_the_site_as_it_is(tmp_path):
    """`pdfhtml` writes among the pages of html."""
    project = copy_project(tmp_path / "book")
    page = project / "_build" / "html" / "index.html"
    passed = project / "_build" / ".doctrees" / PASSED
    for path in (page, passed):
        path.parent.mkdir(parents=True)
        path.write_text("index.html", "utf-8")
    code, shown = run(project, "jupyter-book", "build", ".", "--builder", "pdfhtml")
    assert code == 1
    assert "make pdf" in shown.splitlines()[-1]
    assert "Traceback" not in shown
    assert "reading sources" not in shown
    assert [p.name for p in page.parent.iterdir()] == ["index.html"]
    assert passed.is_file()
