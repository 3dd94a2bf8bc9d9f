"""A solution and the cell that checks it are one fold: the cell after "Solution 1" goes inside."""

from docutils import nodes
from sphinx.application import Sphinx

TITLE = "Solution "


def fold(app: Sphinx, doctree: nodes.document) -> None:
    for solution in list(doctree.findall(_is_solution)):
        siblings = solution.parent
        after = siblings.index(solution) + 1
        if after < len(siblings) and "cell" in siblings[after].get("classes", ()):
            check = siblings.pop(after)
            solution.append(check)


def _is_solution(node: nodes.Node) -> bool:
    """A dropdown as sphinx-design leaves it until it is written: its first child is the title."""
    return (
        isinstance(node, nodes.container)
        and node.get("design_component") == "dropdown"
        and node[0].astext().startswith(TITLE)
    )
