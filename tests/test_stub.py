"""What type checkers know of the records: all that is called, as it is called."""

import subprocess
import sys
from pathlib import Path

from actlib.show.stub import stub

ROOT = Path(__file__).parents[1]
FILE = ROOT / "actlib" / "__init__.pyi"

RIGHT = """
import numpy as np
import actlib

x = np.linspace(-3, 3, 7)
actlib.elu(x, alpha=2.0)
actlib.elu.derivative(x, 0.3, out=np.empty(7))
actlib.apl(x, [0.2], b=[1.0])
actlib.prelu.parameter_derivatives(x, alpha=0.1)["alpha"]
actlib.softmax(x, axis=0, temperature=2.0)
actlib.softmax.vjp(x, x)
actlib.logsumexp(x, keepdims=True)
actlib.glu(*actlib.halves(x[:6], gate="second"))
actlib.relu6(x, out=None)
actlib.softmax_cross_entropy(x, x)
actlib.elu.definition
actlib.ALL["elu"].name, actlib.PRESETS["relu6"].definition, actlib.__version__
"""

WRONG = {
    "actlib.elu(x, alpah=1.0)": "call-arg",
    "actlib.elu(x, 1.0, 2.0)": "call-arg",
    "actlib.elu.derivative(x, alpah=1.0)": "call-arg",
    "actlib.sigmod(x)": "attr-defined",
    "actlib.softmax.derivative(x)": "attr-defined",
    "actlib.softmax(x, temprature=2.0)": "call-arg",
    "actlib.softmax(x, axis=0.5)": "arg-type",
    "actlib.log_softmax(x, temperature=2.0)": "call-arg",
    "actlib.log_softmax.vjp(x)": "call-arg",
    "actlib.glu(x)": "call-arg",
    "actlib.relu6(x, max_value=5.0)": "call-arg",
    "actlib.sigmoid(x, out=3)": "arg-type",
}


def checked(code, folder):
    """What mypy says of a file, line by line."""
    path = folder / "user.py"
    path.write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout.splitlines()


def test_it_is_what_the_records_say():
    formatted = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "format", "-", "--stdin-filename", FILE],
        input=stub(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert FILE.read_text("utf-8") == formatted, "the records have changed; run `make stubs`"


def test_a_right_call_is_right(tmp_path):
    assert checked(RIGHT, tmp_path) == []


def test_a_wrong_call_is_told(tmp_path):
    head = "import numpy as np\nimport actlib\nx = np.ones(4)\n"
    found = checked(head + "\n".join(WRONG), tmp_path)
    told = {(line.split(":")[1], line.rpartition("[")[2]) for line in found if ": error:" in line}
    assert {(str(n), f"{kind}]") for n, kind in enumerate(WRONG.values(), start=4)} <= told
