"""What a page of Markdown has its reader do, done in order: files, commands, Python.

A block of code whose first line is a comment with the name of a file is that file. Another one in
Python is a program; a block of text after it is what it prints. In a console, a line that begins
with "$ " is a command, which goes on after a backslash, and what follows is its output. There "…"
is what is left out: on a line of its own any lines, else the rest of a word or a line.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:#|/\*) ([\w./-]+\.\w+)(?: \*/)?")
END = "what comes next is the next command"


@dataclass(frozen=True)
class Block:
    """One of a page: python, c, sh, yaml, console or text."""

    language: str
    text: str

    @property
    def file(self):
        """The name of the file that it is, if it is one."""
        found = FILE.fullmatch(self.text.partition("\n")[0])
        return found and found[1]

    @property
    def session(self):
        """The commands of a console, each with what it prints."""
        _, *parts = re.split(r"^\$ ", re.sub(r"\\\n *", "", self.text), flags=re.MULTILINE)
        return [part.partition("\n")[::2] for part in parts]


def blocks(page):
    """All of them, in order."""
    return [Block(*found) for found in BLOCK.findall(page.read_text("utf-8"))]


def done(page, folder):
    """Do what a page says in a folder, and count the outputs that were compared.

    AssertionError, where something else comes out.
    """
    found, compared = blocks(page), 0
    for block, after in zip(found, [*found[1:], Block("", "")], strict=True):
        if block.file:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language == "python":
            told = after.text if after.language == "text" else ""
            compare(run([sys.executable, "-c", block.text], folder), told, block.text)
            compared += 1
        elif block.language == "console":
            commands = [command for command, _ in block.session]
            script = "\n".join(f"{c}\ns=$?; echo '{END}'; (exit $s)" for c in commands)
            printed = run(["bash", "-c", script], folder).split(f"{END}\n")
            for (command, told), each in zip(block.session, printed, strict=False):
                compare(each, told, command)
                compared += 1
    return compared


def compare(printed, told, what):
    """Is this what the page says of it?"""
    assert as_pattern(told).fullmatch(printed), f"{what}\nprints\n{printed}\nnot\n{told}"


def as_pattern(told):
    """Of an output, with what is left out."""
    found = re.escape(told).replace("^…\n", "")
    found = re.sub(r"^…(\\\n|\n)", r"(?:.*\\n)*", found, flags=re.MULTILINE)
    return re.compile(found.replace("…", ".*"))


def run(command, folder):
    """All that it prints, errors too."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ours = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **ours},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8")
