"""Search finds a function by any of its names: each is an entry of the index, at its chapter."""

from pathlib import PurePosixPath

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

import actlib
from actlib.call.shapes import AnyRecord
from actlib.formula.elsewhere import everywhere


class Names(SphinxTransform):
    """Entries for the chapter of a record; Sphinx ranks an entry above a word of the text."""

    default_priority = 800  # before Sphinx collects the entries of its index

    def apply(self) -> None:
        record = actlib.ALL.get(PurePosixPath(self.env.docname).name)
        if record is not None:
            chapter = next(self.document.findall(nodes.section))
            entries = [("single", n, chapter["ids"][0], "main", None) for n in names(record)]
            chapter.insert(1, addnodes.index(entries=entries))


def names(record: AnyRecord) -> list[str]:
    """Its title, its name in actlib, its other names and presets, and what frameworks call them."""
    theirs = [there.name for _, there in everywhere(record)]
    short = [name.rpartition(".")[2] for name in theirs]
    presets = [n for p in record.presets for n in (p.title, p.name, *p.aliases)]
    found = [record.title, record.name, *record.aliases, *presets, *theirs, *short]
    return list({name.lower(): name for name in reversed(found)}.values())[::-1]
