"""Pixels → strokes, and those drawn by hand round the words of an option."""

from __future__ import annotations

from typing import Any, NamedTuple

from models.types import Bbox

LOOP = (12.5, 38.0, 330.0)
"""Points of the height, least and most, and of the width of a stroke drawn round an option."""


class Strokes(NamedTuple):
    """What hangs together of a page's ink."""

    ink: Any
    labels: Any
    """Of each pixel, which part it belongs to; 0 on paper."""
    stats: Any
    """Of each part its left, top, width, height and area in pixels; first comes the paper."""


def strokes(bare: Any, level: int) -> Strokes:
    """What of a page's ink hangs together, on an even white ground without ruling lines;
    pixels darker than `level` are ink."""
    import cv2
    import numpy as np

    ink = (bare < level).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return Strokes(ink, labels, stats)


def find_loops(dark: Strokes, per_point: float) -> list[Bbox]:
    """Closed strokes drawn by hand round an option, as circles and ovals, of the ink of a page
    without its ruling lines; points. Boxes and letters are smaller, seals larger."""
    import numpy as np

    k = per_point
    _, labels, stats = dark
    out: list[Bbox] = []
    _, _, wide, high, areas = stats.T
    fit = (high >= LOOP[0] * k) & (high <= LOOP[1] * k) & (high <= 1.25 * wide)
    fit &= (wide <= LOOP[2] * k) & (areas <= 0.5 * wide * high)
    for index in np.flatnonzero(fit[1:]) + 1:
        x, y, w, h, _ = (int(v) for v in stats[index])
        own = (labels[y : y + h, x : x + w] == index).astype(np.uint8)
        if _is_oval(own):
            out.append((x / k, y / k, (x + w) / k, (y + h) / k))
    return out


def _is_oval(own: Any) -> bool:
    """Whether a picture's outline is an oval, drawn all the way round but for a small gap."""
    import cv2
    import numpy as np

    height, width = own.shape
    outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=len)[:, 0, :]
    across = (outline[:, 0] - (width - 1) / 2) / (width / 2)
    down = (outline[:, 1] - (height - 1) / 2) / (height / 2)
    away = np.hypot(across, down)
    near = (away > 0.78) & (away < 1.16)
    turn = ((np.arctan2(down, across)[near] + np.pi) * 12 / np.pi).astype(int)
    if len(np.unique(np.minimum(turn, 23))) < 21:
        return False
    ys, xs = np.mgrid[0:height, 0:width]
    rim = np.hypot((xs - (width - 1) / 2) / (width / 2), (ys - (height - 1) / 2) / (height / 2))
    # a box has corners, which an oval does not reach
    return float(own[rim > 1.2].mean()) < 0.15
