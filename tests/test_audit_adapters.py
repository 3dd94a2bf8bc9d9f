"""What a SPEC names is called as it should be: stand-ins of libraries tell, each with a fault.

test_audit_peers.py asks the libraries themselves.
"""

import importlib
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from compiler import compiler

from actlib.audit.adapters import CallError, SpecError, outputs, peer
from actlib.audit.isolated import Isolated

STAND_INS = Path(__file__).parent / "stand_ins"
NAMES = {path.stem for path in STAND_INS.glob("*.py")}
FLOAT32 = np.dtype(np.float32)
TYPES = [np.dtype(t) for t in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)]
X = np.array([-2.5, -1, -0.0, 0.5, 1, 3, np.inf])


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    """They are found before the libraries, and forgotten afterwards."""
    monkeypatch.syspath_prepend(STAND_INS)
    kept = {name: sys.modules.pop(name, None) for name in NAMES}
    yield importlib.import_module
    for name, module in kept.items():
        sys.modules.pop(name, None)
        if module is not None:
            sys.modules[name] = module


def bits(x):
    return x.view(f"u{x.itemsize}").tolist()


def right(x, alpha, derivative):
    """What the stand-ins compute, their faults included."""
    wide = x.astype(np.float64)
    low = np.minimum(wide, 0)
    if derivative:
        y = np.where(wide == -1, 7, np.where(wide > 0, 1, alpha * np.exp(low)))
    else:
        y = np.where(wide == 1, 7, np.where(wide > 0, wide, alpha * np.expm1(low)))
    return y.astype(x.dtype)


LIBRARIES = [
    "torch:torch.nn.functional.elu",
    "torch:torch.nn.ELU",
    "torch:torch.Tensor.elu",
    "jax:jax.nn.elu",
    "jax-eager:jax.nn.elu",
    "tf:tf.nn.elu",
    "tf:tensorflow.nn.elu",
    "keras:keras.activations.elu",
    "keras:keras.layers.ELU",
]


@pytest.mark.parametrize("spec", LIBRARIES)
@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("derivative", [False, True])
@pytest.mark.parametrize("setting", [{}, {"alpha": np.float64(0.25)}], ids=["", "alpha"])
def test_what_a_library_computes_comes_back(spec, dtype, derivative, setting, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    x = X.astype(dtype)
    made = peer(spec, dtype=dtype, derivative=derivative, setting=setting)
    assert made.spec == spec
    assert bits(made.compute(x)) == bits(right(x, setting.get("alpha", 1.0), derivative))
    assert all(isinstance(text, str) for text in made.about.values())


@pytest.mark.parametrize("setting", [{}, {"alpha": 0.25}], ids=["", "alpha"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_an_operator_of_onnx_is_a_model_of_one_node(setting, dtype):
    x = X.astype(dtype)
    made = peer("onnx:Elu", dtype=x.dtype, setting=setting)
    assert bits(made.compute(x)) == bits(right(x, setting.get("alpha", 1.0), False))
    assert made.about == {"onnxruntime": "0.6", "onnx": "0.5", "device": "cpu"}


def test_a_model_of_onnx_is_run(stand_ins, tmp_path):
    pickle = importlib.import_module("pickle")
    file = tmp_path / "model.onnx"
    file.write_bytes(pickle.dumps([[("Elu", {"alpha": 0.5})], [("x", "float")], [("y", "float")]]))
    x = X.astype(np.float32)
    made = peer(f"onnx:{file}", dtype=FLOAT32, derivative=True)  # says whoever made the model
    assert bits(made.compute(x)) == bits(right(x, 0.5, False))
    assert made.about == {"onnxruntime": "0.6", "device": "cpu"}
    with pytest.raises(SpecError, match=r"takes tensor\(float\), not float16$"):
        peer(f"onnx:{file}", dtype=np.dtype(np.float16))
    with pytest.raises(SpecError, match=r"is whole: it takes no alpha$"):
        peer(f"onnx:{file}", dtype=FLOAT32, setting={"alpha": 2.0})
    file.write_bytes(pickle.dumps([[("Elu", {})], [("x", "float")] * 2, [("y", "float")]]))
    with pytest.raises(SpecError, match="has 2 inputs and 1 outputs"):
        peer(f"onnx:{file}", dtype=FLOAT32)


def test_what_a_library_is_told(stand_ins, monkeypatch):
    made = peer("torch:torch.nn.ELU", dtype=FLOAT32, device="cuda")
    made.compute(X.astype(np.float32))
    assert stand_ins("torch").told == ["to cuda"]
    assert made.about == {"torch": "0.1", "device": "cuda", "chip": "a chip"}
    about = {"torch": "0.1", "device": "cpu", "instructions": "ABACUS", "threads": "5"}
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    assert peer("torch:torch.nn.ELU", dtype=FLOAT32).about == about
    jax = stand_ins("jax")
    peer("jax-eager:jax.nn.elu", dtype=FLOAT32)
    assert not jax.jitted
    made = peer("jax:jax.nn.elu", dtype=FLOAT32, device="cpu")
    assert len(jax.jitted) == 1
    assert made.about == {"jax": "0.2", "device": "cpu", "chip": "abacus"}


def test_keras_computes_by_the_backend_that_is_set(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    made = peer("keras:keras.layers.ELU", dtype=FLOAT32)
    assert made.about == {"keras": "0.4", "tensorflow": "0.3", "device": "cpu"}
    monkeypatch.setenv("KERAS_BACKEND", "abacus")
    with pytest.raises(SpecError, match="computes by abacus; set KERAS_BACKEND to one of tensorf"):
        peer("keras:keras.layers.ELU", dtype=FLOAT32)


def test_a_function_of_the_user_is_called_as_it_is(tmp_path, monkeypatch):
    x = X.astype(np.float32)
    made = peer("mine.twice", dtype=FLOAT32, derivative=True, setting={"by": 3})
    assert bits(made.compute(x)) == bits(3 * x)
    assert bits(made.compute(x[::2])) == bits(3 * x[::2])
    assert made.about == {"mine": "0.7"}
    tmp_path.joinpath("of_here.py").write_text("def same(x, how): return x if how == 'so' else 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    made = peer("of_here.same", dtype=FLOAT32, setting={"how": "so"})
    assert bits(made.compute(x)) == bits(x)
    assert made.about == {}


MISUSED = [
    ("nowhere.f", "there is no module nowhere"),
    ("mine.nowhere", "mine has no nowhere"),
    ("mine.constant", "mine.constant is no function but of type float"),
    ("f", "is no package.module.function"),
    ("fast:mine.twice", "no fast: is known, but torch:, jax:"),
    ("file:results.bin", "is read, not called"),
    ("torch:torch.nn.functional.elo", "torch.nn.functional has no elo"),
    ("torch:torch.nn.ELU -s alpa=1", "cannot be made: TypeError: "),
    ("torch:torch.sign -d", "autograd has no derivative of it"),
    ("torch:torch.nn.ELU @tpu", "no device tpu: RuntimeError: Invalid device string: 'tpu'"),
    ("jax:jax.nn.elu @tpu", "no device tpu: RuntimeError: Unknown backend tpu"),
    ("tf:tf.sign -d", "TensorFlow has no derivative of it"),
    ("tf:tf.nn.elu @tpu", "takes no device, and tpu was asked for"),
    ("keras:keras.layers.ELU -s alpa=1", "cannot be made: TypeError: "),
    ("onnx:Elo", "ONNX has no operator Elo"),
    ("onnx:PRelu", "PRelu is no operator of one input and one output"),
    ("onnx:Elu -s alpa=1", "Elu has no attribute alpa"),
    ("onnx:Elu -d", "onnxruntime has no derivatives; name a file whose model computes it"),
    ("onnx:Elu :bfloat16", "onnxruntime takes no bfloat16 from NumPy; ask for another type"),
    ("onnx:Elu :float64", "onnxruntime refuses it in float64: NotImplementedError: Could not find"),
    ("onnx:nowhere.onnx", "there is no such file"),
    ("cmd:./nowhere --fast", "there is no command ./nowhere"),
    ("cmd:", "there is no command"),
    ("cmd:'", "cannot be read: No closing quotation"),
    ("cmd:cat -s alpha=1", "takes its setting as arguments of the command"),
]
"""The SPEC, and after a blank the setting, the device, the type, or that f′ is asked for."""


@pytest.mark.parametrize(("asked", "told"), MISUSED, ids=[asked for asked, _ in MISUSED])
def test_what_cannot_be_made_is_told_in_one_line(asked, told, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    spec, more = asked, {"dtype": FLOAT32}
    if found := re.fullmatch(r"(.+) (?:-s (\w+)=1|(-d)|@(\w+)|:(\w+))", asked):
        spec, name, slope, device, dtype = found.groups()
        dtype = np.dtype(dtype or "float32") if dtype != "bfloat16" else TYPES[1]
        more = {"dtype": dtype, "device": device, "derivative": bool(slope)}
        more |= {"setting": {name: 1.0}} if name else {}
    with pytest.raises(SpecError) as error:
        peer(spec, **more).compute(X.astype(more["dtype"]))
    assert str(error.value).startswith(f"{spec}: {told}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("spec", ["torch:torch.f", "jax:f", "tf:f", "keras:f", "onnx:Elu"])
def test_a_library_that_is_not_there_is_named(spec, monkeypatch):
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p != str(STAND_INS)])
    name = {"tf": "tensorflow", "onnx": "onnxruntime"}.get(spec.split(":")[0], spec.split(":")[0])
    monkeypatch.setitem(sys.modules, name, None)  # then to import it fails, installed or not
    with pytest.raises(SpecError) as error:
        peer(spec, dtype=FLOAT32)
    assert str(error.value) == f"{spec}: needs {name}: pip install {name}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import nowhere_else", "broken cannot be imported: No module named 'nowhere_else'"),
        ("1 +", "broken cannot be imported: SyntaxError: invalid syntax (broken.py, line 1)"),
    ],
)
def test_a_module_that_is_broken_says_why(text, told, tmp_path, monkeypatch):
    tmp_path.joinpath("broken.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SpecError) as error:
        peer("broken.f", dtype=FLOAT32)
    assert str(error.value) == f"broken.f: {told}"


UNFIT = {
    "mine.a_list": "returned a list, not an array of NumPy",
    "mine.nothing": "returned None, not an array of NumPy",
    "mine.wide": "returned float64 for float32",
    "mine.short": "returned an array of shape (6,) for (7,)",
    "mine.writes": "wrote into its input",
    "mine.raises": "raised ValueError: no",
    "mine.leaves": "raised SystemExit: 3",
    "torch:torch.both": "returned a tuple, not an array of NumPy",
    "torch:torch.half": "returned float16 for float32",
    "torch:torch.relu_": "wrote into its input",
}


@pytest.mark.parametrize("spec", UNFIT)
def test_an_answer_that_is_none_is_told(spec):
    x = X.astype(np.float32)
    with pytest.raises(CallError) as error:
        peer(spec, dtype=FLOAT32).compute(x)
    assert str(error.value) == f"{spec} {UNFIT[spec]}"
    assert bits(x) == bits(X.astype(np.float32))


def test_to_overflow_is_no_error():
    x = np.full(3, 3e38, np.float32)
    assert np.all(peer("mine.twice", dtype=FLOAT32).compute(x) == np.inf)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A command, in C."""
    program = tmp_path_factory.mktemp("c") / "twice"
    subprocess.run([compiler(), STAND_INS / "twice.c", "-o", program], check=True)
    return str(program)


def test_a_command_reads_numbers_and_prints_them(twice):
    x = np.arange(-40000, 40000, dtype=np.float32)  # more than a pipe holds
    y = peer(f"cmd:{twice}", dtype=FLOAT32, derivative=True).compute(x.reshape(2, -1))
    assert bits(y.ravel()) == bits(np.where(x == 1, np.float32(7), 2 * x))


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_a_command_is_given_bits(dtype):
    x = X.astype(dtype)
    assert bits(peer("cmd:cat", dtype=dtype).compute(x)) == bits(x)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("exit 3", "ended with exit status 3"),
        ("kill -SEGV $$", "ended with signal 11 (SIGSEGV)"),
        ("head -c 12", "returned 12 bytes for 7 numbers of float32, which are 28"),
        ("cat; echo", "returned 29 bytes for 7 numbers of float32, which are 28"),
    ],
)
def test_a_command_that_does_something_else_is_told(code, told):
    spec = f"cmd:sh -c '{code}'"
    with pytest.raises(CallError) as error:
        peer(spec, dtype=FLOAT32).compute(X.astype(np.float32))
    assert str(error.value) == f"{spec} {told}"


def test_what_a_command_says_passes_through(capfd):
    peer("cmd:sh -c 'echo so >&2; cat'", dtype=FLOAT32).compute(X.astype(np.float32))
    assert capfd.readouterr() == ("", "so\n")


def test_a_file_holds_the_results(tmp_path):
    file = tmp_path / "outputs.bin"
    file.write_bytes(np.array([0x3F80, 0x4000], "<u2").tobytes())
    assert outputs(file, 2, np.dtype(ml_dtypes.bfloat16)).tolist() == [1, 2]
    told = f"file:{file} has 4 bytes; the results for 3 inputs of float16 are 6"
    with pytest.raises(CallError, match=f"^{re.escape(told)}$"):
        outputs(file, 3, np.dtype(np.float16))
    with pytest.raises(SpecError, match=r"nowhere: cannot be read: No such file or directory$"):
        outputs(tmp_path / "nowhere", 3, FLOAT32)


def isolated(spec, patience=60, dtype=FLOAT32):
    return Isolated(partial(peer, spec, dtype=dtype), patience)


def test_in_a_process_of_its_own_it_computes_the_same(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with isolated("torch:torch.nn.functional.elu", dtype=TYPES[1]) as compute:
        assert compute.about["torch"] == "0.1"
        assert compute.about["threads"] == "1"
        for count in (7, 70000, 300, 140000):
            x = np.resize(X, count).astype(ml_dtypes.bfloat16)
            assert bits(compute(x)) == bits(right(x, 1.0, False))
        assert compute(x.reshape(7, -1)).shape == (7, 20000)
        assert bits(compute(x[::3])) == bits(right(x[::3], 1.0, False))
        memory = compute._memory.name
    with pytest.raises(FileNotFoundError):
        SharedMemory(memory)


def test_what_cannot_be_made_there_is_told_here():
    with pytest.raises(SpecError, match=r"^mine\.nowhere: mine has no nowhere$"):
        isolated("mine.nowhere").__enter__()
    told = r"^the peer ended its process with exit status 4 while it was being made$"
    with pytest.raises(CallError, match=told):
        Isolated(partial(os._exit, 4), 60).__enter__()


def test_what_it_prints_is_no_output_of_ours(capfd, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    with isolated("mine.prints") as compute:
        compute(X.astype(np.float32))
    assert capfd.readouterr() == ("", "from Python\nfrom C\n")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (1, "mine.ends ended its process with signal 11 (SIGSEGV) while it {}"),
        (2, "mine.ends ended its process with exit status 3 while it {}"),
        (3, "mine.ends: no answer within 0.5 s while it {}"),
    ],
)
def test_it_may_end_or_hang_and_harms_nobody(how, told):
    x = np.linspace(how, 8.1, 1234, dtype=np.float32)
    with isolated("mine.ends", patience=0.5 if how == 3 else 60) as compute:
        with pytest.raises(CallError, match=r"^mine\.ends raised ValueError: not 4$"):
            compute(np.full(3, 4, np.float32))
        with pytest.raises(CallError) as error:
            compute(x)
        with pytest.raises(CallError, match=r"^mine\.ends: its process has ended$"):
            compute(x)
    assert str(error.value) == told.format(f"computed 1,234 numbers from {how} to 8.10000038")
    assert gone(compute._process.pid)


def gone(process):
    """Within some seconds, a process that was told by its id."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True  # nobody has asked yet how it ended
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_what_it_has_started_ends_with_it(capfd):
    hangs = pytest.raises(CallError, match="no answer within 1 s")
    with isolated("mine.starts_another", patience=1) as compute, hangs:
        compute(X.astype(np.float32))
    assert gone(int(capfd.readouterr().err))


def test_it_ends_with_who_started_it():
    code = """
import signal
from functools import partial
from multiprocessing.shared_memory import SharedMemory
import numpy as np
from actlib.audit.adapters import peer
from actlib.audit.isolated import Isolated

if __name__ == "__main__":
    with Isolated(partial(peer, "mine.ends", dtype=np.dtype("f4")), 60) as compute:
        print(compute._process.pid, flush=True)
        signal.alarm(1)  # by default it kills, without a word
        compute(np.full(3, 3, np.float32))  # hangs
"""
    path = os.pathsep.join([str(STAND_INS), str(STAND_INS.parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        check=False,
        text=True,
        timeout=100,
    )
    assert done.returncode == -signal.SIGALRM
    assert gone(int(done.stdout))


def test_after_ctrl_c_no_answer_is_taken_for_another(monkeypatch):
    """The peer goes: what it would have said still comes, to whoever asks next."""
    monkeypatch.syspath_prepend(STAND_INS)
    make = partial(peer, "mine.ends", dtype=FLOAT32)
    with Isolated(make, 60) as function:
        alarm = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            with pytest.raises(KeyboardInterrupt):
                function(np.array([3], np.float32))
        finally:
            signal.signal(signal.SIGALRM, alarm)
        with pytest.raises(CallError, match="its process has ended"):
            function(np.array([5], np.float32))
