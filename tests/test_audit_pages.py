"""What pages on auditing and digests have their reader type is typed, and prints what they say.

`make frameworks` runs it too, for what is said of other libraries; see pages.py and frameworks.py.
"""

import ast

import pytest
from compiler import compiler
from frameworks import installed
from pages import ROOT, blocks, done

PAGES = sorted(ROOT.joinpath("book", "audit").glob("*.md"))
PAGES += [ROOT / "book" / "reference" / "digests.md"]
FRAMEWORKS = {"frameworks": ["torch", "jax", "onnx", "onnxruntime"]}
LANGUAGES = {"python", "c", "sh", "yaml", "console", "text"}
LONGEST = 76  # columns of code that a page shows without scrolling
MOST = 10  # lines of code before it is said what is seen

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_what_a_page_says_happens(page, tmp_path):
    for library in FRAMEWORKS.get(page.stem, ()):
        installed(library)
    if any(block.language == "c" for block in blocks(page)):
        compiler()
    assert done(page, tmp_path) > 0


@every_page
def test_code_is_short_and_explained(page):
    found = blocks(page)
    assert {block.language for block in found} <= LANGUAGES
    for block in found:
        if block.language in ("python", "c", "sh"):
            lines = block.text.splitlines()
            assert max(map(len, lines)) <= LONGEST
            head = ("import ", "from ", "#", "/*")
            assert len([line for line in lines if line and not line.startswith(head)]) <= MOST
        if block.language == "python":
            ast.parse(block.text)


FAULTLESS = """
```python
# one.py
def one():
    return 1
```
```console
$ python -c "import one; print(one.one()); print(2); print(3)"
1
…
3
$ (exit 3)
$ echo $? and more
3 and …
```
```python
print("so")
```
```text
so
```
"""
FAULTS = {
    "a file that is another": ("return 1", "return 2"),
    "a line that is another": ("\n1\n…", "\n2\n…"),
    "a line that is missing": ("\n1\n…", ""),
    "a line too many": ("3\n$ (exit", "3\n4\n$ (exit"),
    "an end that is another": ("and …", "and much …"),
    "a status": ("(exit 3)", "(exit 1)"),
    "a command that fails": ("import one;", "import two;"),
    "a program that prints something else": ('print("so")', 'print("no")'),
    "a program that prints nothing": ('print("so")', ""),
    "an output that is not shown": ("```text\nso\n```\n", ""),
}


def test_a_page_that_is_right_is_done(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(FAULTLESS)
    assert done(page, tmp_path) == 4


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_is_wrong_is_noticed(fault, tmp_path):
    before, after = FAULTS[fault]
    assert FAULTLESS.count(before) == 1
    page = tmp_path / "page.md"
    page.write_text(FAULTLESS.replace(before, after))
    with pytest.raises(AssertionError):
        done(page, tmp_path)


@pytest.mark.parametrize("required", [True, False])
def test_a_compiler_that_is_missing_is_told(required, monkeypatch):
    monkeypatch.setenv("REQUIRE_COMPILER", "1" if required else "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises((pytest.fail if required else pytest.skip).Exception, match="no C compiler"):
        compiler()
