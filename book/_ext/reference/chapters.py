"""What the build adds to a chapter, from its record and its relatives."""

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

import actlib
from reference import identities, kernels, see_also
from reference.families import families

CHECK = "## The check\n"


def complete(app: Sphinx, docname: str, source: list[str]) -> None:
    """The code of the kernels before the check, and the relatives at the foot."""
    record = actlib.ALL.get(Path(docname).name)
    contents = getattr(app.config, "external_site_map", None)  # none where one page is built
    if record and contents:
        notebook = json.loads(source[0])
        shown = f"{kernels.markdown(record)}\n\n{CHECK}"
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"]).replace(CHECK, shown)
        every = list(families(contents, actlib.ALL).values())
        related = {"cell_type": "markdown", "id": "related", "metadata": {}}
        notebook["cells"].append({**related, "source": see_also.markdown(record, every)})
        source[0] = json.dumps(notebook)
        for module in Path(actlib.__file__).parent.glob("activations/*.py"):
            app.env.note_dependency(str(module))


def mark(app: Sphinx, document: nodes.document) -> None:
    """What the lines in the picture of all identities lead to."""
    record = actlib.ALL.get(Path(app.env.docname).name)
    contents = getattr(app.config, "external_site_map", None)
    if record and contents:
        see_also.mark(document, record, identities.proved(families(contents, actlib.ALL)))
