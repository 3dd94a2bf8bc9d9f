"""Figures as the site shows them: at half their pixels, so that they are sharp on a dense screen,
and in few colours, so that they are light."""

from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

COLOURS = 64  # a third of the bytes; a figure of ours has five and their edges


def prepare(app: Sphinx, doctree: nodes.document) -> None:
    """Every picture that the build has made: those of notebooks, and the atlas."""
    for image in doctree.findall(nodes.image):
        path = Path(app.srcdir, image["uri"])
        if path.suffix == ".png" and "_build" in path.parts:
            image["scale"] = 50
            reduce(path)


def reduce(path: Path) -> None:
    with Image.open(path) as picture:
        if picture.mode != "P":
            picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
