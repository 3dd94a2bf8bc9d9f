"""What can be seen of a figure: its ground, and what stands out against it."""

import io

import numpy as np
from PIL import Image

HAS_CURVES = "image => !image.alt.includes('Jacobian')"  # a heat map has a ground in each square


def readable(shot, ground, hues):
    """The ground of the figure is that of the page, and its ink stands out against it.

    Ink is what differs from the ground: each of its hues must reach a contrast of 3 to 1, as WCAG
    2.2 asks of graphics. Letters are the darkest, or lightest, of it, and must reach 4.5.
    """
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=float).reshape(-1, 3)
    most = np.median(pixels, axis=0)
    if hues:
        assert np.abs(most - ground).max() <= 2, f"{most} is a ground of its own"
    contrasts = contrast(pixels, ground)
    assert contrasts.max() >= 4.5
    coloured = np.ptp(pixels, axis=1) > 60  # no grid, no letters
    if hues:
        for name, part in families(pixels[coloured], contrasts[coloured]).items():
            assert np.quantile(part, 0.9) >= 3, f"{name} is too pale"


def families(pixels, contrasts):
    """The contrasts by the channel that is strongest: the blue curve, the vermilion, the green."""
    strongest = pixels.argmax(axis=1)
    named = {"red": strongest == 0, "green": strongest == 1, "blue": strongest == 2}
    assert any(where.any() for where in named.values()), "no curve is to be seen"
    return {name: contrasts[where] for name, where in named.items() if where.sum() > 50}


def contrast(pixels, ground):
    """As WCAG defines it."""
    one, other = luminance(pixels), luminance(ground)
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def luminance(colours):
    share = np.asarray(colours) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def colour(css):
    return np.array([float(part) for part in css.strip("rgba()").split(",")[:3]])
