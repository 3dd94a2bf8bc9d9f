"""The reading order, as _toc.yml has it: parts, and the pages in each."""

from collections.abc import Iterator

from sphinx_external_toc.api import SiteMap

Part = tuple[str, list[str]]


def parts(contents: SiteMap) -> list[Part]:
    """Each part's caption with the names of its pages."""
    return [(tree.caption or "", list(_below(contents, tree))) for tree in contents.root.subtrees]


def _below(contents: SiteMap, tree: object) -> Iterator[str]:
    for page in tree.items:  # type: ignore[attr-defined]
        name = str(page)
        yield name
        for subtree in contents[name].subtrees:
            yield from _below(contents, subtree)
