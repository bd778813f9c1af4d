"""The lines of text of a page, cut at the walls of cells, and where their ink is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

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


MERGED = 1.6
"""Times the usual height of a line's box that one of several lines is high, at least."""
UPRIGHT = 1.7
"""Times as high as wide that characters are that are set one below the other, at least."""
BETWEEN, VALLEY = 1.0, 0.6
"""Points between two lines, at least, and how much ink a row of pixels has there, at most, in parts
of what the rows of the lines have: strokes of a pen."""
FAINT = 190
"""Grey level below which a pixel may be a thin stroke, sampled coarsely; what shines through the
paper is paler."""


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
    usual = median(b[3] - b[1] for b in boxes) if boxes else 0.0
    for box in [part for b in boxes for part in _by_cells(b, cells, usual)]:
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
    rows = [row for p in out for row in in_rows(page, p, usual)]
    return [s for p in rows for s in _stacked(page, p)]


def _by_cells(box: Bbox, cells: Sequence[Bbox], usual: float) -> list[Bbox]:
    """A box that strokes of a pen have drawn out over lines of several cells, cut at their walls;
    `usual` is how high a line's box is on this page."""
    x0, top, x1, bottom = box
    if bottom - top < MERGED * usual:
        return [box]
    x = (x0 + x1) / 2
    rows = [(max(c[1], top), min(c[3], bottom)) for c in cells if c[0] < x < c[2]]
    rows = sorted(r for r in rows if r[1] - r[0] >= 0.65 * usual)
    apart = all(b[0] >= a[1] - 1 for a, b in pairwise(rows))  # else a table stands in a cell
    return [(x0, a, x1, b) for a, b in rows] if len(rows) > 1 and apart else [box]


def in_rows(page: Upright, piece: Piece, usual: float) -> list[Piece]:
    """The lines of a piece of a cell, where strokes of a pen that reach from one into the next have
    made the detector take several for one; `usual` is how high a line's box is on this page."""
    import numpy as np

    x0, top, x1, bottom = piece.bbox
    high, k = bottom - top, page.per_point
    if piece.cell < 0 or not usual or high < MERGED * usual or high >= UPRIGHT * (x1 - x0):
        return [piece]
    inked = (page.part(piece.bbox, page.bare) < FAINT).sum(axis=1)
    wide = max(round(BETWEEN * k), 1)
    smooth = np.convolve(inked, np.ones(wide) / wide, "same")
    least = round(0.65 * usual * k)
    at = least + int(smooth[least:-least].argmin())
    if smooth[at] > VALLEY * inked[inked > 0].mean():
        return [piece]
    tall = min(np.count_nonzero(inked[:at]), np.count_nonzero(inked[at:])) >= 0.5 * usual * k
    alone = smooth[at] < 1 and tall  # the last character of a label that is wrapped
    if min(inked[:at].max(), inked[at:].max()) < 0.5 * inked.max() and not alone:
        return [piece]  # the end of a stroke is no line
    cut = top + at / k
    parts = (replace(piece, bbox=(x0, a, x1, b)) for a, b in ((top, cut), (cut, bottom)))
    return [row for part in parts for row in in_rows(page, part, usual)]


def _held(page: Upright, part: Bbox, boxes: Sequence[Bbox]) -> bool:
    """Whether a part whose ink is narrower than a character lies in another line's box, which its
    last stroke may stand a little out of."""
    import numpy as np

    high = part[3] - part[1]
    columns = np.flatnonzero(page.ink(part).any(axis=0)) / page.per_point
    if not len(columns):
        return False  # the wall's own ink
    x0, x1 = part[0] + columns[0], part[0] + columns[-1]
    y = (part[1] + part[3]) / 2
    over = [b[2] for b in boxes if b[0] < max(part[0], x0) < b[2] and b[1] < y < b[3]]
    return x1 - x0 <= 0.8 * high and any(
        (x0 + x1) / 2 < end or x1 <= end + OUT_OF_BOX * high for end in over
    )


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
    if bottom - top < UPRIGHT * (x1 - x0) or x1 - x0 < 6:
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
