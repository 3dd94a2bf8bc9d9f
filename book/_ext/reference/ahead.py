"""What takes long to work out of each record, by all cores, before the first page is read.

Pages are read one after the other, and each would wait for its own. What is found is kept
(kept.py) or written (vectors.py, digests.py), and pages find it there.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import actlib
from actlib.call.shapes import is_loss
from actlib.proof.work import end_with
from actlib.vectors import tables
from reference import digests, kept, vectors


def work_out(app: Sphinx, env: BuildEnvironment, changed: list[str]) -> None:
    """Where every page is about to be read: where few are, there is little to work out."""
    if os.name == "posix" and env.found_docs <= set(changed):
        here = get_context("fork")  # a worker has the extensions that this build has loaded
        with ProcessPoolExecutor(os.cpu_count(), here, end_with, (os.getpid(),)) as pool:
            list(pool.map(of_one, [*actlib.ALL, *(loss.name for loss in tables.losses())]))


def of_one(name: str) -> None:
    """All of an activation or a loss."""
    subject = getattr(actlib, name)
    vectors.write([subject], kept.ROOT / vectors.MADE)
    if not is_loss(subject):
        digests.write([subject], kept.ROOT / digests.MADE)
        for known in kept.ALL:
            if known.applies(subject):
                known.find(subject)
