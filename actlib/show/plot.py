"""The house style of every figure: f, f′ and kinks look the same everywhere.

Colours are Okabe and Ito's, told apart by every kind of colour vision, without the four that are
too pale on white. Curves differ in their dashes too, so that no figure needs its colours to be
read. Where a curve jumps, a thin line joins its two sides, and a dot marks the value taken.
Symbols label the curves, never sentences.

The ground is white: a page in a dark theme turns it round (book/_static/book.css).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from actlib.call.elementwise import Activation
from actlib.call.pairs import Gated
from actlib.call.shapes import AnyRecord, is_elementwise, is_gated
from actlib.extras import needed_by
from actlib.formula.setting import text
from actlib.show import calm
from actlib.show.calm import LEFT, RIGHT

with needed_by("actlib.show.plot"):
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREEN, PURPLE, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, BLACK)
DASHES = ("-", "--", "-.", ":", (0, (7, 1.5, 1.2, 1.5, 1.2, 1.5)))

STYLE: dict[Any, Any] = {
    "figure.dpi": 200,  # shown at half its pixels: sharp on a dense screen
    "figure.figsize": (5.6, 3.1),
    "figure.constrained_layout.use": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#d0d0d0",
    "font.size": 10,
    "lines.linewidth": 2.0,
    "lines.markersize": 6,
    "legend.frameon": False,
    "legend.handlelength": 2.8,
    "mathtext.fontset": "cm",
}

SMALL: dict[Any, Any] = {"font.size": 7, "lines.linewidth": 1.5, "lines.markersize": 4}


def curve(record: Activation, start: float = -5, stop: float = 5, **setting: Any) -> None:
    """f and f′ of one activation over [start, stop]."""
    with _axes(1) as (ax,):
        _draw(ax, record, record, setting, start, stop, color=BLUE, label="$f(x)$")
        _draw(
            ax, record, record.derivative, setting, start, stop,
            color=VERMILION, linestyle=DASHES[1], label="$f'(x)$",
        )  # fmt: skip
        ax.set_xlabel("$x$")
        _legend(ax)


def family(
    record: Activation,
    parameter: str,
    values: Iterable[float | tuple[float, ...]],
    start: float = -5,
    stop: float = 5,
    **setting: Any,
) -> None:
    """f on the left and f′ on the right, a curve for each value of one parameter."""
    symbol = next(p.symbol for p in record.parameters if p.name == parameter)
    with _axes(2) as axes:
        for ax, function, title in zip(axes, (record, record.derivative), ("f", "f'"), strict=True):
            for value, color, dash in zip(values, CYCLE, DASHES, strict=False):
                _draw(
                    ax, record, function, {**setting, parameter: value}, start, stop,
                    color=color, linestyle=dash, label=f"${sp.latex(symbol)} = {text(value)}$",
                )  # fmt: skip
            ax.set_xlabel("$x$")
            ax.set_title(f"${title}(x)$")
        _legend(axes[0])


def gate(record: Gated, values: Iterable[float], start: float = -5, stop: float = 5) -> None:
    """Of a gated pair: f on the left and its slope in the gate on the right, a curve a value."""
    x = np.linspace(start, stop, 401)
    with _axes(2) as axes:
        for value, color, dash in zip(values, CYCLE, DASHES, strict=False):
            style: dict[str, Any] = {
                "color": color,
                "linestyle": dash,
                "label": rf"value $= {text(value)}$",
            }
            axes[0].plot(x, record(value, x), **style)
            axes[1].plot(x, record.derivatives(value, x)["gate"], **style)
        for ax, title in zip(axes, ("f", "its slope in the gate"), strict=True):
            ax.set(xlabel="gate", title=title)
        _legend(axes[0])


def lines(x: ArrayLike, curves: Mapping[str, ArrayLike], xlabel: str, **axis: Any) -> None:
    """At most five labelled curves over common x; `axis` sets properties such as yscale."""
    if len(curves) > len(CYCLE):
        raise ValueError(f"lines: {len(curves)} curves, but only {len(CYCLE)} can be told apart")
    with _axes(1) as (ax,):
        for (label, y), color, dash in zip(curves.items(), CYCLE, DASHES, strict=False):
            ax.plot(x, y, color=color, linestyle=dash, label=label)
        ax.set(xlabel=xlabel, **axis)
        _legend(ax)


def atlas(records: Sequence[Activation], path: Path) -> None:
    """Small pictures of f and f′, four to a row, each at its defaults, in an image file."""
    with plt.rc_context({**STYLE, **SMALL}):
        count = -(-len(records) // 4)
        figure = Figure(figsize=(6.4, 1.5 * count))
        axes = list(figure.subplots(count, 4, squeeze=False).flat)
        for record, ax in zip(records, axes, strict=False):
            _draw_both(ax, record)
            ax.set_title(record.title)
        for ax in axes[len(records) :]:
            ax.set_axis_off()
        figure.savefig(path)


def tile(record: AnyRecord, path: Path) -> None:
    """One small picture without letters, in an SVG file: f and f′ over the axes.

    Of a function of vectors: its components, or its one value, while the first of three numbers
    runs. Of a gated pair: f and its slope in the gate, for the value 1.
    """
    with plt.rc_context({**STYLE, **SMALL}):
        figure = Figure(figsize=(2, 1.25))
        ax = figure.subplots()
        ax.axhline(0, color="#808080", linewidth=0.8)
        ax.axvline(0, color="#808080", linewidth=0.8)
        x = np.linspace(LEFT, RIGHT, 101)
        if is_elementwise(record):
            _draw_both(ax, record)
        elif is_gated(record):
            ax.plot(x, record(1.0, x), color=BLUE)
            slope = record.derivatives(1.0, x)["gate"]
            ax.plot(x, slope, color=VERMILION, linestyle=DASHES[1])
        else:
            value = record(np.stack([x, 0 * x, 0 * x + 1]), axis=0)
            components = value.reshape(-1, x.size)
            for y, color, dash in zip(components, CYCLE, DASHES, strict=False):
                ax.plot(x, y, color=color, linestyle=dash)
        ax.set_axis_off()
        figure.savefig(path, transparent=True, metadata={"Date": None})


def heatmap(matrix: ArrayLike, title: str) -> None:
    """A matrix as coloured squares with its values; zero is white, the two signs differ in hue."""
    values = np.asarray(matrix)
    limit = float(np.abs(values).max())
    with _axes(1, figsize=(4.2, 3.6)) as (ax,):
        # Counted from 1, as the formulas count.
        rows, columns = values.shape
        extent = (0.5, columns + 0.5, rows + 0.5, 0.5)
        ax.imshow(values, cmap="PuOr", vmin=-limit, vmax=limit, extent=extent)
        for (i, j), value in np.ndenumerate(values):
            color = "white" if abs(value) > 0.6 * limit else "black"
            ax.text(j + 1, i + 1, f"{value:+.2f}", ha="center", va="center", color=color)
        ax.set(title=title, xlabel="$j$", ylabel="$i$")
        ax.set_xticks(range(1, columns + 1))
        ax.set_yticks(range(1, rows + 1))
        ax.grid(visible=False)


@contextmanager
def _axes(columns: int, **figure: Any) -> Iterator[tuple[Axes, ...]]:
    """Axes in the house style, shown when the block ends."""
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(1, columns, squeeze=False, **figure)
        yield tuple(axes[0])
        plt.show()


def _legend(ax: Axes) -> None:
    """Above the axes, where it covers no curve."""
    curves, labels = ax.get_legend_handles_labels()
    ax.figure.legend(curves, labels, loc="outside upper center", ncols=3)


def _draw_both(ax: Axes, record: Activation) -> None:
    """f and f′ in the view that small pictures share, at the defaults or where it swings less."""
    at = calm.settings(record)[0]
    _draw(ax, record, record, at, LEFT, RIGHT, color=BLUE)
    _draw(ax, record, record.derivative, at, LEFT, RIGHT, color=VERMILION, linestyle=DASHES[1])
    ax.set(xlim=(LEFT, RIGHT), ylim=(-2.2, 2.2))


def _draw(
    ax: Axes,
    record: Activation,
    function: Any,
    setting: Mapping[str, Any],
    start: float,
    stop: float,
    **style: Any,
) -> None:
    """One curve; at each of its jumps a thin line from side to side, and a dot."""
    points = [p for p in _kinks(record, setting) if start < p < stop]
    edges = np.array([start, *points, stop])
    for i, (left, right) in enumerate(pairwise(edges)):
        # Open at both ends, so that each piece shows its own limits.
        x = np.linspace(np.nextafter(left, right), np.nextafter(right, left), 401)
        ax.plot(x, function(x, **setting), **(style if i == 0 else {**style, "label": None}))
    at = np.array(points)
    taken: NDArray[Any] = function(at, **setting)
    before = function(np.nextafter(at, -np.inf), **setting)
    after = function(np.nextafter(at, np.inf), **setting)
    jumps = np.abs(after - before) > 1e-6
    ax.vlines(at[jumps], before[jumps], after[jumps], color=style["color"], linewidth=1)
    ax.plot(at[jumps], taken[jumps], "o", color=style["color"])


def _kinks(record: Activation, setting: Mapping[str, Any]) -> list[float]:
    return sorted(map(float, record.kinks_at({**record.settings[0], **setting})))
