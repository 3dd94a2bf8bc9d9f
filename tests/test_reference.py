"""The generated pages: they lack nothing of what they are made from, and count by themselves."""

import json
import pydoc

import pytest
import yaml

import actlib
from reference import accuracy, api, conventions, ledger, speed

CLAIM = {
    "id": "4.3-a",
    "line": "154",
    "says": "Two and two are four.",
    "verdict": "right",
    "correct": "They are.",
}


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
    page = ledger.markdown(claims, [place(claims[0]), place(claims[1], "relu")])
    assert "2 of 3 claims have their place in a chapter:** 2 right, 1 wrong." in page
    assert "{ref}`4.3-a <claim-4-3-a>`, line 154 of the post, in *ELU*" in page
    assert "{container} claim verdict-wrong chapter-relu" in page
    assert "{cite:t}`nair2010rectified`, A talk, 2018" in page
    assert '<option value="verdict-right">right (1)</option>' in page
    assert '<option value="chapter-relu">RELU (1)</option>' in page
    page = ledger.markdown(claims, [place(claim) for claim in claims])
    assert "By citation only. **Unconfirmed:** The year." in page


@pytest.mark.parametrize(
    ("entry", "message"),
    [
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


def test_api_has_every_public_name():
    page = api.markdown(actlib.ALL.values())
    for name in set(actlib.__all__) - {"ALL"}:
        assert f" actlib.{name}\n" in page


def test_nothing_on_the_api_page_is_undocumented():
    lines = api.markdown(actlib.ALL.values()).splitlines()
    targets = [line.split(":: ")[1] for line in lines if ":: " in line]
    assert len(set(targets)) == len(targets) > 30
    for target in targets:
        assert pydoc.locate(target).__doc__, target


def test_conventions_show_every_name_slope_and_deviation():
    page = conventions.markdown(list(actlib.ALL.values()))
    for record in actlib.ALL.values():
        for there in record.equivalents.values():
            assert f"| `{there.name}` | {there.note or '-'} |" in page
            assert page.count("$f'(") >= sum(key.startswith("f'") for key in there.deviates)
    assert "| PyTorch | $f(-\\infty)$ | NaN | -1 |" in page
    assert "| PyTorch | $f'(\\mathrm{NaN})$ | 1 | NaN |" in page
    elu = next(line for line in page.splitlines() if line.startswith("| [ELU]"))
    assert elu.endswith("| $1$ | $\\alpha$ | - | $\\alpha$ | $1$ |")


def test_the_accuracy_page_counts_what_was_proved(tmp_path):
    elu = actlib.ALL["elu"]
    found = {"inputs": 10, "misrounded": []}
    single = {**found, "decided exactly": 3, "decided by balls": 2, "hardest": [["0x1p+0", 1e-9]]}
    missed = {**single, "misrounded": ["0x1p+0"]}
    small = {"float16": found, "bfloat16": found}
    write(
        tmp_path / "elu.json",
        {"f": {"float32": single, **small}, "f'": {"float32": missed, **small}},
    )
    row = {"activation": "elu", "function": "f", "dtype": "float32", "library": "JAX"}
    outright = {"zero": [-18, 1.5e-8]}
    rows = [{**row, "worst": 2e7, "at": -18, "outright": outright}]
    write(tmp_path / "results.json", {"machine": {"cpu": "one"}, "rows": rows})
    page = accuracy.markdown([elu], tmp_path, tmp_path / "results.json")
    assert "**1 of 60 results are misrounded**: those of f and f′ of\nall 1 elementwise" in page
    page_of_two = accuracy.markdown([elu, actlib.ALL["relu"]], tmp_path, tmp_path / "results.json")
    assert "those of f and f′ of\n1 of 2 elementwise" in page_of_two
    assert "| 10 | 10 | 10 | 3 | 2 | 1.0e-09 |" in page
    assert "| float32 | no digit |" in page
    assert "| f | float32 | JAX | 0 | -18 | 1.5e-08 |" in page


def test_the_speed_page_takes_the_fastest_peer(tmp_path):
    row = {"activation": "elu", "function": "f", "dtype": "float32", "size": 1000}
    seconds = {"actlib": 2e-6, "torch": 4e-6, "jax": 8e-6, "memory limit": 1e-7}
    other = {"actlib": 1e-6, "torch": 8e-6}
    rows = [
        {**row, "function": sign, "dtype": dtype, "mode": "default", "seconds": times}
        for sign, times in (("f", seconds), ("f'", other))
        for dtype in ("float32", "float64")
    ]
    write(tmp_path / "speed.json", {"machine": {"cpu": "one"}, "rows": rows})
    page = speed.markdown([actlib.ALL["elu"]], tmp_path / "speed.json")
    assert "| 1,000 | float32 | 2.00 | 8.00 |" in page
    assert "| ELU | f | float32 | 2.00 | 4.00 | 8.00 | - | - | - | 0.10 | 2.00 |" in page


def write(path, content):
    path.write_text(json.dumps(content), "utf-8")
