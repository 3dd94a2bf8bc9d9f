"""The shell around the pages: a Sphinx extension for what a reader expects of a site.

Nothing here knows any one page: titles, names and order come from the records and the contents.
"""

from sphinx.application import Sphinx

from website import (
    address,
    assets,
    cite,
    claims,
    describe,
    home,
    llms,
    mend,
    names,
    notebook,
    plugins,
    wheel,
)


def setup(app: Sphinx) -> dict[str, int]:
    plugins.register()
    app.add_builder(home.Builder, override=True)
    app.add_transform(names.Names)
    app.add_transform(describe.Description)
    app.add_post_transform(claims.Permalinks)
    app.add_config_value("website_wheel", wheel.NAME, "html")  # another one: every page names it
    app.connect("config-inited", address.configure)
    app.connect("config-inited", address.buttons)
    app.connect("builder-inited", address.launch, priority=900)  # the theme has read the branch
    app.connect("html-collect-pages", address.missing)
    app.connect("html-page-context", address.tell, priority=100)  # the cards repeat it
    app.connect("html-page-context", cite.offer, priority=200)
    app.connect("html-page-context", notebook.offer, priority=600)  # the theme has its buttons
    app.connect("html-page-context", assets.choose, priority=900)  # after all have added theirs
    app.connect("html-page-context", mend.page, priority=900)
    for write in (assets.finish, address.sitemap, llms.write, wheel.write):
        app.connect("build-finished", write, priority=900)  # after MathJax has been copied
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
