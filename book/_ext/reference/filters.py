"""The form above a long list, with which a reader chooses what of it is shown.

An item carries a class for each thing that can be chosen, and book/_static/filters.js hides those
that lack one. The form stays hidden where no script runs, and then every item is there to read.
"""

from collections import Counter
from collections.abc import Iterable

Choice = tuple[str, str]
"""The class of an item, and what a reader calls it."""


def form(items: str, controls: Iterable[str]) -> str:
    """The form in Markdown; `items` is the CSS selector of what is shown and hidden."""
    inside = "\n".join(controls)
    return f"""```{{raw}} html
<form class="filter-form" data-items="{items}" hidden>
{inside}
<output aria-live="polite"></output>
</form>
```"""


def menu(name: str, items: Iterable[Choice]) -> str:
    """One of several, or all: for what each item has once."""
    counts = Counter(items)
    options = [("", "all", counts.total()), *((*choice, n) for choice, n in counts.items())]
    told = (f'<option value="{value}">{text} ({n})</option>' for value, text, n in options)
    return f"<label>{name} <select>{''.join(told)}</select></label>"


def boxes(name: str, items: Iterable[Choice]) -> str:
    """Any of several, of which an item must have all: for what it can have many of."""
    told = (
        f'<label><input type="checkbox" value="{value}"> {text} ({n})</label>'
        for (value, text), n in Counter(items).items()
    )
    return f"<fieldset><legend>{name}</legend>{''.join(told)}</fieldset>"
