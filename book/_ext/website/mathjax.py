"""MathJax without its menu, which is half of it and makes every formula a stop of the Tab key."""

from pathlib import Path

PARTS = [
    "startup.js",  # first: it begins when the others are there
    "core.js",
    "input/tex.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "a11y/assistive-mml.js",  # what screen readers read
]


def join(html: Path) -> None:
    """Write the parts as the one file that pages ask for."""
    folder = html / "_static" / "mathjax"
    text = ";\n".join(folder.joinpath(part).read_text("utf-8") for part in PARTS)
    folder.joinpath("tex-chtml.js").write_text(text, "utf-8")
