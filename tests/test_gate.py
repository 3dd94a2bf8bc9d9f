"""The gate is shown notebooks that it must refuse, and stamps that it must not believe."""

import asyncio
import contextlib
import io
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

from gate import book, normalise, rules, run, site
from gate.reads import Reads
from gate.stamps import Stamps

EXT = Path(__file__).parents[1] / "book" / "_ext"
PNG = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size 640x480 with 1 Axes>"}


def cell(source="1 + 1", count=1, outputs=(), **metadata):
    return new_code_cell(source, execution_count=count, outputs=list(outputs), metadata=metadata)


def problems(tmp_path, *cells, **metadata):
    path = tmp_path / "chapter.ipynb"
    cells = [new_markdown_cell("# Title"), *cells]
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return rules.problems(path, tmp_path)


def printed(*texts):
    return [new_output("stream", name="stdout", text=text) for text in texts]


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
    "form feed before a skip comment": (cell("1 + 1\x0c# NBVAL_SKIP"), "the comment NBVAL_SKIP"),
    "comment in a text": (cell("text = '''\n## NBVAL_SKIP\n'''"), "the comment NBVAL_SKIP"),
    "raises comment": (cell("# NBVAL_RAISES_EXCEPTION\n1"), "comment NBVAL_RAISES_EXCEPTION"),
    "check tag": (cell(tags=["nbval-check-output"]), "the tag 'nbval-check-output'"),
    "execution tag": (cell(tags=["skip-execution"]), "the tag 'skip-execution'"),
    "empty": (cell(" \n", count=None), "it is empty; `make chapters` takes it out"),
    "metadata that hides": (cell(mystnb={"remove_code_outputs": True}), "remove_code_outputs"),
    "old metadata": (cell(render={"image": {}}), "the metadata 'render'"),
    "metadata of an output": (
        cell(outputs=[new_output("display_data", {"text/plain": "1"}, metadata={"glue": 1})]),
        "its output has metadata",
    ),
    "wrong, then erased": (
        cell(outputs=printed("wrong\rright\n")),
        "carriage returns that erase letters",
    ),
    "printed in pieces": (cell(outputs=printed("1\n", "2\n")), "stored in pieces"),
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


def test_an_empty_cell_does_not_count(tmp_path):
    (found,) = problems(tmp_path, cell(), cell("", count=None), cell(count=2))
    assert found == "chapter.ipynb, code cell 2: it is empty; `make chapters` takes it out."


@pytest.mark.parametrize("key", ["mystnb", "myst", "widgets"])
def test_metadata_that_has_a_notebook_shown_otherwise(tmp_path, key):
    (found,) = problems(tmp_path, cell(), **{key: {"execution_mode": "force"}})
    assert found.startswith(f"chapter.ipynb: the metadata {key!r} may change what is shown")


TAGS_NO_LIST = nbformat.writes(new_notebook(cells=[cell(tags=[])])).replace("[]", '"nbval-skip"')


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"cells": 3, "nbformat": 4}', TAGS_NO_LIST.encode()],
    ids=["empty", "cut off", "a list", "no cells", "no text", "a number of cells", "tags no list"],
)
def test_files_that_are_no_notebooks(tmp_path, content):
    path = tmp_path / "chapter.ipynb"
    path.write_bytes(content)
    (found,) = rules.problems(path, tmp_path)
    assert re.match(r"chapter\.ipynb: not a notebook: \w+: .+", found)


class TestBook:
    def folder(self, tmp_path, *names):
        for name in names:
            path = tmp_path / "book" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    def judge(self, root, pages, *files, whole=True):
        """Sphinx found these files below the folder of the book."""
        sources = {f"book/{Path(f).with_suffix('')}": f"book/{f}" for f in files}
        return book.notebooks(root, pages, sources, whole)

    def test_pages_with_and_without_suffix(self, tmp_path):
        files = ["a.ipynb", "b.md", "c/d.ipynb"]
        root = self.folder(tmp_path, *files)
        found, wrong = self.judge(root, ["book/c/d.ipynb", "book/b.md", "book/a"], *files)
        assert [n.name for n in found] == ["d.ipynb", "a.ipynb"]
        assert wrong == []

    def test_a_named_file_that_is_missing(self, tmp_path):
        _, (wrong,) = self.judge(self.folder(tmp_path), ["book/a"])
        assert wrong == "book/a: named in _toc.yml, but there is no such file."

    def test_a_named_file_that_is_excluded(self, tmp_path):
        _, (wrong, _) = self.judge(self.folder(tmp_path, "a.ipynb"), ["book/a"])
        assert wrong == "book/a: named in _toc.yml, but _config.yml excludes it."

    def test_a_notebook_that_is_not_named(self, tmp_path):
        root = self.folder(tmp_path, "a.ipynb", "draft.ipynb", ".ipynb_checkpoints/a.ipynb")
        _, (wrong,) = self.judge(root, ["book/a"], "a.ipynb")
        assert wrong == "book/draft.ipynb: not named in _toc.yml."
        assert self.judge(root, ["book/a"], "a.ipynb", whole=False)[1] == []

    @pytest.mark.parametrize("whole", [True, False])
    def test_a_page_that_sphinx_found_and_nobody_named(self, tmp_path, whole):
        root = self.folder(tmp_path, "a.ipynb", "extra.md")
        _, (wrong,) = self.judge(root, ["book/a"], "a.ipynb", "extra.md", whole=whole)
        assert wrong == "book/extra.md: not named in _toc.yml."

    def test_of_two_files_of_one_name_one_is_too_many(self, tmp_path):
        root = self.folder(tmp_path, "a.ipynb", "a.md")
        _, (wrong,) = self.judge(root, ["book/a"], "a.md")
        assert wrong == "book/a.ipynb: not named in _toc.yml."

    @pytest.mark.parametrize(
        "text",
        [
            "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# Title\n",
            "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n",
            "# Title\n\n```{code-cell}\n1 + 1\n```\n",
            "# Title\n\n> ::::{code-cell} ipython3\n> 1 + 1\n> ::::\n",
        ],
    )
    def test_markdown_that_could_run_code(self, tmp_path, text):
        root = self.folder(tmp_path, "a.md")
        root.joinpath("book", "a.md").write_text(text)
        _, (wrong,) = self.judge(root, ["book/a"], "a.md")
        assert wrong.startswith("book/a.md: Markdown with code cells, which nothing would run")

    @pytest.mark.parametrize("text", ["---\nmyst: {}\n---\n# T\n", "```python\n{code-cell}\n```\n"])
    def test_markdown_that_runs_nothing(self, tmp_path, text):
        root = self.folder(tmp_path, "a.md")
        root.joinpath("book", "a.md").write_text(text)
        assert self.judge(root, ["book/a"], "a.md")[1] == []

    @pytest.mark.parametrize("name", ["a.rst", "a.py", "a.txt", "a.Rmd"])
    def test_other_formats(self, tmp_path, name):
        root = self.folder(tmp_path, name)
        _, (wrong,) = self.judge(root, ["book/a"], name)
        assert wrong.startswith(f"book/{name}: neither a notebook nor Markdown")

    @pytest.mark.parametrize("setting", book.SETTINGS)
    def test_settings_that_decide_what_is_checked(self, setting):
        config = {name: value for name, (value, _) in book.SETTINGS.items()}
        assert book.setting_problems(config, []) == []
        (wrong,) = book.setting_problems({**config, setting: "other"}, [])
        assert wrong.startswith(f"_config.yml: {setting} is 'other'; it must be ")

    def test_extensions_that_run_code(self):
        config = {name: value for name, (value, _) in book.SETTINGS.items()}
        (wrong,) = book.setting_problems(config, ["myst_nb", "jupyter_sphinx"])
        assert "the extension jupyter_sphinx runs code" in wrong

    @pytest.mark.parametrize("name", ["numpy.py", "book/numpy.py", "book/numpy/__init__.py"])
    def test_modules_that_would_stand_for_others(self, tmp_path, monkeypatch, name):
        monkeypatch.setattr(book, "OURS", ())
        root = self.folder(tmp_path, "a.ipynb")
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        (wrong,) = book.module_problems(root, [root / "book" / "a.ipynb"])
        assert wrong.startswith(name.removesuffix("/__init__.py") + ": notebooks would import it")

    def test_modules_of_another_book(self, tmp_path):
        wrong = book.module_problems(tmp_path, [])
        assert [text.partition(":")[0] for text in wrong] == list(book.OURS)
        assert book.module_problems(EXT.parents[1], []) == []

    def test_the_gate_of_another_book(self, tmp_path):
        assert book.place_problems(tmp_path / "book", tmp_path) == []
        assert book.place_problems(tmp_path, tmp_path) == []
        (wrong,) = book.place_problems(tmp_path, tmp_path / "book")
        assert "knows no other book" in wrong

    @pytest.mark.parametrize(("version", "count"), [("1.0.4.post1", 0), ("2.0.0", 1), ("0.15", 1)])
    def test_version_of_jupyter_book(self, monkeypatch, version, count):
        monkeypatch.setattr(book, "version", lambda name: version)
        assert len(book.jupyter_book_problems()) == count


class TestStamps:
    @pytest.fixture
    def notebook(self, tmp_path):
        (tmp_path / "actlib").mkdir()
        (tmp_path / "actlib" / "code.py").write_text("x = 1")
        (tmp_path / "actlib" / "other.py").write_text("x = 1")
        (tmp_path / "_config.yml").write_text("title: A book")
        path = tmp_path / "book" / "chapter.ipynb"
        path.parent.mkdir()
        path.write_text("{}")
        return path

    def stamps(self, notebook):
        return Stamps(notebook.parents[1])

    def stamp(self, notebook):
        stamps = self.stamps(notebook)
        read = Reads(frozenset({"actlib/code.py"}), frozenset({"actlib", "."}))
        assert stamps.write(stamps.digest(notebook), read)
        (file,) = stamps.folder.glob(f"{stamps.digest(notebook)}.*")
        return file

    def test_a_stamp_is_remembered(self, notebook):
        assert not self.stamps(notebook).passed(notebook)
        self.stamp(notebook)
        assert self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize(
        "change",
        ["notebook", "code", "gone", "new module", "new package", "shadow", "setting", "versions"],
    )
    def test_any_change_of_what_it_read_makes_it_void(self, notebook, change, monkeypatch):
        self.stamp(notebook)
        top = notebook.parents[1]
        code = top / "actlib"
        match change:
            case "notebook":
                notebook.write_text("{ }")
            case "code":
                (code / "code.py").write_text("x = 2")
            case "gone":
                (code / "code.py").unlink()
            case "new module":
                (code / "more.py").touch()
            case "new package":
                (code / "more").mkdir()
                (code / "more" / "__init__.py").touch()
            case "shadow":
                (top / "numpy.py").touch()
            case "setting":
                (top / "_config.yml").write_text("title: Another book")
            case "versions":
                monkeypatch.setattr("gate.stamps.distributions", lambda: [])
        assert not self.stamps(notebook).passed(notebook)

    def test_what_it_did_not_read_does_not_count(self, notebook):
        self.stamp(notebook)
        notebook.with_name("other.ipynb").write_text("{}")
        top = notebook.parents[1]
        (top / "actlib" / "other.py").write_text("x = 2")
        (top / "actlib" / "notes.md").write_text("No module.")
        assert self.stamps(notebook).passed(notebook)

    def test_a_state_that_comes_back_is_known(self, notebook):
        code = notebook.parents[1] / "actlib" / "code.py"
        for text in ("x = 1", "x = 2", "x = 1"):
            code.write_text(text)
            if text != "x = 1" or not self.stamps(notebook).passed(notebook):
                stamps = self.stamps(notebook)
                read = Reads(frozenset({"actlib/code.py"}), frozenset())
                stamps.write(stamps.digest(notebook), read)
        assert self.stamps(notebook).passed(notebook)
        assert len(list(self.stamps(notebook).folder.iterdir())) == 2

    def test_what_came_during_the_run_is_not_remembered(self, notebook):
        stamps = self.stamps(notebook)
        read = Reads(frozenset({"actlib/late.py"}), frozenset())
        assert not stamps.write(stamps.digest(notebook), read)
        assert not self.stamps(notebook).passed(notebook)

    def test_of_what_started_a_process_all_counts(self, notebook):
        stamps = self.stamps(notebook)
        stamps.write(stamps.digest(notebook), Reads(frozenset(), frozenset(), whole=True))
        assert self.stamps(notebook).passed(notebook)
        (notebook.parents[1] / "actlib" / "other.py").write_text("x = 2")
        assert not self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize("name", ["__pycache__", ".ruff_cache"])
    def test_what_tools_keep_does_not_count(self, notebook, name):
        self.stamp(notebook)
        cache = notebook.parents[1] / "actlib" / name
        cache.mkdir()
        (cache / "code.pyc").touch()
        assert self.stamps(notebook).passed(notebook)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xff",
            b"passed",
            b"0" * 64,
            b'{"of": "", "files": {}, "folders": {}}',
            b"\n" * 10_000,
        ],
    )
    def test_a_broken_or_foreign_stamp_is_not_believed(self, notebook, content):
        self.stamp(notebook).write_bytes(content)
        assert not self.stamps(notebook).passed(notebook)

    def test_a_stamp_of_another_notebook_is_not_believed(self, notebook):
        other = notebook.with_name("other.ipynb")
        other.write_text("{  }")
        file = self.stamp(notebook)
        file.replace(file.with_name(self.stamps(other).digest(other) + file.suffix))
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
        """A chapter with its outputs: of cells that print, and show nothing else."""
        cells, state = [], {}
        for count, source in enumerate(sources, 1):
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                exec(source, state)
            cells.append(cell(source, count, printed(shown.getvalue()) if shown.getvalue() else ()))
        return self.stored(tmp_path, name, cells)

    def make_in_kernel(self, tmp_path, name, *sources):
        path = self.stored(tmp_path, name, [new_code_cell(s) for s in sources])
        asyncio.run(normalise.execute(path))
        return path

    def stored(self, tmp_path, name, cells):
        path = tmp_path / "book" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(cells=cells), path)
        return path

    def edit(self, path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def verify(self, tmp_path, *paths, timeout=30):
        return run.verify(list(paths), tmp_path, Stamps(tmp_path), timeout)

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
        stamps = Stamps(tmp_path)
        assert [stamps.passed(p) for p in (changed, raising, good)] == [False, False, True]

    def test_other_kinds_of_difference(self, tmp_path):
        extra = self.make(tmp_path, "extra", "print('a')")
        self.edit(extra, "print('a')", "print('a'); display(2)")
        lost = self.make(tmp_path, "lost", "print('a')")
        self.edit(lost, "print('a')", "pass  # 'a'")
        maths = self.make_in_kernel(tmp_path, "maths", "import sympy\nsympy.Symbol('x') + 1")
        self.edit(maths, "displaystyle x + 1", "displaystyle x - 1")
        found = self.verify(tmp_path, extra, lost, maths)
        assert "Unexpected output fields" in found[0]
        assert "Missing output fields" in found[1]
        assert re.search(r"expected, as stored:\s+\S+displaystyle x - 1", found[2])

    def test_kinds_of_output_that_nbval_does_not_compare(self, tmp_path):
        path = self.make_in_kernel(tmp_path, "one", "display({'image/jpeg': 'AAAA'}, raw=True)")
        (found,) = self.verify(tmp_path, path)
        assert found.startswith("book/one.ipynb, code cell 1: ")
        assert found.endswith("nbval does not compare image/jpeg; show text.")

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
        path = self.make_in_kernel(
            tmp_path, "dying", "import os", "fatal = False", "fatal and os._exit(3)"
        )
        self.edit(path, "fatal = False", "fatal = True")
        found = self.verify(tmp_path, path, timeout=5)
        assert "dying.ipynb, code cell 3" in found[0]

    def test_a_kernel_that_does_not_start(self, tmp_path):
        path = self.make(tmp_path, "one", "print(1)", "print(2)")
        (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')")
        found = self.verify(tmp_path, path)
        assert found[0] == (
            "book/one.ipynb, code cell 1: RuntimeError: Kernel died before replying to kernel_info"
        )
        assert not Stamps(tmp_path).passed(path)

    def test_nbval_that_does_not_start(self, tmp_path, monkeypatch):
        path = self.make(tmp_path, "one", "print(1)")
        monkeypatch.setattr(run, "_command", lambda *a: [sys.executable, "-c", "print('broken')"])
        (found,) = self.verify(tmp_path, path)
        assert "book/one.ipynb: nbval ended early.\nbroken" in found
        assert not Stamps(tmp_path).passed(path)

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
            verify(paths, root, Stamps(root), 900)
        """
        environment = {**os.environ, "PYTHONPATH": str(EXT)}
        build = subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            wait(lambda: Stamps(tmp_path).passed(quick))
            assert list(running(tmp_path))
        finally:
            build.send_signal(signal.SIGKILL)
            build.wait()
        assert Stamps(tmp_path).passed(quick)
        assert not Stamps(tmp_path).passed(slow)
        wait(lambda: not list(running(tmp_path)))

    def with_code(self, tmp_path, source="from toy import used\nprint(used.one())", printed="1"):
        """A package of two modules, one of which reads a table, and a chapter that has passed."""
        package = tmp_path / "toy"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "used.py").write_text("from pathlib import Path\n\n" + TABLE)
        (package / "unused.py").write_text("two = 2\n")
        (tmp_path / "book").mkdir()
        (tmp_path / "book" / "table.csv").write_text("1")
        outputs = [new_output("stream", name="stdout", text=f"{printed}\n")] if printed else []
        path = tmp_path / "book" / "chapter.ipynb"
        nbformat.write(new_notebook(cells=[cell(source, outputs=outputs)]), path)
        assert self.verify(tmp_path, path) == []
        assert Stamps(tmp_path).passed(path)
        return path

    @pytest.mark.parametrize(
        ("file", "counts"),
        [
            ("toy/used.py", True),
            ("toy/__init__.py", True),
            ("toy/new.py", True),
            ("book/table.csv", True),
            ("book/pathlib.py", True),
            ("numpy.py", True),
            ("toy/unused.py", False),
            ("book/other.ipynb", False),
            ("book/other.csv", False),
            ("README.md", False),
        ],
    )
    def test_it_is_run_again_when_what_it_read_has_changed(self, passed, file, counts):
        """Or what it would have read, had it been there; and not, when all is as it was."""
        top = passed.parents[1]
        before = top.joinpath(file).read_bytes() if top.joinpath(file).exists() else None
        (top / file).write_text("one = lambda: 1\n")
        assert Stamps(top).passed(passed) == (not counts)
        (top / file).unlink()
        if before is not None:
            (top / file).write_bytes(before)
        assert Stamps(top).passed(passed)

    def test_what_is_imported_late_counts(self, tmp_path):
        code = "import importlib\nlate = importlib.import_module('toy.unused')"
        path = self.with_code(tmp_path, code, "")
        (tmp_path / "toy" / "unused.py").write_text("two = 3\n")
        assert not Stamps(tmp_path).passed(path)

    def test_what_a_process_reads_counts(self, tmp_path):
        code = "import os, sys\ndone = os.system(f'{sys.executable} -c \"import toy.unused\"')"
        path = self.with_code(tmp_path, code, "")
        (tmp_path / "toy" / "unused.py").write_text("two = 3\n")
        assert not Stamps(tmp_path).passed(path)

    def test_a_module_that_changes_during_the_run_is_not_covered(self, tmp_path):
        path = self.with_code(tmp_path)
        used = tmp_path / "toy" / "used.py"
        old = used.read_text()
        used.write_text(f"{old}\nthree = 3\n")
        before = Stamps(tmp_path)
        used.write_text(f"{old}\nfour = 4\n")
        assert run.verify([path], tmp_path, before, 30) == []
        for text in (f"{old}\nthree = 3\n", f"{old}\nfour = 4\n"):
            used.write_text(text)
            assert not Stamps(tmp_path).passed(path)
        used.write_text(old)
        assert Stamps(tmp_path).passed(path)

    FORKED = "abcdef"
    """Notebooks enough on one core for kernels that are forked."""

    def test_a_kernel_begins_with_nothing_of_ours_and_ends_alone(self, tmp_path, monkeypatch):
        """All come from two processes, which live on, even where a kernel crashes."""
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
        ours = ("actlib", "gate", "reference", "website", "sphinx", "pytest", "nbval")
        tmp_path.joinpath("matplotlibrc").write_text("lines.linewidth: 7\n")
        told = (
            f"import sys\nprint([n for n in {ours} if n in sys.modules], 'sympy' in sys.modules)\n"
            "import matplotlib\nprint(matplotlib.rcParams['lines.linewidth'])"
        )
        shown = printed("[] True\n1.5\n")
        paths = [self.stored(tmp_path, name, [cell(told, 1, shown)]) for name in self.FORKED]
        crash = self.stored(tmp_path, "crash", [cell("import os\nos._exit(3)")])
        found = self.verify(tmp_path, *paths[:2], crash, *paths[2:], timeout=5)
        assert [problem.partition(",")[0] for problem in found] == ["book/crash.ipynb"]

    def test_no_two_kernels_have_the_same_random_numbers(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
        drawn = tmp_path / "drawn"
        file = f"with open({str(drawn)!r}, 'a') as file:\n    "
        draws = f"{file}print(random.random(), np.random.rand(), file=file)"
        sources = ("import random", "import numpy as np", draws)
        paths = [self.make(tmp_path, name, *sources) for name in self.FORKED]
        drawn.unlink()
        assert self.verify(tmp_path, *paths) == []
        lines = drawn.read_text().splitlines()
        columns = list(zip(*map(str.split, lines), strict=True))
        assert [len(set(column)) for column in columns] == [len(paths)] * 2, columns

    def test_who_listens_is_not_seen(self, tmp_path):
        names = "sorted(n for n in dir() if not n.startswith('_'))"
        known = ["In", "Out", "exit", "get_ipython", "open", "quit"]
        path = self.make_in_kernel(tmp_path, "chapter", f"print({names})")
        assert self.verify(tmp_path, path) == []
        (output,) = nbformat.read(path, 4).cells[0].outputs
        assert output.text == f"{known}\n"


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """A chapter that has passed. Who changes something around it puts it right again."""
    return TestRun().with_code(tmp_path_factory.mktemp("passed"))


TABLE = """
def one():
    return Path("table.csv").read_text()
"""
LAX = """
def pytest_configure(config):
    config.option.nbval = False
    config.option.nbval_lax = True
"""
STARTUP = "print = lambda *a: __builtins__.print('wrong')"


class TestSurroundings:
    """A chapter says what is wrong; something around it would have that pass."""

    def chapter(self, tmp_path, source="print('right')"):
        path = tmp_path / "book" / "chapter.ipynb"
        path.parent.mkdir()
        output = new_output("stream", name="stdout", text="wrong\n")
        nbformat.write(new_notebook(cells=[cell(source, outputs=[output])]), path)
        return path

    def refused(self, tmp_path, path):
        found = run.verify([path], tmp_path, Stamps(tmp_path), 30)
        assert len(found) == 1
        assert not Stamps(tmp_path).passed(path)
        return found[0]

    @pytest.mark.parametrize("options", ["--nbval-lax", "--nbval-sanitize-with={}", "--co", "-x"])
    def test_options_in_a_variable(self, tmp_path, monkeypatch, options):
        (tmp_path / "all.cfg").write_text("[all]\nregex: .+\nreplace: x\n")
        monkeypatch.setenv("PYTEST_ADDOPTS", options.format(tmp_path / "all.cfg"))
        assert "got, just now:\n      right" in self.refused(tmp_path, self.chapter(tmp_path))

    def test_plugins_in_a_variable(self, tmp_path, monkeypatch):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "lax.py").write_text(LAX)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("PYTEST_PLUGINS", "lax")
        assert "Cell outputs differ" in self.refused(tmp_path, self.chapter(tmp_path))

    @pytest.mark.parametrize("variable", ["PYTHONSTARTUP", "IPYTHONDIR", "HOME"])
    def test_code_that_runs_first(self, tmp_path, monkeypatch, variable):
        profile = {"IPYTHONDIR": "", "HOME": ".ipython", "PYTHONSTARTUP": ""}[variable]
        startup = tmp_path / "elsewhere" / profile / "profile_default" / "startup" / "first.py"
        startup.parent.mkdir(parents=True)
        startup.write_text(STARTUP)
        there = startup if variable == "PYTHONSTARTUP" else tmp_path / "elsewhere"
        monkeypatch.setenv(variable, str(there))
        assert "Cell outputs differ" in self.refused(tmp_path, self.chapter(tmp_path))

    def test_python_without_assertions(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PYTHONOPTIMIZE", "1")
        path = self.chapter(tmp_path, "assert 1 + 1 == 3\nprint('wrong')")
        assert "AssertionError" in self.refused(tmp_path, path)

    @pytest.mark.parametrize("folder", ["", "book"])
    def test_files_that_configure_pytest(self, tmp_path, folder):
        path = self.chapter(tmp_path)
        for name, section in {
            "pytest.ini": "[pytest]",
            "tox.ini": "[pytest]",
            "setup.cfg": "[tool:pytest]",
        }.items():
            (tmp_path / folder / name).write_text(f"{section}\naddopts = --nbval-lax\n")
        options = '[tool.pytest.ini_options]\naddopts = "--nbval-lax"\n'
        (tmp_path / folder / "pyproject.toml").write_text(options)
        (tmp_path / folder / "conftest.py").write_text(LAX)
        assert "Cell outputs differ" in self.refused(tmp_path, path)

    def test_chapters_are_stored_in_the_same_surroundings(self, tmp_path, monkeypatch):
        (tmp_path / "first.py").write_text(STARTUP)
        monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "first.py"))
        path = self.chapter(tmp_path)
        asyncio.run(normalise.execute(path))
        assert json.loads(path.read_text())["cells"][0]["outputs"][0]["text"] == ["right\n"]


class TestSite:
    """What builds leave behind."""

    def files(self, folder):
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}

    def built(self, tmp_path):
        """A site that has passed, and what Sphinx remembers."""
        site_folder, memory = tmp_path / "html", tmp_path / ".doctrees"
        for path in (site_folder / "a.html", site_folder / "b" / "c.html", memory / "env.pickle"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        site.close(site_folder, memory)
        return site_folder, memory

    def test_after_a_build_that_passed_it_is_used(self, tmp_path):
        folders = self.built(tmp_path)
        site.start(*folders)
        site.open_for_change(*folders)
        assert self.files(tmp_path) == {"html/a.html", "html/b/c.html", ".doctrees/env.pickle"}

    def test_after_a_build_that_did_not_end_nothing_is(self, tmp_path):
        folders = self.built(tmp_path)
        site.start(*folders)
        site.open_for_change(*folders)
        site.start(*folders)
        assert self.files(tmp_path) == set()
        assert all(folder.is_dir() for folder in folders)

    def test_a_build_refused_before_it_changed_anything_takes_nothing(self, tmp_path):
        folders = self.built(tmp_path)
        before = self.files(tmp_path)
        site.start(*folders)
        site.start(*folders)
        assert self.files(tmp_path) == before

    def test_what_others_have_put_there_goes(self, tmp_path):
        folders = self.built(tmp_path)
        before = self.files(folders[0])
        for name in ("old.html", "b/old.html", "old/page.html"):
            path = folders[0] / name
            path.parent.mkdir(exist_ok=True)
            path.touch()
        site.open_for_change(*folders)
        assert self.files(folders[0]) == before
        assert not (folders[0] / "old").exists()


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

    def test_empty_cells_and_what_nbval_ignores_are_taken_out(self, tmp_path):
        path = tmp_path / "chapter.ipynb"
        shown = "display({'text/plain': '1'}, raw=True, metadata={'glue': 1})"
        cells = [new_code_cell(s) for s in ("", shown, " \n", "print('1\\r2')")]
        nbformat.write(new_notebook(cells=cells), path)
        asyncio.run(normalise.execute(path))
        stored = nbformat.read(path, 4).cells
        assert [c.source for c in stored] == [shown, "print('1\\r2')"]
        assert stored[0].outputs[0].metadata == {}
        assert rules.problems(path, tmp_path) == []

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
