"""The wheel of the actlib that the site was built with, and the line that installs it."""

import os
import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import actlib
from website.address import BRANCH

ROOT = Path(__file__).resolve().parents[3]
NAME = f"actlib-{actlib.__version__}-py3-none-any.whl"
PLACE = f"dist/{NAME}"
"""In the site, and on the branch that launch buttons open."""

EPOCH = "315532800"
"""The first day that a wheel, which is a zip file, can tell: the same files are the same wheel."""


def write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        build(Path(app.outdir, PLACE).parent)


def build(folder: Path) -> None:
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", folder, ROOT]
    fixed = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, env=fixed, check=True, capture_output=True)


def address(config: Config) -> str | None:
    """Where it can be had: from the site, or from GitHub while the site has no address."""
    if config.html_baseurl:
        return config.html_baseurl + PLACE
    if repository := config.html_theme_options.get("repository_url"):
        return f"{repository.rstrip('/')}/raw/{BRANCH}/{PLACE}"
    return None


def requirement(config: Config) -> str:
    """What pip is asked for: all that a notebook imports. Without an address it is a file's."""
    there = address(config)
    return f'"actlib[book] @ {there}"' if there else f'"./{NAME}[book]"'
