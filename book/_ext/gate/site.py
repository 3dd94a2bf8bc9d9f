"""What builds leave behind: a site, and what Sphinx remembers of it, only after one that passed.

Sphinx gives the warnings of a page when it reads it, and reads no page twice. So what it has read
in a build that was refused, or killed, must not serve the next one, which would give no warning
and pass. A list of the site's files says that a build has passed. It is written when that is known,
and taken away before the next build changes any of them.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from sphinx.builders import Builder

PASSED = "passed.txt"


def start(site: Path, memory: Path) -> None:
    """Unless the last build has passed, begin from nothing."""
    if not memory.joinpath(PASSED).is_file():
        forget(site, memory)


def open_for_change(site: Path, memory: Path) -> None:
    """From here on the site is not known to be good. Files that are not of it go."""
    passed = memory / PASSED
    if passed.is_file():
        keep(site, passed.read_text("utf-8").splitlines())
        passed.unlink()


def close(site: Path, memory: Path) -> None:
    """This site has passed."""
    memory.joinpath(PASSED).write_text("\n".join(_files(site)), "utf-8")


def forget(site: Path, memory: Path) -> None:
    """Leave no page, and nothing that was read for one."""
    for folder in (site, memory):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)


def keep(site: Path, names: Iterable[str]) -> None:
    """Remove all files but these, given as paths from the top of the site, and empty folders."""
    for name in set(_files(site)) - set(names):
        (site / name).unlink()
    for folder, _, _ in os.walk(site, topdown=False):
        if folder != str(site) and not os.listdir(folder):
            os.rmdir(folder)


def written_once(builder: Builder) -> list[str]:
    """The files that Sphinx writes only when their page has changed; all others it writes anew."""
    env, site = builder.env, Path(builder.outdir)
    sources = [(name, env.doc2path(name, base=False)) for name in env.found_docs]
    return [
        *(Path(builder.get_outfilename(n)).relative_to(site).as_posix() for n, _ in sources),
        *(f"_sources/{path}" for _, path in sources),
        *(f"{name}.ipynb" for name, path in sources if path.endswith(".ipynb")),
        *(f"_images/{name}" for _, name in env.images.values()),
        *(name for name in _files(site) if name.startswith("_images/social_previews/")),
        *("searchindex.js", ".buildinfo"),
    ]


def _files(site: Path) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if not p.is_dir())
