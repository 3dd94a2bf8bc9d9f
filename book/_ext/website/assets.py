"""What a page loads: only styles and scripts that it uses, and no script before its text."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from website import icons, mathjax

MARKS = {
    "filters.js": "filter-form",
    "tex-chtml.js": "math notranslate",
    "sphinx-thebe.css": "thebe",
    "sphinx-thebe.js": "thebe",
    "togglebutton.css": "toggle",
    "togglebutton.js": "toggle",
    "design-tabs.js": "sd-tab-set",
    "sphinx-design.min.css": "sd-",
}
"""Of what is put on every page: the class without which a page does not need it."""

SETTINGS = {"THEBE_JS_URL": "thebe", "toggle": "toggle"}
"""The same for scripts in the page itself, by what they define."""

FIRST = "documentation_options.js"
"""What scripts in the page itself refer to; all others wait until the page is read."""


def choose(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Leave out what this page has no use for, and put off the rest."""
    body = context.get("body", "")
    for kind in ("css_files", "script_files"):
        context[kind] = [asset for asset in context[kind] if _used(asset, body)]
    for script in context["script_files"]:
        if script.filename and Path(script.filename).name != FIRST:
            script.attributes.update(defer="defer", fetchpriority="low")


def _used(asset: Any, body: str) -> bool:
    if asset.filename:
        mark = MARKS.get(Path(asset.filename).name)
    else:
        text = asset.attributes.get("body", "")
        mark = next((mark for word, mark in SETTINGS.items() if word in text), None)
    return mark is None or f'class="{mark}' in body or f" {mark}" in body


def finish(app: Sphinx, error: Exception | None) -> None:
    """When every page is written: cut icons and MathJax to what they use."""
    if error is None and app.builder.format == "html":
        icons.cut(Path(app.outdir))
        mathjax.join(Path(app.outdir))
