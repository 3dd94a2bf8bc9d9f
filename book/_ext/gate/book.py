"""What must be true of the book as a whole: what builds it, its settings, its pages."""

import re
from collections.abc import Iterable, Mapping
from importlib.machinery import all_suffixes
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from myst_nb.core.read import is_myst_markdown_notebook

FOLDER = "book"
OURS = ("actlib", "gate", "reference", "website", "lab")
"""What the pages and their checks are made with."""

CODE_CELL = re.compile(r"^[\s>]*([`~:])\1{2,}\s*\{code-cell\}", re.MULTILINE)

SETTINGS: dict[str, tuple[Any, str]] = {
    "nb_execution_mode": ("off", "what is compared is what is shown, and nothing runs after that"),
    "nb_custom_formats": ({}, "the gate runs notebooks, and knows no other format"),
    "suppress_warnings": (["myst.footnote"], "a warning that is not given refuses nothing"),
    "nitpicky": (True, "a reference that leads nowhere gives no warning otherwise"),
    "nitpick_ignore": ([], "a warning that is not given refuses nothing"),
    "nitpick_ignore_regex": ([], "a warning that is not given refuses nothing"),
    "html_extra_path": ([], "what is copied to the site as it is, nothing has checked"),
    "html_additional_pages": ({}, "a page without a source, nothing has checked"),
}
"""Settings that decide what is checked: the only value of each, and why."""

RUN_CODE = (
    "IPython.sphinxext.ipython_directive",
    "jupyter_sphinx",
    "matplotlib.sphinxext.plot_directive",
    "nbsphinx",
    "sphinx_gallery.gen_gallery",
)
"""Extensions that run code of a page while it is built, and compare nothing."""


def jupyter_book_problems() -> list[str]:
    found = version("jupyter-book")
    if found.split(".")[0] == "1":
        return []
    return [f"Jupyter Book {found} is installed; _config.yml and _toc.yml need version 1."]


def setting_problems(config: Any, extensions: Iterable[str]) -> list[str]:
    """Settings under which something would be shown that nothing has checked."""
    problems = [
        f"_config.yml: {name} is {config[name]!r}; it must be {value!r}: {reason}."
        for name, (value, reason) in SETTINGS.items()
        if config[name] != value
    ]
    running = sorted(set(RUN_CODE) & set(extensions))
    return problems + [
        f"_config.yml: the extension {name} runs code that nothing compares; take it out."
        for name in running
    ]


def place_problems(source: Path, root: Path) -> list[str]:
    if root in (source, *source.parents):
        return []
    return [f"{source}: its gate is that of {root}, which knows no other book; see PYTHONPATH."]


def module_problems(root: Path, notebooks: Iterable[Path]) -> list[str]:
    """Modules that would be imported instead of this book's own, or of those installed."""
    problems = []
    for name in OURS:
        spec = find_spec(name)
        place = Path(spec.origin).resolve() if spec and spec.origin else Path("nowhere")
        if root not in place.parents:
            problems.append(f"{name}: imported from {place}, not from {root}; see PYTHONPATH.")
    folders = {root, *(notebook.parent for notebook in notebooks)}
    found = {module for folder in folders for module in _modules(folder)}
    return problems + [
        f"{path.relative_to(root).as_posix()}: notebooks would import it before what is installed."
        for path in sorted(found - {root / "actlib"})
    ]


def _modules(folder: Path) -> list[Path]:
    """What lies in a folder and could be imported from it."""
    files = [path for path in folder.iterdir() if path.suffix in all_suffixes()]
    return files + [path.parent for path in folder.glob("*/__init__.py")]


def notebooks(
    root: Path, named: Iterable[str], sources: Mapping[str, str], whole: bool
) -> tuple[list[Path], list[str]]:
    """The notebooks among the pages, in reading order, and what is amiss.

    `named` are the names in _toc.yml, `sources` the files that Sphinx is going to read, by their
    page; `whole` says that they are the whole book, so that what is not named has been forgotten.
    """
    found, problems = [], []
    names = [re.sub(r"\.(ipynb|md)$", "", name) for name in named]
    for name in names:
        if name not in sources:
            lies = any(root.joinpath(f"{name}{suffix}").is_file() for suffix in (".ipynb", ".md"))
            why = "_config.yml excludes it" if lies else "there is no such file"
            problems.append(f"{name}: named in _toc.yml, but {why}.")
            continue
        path = root / sources[name]
        if path.suffix == ".ipynb":
            found.append(path)
        else:
            problems += [f"{sources[name]}: {problem}" for problem in _unrun(path)]
    lying = set(sources.values())
    if whole:
        lying |= {p.relative_to(root).as_posix() for p in root.joinpath(FOLDER).rglob("*.ipynb")}
    forgotten = lying - {sources[name] for name in names if name in sources}
    problems += [
        f"{path}: not named in _toc.yml."
        for path in sorted(forgotten)
        if ".ipynb_checkpoints" not in path
    ]
    return found, problems


def _unrun(path: Path) -> list[str]:
    """Why this page, which is no notebook, might show what nothing has run."""
    if path.suffix != ".md":
        return ["neither a notebook nor Markdown: the gate cannot tell if it runs code."]
    text = path.read_text("utf-8")
    if is_myst_markdown_notebook(text) or CODE_CELL.search(text):
        return ["Markdown with code cells, which nothing would run; store it as a notebook."]
    return []
