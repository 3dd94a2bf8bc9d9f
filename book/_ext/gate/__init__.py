"""The gate: a Sphinx extension that builds html pages alone, and only from notebooks that hold.

Before any page is read it checks what must be true of the book as a whole (book.py), of each
notebook as it is stored (rules.py), and then runs every notebook again and compares what its
cells return with what is stored (run.py). A notebook is run once: a stamp (stamps.py) remembers
that exactly this passed. A refusal ends the build, and so does any warning Sphinx gives; only a
build that has passed leaves a site (site.py).

Nothing from outside decides what is checked: no variable, no other file (surroundings.py), and no
setting. The one that there is says how long a cell may take.
"""

import time
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from gate import book, rules, run, site
from gate.stamps import Stamps

ROOT = Path(__file__).resolve().parents[3]
FIRST = 0  # before anybody else does anything for a builder
LAST = 1000  # after all others have done what they do at the end of a build


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("gate_cell_timeout", 60, "")
    app.connect("config-inited", start)
    app.connect("builder-inited", only_html, priority=FIRST)
    app.connect("env-before-read-docs", check)
    app.connect("write-started", clear)
    app.connect("build-finished", judge, priority=LAST)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def folders(app: Sphinx) -> tuple[Path, Path]:
    """Of the site, and of what Sphinx remembers of its pages."""
    return Path(app.outdir), Path(app.doctreedir)


def start(app: Sphinx, config: Config) -> None:
    site.start(*folders(app))


def only_html(app: Sphinx) -> None:
    """Other builders would write what nothing has checked, some of them among the checked pages."""
    name = app.builder.name
    if name != "html":
        raise SystemExit(
            f"\ngate: nothing checks what the builder {name} writes: "
            "this book is built as html, and `make pdf` prints it as one PDF."
        )


def check(app: Sphinx, env: BuildEnvironment, changed: list[str]) -> None:
    """Refuse the build unless every notebook of the book holds.

    Sphinx knows by now which files it is going to read, and has read none of them.
    """
    refuse(book.jupyter_book_problems())
    refuse(book.setting_problems(app.config, app.extensions))
    refuse(book.place_problems(Path(app.srcdir), ROOT))
    notebooks, problems = book.notebooks(ROOT, pages(app), sources(app), whole_book(app))
    refuse(problems)
    refuse(book.module_problems(ROOT, notebooks))
    refuse([problem for notebook in notebooks for problem in rules.problems(notebook, ROOT)])
    started = time.monotonic()
    refuse(run.verify(notebooks, ROOT, Stamps(ROOT), app.config.gate_cell_timeout))
    print(f"gate: all {len(notebooks)} notebooks hold, {time.monotonic() - started:.1f} s")
    site.open_for_change(*folders(app))


def whole_book(app: Sphinx) -> bool:
    """Not so in `jupyter-book build PAGE`, which builds one page without a table of contents."""
    return hasattr(app.config, "external_site_map")


def pages(app: Sphinx) -> list[str]:
    """The pages to be built, as paths from the top of the project, as _toc.yml names them."""
    names = app.config.external_site_map if whole_book(app) else [app.config.root_doc]
    return [_from_top(app, name) for name in names]


def sources(app: Sphinx) -> dict[str, str]:
    """The files that Sphinx has found and is going to read, by their page."""
    found = app.env.found_docs
    return {_from_top(app, n): _from_top(app, app.env.doc2path(n, base=False)) for n in found}


def _from_top(app: Sphinx, path: str) -> str:
    return Path(app.srcdir).relative_to(ROOT).joinpath(path).as_posix()


def refuse(problems: list[str]) -> None:
    if problems:
        # An ExtensionError would be buried under the traceback that jupyter-book prints for it.
        raise SystemExit("\ngate: the book does not hold.\n\n" + "\n\n".join(problems))


def clear(app: Sphinx, builder: Builder) -> None:
    """Before pages are written, remove all that is not of the book any more."""
    site.keep(Path(app.outdir), site.written_once(builder))


def judge(app: Sphinx, error: Exception | None) -> None:
    """What Sphinx only warns of, a broken link or a missing reference, is an error in this book.

    A page built alone is spared: its links lead to pages that are not there.
    """
    warned = app._warncount and whole_book(app)
    if error is not None or warned:
        site.forget(*folders(app))
    else:
        site.close(*folders(app))
    if error is None and warned:
        raise SystemExit(f"\ngate: Sphinx gave {app._warncount} warnings; see above.")
