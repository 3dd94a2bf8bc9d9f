"""The house style: told apart without colour, readable on light and dark, kinks marked."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import actlib
from actlib.show import plot

ROOT = Path(__file__).parents[1]
LIGHT, DARK = np.array([255.0, 255, 255]), np.array([18.0, 18, 18])  # the theme's grounds
# invert(1) hue-rotate(180deg), as CSS defines them; then screen.
HUES = np.array([[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]])


@pytest.fixture
def drawn(monkeypatch):
    """drawn(function, …) calls it and gives the axes of its figure."""
    monkeypatch.setattr(plt, "show", lambda: None)

    def draw(function, *arguments, **settings):
        function(*arguments, **settings)
        return plt.gcf().axes

    yield draw
    plt.close("all")


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def on_dark(colour):
    turned = np.clip(HUES @ (255 - colour), 0, 255)
    return 255 - (255 - turned) * (255 - DARK) / 255


def contrast(one, other):
    def luminance(colour):
        share = colour / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", plot.CYCLE)
def test_every_colour_stands_out_on_both_grounds(colour):
    """3 to 1, as WCAG 2.2 asks of graphics."""
    assert contrast(rgb(colour), LIGHT) >= 3
    assert contrast(on_dark(rgb(colour)), DARK) >= 3


def test_the_filter_is_that_of_the_style_sheet():
    css = ROOT.joinpath("book", "_static", "book.css").read_text("utf-8")
    assert re.findall(r"--figure-filter: (.+);", css) == ["none", "invert(1) hue-rotate(180deg)"]
    assert re.findall(r"--figure-blend: (.+);", css) == ["normal", "screen"]
    assert np.abs(on_dark(LIGHT) - DARK).max() < 1, "the ground vanishes"


def test_no_two_curves_have_the_same_dash(drawn):
    (ax,) = drawn(plot.lines, [0, 1], {str(k): [0, k] for k in range(5)}, xlabel="x")
    lines = ax.get_lines()
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == len(lines) == 5
    assert len({line.get_color() for line in lines}) == 5
    for panel in drawn(plot.family, actlib.elu, "alpha", [0.3, 1, 2]):
        curves = [line for line in panel.get_lines() if not line.get_label().startswith("_")]
        assert len({str(line._unscaled_dash_pattern) for line in curves}) == 3


def test_a_jump_is_a_line_from_side_to_side_with_a_dot_at_the_value_taken(drawn):
    (ax,) = drawn(plot.curve, actlib.srelu, t_l=-1, a_l=0.2, t_r=2, a_r=0.5)
    (segments,) = (c.get_segments() for c in ax.collections if len(c.get_segments()))
    assert np.allclose(segments, [[[-1, 0.2], [-1, 1]], [[2, 1], [2, 0.5]]])
    dots = [line for line in ax.get_lines() if line.get_marker() == "o" and len(line.get_xdata())]
    assert [d.get_xydata().tolist() for d in dots] == [[[-1, 0.2], [2, 0.5]]]
    assert dots[0].get_color() == plot.VERMILION


def test_the_value_of_a_step_is_marked_and_a_smooth_curve_is_not(drawn):
    (ax,) = drawn(plot.curve, actlib.step)
    (segments,) = (c.get_segments() for c in ax.collections if len(c.get_segments()))
    assert np.allclose(segments, [[[0, 0], [0, 1]]])
    (ax,) = drawn(plot.curve, actlib.tanh)
    assert not any(len(c.get_segments()) for c in ax.collections)
