"""Pixels → tick boxes: small squares and circles, and what is inside and across them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.readers.scan.loops import Strokes, strokes
from models.types import Bbox

SMALLEST, LARGEST = 5.0, 20.0
"""Sides of a tick box, in points."""
LEAST = 0.36
"""A tick box's side, in ems of its line, at least."""
INK = 185
"""Grey level below which a pixel of a box or a stroke is ink."""
PALE = 215
"""The same for thin borders that a scanner's sampling has left pale."""
SHADE, SHADED, CLEAN = 222, 0.08, 0.02
"""Grey level below which a pixel is no paper; parts of an empty box's inside that may be a pale
stroke, and that may be dirt."""
ASIDE = 0.45
"""The part of a square that lies on another, from which on they are one: a stroke beyond a box may
make another frame with what stands beside it."""
RINGED = 0.85
"""The part of the directions from a box in which there is a stroke, where one goes round it."""
CLOSED = 0.9
"""The part of each side that is ink, from which on it is drawn for certain."""
ALIKE = 0.09
"""How much the sides of boxes of one kind differ, in parts of them."""
EMPTY, TICKED, FULL = 0.025, 0.06, 0.6
"""Parts of a box's inside that are ink: up to, from, and from where it is filled."""


@dataclass(slots=True)
class Square:
    """A square or circle on the page, in points; what it holds is told by `ticked` and `sure`."""

    bbox: Bbox
    inside: float
    """The part of its inside that is ink."""
    beyond: float
    """How far strokes that cross its border reach beyond it, in parts of its side."""
    edges: float
    """The part of the weakest of its four sides that is drawn."""
    circle: bool = False
    pale: bool = False
    """Its border is seen only where pale pixels count as ink."""
    shade: float = 0.0
    """The part of its inside that is not paper, however pale."""
    usual: bool = False
    """Several of the page's boxes are of its kind."""
    ringed: bool = False
    """A stroke goes round it."""
    cut: float = 0.0
    """The part of its inside that is ink up to close to its border, where strokes cross that."""
    guessed: bool = False
    """It was looked for with any side that boxes usually have."""
    expected: bool = False
    """The boxes above and below it tell that one stands here."""
    aligned: bool = False
    """It stands in a column of boxes."""

    @property
    def side(self) -> float:
        return max(self.bbox[2] - self.bbox[0], self.bbox[3] - self.bbox[1])

    @property
    def ticked(self) -> bool | None:
        if self.inside >= TICKED or (self.beyond > 0.25 and max(self.inside, self.cut) > EMPTY):
            return True
        if self.inside > 2 * EMPTY and self.beyond > 0.12:
            return True
        return False if self.inside <= EMPTY and self.beyond <= 0.25 else None

    @property
    def how(self) -> str:
        return "ink" if self.beyond > 0.12 else "drawing"

    @property
    def sure(self) -> float:
        if self.ticked is None:
            return 0.5
        if self.ticked and self.inside < TICKED:
            return 0.8  # a stroke through its corner, perhaps that of another box
        if self.edges < CLOSED or (not self.ticked and self.shade > SHADED):
            return 0.8
        if self.pale:
            plain = self.inside >= 2 * TICKED if self.ticked else self.shade <= CLEAN
            return 0.95 if self.usual and plain else 0.8
        return 0.97 if self.ticked or self.beyond < 0.1 else 0.8


def find_squares(bare: Any, dark: Strokes, per_point: float) -> list[Square]:
    """Squares and circles that stand by themselves, all their border drawn, on an even white
    ground without ruling lines; `dark` is what of its ink hangs together."""
    found = _standing_alone(dark, per_point)
    pale = _standing_alone(strokes(bare, PALE), per_point)
    for square in pale:
        square.pale = True
    return found + others([s for s in pale if not s.circle], found)


def others(squares: Sequence[Square], found: Sequence[Square]) -> list[Square]:
    """The squares that do not lie on those found, nor on one before them."""
    import numpy as np

    known = np.zeros((len(found) + len(squares), 4))
    known[: len(found)] = np.array([s.bbox for s in found]).reshape(-1, 4)
    out: list[Square] = []
    for square in squares:
        n = len(found) + len(out)
        if not (shares(known[:n], square.bbox) > ASIDE).any():
            known[n] = square.bbox
            out.append(square)
    return out


def judged(squares: Sequence[Square], even: Any, bare: Any, per_point: float) -> None:
    """Says of each square, in place, how much of it is not paper, whether it is of a kind with
    others, and whether a stroke goes round it; `bare` is the page without ruling lines."""
    import numpy as np

    k = per_point
    pale, sides = np.array([s.pale for s in squares]), np.array([s.side for s in squares])
    for square in squares:
        inner, most = (_within(square, inset, even, k) for inset in (0.22, 0.15))
        square.shade = float((inner < SHADE).mean()) if inner.size else 1.0
        if square.beyond > 0.25 and most.size:
            square.cut = float((most < INK).mean())
        like = (pale == square.pale) & (abs(sides - square.side) <= 0.06 * square.side)
        square.usual = bool(like.sum() >= 4)
        square.ringed = not square.circle and _is_ringed(square, bare, k)
    for square in [s for s in squares if s.beyond > 0.25 and s.inside < TICKED]:
        if _crossed_by_others(square, squares, even, k):
            square.beyond = 0.0


def _crossed_by_others(square: Square, squares: Sequence[Square], even: Any, k: float) -> bool:
    """Whether all strokes that reach a box from above and below come from the ticks of others."""
    import cv2
    import numpy as np

    x0, top, x1, bottom = square.bbox
    side = square.side
    room = (x0 - side, top - 3 * side, x1 + side, bottom + 3 * side)
    left, over = max(int(room[0] * k), 0), max(int(room[1] * k), 0)
    ink = (even[over : round(room[3] * k), left : round(room[2] * k)] < INK).astype(np.uint8)

    def pixels(box: Bbox, away: float) -> tuple[slice, slice]:
        """A box of the page in the room's pixels, but those so near to its border (points)."""
        ys, xs = (max(round((v + away) * k) - n, 0) for v, n in ((box[1], over), (box[0], left)))
        ye, xe = (max(round((v - away) * k) - n, 0) for v, n in ((box[3], over), (box[2], left)))
        return slice(ys, ye), slice(xs, xe)

    own = pixels(square.bbox, -1.0 / k)
    ink[own] = 0
    _, parts, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high = stats[:, 2:4].T  # of the box's own border thin ends are left
    specks = (np.maximum(wide, high) < 0.25 * side * k) | (np.minimum(wide, high) < 0.12 * side * k)
    parts[specks[parts]] = 0
    rows, columns = own
    border = [*range(max(rows.start - 2, 0), rows.start), *range(rows.stop, rows.stop + 2)]
    near = parts[[y for y in border if y < len(parts)], columns]
    # a character may look like a box with a tick; those of options stand under one another
    kind = [
        s for s in squares
        if not s.circle and alike(s.side, [side]) and abs(s.bbox[0] - x0) < 0.5 * side
        and abs(s.bbox[1] - top) > 0.8 * side
    ]  # fmt: skip
    ticks = [s for s in kind if s.inside >= 2 * TICKED and _near(s.bbox, room)]
    held = [parts[pixels(s.bbox, 0.25 * s.side)] for s in ticks]
    theirs = np.unique(np.concatenate([np.zeros(1, parts.dtype), *(h.ravel() for h in held)]))
    return bool(near.any()) and bool(np.isin(near, theirs).all())


def _near(box: Bbox, room: Bbox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return room[0] < x < room[2] and room[1] < y < room[3]


def _within(square: Square, inset: float, even: Any, k: float) -> Any:
    """The pixels of a square but those so near to its border, in parts of its side."""
    x0, top, x1, bottom = square.bbox
    away = inset * square.side
    return even[round((top + away) * k) : round((bottom - away) * k),
                round((x0 + away) * k) : round((x1 - away) * k)]  # fmt: skip


def _is_ringed(square: Square, bare: Any, k: float) -> bool:
    """Whether a stroke goes round a box close by, from its upper right round to its lower right;
    the words it belongs to stand on the open side."""
    import numpy as np

    x0, top, x1, bottom = (v * k for v in square.bbox)
    x, y, half = (x0 + x1) / 2, (top + bottom) / 2, square.side * k / 2
    turn = np.radians(np.arange(50, 311, 10))[:, None]
    edge = half / np.maximum(abs(np.cos(turn)), abs(np.sin(turn)))
    # beside the box there is more room for a stroke than between two lines
    room = half * (0.8 + 0.8 * abs(np.cos(turn)))
    away = np.arange(max(0.9 * k, 2), room.max(), 0.5)[None]
    ys = np.rint(y - (edge + away) * np.sin(turn)).astype(int)
    xs = np.rint(x + (edge + away) * np.cos(turn)).astype(int)
    height, width = bare.shape
    inside = (away < room) & (ys >= 0) & (ys < height) & (xs >= 0) & (xs < width)
    ink = inside & (bare[ys.clip(0, height - 1), xs.clip(0, width - 1)] < INK)
    # a thin stroke, not a letter: ink, and paper beyond or before it
    seen = ink.any(axis=1) & (ink.sum(axis=1) < 0.7 * inside.sum(axis=1))
    return bool(seen.mean() >= RINGED)


def _standing_alone(drawn: Strokes, per_point: float) -> list[Square]:
    import numpy as np

    squares: list[Square] = []
    ink, labels, stats = drawn
    _, _, wide, high, areas = stats.T
    sides = np.maximum(wide, high) / per_point
    fit = (sides >= SMALLEST) & (sides <= LARGEST) & (wide >= 0.8 * high) & (wide <= 1.25 * high)
    fit &= areas >= 1.2 * (wide + high)
    for index in np.flatnonzero(fit[1:]) + 1:
        x, y, w, h, _ = (int(v) for v in stats[index])
        own = labels[y : y + h, x : x + w] == index
        edges, (left, top, right, bottom) = _edges(own)
        if edges >= 0.88:
            # strokes of a cross reach beyond its corners
            beyond = max(left, top, right, bottom) / max(w, h)
            x, y, w, h = x + left, y + top, w - left - right, h - top - bottom
            squares.append(square_of(ink, x, y, w, h, per_point, edges, beyond))
        elif _is_round(own):
            squares.append(_circle(own, x, y, w, h, per_point))
    return squares


def _is_round(own: Any) -> bool:
    """Whether a picture's outline is a circle, closed, and its border drawn throughout."""
    import cv2
    import numpy as np

    height, width = own.shape
    outlines, _ = cv2.findContours(own.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=len)
    around = np.hypot(
        (outline[:, 0, 0] - (width - 1) / 2) / (width / 2),
        (outline[:, 0, 1] - (height - 1) / 2) / (height / 2),
    )
    if float(around.min()) < 0.78 or float(around.max()) > 1.08:
        return False
    ys, xs = np.mgrid[0:height, 0:width]
    away = np.hypot((xs - (width - 1) / 2) / (width / 2), (ys - (height - 1) / 2) / (height / 2))
    ring = own & (away > 0.6)
    turn = np.arctan2(ys - (height - 1) / 2, xs - (width - 1) / 2)[ring]
    return len(np.unique((turn * 12 / np.pi).astype(int))) >= 22


def _circle(own: Any, x: int, y: int, w: int, h: int, per_point: float) -> Square:
    import numpy as np

    ys, xs = np.mgrid[0:h, 0:w]
    away = np.hypot((xs - (w - 1) / 2) / (w / 2), (ys - (h - 1) / 2) / (h / 2))
    box = (x / per_point, y / per_point, (x + w) / per_point, (y + h) / per_point)
    return Square(box, float(own[away < 0.5].mean()), 0.0, 1.0, True)


def _edges(own: Any) -> tuple[float, tuple[int, int, int, int]]:
    """The part of the weakest side of a picture that runs along its border as a line, and how
    far within the picture that line is: left, top, right, bottom."""
    import numpy as np

    height, width = own.shape
    deep = max(round(0.16 * min(height, width)), 2)
    skip = max(round(0.1 * min(height, width)), 1)
    weakest, insets = 1.0, []
    for side in (own.T[:deep], own[:deep], own.T[::-1][:deep], own[::-1][:deep]):
        drawn = (side[:-1] | side[1:])[:, skip:-skip].mean(axis=1)
        weakest = min(weakest, float(drawn.max()))
        at = int(np.argmax(drawn >= 0.95 * drawn.max()))
        insets.append(at + int(at > 0))
    left, top, right, bottom = insets
    return weakest, (left, top, right, bottom)


def square_of(
    ink: Any, x: int, y: int, w: int, h: int, per_point: float, edges: float, beyond: float
) -> Square:
    inset = max(round(0.2 * min(w, h)), 2)
    inner = ink[y + inset : y + h - inset, x + inset : x + w - inset]
    inside = float(inner.mean()) if inner.size else 0.0
    box = (x / per_point, y / per_point, (x + w) / per_point, (y + h) / per_point)
    return Square(box, inside, beyond, edges)


def alike(side: float, sides: Iterable[float]) -> bool:
    """Whether a side is about as long as one of these."""
    return any(abs(side - other) <= ALIKE * other for other in sides)


def shares(boxes: Any, own: Any) -> Any:
    """The part of the smaller box that the other covers, for each of `boxes` and `own`."""
    import numpy as np

    across = np.minimum(boxes[:, 2], own[2]) - np.maximum(boxes[:, 0], own[0])
    down = np.minimum(boxes[:, 3], own[3]) - np.maximum(boxes[:, 1], own[1])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    smaller = np.minimum(areas, (own[2] - own[0]) * (own[3] - own[1]))
    return across.clip(0) * down.clip(0) / smaller
