"""The generated pages: they lack nothing of what they are made from, and count by themselves."""

import json
import pydoc
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.inspect import signature, stringify_signature

import actlib
from actlib.call.elementwise import Activation
from actlib.formula.elsewhere import CONDITIONS, everywhere
from reference import Generated, api, conventions, ledger, speed

ROOT = Path(__file__).parents[1]

CLAIM = {
    "id": "4.3-a",
    "line": "154",
    "says": "Two and two are four.",
    "verdict": "right",
    "correct": "They are.",
}

OTHER = {field: value for field, value in CLAIM.items() if field != "line"}
PAPERS = ledger.papers(ROOT / "book" / "references.bib")


def load(tmp_path, *entries):
    path = tmp_path / "claims.yml"
    path.write_text(yaml.safe_dump(list(entries)), "utf-8")
    return ledger.load(path)


def place(claim, stem="elu"):
    return ledger.Place(
        label=claim.label,
        notebook=ledger.Path(f"{stem}.ipynb"),
        title=stem.upper(),
        text="",
        after=None,
    )


def test_ledger_is_counted_and_linked(tmp_path):
    claims = load(
        tmp_path,
        CLAIM,
        {
            **CLAIM,
            "id": "E-1",
            "verdict": "wrong",
            "sources": ["nair2010rectified", "A talk, 2018"],
        },
        {**CLAIM, "id": "E-2", "citation_only": True, "unconfirmed": "The year."},
    )
    page = ledger.markdown(claims, [place(claims[0]), place(claims[1], "relu")], PAPERS)
    assert "2 of 3 entries have their place in a chapter:** 2 right, 1 wrong." in page
    assert "{ref}`4.3-a <claim-4-3-a>`, line 154 of the post, in *ELU*" in page
    assert "{container} claim verdict-wrong source-post chapter-relu" in page
    assert "{cite:t}`nair2010rectified`, A talk, 2018" in page
    assert '<option value="verdict-right">right (1)</option>' in page
    assert '<option value="chapter-relu">RELU (1)</option>' in page
    page = ledger.markdown(claims, [place(claim) for claim in claims], PAPERS)
    assert "By citation only. **Unconfirmed:** The year." in page


def test_what_the_post_leaves_out_stands_apart(tmp_path):
    """An omission is no claim: it is no line of the post."""
    silent = {**CLAIM, "id": "4.2-d", "line": "none", "verdict": "omission"}
    named = {**CLAIM, "id": "I-0", "verdict": "source"}
    claims = load(tmp_path, silent, CLAIM, named)
    page = ledger.markdown(claims, [place(claim) for claim in claims], PAPERS)
    assert "a chapter:** 1 right, 1 omission, 1 without a verdict." in page
    said, left_out = page.split("## What the post leaves out")
    assert "{ref}`4.2-d <claim-4-2-d>`, in *ELU*" in left_out
    assert "4.2-d" not in said
    assert said.count("line 154 of the post") == 2


def test_what_others_say_stands_apart(tmp_path):
    """It has sources in place of a line."""
    claims = load(tmp_path, CLAIM, {**OTHER, "id": "silu-a", "sources": ["clevert2016elu"]})
    page = ledger.markdown(claims, [place(claim) for claim in claims], PAPERS)
    _, others = page.split("## What others say")
    assert "{ref}`silu-a <claim-silu-a>`, a paper, in *ELU*" in others
    assert "## What the post leaves out" not in page


@pytest.mark.parametrize(
    ("entry", "speaker"),
    [
        (CLAIM, "post"),
        ({**CLAIM, "line": "none", "sources": ["clevert2016elu"]}, "post"),
        ({**OTHER, "sources": ["clevert2016elu", "pytorch2026gelu"]}, "paper"),
        ({**OTHER, "sources": ["bishop2006pattern"]}, "paper"),
        ({**OTHER, "sources": ["barron2017celu"]}, "paper"),  # published on arXiv alone
        ({**OTHER, "sources": ["pytorch2026gelu", "clevert2016elu"]}, "documentation"),
        ({**OTHER, "sources": ["clevert2016elu"], "folklore": True}, "folklore"),
    ],
)
def test_who_says_it(tmp_path, entry, speaker):
    claims = load(tmp_path, entry)
    assert ledger.speaker(claims[0], PAPERS) == speaker
    page = ledger.markdown(claims, [place(claims[0])], PAPERS)
    told = ledger.SPEAKERS[speaker]
    assert f'<option value="source-{speaker}">{told} (1)</option>' in page
    assert f"{{container}} claim verdict-right source-{speaker} chapter-elu" in page


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({**CLAIM, "folklore": True}, "4.3-a: the post says it, so it is no folklore"),
        ({**CLAIM, "verdict": "maybe"}, "4.3-a: no such verdict: 'maybe'"),
        ({**CLAIM, "source": "x"}, "4.3-a: unknown field 'source'"),
        ({**CLAIM, "sources": "x"}, "4.3-a: sources is 'x'"),
        ({**CLAIM, "line": 154}, "4.3-a: line is 154"),
        ({k: v for k, v in CLAIM.items() if k != "correct"}, "4.3-a: .*'correct'"),
        ("4.3-a", "no claim: '4.3-a'"),
    ],
)
def test_entries_that_are_no_claims(tmp_path, entry, message):
    with pytest.raises(ValueError, match=message):
        load(tmp_path, entry)


class Told(Generated):
    """A page that begins without a heading."""

    def markdown(self):
        return "First.\n\n## Second\n\nThird.\n\n## Fourth\n\nFifth."


@pytest.mark.parametrize("above", ["# Page", "# Page\n\nOther text."])
def test_a_generated_page_keeps_its_order(tmp_path, above):
    tmp_path.joinpath("index.md").write_text(f"{above}\n\n```{{told}}\n```\n\n## Sixth\n", "utf-8")
    options = {"extensions": ["myst_parser"]}
    folders = (tmp_path, None, tmp_path / "made", tmp_path / "trees")
    app = Sphinx(*folders, "text", confoverrides=options, status=None)
    app.add_directive("told", Told)
    app.build()
    shown = tmp_path.joinpath("made", "index.txt").read_text("utf-8")
    words = re.findall(r"First|Second|Third|Fourth|Fifth|Sixth", shown)
    assert words == ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]


def test_api_has_every_public_name():
    page = api.markdown(actlib.ALL.values())
    for name in set(actlib.__all__) - {"ALL", "PRESETS"}:
        assert f" actlib.{name}\n" in page


def test_nothing_on_the_api_page_is_undocumented():
    lines = api.markdown(actlib.ALL.values()).splitlines()
    targets = [line.split(":: ")[1] for line in lines if ":: " in line]
    assert len(set(targets)) == len(targets) > 30
    for target in targets:
        assert pydoc.locate(target).__doc__, target


def annotated(target):
    """The signature of what is documented, as autodoc has it."""
    return stringify_signature(signature(pydoc.locate(target)), unqualified_typehints=True)


def printed(text):
    """The page shows the last name of ~numpy.typing.ArrayLike."""
    return re.sub(r"~(?:\w+\.)+", "", text)


def named(target):
    return api.with_names(None, "", target, None, None, annotated(target), None)[0]


def test_no_type_on_the_api_page_is_private():
    lines = api.markdown(actlib.ALL.values()).splitlines()
    targets = [
        line.split(":: ")[1] for line in lines if "function:: " in line or "method::" in line
    ]
    private = re.compile(r"\b_\w")
    assert private.search(printed(annotated("actlib.halves")))
    shown = {target: printed(named(target)) for target in targets}
    assert not {target: text for target, text in shown.items() if private.search(text)}
    assert shown["actlib.halves"].startswith("(x: ArrayLike, axis: int = -1, ")
    assert shown["actlib.halves"].endswith(" -> tuple[NDArray[Any], NDArray[Any]]")
    assert shown["actlib.verify.every_half"] == "() -> NDArray[float16]"


def test_a_class_on_the_api_page_is_shown_without_arguments():
    shown = api.with_names(None, "class", "", Activation, None, "(*, name: str)", None)
    assert shown == ("", None)


@pytest.mark.parametrize(
    ("target", "known"),
    [
        ("numpy.typing.ArrayLike", True),
        ("sympy.core.expr.Expr", True),
        ("numpy.typing.ArrayLikes", False),
        ("actlib.verify.Report", False),  # what is ours has its place on the page
        ("Report", False),
    ],
)
def test_only_types_of_others_need_no_link(target, known):
    node = {"reftype": "class", "reftarget": target}
    assert (api.elsewhere(None, None, node, target) == target) == known
    assert api.elsewhere(None, None, {**node, "reftype": "exc"}, target) is None


def test_conventions_show_every_name_slope_and_deviation():
    page = conventions.markdown(list(actlib.ALL.values()))
    deviations, depend = Counter(), Counter()
    for record in actlib.ALL.values():
        for _, there in everywhere(record):
            assert f"| `{there.name}` | {there.differs or '-'}" in page
            assert there.unmeasured in page
            deviations[there.name] += len(there.deviates)
            for condition, found in there.depends.items():
                assert condition in CONDITIONS
                depend[there.name, condition] += len(found)
    for name, count in deviations.items():
        assert page.count(f"| `{name}` | $") == count
    for (name, condition), count in depend.items():
        assert page.count(f"| `{name}` | {condition} | $") == count
    row = "| `keras.activations.celu` | on JAX |"
    assert f"| Keras {row} $f'(0)$ | 1 | 1 |" in page
    assert "| `keras.activations.celu` | $f'(0)$ | 2 | 1 |" in page
    row = "| `torch.nn.functional.gelu` | in a long array |"
    assert f"| PyTorch {row} $f(-7.2)$ | 0 | -" in page
    row = "| `torch.nn.functional.softsign` |"
    assert f"| PyTorch {row} $f(-\\infty)$ | NaN | -1 |" in page
    assert f"| PyTorch {row} $f'(\\infty)$ | NaN | 0 |" in page
    assert "| `jax.nn.softmax` | $f(\\infty, 0, 1)$ | (NaN, NaN, NaN) | (1, 0, 0) |" in page


def test_conventions_say_who_has_no_slope():
    lines = conventions.markdown(list(actlib.ALL.values())).splitlines()
    elu = next(line for line in lines if line.startswith("| [ELU]"))
    assert elu.endswith("$1$ at $0$, with alpha=0 | $\\alpha$ | $\\alpha$ | $\\alpha$ | - |")
    step = next(line for line in lines if line.startswith("| [Step]"))
    assert step.endswith("| $0$ | $0$ at $0$ | none | none | $0$ | - |")


def test_the_speed_page_takes_the_fastest_peer(tmp_path):
    row = {"activation": "elu", "function": "f", "dtype": "float32", "size": 1000}
    seconds = {"actlib": 2e-6, "torch": 4e-6, "jax": 8e-6, "memory limit": 1e-7}
    other = {"actlib": 4e-6, "torch": 8e-6, "textbook NumPy": 2e-6}
    rows = [
        {**row, "function": sign, "dtype": dtype, "mode": mode, "seconds": times}
        for sign, times in (("f", seconds), ("f'", other))
        for dtype in ("float32", "float64")
        for mode in ("default", "preallocated")
    ]
    rows[-1] = {**rows[-1], "seconds": {"actlib": 1e-6, "torch": 6e-6}}
    write(tmp_path / "speed.json", {"machine": {"cpu": "one"}, "rows": rows})
    page = speed.markdown([actlib.ALL["elu"]], tmp_path / "speed.json")
    assert "| 1,000 | float32 | 2.00 | 0.50 | 2.00 | 2.00 | 1 of 2 |" in page
    assert "| ELU | f | float32 | 2.00 | 4.00 | 8.00 | - | - | - | 0.10 | 2.00 |" in page
    assert "slower than the best peer at 1,000 elements in 2 of 4." in page
    assert "torch saves up to 25% of its" in page
    assert "| ELU | f′ | float64 | 1,000 | 1.00 | 6.00 | - | - | - |" in page


def test_what_the_speed_page_says_of_its_columns():
    measured = json.loads((ROOT / "benchmarks" / "results" / "speed.json").read_text("utf-8"))
    for row in measured["rows"]:
        assert min(row["seconds"].values()) > 0.85 * row["seconds"]["memory limit"]
    ten = np.float32(10)
    assert 1 - np.tanh(ten) ** 2 == 0
    assert f"{actlib.tanh.derivative(ten):.0e}" == "8e-09"


def write(path, content):
    path.write_text(json.dumps(content), "utf-8")
