"""Colours and letters of a picture, on a light ground and on a dark one.

The colours are told apart by every kind of colour vision, and each stands out from its ground, and
from the line on it, by 3 : 1 or more; what they mean, words say too. A picture by itself follows
the reader's system; in a page that switches by html[data-theme] it follows the page. A page may set
the properties itself, --audit-ground among them. Where a picture is narrow, its letters grow and
the labels of the class "more" make room for them.
"""

CLASS = "audit-picture"
LETTER, LARGE = 13.0, 20.0  # font sizes, in units of the picture: wide, and narrow
NARROW = 520  # pixels

LIGHT = {
    "ground": "#ffffff",
    "ink": "#1b1b1b",
    "faint": "#e6e6e6",
    "rule": "#767676",
    "error": "#2f8ac4",
    "fault": "#c44e00",
    "flush": "#a8528a",
    "back": "#007f5c",
}
DARK = {
    "ground": "#121212",
    "ink": "#f2f2f2",
    "faint": "#2c2c2c",
    "rule": "#8c8c8c",
    "error": "#2f83bd",
    "fault": "#f0772b",
    "flush": "#d98cbd",
    "back": "#2cb88d",
}


def css() -> str:
    """For the style element of a picture: it touches nothing else in the page that holds it."""
    dark = f'@media screen{{html[data-theme="dark"] {_set(DARK)}}}'
    system = f"@media screen and (prefers-color-scheme:dark){{{_set(DARK)}}}"
    light = f'html[data-theme="light"] {_set(LIGHT)}'
    rules = {
        "": f"font:{LETTER:g}px system-ui,sans-serif",
        "text": f"fill:var(--audit-ink);font-size:{LETTER:g}px",
        ".head": "font-weight:600",
        ".ground": "fill:var(--audit-ground)",
        ".fold": "fill:var(--audit-faint)",
        ".edge,.base,.rule,.tick": "stroke:var(--audit-rule);fill:none",
        ".edge": "stroke-dasharray:2 3",
        ".rule": "stroke-dasharray:6 3",
        ".worst": "fill:var(--audit-error);stroke:var(--audit-error);stroke-width:.7",
        ".median": "fill:none;stroke:var(--audit-ink);stroke-width:1.2",
        ".fault": "fill:var(--audit-fault)",
        ".flushed": "fill:none;stroke:var(--audit-flush);stroke-width:1.5",
        ".back": "fill:var(--audit-back)",
    }
    own = "".join(_rule(selector, style) for selector, style in rules.items())
    narrow = _rule("text", f"font-size:{LARGE:g}px") + _rule(".more", "display:none")
    return f"{_set(LIGHT)}{system}{light}{dark}{own}@media (max-width:{NARROW}px){{{narrow}}}"


def _set(colours: dict[str, str]) -> str:
    told = ";".join(f"--audit-{name}:{value}" for name, value in colours.items())
    return f".{CLASS}{{{told}}}"


def _rule(selectors: str, style: str) -> str:
    told = ",".join(f".{CLASS} {each}".strip() for each in selectors.split(","))
    return f"{told}{{{style}}}"
