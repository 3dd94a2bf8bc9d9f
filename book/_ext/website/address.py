"""What needs the site's address: canonical links, social cards, the sitemap and the 404 page.

While `html: baseurl` is empty there is no address, and so there is none of them. Nor is there a
button that leads to the repository while its address is empty.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from website.home import HOME

BRANCH = "notebooks"
"""Of the repository: what launch buttons open, as launch.py puts it together."""

Page = tuple[str, dict[str, Any], str]


def configure(app: Sphinx, config: Config) -> None:
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
        app.setup_extension("sphinxext.opengraph")
        # It adds nothing to what is read: with an address, pages are written anew, and not read.
        app.extensions["sphinxext.opengraph"].metadata.pop("env_version")
        config.ogp_site_url = config.html_baseurl
        config.ogp_site_name = config.html_title
        config.ogp_enable_meta_description = False  # the layout has one, address or not


def buttons(app: Sphinx, config: Config) -> None:
    """To the repository, and to where its notebooks can be run."""
    options = config.html_theme_options
    if options.get("repository_url"):
        options["use_repository_button"] = True
    else:
        options.pop("launch_buttons", None)


def launch(app: Sphinx) -> None:
    """Launch buttons open the notebooks that pages offer. Those of the sources import what is not
    there, and say `{term}` where they mean a word."""
    app.config.html_theme_options["repository_branch"] = BRANCH


def of(app: Sphinx, docname: str) -> str:
    """The address of a page; that of the first one is the site's own."""
    path = app.builder.get_target_uri(docname)
    return app.config.html_baseurl + ("" if path == f"{HOME}.html" else path)


def tell(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """The canonical address of a page, in its head and on its card."""
    if not app.config.html_baseurl:
        return
    context["pageurl"] = of(app, pagename) if doctree else None
    if doctree:
        meta = context["meta"] or {}
        told = {"og:url": context["pageurl"], "og:description": meta.get("description", "")}
        context["meta"] = {**meta, **told}


def missing(app: Sphinx) -> Iterator[Page]:
    """The 404 page. It is shown below any address, so its links start from the site's own."""
    if app.config.html_baseurl:
        base = urlsplit(app.config.html_baseurl).path
        yield "404", {"metatags": f'<base href="{base}" />'}, "404.html"


def sitemap(app: Sphinx, error: Exception | None) -> None:
    """Every page of the book, and none of those that Sphinx adds."""
    if error is None and app.config.html_baseurl and app.builder.format == "html":
        root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
        for docname in sorted(app.env.found_docs):
            entry = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(entry, "loc").text = of(app, docname)
        tree = ElementTree.ElementTree(root)
        ElementTree.indent(tree)
        tree.write(Path(app.outdir) / "sitemap.xml", encoding="utf-8", xml_declaration=True)
