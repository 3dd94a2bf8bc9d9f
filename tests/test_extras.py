"""What a plain installation lacks: each missing package names its extra, wherever it is met."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from library import imports
from test_imports import MODULES

from actlib.extras import EXTRAS, needed_by
from reference import api

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))
EXTRA_PACKAGES = PROJECT["project"]["optional-dependencies"]
FOR_CHECKERS = {"typing_extensions"}  # never imported when the library runs
COMMANDS = sorted(name.removesuffix(".__main__") for name in MODULES if name.endswith("__main__"))

LACKS = """
import sys

class Lacks:
    def find_spec(self, name, path=None, target=None):
        if blocked == name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

blocked = sys.argv.pop(1)
sys.meta_path.insert(0, Lacks())
"""
IMPORT_ALL = """
from importlib import import_module

for module in sys.argv[1:]:
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        print(module, error, sep=": ")
"""
RUN = """
from runpy import run_module

run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def names(requirements):
    """Of packages, as pip is given them: python-flint, or actlib[verify]."""
    return {re.match(r"[\w.-]+(\[.*\])?", text)[0] for text in requirements}


def packages(extra):
    """Those that an extra has, and those of the extras that it has."""
    found = names(EXTRA_PACKAGES[extra])
    inner = {each for name in found for each in re.findall(r"actlib\[(.*)\]", name)}
    found = {name for name in found if not name.startswith("actlib[")}
    return found.union(*(packages(each) for each in ",".join(inner).split(",") if each))


def blocked(code, package, *arguments):
    """What a program prints in whose Python this package is not installed, and how it ends."""
    command = [sys.executable, "-c", LACKS + code, package, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@cache
def missing(package, modules=()):
    """What is told of a missing package by the modules that cannot do without it."""
    modules = modules or [name for name in MODULES if not name.endswith("__main__")]
    done = blocked(IMPORT_ALL, package, *modules)
    assert not done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def is_clear(told, package):
    name, extra = EXTRAS[package]
    return told.endswith(f" needs {name}: pip install 'actlib[{extra}]'")


@pytest.mark.parametrize("package", EXTRAS)
def test_a_missing_package_names_its_extra(package):
    told = missing(package)
    unclear = {module: text for module, text in told.items() if not is_clear(text, package)}
    assert not unclear
    assert bool(told) == (package != "distributed")  # which is imported when a cluster is named


def test_an_import_that_names_no_extra_is_found(tmp_path, monkeypatch):
    tmp_path.joinpath("uncovered.py").write_text("import flint\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{tmp_path}")
    (told,) = missing("flint", ("uncovered", "actlib")).values()
    assert not is_clear(told, "flint")


def test_what_is_not_of_an_extra_is_told_as_python_tells_it():
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'nowhere'$"), needed_by("us"):
        import_module("nowhere")


@pytest.mark.parametrize("package", EXTRAS)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_comes_or_names_what_to_install(command, package):
    done = blocked(RUN, package, command, "-h")
    if done.returncode == 0:
        assert f"usage: python -m {command} " in done.stdout
        assert package in ("distributed", "matplotlib")  # neither is needed by every use
    else:
        is_one_sentence(done, command, package)


def test_a_cluster_is_asked_for_by_name():
    done = blocked(RUN, "distributed", "actlib.proof", "--scheduler", "tcp://nowhere:1", "step")
    is_one_sentence(done, "actlib.proof --scheduler", "distributed")


def is_one_sentence(done, command, package):
    assert done.returncode == 1
    assert not done.stdout
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"python -m {command} needs ")
    assert is_clear(told, package)


def test_the_extras_have_what_is_said():
    for name, extra in EXTRAS.values():
        assert name in packages(extra)


def test_what_an_extra_is_for_is_said_once(tmp_path):
    """In pyproject.toml; the page on the API has it from there, and README repeats it."""
    assert set(PROJECT["tool"]["actlib"]["extras"]) == set(EXTRA_PACKAGES)
    table = api.extras(ROOT / "pyproject.toml")
    assert "| `verify` | checks, proofs and test vectors |" in table.splitlines()
    other = tmp_path / "other.toml"
    other.write_text('[tool.actlib.extras]\nsmoke = "mirrors"\n', "utf-8")
    assert "| `smoke` | mirrors |" in api.extras(other).splitlines()
    readme = " ".join(ROOT.joinpath("README.md").read_text("utf-8").split())
    said = (f"`{extra}` for {use}" for extra, use in PROJECT["tool"]["actlib"]["extras"].items())
    assert f": {', '.join(said)}." in readme


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """What the notebooks of the book import."""
    notebooks = ROOT.joinpath("book").rglob("*.ipynb")
    cells = [cell for path in notebooks for cell in nbformat.read(path, as_version=4).cells]
    file = tmp_path_factory.mktemp("cells") / "all.py"
    file.write_text("\n".join(c.source for c in cells if c.cell_type == "code"), "utf-8")
    return set(imports(file))


def test_an_extra_has_all_that_notebooks_need(imported):
    libraries = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert libraries == {"actlib", "mpmath", "numpy", "sympy"}
    needed = {EXTRAS[package][0] for package in EXTRAS if imported & set(missing(package))}
    assert needed <= packages("book")
    assert not needed <= packages("verify")
    assert {"ipykernel", "nbclient"} <= packages("book")


def test_whatever_is_imported_is_required():
    """By the project itself, or by an extra."""
    required = names(PROJECT["project"]["dependencies"])
    found = {name.partition(".")[0] for path in MODULES.values() for name in imports(path)}
    libraries = found - sys.stdlib_module_names - FOR_CHECKERS - {"actlib"}
    assert {"numpy", "flint", "mpmath"} <= libraries
    assert libraries - set(EXTRAS) == required
    assert set(EXTRAS) <= libraries
