"""The icon fonts and their style sheet, cut down to the icons that the pages show."""

import io
import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
STYLES = "styles/pydata-sphinx-theme.css"
FONTS = "vendor/fontawesome/webfonts/*.woff2"

RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([^"]*)"\}')
"""One icon: its names, and the character that stands for it."""


def cut(html: Path) -> None:
    """Write the fonts and the style sheet that the site in this folder needs."""
    names = used(html)
    sheet = THEME.joinpath(STYLES).read_text("utf-8")
    shown = {m[2] for m in RULE.finditer(sheet) if names & set(re.findall(r"\.(fa-[\w-]+)", m[1]))}
    sheet = RULE.sub(lambda m: m[0] if m[2] in shown else "", sheet)
    html.joinpath("_static", STYLES).write_text(sheet, "utf-8")
    # The sheet itself shows some too: the mark of GitHub before a link to it, say.
    characters = [int(code, 16) for code in re.findall(r'"\\([0-9a-f]{4})"', sheet)]
    characters += map(ord, re.findall("[\ue000-\uf8ff]", sheet))
    for font in THEME.glob(FONTS):
        target = html / "_static" / font.relative_to(THEME)
        target.write_bytes(with_only(characters, font))


def used(html: Path) -> set[str]:
    """Every icon that a page shows, or a script may add to it."""
    texts = [*html.rglob("*.html"), THEME / "scripts" / "pydata-sphinx-theme.js"]
    return {name for path in texts for name in re.findall(r"fa-[\w-]+", path.read_text("utf-8"))}


def with_only(characters: list[int], path: Path) -> bytes:
    """The font with no other characters than these."""
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options(flavor="woff2", notdef_outline=True, layout_features=[])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
