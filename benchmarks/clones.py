"""Activations that are not there: in a copy of the project, some that it has a second time.

A clone has all that an activation has: a module, a chapter with its claims, a line in the contents,
a proof, and its place in the stub. Only its names are new, as long as the old ones, so that code
and prose are laid out alike. It costs what one more activation of its kind would cost.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from copies import run

SHAPES = ("silu", "hard_swish", "log_softmax")
"""A curve with a parameter, one made of pieces, a function of vectors. None of what their chapters
judge is of the post, each claim of which has one place."""

DIGEST = "import sys; from actlib.proof.depends import digest; print(digest(sys.argv[1]))"


def grow(project: Path, count: int) -> list[str]:
    """Add so many clones, of each shape in turn: their names."""
    names = [clone(project, SHAPES[n % len(SHAPES)], n + 1) for n in range(count)]
    stub = project / "actlib" / "__init__.pyi"
    stub.write_text(python(project, "-m", "actlib.show.stub"), "utf-8")
    ran(project, "ruff", "format", str(stub))
    python(project, "-m", "gate.normalise", *(f"book/activations/{name}.ipynb" for name in names))
    for path in (project / "proofs" / f"{name}.json" for name in names):
        if path.exists():
            digest = python(project, "-c", DIGEST, path.stem).strip()
            kept = path.read_text("utf-8")
            path.write_text(re.sub(r'(?<="depends on": ")\w+', digest, kept), "utf-8")
    python(project, "-m", "actlib.vectors.hardest", "proofs")
    return names


def clone(project: Path, name: str, number: int) -> str:
    """The files of one, as an author would write them: its name."""
    new = renamed(name, number)
    activations, book = project / "actlib" / "activations", project / "book"
    copied(activations / f"{name}.py", new, lambda text: module(text, name, number))
    copied(book / "activations" / f"{name}.ipynb", new, lambda text: chapter(text, name, number))
    if project.joinpath("proofs", f"{name}.json").exists():
        copied(project / "proofs" / f"{name}.json", new, lambda text: text.replace(name, new))
    line = re.compile(rf"^( *- file: book/activations/){name}$", re.MULTILINE)
    edit(project / "_toc.yml", lambda text: line.sub(rf"\g<1>{new}\n\g<0>", text))
    edit(book / "claims.yml", lambda text: text + claims(text, name, number))
    return new


def renamed(name: str, number: int) -> str:
    """hard_swish, 2 → hard_swis2; and hard-swish, 12 → hard-swi12, as labels have it."""
    return f"{name[: -len(str(number))]}{number}"


def module(text: str, name: str, number: int) -> str:
    """Of its record the names alone: those that it has in frameworks stay."""
    before, found, record = text.partition(f"\n{name} = ")
    assert found, f"{name}: no record"
    record = re.sub(r'(?<=\bname=")\w+', lambda old: renamed(old[0], number), record)
    record = re.sub(r'(?<=\btitle=")[^"]+', rf"\g<0> {number}", record)
    record = re.sub(
        r"(?<=aliases=\().+?(?=\))", lambda all: many(all[0], number), record, flags=re.S
    )
    return f"{before}\n{renamed(name, number)} = {record}"


def many(names: str, number: int) -> str:
    """ "swish", "lse" → "swish 2", "lse 2"."""
    return re.sub(r'"(.+?)"', rf'"\1 {number}"', names)


def chapter(text: str, name: str, number: int) -> str:
    """With its own title, figures and claims; what its cells print comes of running them."""
    for word in {name, name.replace("_", "-")}:
        text = re.sub(rf"\b{word}\b", renamed(word, number), text)
    return re.sub(r'"# [^\\"]+', rf"\g<0> {number}", text, count=1)


def claims(text: str, name: str, number: int) -> str:
    """What its chapter judges, as entries of the ledger."""
    label = name.replace("_", "-")
    entries = re.findall(rf"^- id: {label}-.+?(?=^- id: |\Z)", text, re.MULTILINE | re.DOTALL)
    return "\n" + "".join(entries).replace(f"- id: {label}", f"- id: {renamed(label, number)}")


def copied(path: Path, name: str, change: Callable[[str], str]) -> None:
    path.with_stem(name).write_text(change(path.read_text("utf-8")), "utf-8")


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def python(project: Path, *arguments: str) -> str:
    """What this prints, with the code of the copy."""
    return ran(project, "python", *arguments)


def ran(project: Path, *command: str) -> str:
    code, shown = run(project, *command)
    if code:
        sys.exit(f"{project.name}: {' '.join(command)}\n{shown}")
    return shown
