"""Figures as the site shows them."""

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

import actlib
from actlib.show import plot
from reference import figures


def test_they_have_few_colours_and_look_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    plot.family(actlib.elu, "alpha", [0.3, 1, 2])
    path = tmp_path / "figure.png"
    plt.savefig(path)
    plt.close("all")
    before, size = np.asarray(Image.open(path).convert("RGB"), float), path.stat().st_size
    figures.reduce(path)
    after = np.asarray(Image.open(path).convert("RGB"), float)
    assert path.stat().st_size < size / 2
    assert np.sqrt(np.mean((before - after) ** 2)) < 4
