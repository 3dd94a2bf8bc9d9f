"""The reference: a Sphinx extension whose directives write pages from the records and the ledger.

Each directive is a function that returns Markdown; nothing on these pages is written by hand.
"""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import actlib
from actlib.vectors import tables
from reference import (
    accuracy,
    ahead,
    api,
    atlas,
    chapters,
    conventions,
    coverage,
    digests,
    errata,
    families,
    figures,
    gallery,
    identities,
    ledger,
    matrix,
    promise,
    properties,
    solutions,
    speed,
    vectors,
    verdict,
)

ROOT = Path(__file__).resolve().parents[3]


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("autodoc-process-docstring", api.as_plain_text, priority=400)  # before napoleon
    app.connect("autodoc-process-signature", api.with_names)
    app.connect("missing-reference", api.elsewhere)
    app.connect("env-before-read-docs", ahead.work_out, priority=600)  # after the gate has passed
    app.connect("doctree-read", figures.prepare, priority=600)  # after Sphinx has found the files
    app.connect("doctree-read", solutions.fold)
    app.connect("source-read", chapters.complete)
    app.connect("doctree-read", chapters.mark)
    app.connect("doctree-read", gallery.mark)
    for directive in (
        Gallery, Promise, Verdict, Family, Properties, Identities, Atlas, Ledger, Conventions,
        Coverage, Accuracy, Errata, Speed, Vectors, Digests, Api,
    ):  # fmt: skip
        app.add_directive(directive.__name__.lower(), directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Generated(SphinxDirective):
    """A directive that stands for Markdown, made from files that may change."""

    sources = ("actlib/**/*.py",)

    def markdown(self) -> str:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        for pattern in self.sources:
            for path in ROOT.glob(pattern):
                self.env.note_dependency(str(path))
        lines = StringList(self.markdown().splitlines(), source=self.get_location())
        node, around = nodes.Element(), self.state_machine.node
        before = len(around)
        self.state.nested_parse(lines, 0, node, match_titles=True)
        # MyST has put what has a heading around the directive: it comes after what has none.
        sections = around[before:]
        del around[before:]
        return [*node.children, *sections]

    def records(self) -> list[api.Record]:
        """All activations, in the order of the contents."""
        names = [Path(page).name for page in self.config.external_site_map]
        return sorted(actlib.ALL.values(), key=lambda record: names.index(record.name))

    def by_family(self) -> families.Families:
        return families.families(self.config.external_site_map, actlib.ALL)

    def notebooks(self) -> list[Path]:
        """All notebooks, in the order of the contents."""
        pages = [ROOT / f"{page}.ipynb" for page in self.config.external_site_map]
        return [page for page in pages if page.exists()]


class Gallery(Generated):
    """A picture of every activation, family by family."""

    sources = ("actlib/**/*.py", "_toc.yml")

    def markdown(self) -> str:
        folder = Path("_build", "reference", "gallery")
        gallery.write(self.records(), ROOT / folder)
        return gallery.markdown(self.by_family(), f"/{folder.as_posix()}")


class Family(Generated):
    """What the activations below this caption of the contents share, and where they differ."""

    required_arguments = 1
    final_argument_whitespace = True
    sources = ("actlib/**/*.py", "_toc.yml")

    def markdown(self) -> str:
        return families.markdown(self.by_family()[self.arguments[0]])


class Properties(Generated):
    """What is asked of each activation."""

    def markdown(self) -> str:
        each = (f"- **{known.title}**: {known.meaning}." for known in properties.PROPERTIES)
        return "\n".join(each)


class Promise(Generated):
    """What was checked, counted."""

    sources = ("book/claims.yml", "book/**/*.ipynb", "proofs/*.json")

    def markdown(self) -> str:
        if "gate" not in self.env.app.extensions:
            return "**Nothing was checked before this page was built:** the gate is off."
        claims = ROOT / "book" / "claims.yml"
        return promise.markdown(self.records(), self.notebooks(), claims, ROOT / "proofs")


class Verdict(Generated):
    """The verdict of the chapter that is named, as it stands there."""

    required_arguments = 1
    sources = ("book/activations/*.ipynb",)

    def markdown(self) -> str:
        return verdict.markdown(ROOT / "book" / "activations" / f"{self.arguments[0]}.ipynb")


class Identities(Generated):
    """What each activation is to the others."""

    sources = ("actlib/**/*.py", "_toc.yml")

    def markdown(self) -> str:
        return identities.markdown(self.by_family())


class Atlas(Generated):
    """Every activation side by side."""

    def markdown(self) -> str:
        # Beside the pages that are built: what a build makes never lies among the sources.
        folder = Path("_build", "reference")
        atlas.write(self.records(), ROOT / folder)
        return atlas.markdown(self.records(), f"/{folder.as_posix()}")


class Ledger(Generated):
    """Every claim, with its source, its verdict and a link to its place."""

    sources = ("book/claims.yml", "book/references.bib", "book/**/*.ipynb")

    def markdown(self) -> str:
        claims = ledger.load(ROOT / "book" / "claims.yml")
        papers = ledger.papers(ROOT / "book" / "references.bib")
        return ledger.markdown(claims, ledger.places(self.notebooks()), papers)


class Conventions(Generated):
    """Names, defaults, and answers at special points, in other frameworks."""

    def markdown(self) -> str:
        return conventions.markdown(self.records())


class Coverage(Generated):
    """Where each name is that a framework exports."""

    sources = ("actlib/**/*.py", "book/coverage.yml", "benchmarks/results/exports.json")

    def markdown(self) -> str:
        results = ROOT / "benchmarks" / "results" / "exports.json"
        by_hand = ROOT / "book" / "coverage.yml"
        return coverage.markdown(coverage.Coverage.read(results, by_hand, self.records()))


class Accuracy(Generated):
    """What is proved, and how far the others are from the truth."""

    sources = ("proofs/*.json", "benchmarks/results/audit/*.json")

    def markdown(self) -> str:
        results = ROOT / "benchmarks" / "results" / "audit"
        return accuracy.markdown(self.records(), ROOT / "proofs", results)


class Errata(Generated):
    """What libraries return that is not right."""

    sources = ("benchmarks/results/audit/**/*", "book/findings.yml")

    def markdown(self) -> str:
        results = ROOT / "benchmarks" / "results" / "audit"
        return errata.markdown(self.records(), results, ROOT / "book" / "findings.yml")

    def run(self) -> list[nodes.Node]:
        made = super().run()
        for node in made:
            matrix.dress(node)
        return made


class Speed(Generated):
    """The best peer's time over ours."""

    sources = ("benchmarks/results/speed.json",)

    def markdown(self) -> str:
        return speed.markdown(self.records(), ROOT / "benchmarks" / "results" / "speed.json")


class Vectors(Generated):
    """Test vectors, made here and offered for download."""

    sources = ("actlib/**/*.py", "actlib/vectors/hardest.json")

    def markdown(self) -> str:
        subjects = [*self.records(), *tables.losses()]
        vectors.write(subjects, ROOT / vectors.MADE)
        return vectors.markdown(subjects, f"/{vectors.MADE}")


class Digests(Generated):
    """Hashes of all results of a type, offered for download."""

    sources = ("actlib/**/*.py", "digests/*.json")

    def markdown(self) -> str:
        digests.write(self.records(), ROOT / digests.MADE)
        return digests.markdown(self.records(), f"/{digests.MADE}", ROOT / digests.KEPT)


class Api(Generated):
    """What `actlib` offers, from its docstrings."""

    sources = ("actlib/**/*.py", "pyproject.toml")

    def markdown(self) -> str:
        return "\n\n".join([api.extras(ROOT / "pyproject.toml"), api.markdown(self.records())])
