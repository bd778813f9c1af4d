"""The lines of text of a page, cut at the walls of cells, and where their ink is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.readers.pdf.tables import Grid
from extractor.readers.scan.ocr import Read
from extractor.readers.scan.page import Upright
from models.types import Bbox

OUT_OF_BOX = 0.1
"""Parts of a line's height that its last stroke may stand out of its box."""
MARGIN, APART, WORDS = 24.0, 15.0, 6
"""Points of a sheet's edge in which no text stands, of the blank beside all text, and letters of
a line that is surely text."""
PARTED = 2.5
"""Points of a blank in a line's ink at least; those between strokes are narrower."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a line has ink, in points."""

    top: float
    bottom: float
    runs: tuple[tuple[float, float], ...]
    """From left to right, with a blank of a few points between any two."""


@dataclass(slots=True)
class Piece:
    """A line of text, or the part of it within one cell."""

    bbox: Bbox
    read: Read = field(default_factory=Read)
    cell: int = -1
    """Index among the page's cells, -1 outside tables."""
    sure: float = 0.0
    ink: Ink | None = None


def cells_of(grids: Sequence[Grid]) -> list[Bbox]:
    """The boxes of all cells, those of nested tables before the cells around them."""
    out: list[Bbox] = []
    for grid in grids:
        out += cells_of(grid.inner)
        out += [cell.bbox for cell in grid.cells]
    return out


def cut(page: Upright, boxes: Sequence[Bbox], cells: Sequence[Bbox]) -> list[Piece]:
    """Boxes of text cut where a wall of a cell runs through them."""
    out: list[Piece] = []
    for box in boxes:
        middle = (box[1] + box[3]) / 2
        parts: list[Piece] = []
        left = box[0]
        for index, cell in enumerate(cells):
            if not cell[1] <= middle <= cell[3]:
                continue
            x0, x1 = max(box[0], cell[0] + 0.6), min(box[2], cell[2] - 0.6)
            if x1 - x0 < 2 or any(p.bbox[0] < x1 - 1 and x0 + 1 < p.bbox[2] for p in parts):
                continue
            # upright text stays within its cell; a box reaches over the wall by its padding
            part = (x0, max(box[1], cell[1] + 0.3), x1, min(box[3], cell[3] - 0.3))
            parts.append(Piece(part, cell=index))
        if len(parts) > 1:  # a box that begins a little before the wall: the end of the line there
            others = [b for b in boxes if b != box]
            parts = [p for p in parts if not _held(page, p.bbox, others)]
        parts = parts or [Piece((left, *box[1:]))]
        out += [p for p in parts if inked(page, p.bbox)]
    return [s for p in out for s in _stacked(page, p)]


def _held(page: Upright, part: Bbox, boxes: Sequence[Bbox]) -> bool:
    """Whether the ink of a part narrower than a character lies in another line's box, which its
    last stroke may stand a little out of."""
    high = part[3] - part[1]
    if part[2] - part[0] > 0.8 * high:
        return False
    x, y = (part[0] + part[2]) / 2, (part[1] + part[3]) / 2
    over = [b[2] for b in boxes if b[0] < part[0] < b[2] and b[1] < y < b[3]]
    outside = (max(over, default=0.0) + OUT_OF_BOX * high, *part[1:])
    return any(x < end for end in over) or (bool(over) and not page.ink(outside).any())


def housed(pieces: Sequence[Piece], cells: Sequence[Bbox]) -> None:
    """Says of each piece, in place, in which of these cells it stands."""
    for piece in pieces:
        x, y = (piece.bbox[0] + piece.bbox[2]) / 2, (piece.bbox[1] + piece.bbox[3]) / 2
        piece.cell = next(
            (i for i, c in enumerate(cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3]), -1
        )


def on_sheet(pieces: Sequence[Piece], width: float) -> tuple[float, float]:
    """From where to where across a page what is read counts as text: what stands along the
    sheet's edge by itself is a slice of a seal across several sheets, or dirt."""
    words = [p.bbox for p in pieces if p.cell >= 0 or len(p.read.text) >= WORDS]
    left = min((b[0] for b in words), default=0.0)
    right = max((b[2] for b in words), default=width)
    return min(left - APART, MARGIN), max(right + APART, width - MARGIN)


def inked(page: Upright, box: Bbox) -> bool:
    """Whether a box holds more than specks."""
    import cv2
    import numpy as np

    ink = page.ink(box).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    least = 2.6 * page.per_point
    return any(max(int(s[2]), int(s[3])) >= least for s in stats[1:count])


def measured(page: Upright, piece: Piece) -> Ink | None:
    """Where a piece has ink that is more than specks; None where it has none."""
    import cv2
    import numpy as np

    ink = page.ink(piece.bbox).astype(np.uint8)
    k = page.per_point
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    small = [i for i in range(1, count) if stats[i][4] < max(0.5 * k * k, 3)]
    if small:
        ink[np.isin(labels, small)] = 0
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    x0, top = int(piece.bbox[0] * k) / k, int(piece.bbox[1] * k) / k
    ends = np.flatnonzero(np.diff(columns) > PARTED * k)
    starts = [columns[0], *columns[ends + 1]]
    runs = zip(starts, [*columns[ends], columns[-1]], strict=True)
    return Ink(
        top + rows[0] / k, top + (rows[-1] + 1) / k,
        tuple((float(x0 + a / k), float(x0 + (b + 1) / k)) for a, b in runs),
    )  # fmt: skip


def _stacked(page: Upright, piece: Piece) -> list[Piece]:
    """Characters set one below the other, each as a piece of its own."""
    x0, top, x1, bottom = piece.bbox
    if bottom - top < 1.7 * (x1 - x0) or x1 - x0 < 6:
        return [piece]
    rows = page.ink(piece.bbox).any(axis=1)
    k = page.per_point
    out: list[Piece] = []
    start: int | None = None
    for i, inked in enumerate([*rows, False]):
        if inked and start is None:
            start = i
        elif not inked and start is not None:
            tall = (i - start) / k
            if out and (top + i / k) - out[-1].bbox[1] <= 1.15 * (x1 - x0):
                last = out[-1]  # the parts of one character
                last.bbox = (x0, last.bbox[1], x1, top + i / k)
            elif tall > 0.15 * (x1 - x0):
                out.append(Piece((x0, top + start / k, x1, top + i / k), cell=piece.cell))
            start = None
    return out if len(out) > 1 else [piece]
