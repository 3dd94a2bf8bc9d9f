"""python -m actlib.audit: what it prints and writes, and how it ends, whatever happens."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import actlib
from actlib.audit import AuditError, audit, check
from actlib.audit.__main__ import main
from actlib.audit.baseline import BaselineError, read, write
from actlib.audit.files import written
from actlib.audit.known import spelled
from actlib.audit.line import form, parts
from actlib.audit.settings import setting

FLAWED = """
import math
import os
import numpy as np
import actlib

def zero(x):
    y = np.array(actlib.tanh(x))
    y[(x >= 1) & (x <= 2)] = 0
    return y

def half(x):
    return actlib.leaky_relu(x, alpha=0.5)

def ends(x):
    os.abort()

def halves(x):
    return np.tanh(x) if x.dtype == np.float16 else os.abort()
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A folder of a user, with a module of his."""
    tmp_path.joinpath("mine.py").write_text(FLAWED, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one(capsys):
    """The only line on stderr; nothing on stdout."""
    shown = capsys.readouterr()
    assert not shown.out
    (told,) = shown.err.splitlines()
    return told.removeprefix("python -m actlib.audit: ")


def test_what_holds_ends_with_0(mine, capsys):
    assert main(["numpy.tanh", "--as", "tanh", "--dtype", "float16"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("numpy.tanh as tanh in float16, all 63,488 finite numbers: exact\n")
    assert not shown.err


def test_what_does_not_ends_with_1_and_leaves_its_files(mine, capsys):
    files = ["--json", "out.json", "--picture", "out.svg"]
    assert main(["mine.zero", "--as", "tanh", *files]) == 1
    shown = capsys.readouterr().out
    assert "mine.zero as tanh in float16, all 63,488 finite numbers: faults: zero" in shown
    assert "zero: 129, 1.0 ≤ x ≤ 2.0" in shown
    assert "mine.zero(numpy.full(64, 1.0, 'float16'))[0]" in shown
    told = json.loads(Path("out.json").read_text("utf-8"))
    assert [report["dtype"] for report in told["reports"]] == ["float16", "bfloat16"]
    for dtype in ("float16", "bfloat16"):
        ElementTree.fromstring(Path(f"out-{dtype}.svg").read_text("utf-8"))
    assert {path.name for path in mine.iterdir()} <= {
        *("mine.py", "__pycache__", "out.json", "out-float16.svg", "out-bfloat16.svg")
    }


def test_the_line_that_is_told_shows_the_fault(mine, capsys):
    main(["mine.zero", "--as", "tanh", "--dtype", "bfloat16"])
    lines = capsys.readouterr().out.splitlines()
    (line,) = (text.strip() for text in lines if text.strip().startswith("mine.zero("))
    run = f"import ml_dtypes, numpy, mine; print(float({line}))"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert float(done.stdout) == 0


def test_a_budget_decides(mine):
    assert main(["numpy.tanh", "--as", "tanh", "--dtype", "float64", "--max-ulp", "4"]) == 0
    assert main(["numpy.tanh", "--as", "tanh", "--dtype", "float64", "--max-ulp", "0.5"]) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["mine.zero", "--as", "tanhh"], "no activation 'tanhh'"),
        (["mine.zero"], "one of the two"),
        (["mine.zero", "--formula", "y"], "no formula in x alone"),
        (["mine.none", "--as", "tanh"], "mine has no none"),
        (["nothing.at_all", "--as", "tanh"], "there is no module nothing"),
        (["torchh:torch.tanh", "--as", "tanh"], "no torchh: is known"),
        (["mine.ends", "--as", "tanh"], "signal 6 (SIGABRT)"),
        (["cmd:false", "--as", "tanh"], "exit status 1"),
        (["file:no.bin", "--as", "tanh", "--dtype", "float16"], "no.bin: cannot be read"),
        (["mine.zero", "--as", "tanh", "--json", "no/where.json"], "No such file"),
        (["mine.zero", "--as", "tanh", "--baseline", "none.json"], "no such file"),
        (["mine.zero", "--as", "elu", "--set", "alpha"], "NAME=NUMBER"),
        (["mine.zero", "--as", "elu", "--set", "alpha=x"], "no number"),
        (["mine.zero", "--as", "elu", "--set", "alpha=1/0"], "no number"),
        (["mine.half", "--as", "elu", "--set", "alpha=-1", "--dtype", "float16"], "alpha"),
        (["numpy.tanh", "--as", "tanh", "--device", "cuda"], "takes no device"),
    ],
)
def test_what_cannot_be_run_ends_with_2_and_one_line(given, told, mine, capfd):
    assert main(given) == 2
    shown = capfd.readouterr().err
    lines = [line for line in shown.splitlines() if line.startswith("python -m actlib.audit: ")]
    assert len(lines) == 1
    assert told in lines[0]


@pytest.mark.parametrize(
    "given", [[], ["x.y", "--dtype", "8"], ["x.y", "--as", "tanh", "--accept"]]
)
def test_what_is_no_command_is_told_by_the_usage(given, mine, capsys):
    with pytest.raises(SystemExit) as raised:
        main(given)
    assert raised.value.code == 2
    assert "usage: python -m actlib.audit" in capsys.readouterr().err


def test_a_baseline_holds_what_it_holds(mine, capsys):
    given = ["mine.zero", "--as", "tanh", "--dtype", "float16", "--baseline", "accuracy.json"]
    assert main([*given, "--accept"]) == 1  # a fault needs a why
    assert main(given) == 2
    assert "why" in capsys.readouterr().err
    path = Path("accuracy.json")
    told = json.loads(path.read_text("utf-8"))
    for budget in told["budgets"].values():
        budget["why"] = "It is planted."
    path.write_text(json.dumps(told), "utf-8")
    assert main(given) == 0
    told["budgets"] = {
        key: {**b, "faults": {"zero": ["1.5 to 2.0"]}} for key, b in told["budgets"].items()
    }
    path.write_text(json.dumps(told), "utf-8")
    assert main(given) == 1
    assert "outside of" in capsys.readouterr().out


def test_check_asks_a_baseline(mine):
    with pytest.raises(BaselineError, match="no such file"):
        check(np.tanh, "tanh", dtype="float16", baseline="accuracy.json")
    path = Path("accuracy.json")
    write(path, read(path, accept=True).accepted(audit(nearly, "tanh", dtype="float16"), "rough"))
    check(nearly, "tanh", dtype="float16", baseline=path)
    check(np.tanh, "tanh", dtype="float16", baseline=path)  # it has no budget: within an ulp
    with pytest.raises(AuditError, match="not within 1 ulp"):
        check(lambda x: x, "tanh", dtype="float16", baseline=path)
    told = path.read_text("utf-8")
    assert '"worst": 2.' in told
    path.write_text(told.replace('"worst": 2.', '"worst": 1.'), "utf-8")
    with pytest.raises(AuditError, match=r"not within its budget in accuracy\.json"):
        check(nearly, "tanh", dtype="float16", baseline=path)


def nearly(x):
    """Two numbers beside each result."""
    y = actlib.tanh(x)
    return np.where(np.abs(x) < 0.125, y, np.nextafter(np.nextafter(y, y * 0), y * 0))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_results_come_from_a_file(dtype, mine, capsys):
    given = ["--as", "elu", "--set", "alpha=0.5", "--dtype", dtype, "--derivative"]
    assert main([*given, "--write-inputs", "in.bin"]) == 0
    x = np.fromfile("in.bin", f"<u{form(dtype).itemsize}").view(form(dtype))
    if form(dtype).itemsize == 2:
        np.testing.assert_array_equal(x.view(np.uint16), np.arange(2**16))
    with np.errstate(invalid="ignore"):
        y = np.array(actlib.elu.derivative(x, alpha=0.5))
        spoiled = np.where(np.abs(x.astype(np.float64) + 1) < 0.125, np.array(0, y.dtype), y)
    y.tofile("right.bin")
    spoiled.tofile("wrong.bin")
    y[1:].tofile("short.bin")
    budget = ["--max-ulp", "4"]
    assert main(["file:right.bin", *given, *budget]) == 0
    assert main(["file:wrong.bin", *given, *budget]) == 1
    assert "faults: zero" in capsys.readouterr().out
    assert main(["file:short.bin", *given]) == 2


def test_a_file_answers_only_what_it_was_asked(mine, capsys):
    assert main(["--as", "tanh", "--dtype", "float32", "--write-inputs", "in.bin"]) == 0
    np.tanh(np.fromfile("in.bin", np.float32)).tofile("out.bin")
    assert main(["file:out.bin", "--as", "tanh", "--dtype", "float32", "--max-ulp", "2"]) == 0
    assert "not all" in capsys.readouterr().out
    assert main(["file:out.bin", "--as", "tanh", "--dtype", "float32", "--all"]) == 2
    assert "no --all" in capsys.readouterr().err


def test_what_a_record_knows_of_a_library_is_passed_on():
    passed, ours = spelled("torch:torch.nn.functional.gelu", "gelu_tanh", {})
    assert passed == {"approximate": "tanh"}
    assert ours == {}
    passed, ours = spelled("torch:torch.nn.functional.leaky_relu", "leaky_relu", {"alpha": 0.3})
    assert passed == {"negative_slope": 0.3}
    assert ours == {"alpha": 0.3}
    assert spelled("mine.f", "elu", {"alpha": 2.0}) == ({"alpha": 2.0}, {"alpha": 2.0})
    assert spelled("mine.f", None, {}) == ({}, {})


def test_settings_are_read_as_they_are_written():
    given = ["alpha=0.5", "slope=1/6", "a=[0.3, -0.7]", "top=None"]
    found = setting(given)
    assert found["alpha"] == 0.5
    assert found["slope"].denominator == 6
    assert found["a"] == (0.3, -0.7)
    assert found["top"] is None


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    written(path, b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        written(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


SLOW = """
import time
import numpy as np

def tanh(x):
    time.sleep(0.02 if len(x) > 5000 else 0)
    return np.tanh(x)
"""


def test_ctrl_c_stops_it_with_what_it_has(tmp_path):
    """It tells what it found, that it is not all, and leaves no process."""
    tmp_path.joinpath("slow.py").write_text(SLOW, "utf-8")
    command = [sys.executable, "-m", "actlib.audit", "slow.tanh", "--as", "tanh"]
    path = [str(Path(actlib.__file__).parents[1]), str(tmp_path)]
    started = subprocess.Popen(
        [*command, "--dtype", "float32", "--all", "--jobs", "2", "--json", "out.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )
    try:
        wait_until(lambda: children(started.pid) >= 3)
        time.sleep(8)
        os.killpg(started.pid, signal.SIGINT)
        out, err = started.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    assert started.returncode == 2, err
    assert "not finished" in out or not out
    assert err.strip().splitlines()[-1].startswith("python -m actlib.audit: stopped")
    assert "Traceback" not in err
    if out:
        (report,) = json.loads(tmp_path.joinpath("out.json").read_text("utf-8"))["reports"]
        assert report["inputs"]["finished"] is False
        assert 0 <= report["inputs"]["tried"] < sum(map(len, parts("float32")))


def hear_ctrl_c():
    """A shell has what it runs in the background ignore it, and whatever that starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(pid):
    """How many processes it has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return len(found.stdout.split())


def wait_until(holds, seconds=60):
    for _ in range(int(seconds / 0.1)):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


def test_nan_and_infinities_are_words_in_json(mine):
    main(["mine.zero", "--as", "tanh", "--dtype", "float16", "--json", "out.json"])
    told = json.loads(
        Path("out.json").read_text("utf-8"), parse_constant=lambda name: pytest.fail(name)
    )
    (report,) = told["reports"]
    assert math.isnan(float(report["limits"]["nan"]["got"]["decimal"]))
