"""The gate is shown notebooks that it must refuse, and stamps that it must not believe."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gate import book, normalise, rules, run
from gate.stamps import Stamps

EXT = Path(__file__).parents[1] / "book" / "_ext"
PNG = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size 640x480 with 1 Axes>"}


def cell(source="1 + 1", count=1, outputs=(), **metadata):
    return new_code_cell(source, execution_count=count, outputs=list(outputs), metadata=metadata)


def problems(tmp_path, *cells, allowed=()):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), *cells]), path)
    return rules.problems(path, tmp_path, allowed)


def figure(**image):
    return cell(outputs=[new_output("display_data", data=PNG)], mystnb={"image": image})


SOUND = [
    [cell()],
    [cell(), cell(count=2)],
    [cell("a = 5 % 3\nb = a != 2  # is it?\nprint('%s!' % b, 'why?')")],
    [cell("text = '''\n%magic\n!ls\n'''")],
    [cell("print('a; b')  # no; not hidden")],
    [cell(tags=["exercise"])],
    [cell(outputs=[new_output("stream", name="stdout", text="2\n")])],
    [figure(alt="A curve.")],
]


@pytest.mark.parametrize("cells", SOUND, ids=range(len(SOUND)))
def test_sound_notebooks_pass(tmp_path, cells):
    assert problems(tmp_path, *cells) == []


FAULTY = {
    "stripped": (cell(count=None), r"never run; expected In \[1\], got In \[ \]"),
    "out of order": (cell(count=3), r"out of order; expected In \[1\], got In \[3\]"),
    "stored error": (
        cell(outputs=[new_output("error", ename="ValueError", evalue="no", traceback=[])]),
        "stored output is an error: ValueError: no",
    ),
    "stderr": (cell(outputs=[new_output("stream", name="stderr", text="careful")]), "stderr"),
    "no alt text": (cell(outputs=[new_output("display_data", data=PNG)]), "no alt text"),
    "empty alt text": (figure(alt="  "), "no alt text"),
    "svg without alt text": (
        cell(outputs=[new_output("execute_result", data={"image/svg+xml": "<svg/>"})]),
        "no alt text",
    ),
    "skip tag": (cell(tags=["nbval-skip"]), "the tag 'nbval-skip'"),
    "ignore tag": (cell(tags=["nbval-ignore-output"]), "the tag 'nbval-ignore-output'"),
    "raises tag": (cell(tags=["raises-exception"]), "the tag 'raises-exception'"),
    "old ignore tag": (cell(tags=["pytest-validate-ignore-output"]), "the tag 'pytest-"),
    "hidden output": (cell(tags=["remove-output"]), "the tag 'remove-output'"),
    "skip comment": (cell("# NBVAL_SKIP\n1 + 1"), "the comment NBVAL_SKIP"),
    "ignore comment": (cell("1 + 1\n  # NBVAL_IGNORE_OUTPUT"), "the comment NBVAL_IGNORE_OUTPUT"),
    "line magic": (cell("x = 1\n%timeit x"), "magic .*'%timeit x'"),
    "cell magic": (cell("%%bash\nls"), "magic .*'%%bash'"),
    "assigned magic": (cell("files = !ls"), "magic .*'files = !ls'"),
    "shell": (cell("!ls"), "magic .*'!ls'"),
    "help": (cell("print?"), r"magic .*'print\?'"),
    "hidden magic": (cell("get_ipython().run_line_magic('timeit', '1')"), r"magic .*get_ipython"),
    "semicolon": (cell("plot();"), "trailing ';'"),
    "semicolon and comment": (cell("plot();  # quiet"), "trailing ';'"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_faulty_cells_are_refused(tmp_path, fault):
    faulty, message = FAULTY[fault]
    (found,) = problems(tmp_path, faulty)
    assert found.startswith("chapter.ipynb, code cell 1: ")
    assert re.search(message, found)


def test_an_allowed_tag_is_allowed(tmp_path):
    assert problems(tmp_path, cell(tags=["hide-input"])) != []
    assert problems(tmp_path, cell(tags=["hide-input"]), allowed=["hide-input"]) == []


TAGS_NO_LIST = nbformat.writes(new_notebook(cells=[cell(tags=[])])).replace("[]", '"nbval-skip"')


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"cells": 3, "nbformat": 4}', TAGS_NO_LIST.encode()],
)
def test_files_that_are_no_notebooks(tmp_path, content):
    path = tmp_path / "chapter.ipynb"
    path.write_bytes(content)
    (found,) = rules.problems(path, tmp_path, [])
    assert re.match(r"chapter\.ipynb: not a notebook: \w+: .+", found)


class TestBook:
    def folder(self, tmp_path, *names):
        for name in names:
            path = tmp_path / "book" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    def test_pages_with_and_without_suffix(self, tmp_path):
        root = self.folder(tmp_path, "a.ipynb", "b.md", "c/d.ipynb")
        pages = ["book/c/d.ipynb", "book/b.md", "book/a"]
        found, wrong = book.notebooks(root, pages, whole=True)
        assert [n.name for n in found] == ["d.ipynb", "a.ipynb"]
        assert wrong == []

    def test_a_named_file_that_is_missing(self, tmp_path):
        _, (wrong,) = book.notebooks(self.folder(tmp_path), ["book/a"], whole=True)
        assert wrong == "book/a: named in _toc.yml, but there is no such file."

    def test_a_notebook_that_is_not_named(self, tmp_path):
        root = self.folder(tmp_path, "a.ipynb", "draft.ipynb", ".ipynb_checkpoints/a.ipynb")
        _, (wrong,) = book.notebooks(root, ["book/a"], whole=True)
        assert wrong == "book/draft.ipynb: not named in _toc.yml."
        assert book.notebooks(root, ["book/a"], whole=False)[1] == []

    @pytest.mark.parametrize(("version", "count"), [("1.0.4.post1", 0), ("2.0.0", 1), ("0.15", 1)])
    def test_version_of_jupyter_book(self, monkeypatch, version, count):
        monkeypatch.setattr(book, "version", lambda name: version)
        assert len(book.jupyter_book_problems()) == count


class TestStamps:
    @pytest.fixture
    def notebook(self, tmp_path):
        (tmp_path / "actlib").mkdir()
        (tmp_path / "actlib" / "code.py").write_text("x = 1")
        path = tmp_path / "book" / "chapter.ipynb"
        path.parent.mkdir()
        path.write_text("{}")
        return path

    def stamps(self, notebook):
        return Stamps(notebook.parents[1], ["actlib/**/*"])

    def stamp(self, notebook):
        stamps = self.stamps(notebook)
        stamps.write(stamps.digest(notebook))
        (file,) = stamps.folder.iterdir()
        return file

    def test_a_stamp_is_remembered(self, notebook):
        assert not self.stamps(notebook).passed(notebook)
        self.stamp(notebook)
        assert self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize("change", ["notebook", "code", "new file", "versions"])
    def test_any_change_makes_it_void(self, notebook, change, monkeypatch):
        self.stamp(notebook)
        code = notebook.parents[1] / "actlib"
        match change:
            case "notebook":
                notebook.write_text("{ }")
            case "code":
                (code / "code.py").write_text("x = 2")
            case "new file":
                (code / "more.py").touch()
            case "versions":
                monkeypatch.setattr("gate.stamps.distributions", lambda: [])
        assert not self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize("name", ["__pycache__", ".ruff_cache"])
    def test_what_tools_keep_does_not_count(self, notebook, name):
        self.stamp(notebook)
        cache = notebook.parents[1] / "actlib" / name
        cache.mkdir()
        (cache / "code.pyc").touch()
        assert self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize(
        "content", [b"", b"\xff\xff", b"passed", b"0" * 64, b"{}", b"\n" * 10_000]
    )
    def test_a_broken_or_foreign_stamp_is_not_believed(self, notebook, content):
        self.stamp(notebook).write_bytes(content)
        assert not self.stamps(notebook).passed(notebook)

    def test_a_stamp_of_another_notebook_is_not_believed(self, notebook):
        other = notebook.with_name("other.ipynb")
        other.write_text("{  }")
        file = self.stamp(notebook)
        file.rename(file.with_name(self.stamps(other).digest(other)))
        assert not self.stamps(other).passed(other)

    def test_a_folder_in_its_place(self, notebook):
        file = self.stamp(notebook)
        file.unlink()
        file.mkdir()
        assert not self.stamps(notebook).passed(notebook)


SLEEP = ("pause = 0", "import time\ntime.sleep(pause)")


class TestRun:
    """These start kernels."""

    def make(self, tmp_path, name, *sources):
        path = tmp_path / "book" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(cells=[new_code_cell(s) for s in sources]), path)
        asyncio.run(normalise.execute(path))
        return path

    def edit(self, path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def verify(self, tmp_path, *paths, timeout=30):
        return run.verify(list(paths), tmp_path, Stamps(tmp_path, []), timeout)

    def test_good_notebooks_pass_once_and_are_not_run_again(self, tmp_path, capfd):
        paths = [self.make(tmp_path, n, "x = 2", "print(x)") for n in ("one", "two", "three")]
        empty = tmp_path / "book" / "empty.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell("# Words")]), empty)
        assert self.verify(tmp_path, *paths, empty) == []
        shown = capfd.readouterr().out
        for i, name in ((1, ""), (2, ""), (3, "")):
            assert re.search(rf"gate: \[{i}/3\] book/\w+{name}.ipynb: 2 cells, [\d.]+ s, ok", shown)
        assert self.verify(tmp_path, *paths, empty) == []
        assert "gate: 3 of 4 notebooks passed before, unchanged" in capfd.readouterr().out

    def test_only_a_changed_notebook_is_run(self, tmp_path, capfd):
        paths = [self.make(tmp_path, n, "print(1)") for n in ("one", "two")]
        self.verify(tmp_path, *paths)
        capfd.readouterr()
        self.edit(paths[0], "print(1)", "print( 1)")
        assert self.verify(tmp_path, *paths) == []
        shown = capfd.readouterr().out
        assert "1 of 2 notebooks passed before" in shown
        assert "[1/1] book/one.ipynb" in shown

    def test_faults_are_told_with_place_expected_and_got(self, tmp_path):
        changed = self.make(tmp_path, "changed", "print('a')", "print('right')")
        self.edit(changed, '"right\\n"', '"wrong\\n"')
        raising = self.make(tmp_path, "raising", "x = 1", "assert x == 1")
        self.edit(raising, "assert x == 1", "assert x == 2, 'not two'")
        good = self.make(tmp_path, "good", "print('fine')")
        found = self.verify(tmp_path, changed, raising, good)
        assert len(found) == 2
        assert found[0].startswith("book/changed.ipynb, code cell 2: Cell outputs differ")
        assert re.search(r"expected, as stored:\s+wrong\s+got, just now:\s+right", found[0])
        assert found[1].startswith("book/raising.ipynb, code cell 2: ")
        assert "AssertionError: not two" in found[1]
        stamps = Stamps(tmp_path, [])
        assert [stamps.passed(p) for p in (changed, raising, good)] == [False, False, True]

    def test_other_kinds_of_difference(self, tmp_path):
        extra = self.make(tmp_path, "extra", "print('a')")
        self.edit(extra, "print('a')", "print('a'); display(2)")
        lost = self.make(tmp_path, "lost", "print('a')")
        self.edit(lost, "print('a')", "pass  # 'a'")
        maths = self.make(tmp_path, "maths", "import sympy\nsympy.Symbol('x') + 1")
        self.edit(maths, "displaystyle x + 1", "displaystyle x - 1")
        found = self.verify(tmp_path, extra, lost, maths)
        assert "Unexpected output fields" in found[0]
        assert "Missing output fields" in found[1]
        assert re.search(r"expected, as stored:\s+\S+displaystyle x - 1", found[2])

    def test_a_cell_that_runs_too_long(self, tmp_path):
        path = self.make(
            tmp_path, "slow", "pause = 0", "import time\ntime.sleep(pause)", "print(1)"
        )
        self.edit(path, "pause = 0", "pause = 60")
        started = time.monotonic()
        (found,) = self.verify(tmp_path, path, timeout=1)
        assert "slow.ipynb, code cell 2: Timeout of 1 seconds" in found
        assert time.monotonic() - started < 20

    def test_a_kernel_that_dies(self, tmp_path):
        path = self.make(tmp_path, "dying", "import os", "fatal = False", "fatal and os._exit(3)")
        self.edit(path, "fatal = False", "fatal = True")
        found = self.verify(tmp_path, path, timeout=5)
        assert "dying.ipynb, code cell 3" in found[0]

    def test_a_kernel_that_does_not_start(self, tmp_path, monkeypatch):
        path = self.make(tmp_path, "one", "print(1)", "print(2)")
        folder = tmp_path / "shadow"
        folder.mkdir()
        (folder / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')")
        monkeypatch.setenv("PYTHONPATH", str(folder))
        found = self.verify(tmp_path, path)
        assert found[0] == (
            "book/one.ipynb, code cell 1: RuntimeError: Kernel died before replying to kernel_info"
        )
        assert not Stamps(tmp_path, []).passed(path)

    def test_nbval_that_does_not_start(self, tmp_path, monkeypatch):
        path = self.make(tmp_path, "one", "print(1)")
        monkeypatch.setattr(run, "_command", lambda *a: [sys.executable, "-c", "print('broken')"])
        (found,) = self.verify(tmp_path, path)
        assert "book/one.ipynb: nbval ended early.\nbroken" in found
        assert not Stamps(tmp_path, []).passed(path)

    def test_a_killed_build_keeps_what_passed_and_leaves_nothing_running(self, tmp_path):
        quick = self.make(tmp_path, "quick", "print(1)")
        slow = self.make(tmp_path, "slow", *SLEEP)
        self.edit(slow, "pause = 0", "pause = 600")
        script = f"""if True:
            from pathlib import Path
            from gate.run import verify
            from gate.stamps import Stamps
            root = Path({str(tmp_path)!r})
            paths = [root / "book" / name for name in ("quick.ipynb", "slow.ipynb")]
            verify(paths, root, Stamps(root, []), 900)
        """
        environment = {**os.environ, "PYTHONPATH": str(EXT)}
        build = subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            wait(lambda: Stamps(tmp_path, []).passed(quick))
            assert list(running(tmp_path))
        finally:
            build.send_signal(signal.SIGKILL)
            build.wait()
        assert Stamps(tmp_path, []).passed(quick)
        assert not Stamps(tmp_path, []).passed(slow)
        wait(lambda: not list(running(tmp_path)))


def running(folder):
    """The processes that work below a folder: pytest, its workers, the kernels."""
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if folder in [process.readlink(), *process.readlink().parents]:
                yield process.parent.name


def wait(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


class TestNormalise:
    def test_a_second_run_changes_no_byte(self, tmp_path):
        path = tmp_path / "chapter.ipynb"
        slow = "import time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)"
        cells = [new_markdown_cell("# T"), new_code_cell(slow, metadata={"collapsed": True})]
        nbformat.write(new_notebook(cells=cells, metadata={"widgets": {}}), path)
        asyncio.run(normalise.execute(path))
        first = path.read_bytes()
        stored = json.loads(first)
        assert set(stored["metadata"]) == {"kernelspec", "language_info"}
        assert stored["cells"][1]["metadata"] == {}
        assert stored["cells"][1]["execution_count"] == 1
        assert [o["text"] for o in stored["cells"][1]["outputs"]] == [["1\n", "2\n"]]
        asyncio.run(normalise.execute(path))
        assert path.read_bytes() == first

    def test_alt_text_and_tags_are_kept(self, tmp_path):
        path = tmp_path / "chapter.ipynb"
        metadata = {"mystnb": {"image": {"alt": "A curve."}}, "tags": ["exercise"]}
        nbformat.write(new_notebook(cells=[new_code_cell("1", metadata=metadata)]), path)
        asyncio.run(normalise.execute(path))
        assert json.loads(path.read_text())["cells"][0]["metadata"] == metadata

    @pytest.mark.parametrize("source", ["1 / 0", "not json"])
    def test_a_notebook_that_fails_is_left_as_it_was(self, tmp_path, source, capsys):
        path = tmp_path / "chapter.ipynb"
        if source == "not json":
            path.write_text(source)
        else:
            nbformat.write(new_notebook(cells=[new_code_cell(source)]), path)
        before = path.read_bytes()
        assert normalise.main([str(path)]) == 1
        assert path.read_bytes() == before
        assert "chapter.ipynb: left as it was: " in capsys.readouterr().err
