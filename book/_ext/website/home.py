"""The address of the landing page is the address of the site: no redirect on the way to it."""

from collections.abc import Iterable
from pathlib import Path

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.search import js_index

HOME = "index"


class Builder(StandaloneHTMLBuilder):
    """Sphinx's own, but that the root of the contents is written to, and linked as, index.html."""

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return super().get_target_uri(HOME if docname == self.config.root_doc else docname, typ)

    def get_outfilename(self, pagename: str) -> str:
        return super().get_outfilename(HOME if pagename == self.config.root_doc else pagename)

    # The search page makes addresses from the names in its index.

    def dump_search_index(self) -> None:
        super().dump_search_index()
        self._rename(self.config.root_doc, HOME)

    def load_indexer(self, docnames: Iterable[str]) -> None:
        self._rename(HOME, self.config.root_doc)
        super().load_indexer(docnames)
        self._recall_entries(set(self.env.all_docs).difference(docnames))

    def _recall_entries(self, unchanged: set[str]) -> None:
        """Sphinx writes the entries of the index to the file, and does not read them again."""
        path = Path(self.outdir, self.searchindex_filename)
        if path.exists():
            index = js_index.loads(path.read_text("utf-8"))
            entries = self.indexer._index_entries
            for text, places in index["indexentries"].items():
                for number, target, main in places:
                    page = index["docnames"][number]
                    if page in unchanged:
                        entry = (text, target, "main" if main else "")
                        entries.setdefault(page, []).append(entry)

    def _rename(self, old: str, new: str) -> None:
        path = Path(self.outdir, self.searchindex_filename)
        if path.exists():
            index = js_index.loads(path.read_text("utf-8"))
            index["docnames"] = [new if name == old else name for name in index["docnames"]]
            path.write_text(js_index.dumps(index), "utf-8")
