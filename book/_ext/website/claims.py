"""A claim can be linked to, like a heading: its place has a label, and shows it on hover."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class Permalinks(SphinxPostTransform):
    default_priority = 500
    formats = ("html",)

    def run(self, **_: object) -> None:
        for place in self.document.findall(nodes.paragraph):
            for label in place["ids"]:
                if label.startswith("claim-"):
                    place += nodes.reference(
                        "",
                        "#",
                        internal=True,
                        refid=label,
                        classes=["headerlink"],
                        reftitle="Link to this claim",
                    )
