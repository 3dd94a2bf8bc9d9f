"""The labs: a Sphinx extension that lets readers move a function's parameters and look closely.

A chapter's static figure stays in the page; beside it comes an empty place and a script that draws
the lab there, and only then hides the figure. What a lab knows of a function is a module generated
from its record. The labs themselves are the modules of book/_static/lab.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

import actlib
from actlib.call import shapes
from actlib.call.elementwise import Activation
from actlib.call.shapes import is_of_vectors
from actlib.show import plot
from lab import modules
from reference.kept import kept

COLORS = {"f": plot.BLUE, "slope": plot.VERMILION, "curvature": plot.GREEN}
CYCLE = [color for color in plot.CYCLE if color != plot.BLACK]  # that is for the difference
"""Those of the figures."""

STATIC = Path(__file__).resolve().parents[2] / "_static" / "lab"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("compare", Compare)
    app.connect("source-read", depend)
    app.connect("doctree-resolved", beside_the_figure)
    app.connect("html-page-context", head)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def record_of(page: str) -> Any:
    """The activation whose chapter this is, or None."""
    return actlib.ALL.get(Path(page).name) if page.startswith("book/activations/") else None


def depend(app: Sphinx, page: str, source: list[str]) -> None:
    """A page with a lab is old when a lab is newer."""
    if record_of(page) is not None:
        note(app.env)


def note(env: BuildEnvironment) -> None:
    for path in (*STATIC.iterdir(), *Path(__file__).parent.glob("*.py")):
        env.note_dependency(str(path))


def beside_the_figure(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """After the first figure of a chapter, the place of its lab."""
    record = record_of(page)
    if record is None or app.builder.format != "html":
        return
    image = next(doctree.findall(nodes.image), None)
    if image is None:
        return
    shown = image.parent if isinstance(image.parent, nodes.figure) else image
    shown["classes"].append("lab-figure")
    shown.parent.insert(shown.parent.index(shown) + 1, place(page, kind_of(record), record.name))


def kind_of(record: Any) -> str:
    """Which lab draws it: of curves, or of vectors."""
    return "vector" if is_of_vectors(record) else "curve"


def place(page: str, kind: str, name: str = "") -> nodes.raw:
    """An empty element, and its script: here, and asynchronous, so that it waits for nothing."""
    inks = ";".join(f"--lab-{curve}-ink:{color}" for curve, color in COLORS.items())
    html = (
        f'<div class="lab lab-{kind}" data-activation="{name}"'
        f' data-colors="{" ".join(CYCLE)}" style="{inks}"></div>\n'
        f'<script type="module" async src="{static(page, f"{kind}.js")}"></script>\n'
    )
    return nodes.raw("", html, format="html")


class Compare(SphinxDirective):
    """The place of the lab that compares; its content is what is read without JavaScript."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        note(self.env)
        fallback = nodes.container(classes=["lab-figure"])
        self.state.nested_parse(self.content, self.content_offset, fallback)
        return [fallback, place(self.env.docname, "compare")]


def static(page: str, file: str) -> str:
    """From a page to a file of the labs."""
    return "../" * page.count("/") + f"_static/lab/{file}"


def head(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """On a page with a lab, and there alone: its style sheet, and all its modules at once, which
    otherwise would be found one after the other."""
    kind = re.search(r'class="lab lab-([a-z]+)" data-activation="(\w*)"', context.get("body", ""))
    if doctree is None or kind is None:
        return
    app.add_css_file("lab/lab.css")
    name = kind[2] or "all"
    files = [*imported(f"{kind[1]}.js"), f"functions/{name}.js"]
    files += imports(functions(app, name), from_="../")
    links = (f'<link rel="modulepreload" href="{static(page, file)}">' for file in files)
    context["metatags"] = "\n".join([context.get("metatags", ""), *links])


@cache
def imported(entry: str) -> list[str]:
    """A module, and all that it imports."""
    found = [entry]
    for file in found:  # grows on the way
        text = (STATIC / file).read_text("utf-8")
        found += [f for f in imports(text, from_="./") if f not in found]
    return found


def imports(text: str, from_: str) -> list[str]:
    """The files that a module imports from a folder."""
    return re.findall(rf'^import .* from "{re.escape(from_)}([^/"]+)";', text, re.M)


def write(app: Sphinx, error: Exception | None) -> None:
    """The modules of functions, beside the labs' own."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "lab", "functions")
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*actlib.ALL, "all"):
        (folder / f"{name}.js").write_text(functions(app, name), "utf-8")


module = kept(modules.module)


@cache
def functions(app: Sphinx, name: str) -> str:
    """The module of an activation, or that of all."""
    if name == "all":
        return modules.together(elementwise(app))
    return module(actlib.ALL[name])


def elementwise(app: Sphinx) -> list[Activation]:
    """In the order of the contents; of a page that is built alone, in that of the alphabet."""
    names = [Path(page).name for page in getattr(app.config, "external_site_map", actlib.ALL)]
    found = shapes.elementwise(actlib.ALL.values())
    return sorted(found, key=lambda record: names.index(record.name))
