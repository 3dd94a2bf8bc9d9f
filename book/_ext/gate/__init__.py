"""The gate: a Sphinx extension that builds the html pages only from notebooks that hold.

Before any page is read it checks what must be true of the book as a whole (book.py), of each
notebook as it is stored (rules.py), and then runs every notebook again and compares what its
cells return with what is stored (run.py). A notebook is run once: a stamp (stamps.py) remembers
that exactly this passed. A refusal ends the build, and so does any warning Sphinx gives.
"""

import time
from pathlib import Path

from sphinx.application import Sphinx

from gate import book, rules, run
from gate.stamps import Stamps

ROOT = Path(__file__).resolve().parents[3]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("gate_cell_timeout", 60, "")
    app.add_config_value("gate_allowed_tags", [], "")
    app.add_config_value("gate_inputs", [], "")
    app.connect("builder-inited", check)
    app.connect("build-finished", refuse_warnings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def check(app: Sphinx) -> None:
    """Refuse the build unless every notebook of the book holds."""
    if app.builder.format != "html":
        return
    refuse(book.jupyter_book_problems())
    notebooks, problems = book.notebooks(ROOT, pages(app), whole_book(app))
    refuse(problems)
    refuse([p for n in notebooks for p in rules.problems(n, ROOT, app.config.gate_allowed_tags)])
    started = time.monotonic()
    stamps = Stamps(ROOT, app.config.gate_inputs)
    refuse(run.verify(notebooks, ROOT, stamps, app.config.gate_cell_timeout))
    print(f"gate: all {len(notebooks)} notebooks hold, {time.monotonic() - started:.1f} s")


def whole_book(app: Sphinx) -> bool:
    """Not so in `jupyter-book build PAGE`, which builds one page without a table of contents."""
    return hasattr(app.config, "external_site_map")


def pages(app: Sphinx) -> list[str]:
    """The pages to be built, as paths from the top of the project, without suffix."""
    if whole_book(app):
        return list(app.config.external_site_map)
    return [(Path(app.srcdir).resolve() / app.config.master_doc).relative_to(ROOT).as_posix()]


def refuse(problems: list[str]) -> None:
    if problems:
        # An ExtensionError would be buried under the traceback that jupyter-book prints for it.
        raise SystemExit("\ngate: the book does not hold.\n\n" + "\n\n".join(problems))


def refuse_warnings(app: Sphinx, error: Exception | None) -> None:
    """What Sphinx only warns of, a broken link or a missing reference, is an error in this book.

    A page built alone is spared: its links lead to pages that are not there.
    """
    if error is None and app._warncount and app.builder.format == "html" and whole_book(app):
        raise SystemExit(f"\ngate: Sphinx gave {app._warncount} warnings; see above.")
