"""The shell around the pages: a Sphinx extension for what a reader expects of a site.

Nothing here knows any one page: titles, names and order come from the records and the contents.
"""

from sphinx.application import Sphinx

from website import assets, home, mend


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(home.Builder, override=True)
    app.connect("html-page-context", assets.choose, priority=900)
    app.connect("html-page-context", mend.page, priority=900)
    app.connect("build-finished", assets.finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
