"""Pixels → tick boxes: small squares, and what is inside and across them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.types import Bbox

SMALLEST, LARGEST = 5.0, 20.0
"""Sides of a tick box, in points."""
INK = 185
"""Grey level below which a pixel of a box or a stroke is ink."""
EMPTY, TICKED, FULL = 0.025, 0.06, 0.6
"""Parts of a box's inside that are ink: up to, from, and from where it is filled."""


@dataclass(slots=True)
class Square:
    """A square on the page, in points; what it holds is told by `ticked` and `sure`."""

    bbox: Bbox
    inside: float
    """The part of its inside that is ink."""
    beyond: float
    """How far strokes that cross its border reach beyond it, in parts of its side."""
    edges: float
    """The part of the weakest of its four sides that is drawn."""

    @property
    def side(self) -> float:
        return max(self.bbox[2] - self.bbox[0], self.bbox[3] - self.bbox[1])

    @property
    def ticked(self) -> bool | None:
        if self.inside >= TICKED or (self.inside > EMPTY and self.beyond > 0.25):
            return True
        return False if self.inside <= EMPTY and self.beyond <= 0.25 else None

    @property
    def how(self) -> str:
        return "ink" if self.beyond > 0.12 else "drawing"

    @property
    def sure(self) -> float:
        if self.ticked is None:
            return 0.5
        if self.edges < 0.9:
            return 0.8
        return 0.97 if self.ticked or self.beyond < 0.1 else 0.8


def find_squares(even: Any, taken: Any, per_point: float) -> list[Square]:
    """Squares with all four sides drawn, on an even white ground without ruling lines.

    First those that stand by themselves; then, in their sizes, those that strokes cross.
    """
    import numpy as np

    ink = ((even < INK) & ~taken).astype(np.uint8)
    found = _standing_alone(ink, per_point)
    crossed = _crossed(ink, sorted({round(s.side * per_point) for s in found}), per_point)
    for square in crossed:
        if not any(_overlap(square.bbox, other.bbox) > 0.25 for other in found):
            found.append(square)
    return found


def _standing_alone(ink: Any, per_point: float) -> list[Square]:
    import cv2

    squares: list[Square] = []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        side = max(w, h) / per_point
        if not SMALLEST <= side <= LARGEST or not 0.8 <= w / h <= 1.25 or area < 2 * (w + h) * 0.6:
            continue
        edges = _edges(labels[y : y + h, x : x + w] == index)
        if edges < 0.88:
            continue
        squares.append(_square(ink, x, y, w, h, per_point, edges, 0.0))
    return squares


def _edges(own: Any) -> float:
    """The part of the weakest side of a picture that runs along its border as a line."""
    import numpy as np

    height, width = own.shape
    deep = max(round(0.16 * min(height, width)), 2)
    skip = max(round(0.1 * min(height, width)), 1)
    sides = (own[:deep], own[::-1][:deep], own.T[:deep], own.T[::-1][:deep])
    return float(
        min(max(np.mean((s[i] | s[i + 1])[skip:-skip]) for i in range(deep - 1)) for s in sides)
    )


def _square(
    ink: Any, x: int, y: int, w: int, h: int, per_point: float, edges: float, beyond: float
) -> Square:
    inset = max(round(0.2 * min(w, h)), 2)
    inner = ink[y + inset : y + h - inset, x + inset : x + w - inset]
    inside = float(inner.mean()) if inner.size else 0.0
    box = (x / per_point, y / per_point, (x + w) / per_point, (y + h) / per_point)
    return Square(box, inside, beyond, edges)


def _crossed(ink: Any, sizes: Sequence[int], per_point: float) -> list[Square]:
    """Squares of known sizes wherever all four sides are drawn, whatever crosses them."""
    import cv2
    import numpy as np

    out: list[Square] = []
    if not sizes:
        return out
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = min(sizes)
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        if min(w, h) < 0.9 * least or max(w, h) > 8 * max(sizes):
            continue
        own = (labels[y : y + h, x : x + w] == index).astype(np.uint8)
        fat = cv2.dilate(own, np.ones((3, 3), np.uint8))
        best: tuple[float, int, int, int] = (0.0, 0, 0, 0)
        for side in sizes:
            for s in (side - 1, side, side + 1):
                if s > min(w, h):
                    continue
                best = max(best, _best_frame(fat, s))
        edges, left, top, s = best
        if edges < 0.9:
            continue
        reach = max(left, top, w - left - s, h - top - s) / s
        if reach < 0.12:
            continue  # it would have stood alone
        if not _square_corners(own, left, top, s):
            continue
        out.append(_square(ink, x + left, y + top, s, s, per_point, edges, reach))
    return out


def _best_frame(fat: Any, side: int) -> tuple[float, int, int, int]:
    """Where a frame of this side is drawn most fully: how fully, left, top, side."""
    import cv2
    import numpy as np

    pixels = fat.astype(np.float32)
    height, width = pixels.shape
    flat = cv2.blur(pixels, (side, 1), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    tall = cv2.blur(pixels, (1, side), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    rows, columns = height - side + 1, width - side + 1
    score = np.minimum.reduce(
        [
            flat[:rows, :columns], flat[side - 1 : side - 1 + rows, :columns],
            tall[:rows, :columns], tall[:rows, side - 1 : side - 1 + columns],
        ]
    )  # fmt: skip
    top, left = np.unravel_index(int(score.argmax()), score.shape)
    return float(score[top, left]), int(left), int(top), side


def _square_corners(own: Any, left: int, top: int, side: int) -> bool:
    """Whether most of the inside's border strip is bare: no character woven into the frame."""
    inset = max(round(0.16 * side), 2)
    inner = own[top + inset : top + side - inset, left + inset : left + side - inset]
    return bool(inner.size) and float(inner.mean()) < 0.75


def _overlap(a: Bbox, b: Bbox) -> float:
    """The part of the smaller box that the other covers."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(r[2] - r[0]) * (r[3] - r[1]) for r in (a, b)]
    return across * down / min(areas)
