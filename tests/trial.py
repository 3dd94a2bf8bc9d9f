"""The trial of a chapter: its subject is replaced by a wrong one, and what it says of it must fail.

A cell that passes for a wrong function shows nothing. So a chapter is run in worlds in which its
records, and all that it types or derives as definition and slope, are wrong. Whatever fails on the
way is stepped over, and nothing is asserted, until a cell that is on trial is run as it stands: an
AssertionError is what it owes us.
"""

import ast
import contextlib
import functools
import io
import itertools
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType
from typing import Any

import matplotlib
import nbformat
import numpy as np
import sympy as sp
from cases import told
from matplotlib import pyplot

import actlib
from actlib.call.elementwise import Activation
from actlib.call.loss import Loss
from actlib.call.pairs import Gated
from actlib.call.rows import OfVectors
from actlib.call.shapes import is_elementwise, is_loss, is_of_vectors
from actlib.formula.symbols import X

RECORDS = (Activation, OfVectors, Gated, Loss)
SUBJECT = {"Definition", "Derivative"}  # the parts of a chapter whose expressions are its subject
FACTS = "Facts of shape"
SECONDS = 5  # for one cell: SymPy may look for a solution that a wrong function does not have
WRONG = ((1, 8), (-9, 10), (1, 16))
ANOTHER = {actlib.softsign.name: actlib.step, actlib.sigmoid.name: actlib.relu}


def distorted(y: Any, x: Any) -> Any:
    """Wrong in value, slope, limits, range, symmetry, monotonicity and curvature."""
    exact = isinstance(y, sp.Expr)
    shift, factor, bend = (sp.Rational(*q) if exact else q[0] / q[1] for q in WRONG)
    return shift + factor * y + bend * x**2


def wrong_expression(e: Any) -> Any:
    """The same for an expression, piece by piece; for a matrix, entry by entry."""
    if isinstance(e, sp.MatrixBase):
        return e.applyfunc(wrong_expression)
    if isinstance(e, sp.Piecewise):
        return sp.Piecewise(*((wrong_expression(value), test) for value, test in e.args))
    return distorted(e, X if e.has(X) else 1)


class Wrong:
    """A record that answers wrongly, and says wrong things of itself."""

    def __init__(self, record: Any, value: Callable[..., Any], slope: Callable[..., Any]) -> None:
        self._record, self._value, self._slope = record, value, slope
        self.__signature__ = getattr(self._told, "__signature__", None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._told, name)

    def __call__(self, x: Any, *args: Any, **given: Any) -> Any:
        return self._value(x, *args, **given)

    def derivative(self, x: Any, *args: Any, **given: Any) -> Any:
        return self._slope(x, *args, **given)

    def parameter_derivatives(self, x: Any, *args: Any, **given: Any) -> Any:
        right = self._record.parameter_derivatives(x, *args, **given)
        return {name: like(y, distorted(y, x)) for name, y in right.items()}

    def derivatives(self, value: Any, gate: Any) -> Any:
        right = self._record.derivatives(value, gate)
        return {name: like(y, distorted(y, gate)) for name, y in right.items()}

    def jacobian(self, z: Any) -> Any:
        return _distorting(self._record.jacobian)(z)

    def vjp(self, z: Any, *args: Any, **given: Any) -> Any:
        return _distorting(self._record.vjp)(z, *args, **given)

    @functools.cached_property
    def _told(self) -> Any:
        """The record with another definition, other kinks, turns, range and defaults."""
        right = self._record
        if is_of_vectors(right) or is_loss(right):
            formula = right.definition

            def wrong(*z: Any, **at: Any) -> Any:
                return wrong_expression(sp.sympify(formula(*z, **at)))

            return replace(right, definition=wrong)
        return told(
            right,
            definition=wrong_expression(right.definition),
            kinks=tuple(replace(kink, at=kink.at + 1) for kink in right.kinks),
            turns=tuple(replace(turn, at=turn.at + 1) for turn in right.turns),
            range=tuple(distorted(end, 1) for end in right.range),
            parameters=tuple(replace(p, default=_other(p.default)) for p in right.parameters),
            ordered=(),
        )


def _other(default: Any) -> Any:
    return default + 0.125 if isinstance(default, float) else 1.0 if default is None else (0.125,)


def like(y: Any, wrong: Any) -> Any:
    """In the dtype that the right result has."""
    return np.asarray(wrong).astype(np.asarray(y).dtype)[()]


def _distorting(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(x: Any, *args: Any, **given: Any) -> Any:
        y = right(x, *args, **given)
        ahead = np.asarray(x, dtype=np.float64)
        return like(y, distorted(y, ahead if ahead.shape == np.shape(y) else 1))

    return wrong


def distort(record: Any) -> Wrong:
    return Wrong(record, _distorting(record), _distorting(getattr(record, "derivative", record)))


def exchange(record: Any) -> Wrong:
    """Another activation in its place: for experiments, which a distorted one may survive."""
    if not is_elementwise(record):
        return distort(record)
    other = ANOTHER.get(record.name, actlib.sigmoid)
    return Wrong(
        record, lambda x, *args, **given: other(x), lambda x, *args, **given: other.derivative(x)
    )


WORLDS: dict[str, Callable[[Any], Wrong]] = {"distorted": distort, "exchanged": exchange}


@dataclass(frozen=True)
class Cell:
    """One code cell of a chapter, and what stands above it."""

    number: int
    source: str
    part: str  # the heading of its part
    before: str  # the text above it

    @property
    def claim(self) -> str | None:
        label = re.match(r"\((claim-[a-z0-9-]+)\)=$", self.before, re.MULTILINE)
        return label[1] if label else None

    @property
    def on_trial(self) -> bool:
        return self.claim is not None or self.part == FACTS

    @property
    def name(self) -> str:
        """Its claim, or the bold words above it, or its part."""
        bold = re.match(r"\*\*(.+?)\.?\*\*", self.before)
        return self.claim or f"code cell {self.number}, {bold[1] if bold else self.part}"


def cells(path: Path) -> Iterator[Cell]:
    part = before = ""
    number = 0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            before = cell.source
            if heading := re.match(r"## (.+)$", before, re.MULTILINE):
                part = heading[1]
        elif cell.cell_type == "code":
            number += 1
            yield Cell(number, cell.source, part, before)


def survivors(chapter: list[Cell], folder: Path) -> dict[str, str]:
    """The cells on trial that no wrong world makes fail: why not, by world."""
    on_trial = [cell for cell in chapter if cell.on_trial]
    left = {cell.name: "" for cell in on_trial}
    for world, wrong in WORLDS.items():
        found = _verdicts(chapter, left, wrong, folder)
        left = {
            name: f"{told}{world}: {found[name]}. "
            for name, told in left.items()
            if found[name] != "fails"
        }
        if not left:
            break
    return left


def _verdicts(
    chapter: list[Cell], asked: dict[str, str], wrong: Callable[[Any], Wrong], folder: Path
) -> dict[str, str]:
    matplotlib.use("agg")
    state: dict[str, Any] = {"__name__": "__main__"}
    found = {}
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        # First as it is, so that every name is there, whatever fails in the wrong world.
        for _, code in itertools.chain.from_iterable(map(_statements, chapter)):
            exec(code, state)
        for cell in chapter:
            if cell.name in asked:
                found[cell.name] = _tried(cell, dict(state))
            _run_on(cell, state, wrong)
    return found


def _tried(cell: Cell, state: dict[str, Any]) -> str:
    try:
        with _within(SECONDS), np.errstate(all="ignore"):
            exec(compile(cell.source, cell.name, "exec"), state)
    except AssertionError:
        return "fails"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        pyplot.close("all")
    return "passes"


def _run_on(cell: Cell, state: dict[str, Any], wrong: Callable[[Any], Wrong]) -> None:
    """Bind what the cell binds, wrong where it is the subject; what fails is stepped over."""
    for bound, code in _statements(cell):
        with contextlib.suppress(Exception), _within(SECONDS), np.errstate(all="ignore"):
            exec(code, state)
        known = bound & set(state)
        state.update({n: _replaced(n, state[n], cell.part, wrong) for n in known})


def _statements(cell: Cell) -> Iterator[tuple[set[str], CodeType]]:
    """What each statement binds, and its code: nothing is shown, and nothing asserted."""
    for statement in ast.parse(cell.source).body:
        if not isinstance(statement, ast.Expr | ast.Assert):
            module = _WithoutAsserts().visit(ast.Module([statement], []))
            yield _bound(statement), compile(ast.fix_missing_locations(module), cell.name, "exec")


class _WithoutAsserts(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Pass:
        return ast.Pass()


def _bound(statement: ast.stmt) -> set[str]:
    nodes = list(ast.walk(statement))
    named = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return named | {n.asname or n.name for n in nodes if isinstance(n, ast.alias)}


def _replaced(name: str, value: Any, part: str, wrong: Callable[[Any], Wrong]) -> Any:
    if isinstance(value, RECORDS):
        return wrong(value)
    if isinstance(value, dict) and value and all(isinstance(v, RECORDS) for v in value.values()):
        return {name: wrong(record) for name, record in value.items()}
    if part not in SUBJECT or not isinstance(value, sp.Expr | sp.MatrixBase):
        return value
    is_variable = isinstance(value, sp.Symbol) and name not in ("definition", "slope")
    return value if is_variable else wrong_expression(value)


@contextlib.contextmanager
def _within(seconds: int) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TimeoutError(f"no answer within {seconds} s of computing")

    # Of this process alone: who else is busy on this machine has no say in it.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
