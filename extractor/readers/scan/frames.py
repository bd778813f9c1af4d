"""Pixels → tick boxes that strokes cross or hide: frames of given sides in given places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from extractor.readers.scan.ticks import (
    CLOSED,
    INK,
    PALE,
    Square,
    alike,
    others,
    shares,
    square_of,
)
from models.types import Bbox

DRAWN = 0.86
"""The part of each side of a frame that is ink, at least."""
GAP = 1.6
"""Points that a box's border may be broken off for."""
OBLONG = 0.1
"""How much higher or lower than wide a box may be, in parts of its width."""
SPREAD = 0.6
"""The part of a box's width and height that has ink, at least, be its border lost."""
SAME = 0.25
"""The part of a frame that lies on another, from which on they are one."""


class Place(NamedTuple):
    """Where boxes may stand that strokes cross, with the sides they may have (points)."""

    bbox: Bbox
    sides: Sequence[float]
    usual: bool = False
    """Their sides are any that boxes usually have, not those of this page's boxes."""


def crossed_squares(
    even: Any, per_point: float, places: Sequence[Place], found: Sequence[Square]
) -> list[Square]:
    """Squares of given sides (points) in given places, whatever strokes cross them or join them
    to what stands beside; none that was found before. Of squares that lie on one another the
    one of the earlier place stands, be its border paler; one with the side of the page's boxes
    stands over a guessed one."""
    framed: list[Square] = []
    for box, sides, usual in places:
        here: list[Square] = []
        for level in (INK, PALE):
            for square in _framed(even, per_point, box, sides, level):
                square.pale, square.guessed = level == PALE, usual
                here.append(square)
        framed += sorted(here, key=lambda s: s.edges < CLOSED)
    sizes = {side for place in places if not place.usual for side in place.sides}
    for square in found:
        square.guessed = square.guessed and not alike(square.side, sizes)
    own = others([s for s in framed if not s.guessed], [s for s in found if not s.guessed])
    return own + others([s for s in framed if s.guessed], [*found, *own])


def _framed(
    even: Any, per_point: float, box: Bbox, sides: Sequence[float], level: int
) -> list[Square]:
    """Where frames of these sides are drawn within a box of the page, the fullest first."""
    import cv2
    import numpy as np

    k = per_point
    height, width = even.shape
    x0, y0 = max(int(box[0] * k), 0), max(int(box[1] * k), 0)
    x1, y1 = min(round(box[2] * k), width), min(round(box[3] * k), height)
    # ruling lines too: a box's border may go on in a stroke of the character beside it
    ink = (even[y0:y1, x0:x1] < level).astype(np.uint8)
    sizes = sorted({round(s * k) + d for s in sides for d in (-1, 0, 1)})
    gap = max(round(GAP * k), 1)  # a thin border comes out of a black and white scan in bits
    across = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    across = cv2.dilate(across, np.ones((3, 1), np.uint8))
    down = cv2.dilate(down, np.ones((1, 3), np.uint8))
    # most rooms are blank but for specks: no row or column has ink enough for a side
    heights = sorted({s + d for s in sizes for d in (-round(OBLONG * s), 0, round(OBLONG * s))})
    if not ink.size or not sizes or across.sum(axis=1).max() <= DRAWN * sizes[0]:
        return []
    if down.sum(axis=0).max() <= DRAWN * heights[0]:
        return []
    edges, boxes = _frames(across, down, sizes, heights)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    order = np.lexsort((-wide, abs(wide - high), -np.round(edges, 2)))
    out: list[Square] = []
    while len(order):
        best = order[0]
        left, top, right, bottom = (int(v) for v in boxes[best])
        w, h = right - left, bottom - top
        order = order[shares(boxes[order], boxes[best]) <= SAME]
        reach = _reach(ink, left, top, w, h)
        made = square_of(ink, left, top, w, h, k, float(edges[best]), reach)
        made.bbox = (
            made.bbox[0] + x0 / k, made.bbox[1] + y0 / k,
            made.bbox[2] + x0 / k, made.bbox[3] + y0 / k,
        )  # fmt: skip
        out.append(made)
    return out


def _frames(
    across: Any, down: Any, sizes: Sequence[int], heights: Sequence[int]
) -> tuple[Any, Any]:
    """The frames of these widths and heights that a picture's lines make: how much of the weakest
    side is drawn, and left, top, right, bottom. The lines across and down come apart."""
    import numpy as np

    height, width = across.shape
    # few rows hold a line long enough, fewer with another one a side's height below it
    inked = np.flatnonzero(across.sum(axis=1) > DRAWN * sizes[0])
    along = np.zeros((len(inked), width + 1), np.int32)
    np.cumsum(across[inked], axis=1, out=along[:, 1:])
    upright = np.zeros((height + 1, width), np.int32)
    np.cumsum(down, axis=0, out=upright[1:])
    wanted = np.zeros(max(height, *heights) + 1, bool)
    wanted[list(heights)] = True
    edges, boxes = [np.zeros(0)], [np.zeros((0, 4))]
    for w in sizes:
        columns = width - w + 1
        if columns < 1:
            break
        runs = along[:, w:] - along[:, :columns]
        lined = np.flatnonzero(runs.max(axis=1) > DRAWN * w)
        rows = inked[lined]
        tall = rows - rows[:, None] + 1
        first, last = np.nonzero((abs(tall - w) <= max(OBLONG * w, 1)) & wanted[tall])
        if not len(first):
            continue
        level = runs[lined] / w
        order = np.argsort(tall[first, last], kind="stable")
        first, last = first[order], last[order]
        long = level > DRAWN
        at, left = np.nonzero(long[first] & long[last])
        first, last = first[at], last[at]
        top, bottom = rows[first], rows[last] + 1
        beside = [upright[bottom, x] - upright[top, x] for x in (left, left + w - 1)]
        drawn = np.minimum(
            np.minimum(level[first, left], level[last, left]),
            np.minimum(*beside) / (bottom - top),
        )
        full = drawn > DRAWN
        edges.append(drawn[full])
        boxes.append(np.stack([left, top, left + w, bottom], axis=1)[full])
    return np.concatenate(edges), np.concatenate(boxes)


def square_at(even: Any, per_point: float, box: Bbox) -> Square | None:
    """The square that must stand about here (points), its border perhaps lost under strokes; None
    where there is not ink enough for one."""
    import numpy as np

    k = per_point
    side = max(round((box[2] - box[0]) * k), 4)
    shift = round(0.3 * side)
    left, top = round(box[0] * k) - shift, round(box[1] * k) - shift
    room = even[max(top, 0) : top + side + 2 * shift, max(left, 0) : left + side + 2 * shift]
    if room.shape != (side + 2 * shift, side + 2 * shift):
        return None
    ink = (room < PALE).astype(float)
    steps = range(2 * shift + 1)
    level = np.array([ink[:, n : n + side].mean(axis=1) for n in steps])
    upright = np.array([ink[n : n + side].mean(axis=0) for n in steps])
    sides = np.stack([
        level[:, : 2 * shift + 1].T, level[:, side - 1 :].T,
        upright[:, : 2 * shift + 1], upright[:, side - 1 :],
    ])  # fmt: skip
    fullest = np.sort(sides, axis=0)[1:].sum(axis=0)  # one of them may be lost
    y, x = (int(v) for v in np.unravel_index(fullest.argmax(), fullest.shape))
    own = ink[y : y + side, x : x + side]
    if min(own.any(axis=0).mean(), own.any(axis=1).mean()) < SPREAD:
        return None
    x0, y0 = left + x, top + y
    over = max(y0 - 2 * side, 0)
    dark = (even[over : y0 + 3 * side, x0 : x0 + side] < INK).astype(np.uint8)
    reach = _reach(dark, 0, y0 - over, side, side)
    made = square_of(dark, 0, y0 - over, side, side, k, float(sides[:, y, x].min()), reach)
    made.bbox = (x0 / k, y0 / k, (x0 + side) / k, (y0 + side) / k)
    made.expected = True
    return made


def _reach(ink: Any, left: int, top: int, width: int, height: int) -> float:
    """How far ink that touches a frame goes on above and below it, in parts of its side."""
    above = ink[:top, left : left + width + 1].any(axis=1)[::-1]
    below = ink[top + height :, left : left + width + 1].any(axis=1)
    runs = []
    for rows in (above, below):
        empty = [i for i, inked in enumerate(rows) if not inked]
        runs.append(empty[0] if empty else len(rows))
    return max(runs) / height
