"""Ink in cells that no line of text was found on: read by itself, or told as unread; and specks
that were read though they say nothing.

The detector overlooks single characters: a lone digit in a cell, the last character of a
wrapped figure or label. A cell that holds such ink is never surely blank, nor surely whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from extractor.readers.scan.boxes import EMPTIES, TICKS
from extractor.readers.scan.ocr import Engine, Read
from extractor.readers.scan.page import Upright
from extractor.readers.scan.pieces import FAINT, Piece, in_rows
from extractor.readers.scan.readings import ALONE, BARS, TORN, figures, lone_stroke
from models.types import Bbox

SHORT = 40
"""Characters of a cell that is looked through for what was left over in it."""
LONGEST_DUSTED = 30
"""Characters of a line, at most, that specks are taken off."""
BROKEN = 2.0
"""Points between the upper and the lower half of a character whose stroke is broken, at most."""
SPECKS = ".·•∙ "
_ANSWERED = re.compile(r"[（(]\s*[√✓✔]\s*[)）]")
"""How options are ticked behind their words."""
TALLEST = 24
"""Points of a line of text at most; taller ink is a stamp or a stroke."""


def missed(
    page: Upright, pieces: Sequence[Piece], cells: Sequence[Bbox], squares: Sequence[Bbox],
    engine: Engine,
) -> tuple[list[Piece], list[Bbox]]:  # fmt: skip
    """The lines of text that were overlooked in cells, and the places that stay unread."""
    held: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.read.text.strip():
            held.setdefault(piece.cell, []).append(piece)
    wanted: list[tuple[int, Bbox]] = []
    for index, cell in enumerate(cells):
        inner = (cell[0] + 1.5, cell[1] + 1.5, cell[2] - 1.5, cell[3] - 1.5)
        own = held.get(index, [])
        if inner[2] - inner[0] < 4 or inner[3] - inner[1] < 4:
            continue
        if any(_centre_in(b, cell) for b in cells if b != cell):
            continue  # a table stands in it
        # a line may reach in from the next cell, where no wall is drawn
        near = [p.bbox for p in pieces if p.read.text.strip() and _meet(p.bbox, cell)]
        known = [*squares, *(_grown(b, 2.0) for b in near)]
        if not own:
            parts = _parts(page, inner, page.part(inner, page.bare) < FAINT, known)
            wanted += [(index, _around(parts))] if parts else []
            continue
        parts = _parts(page, inner, page.ink(inner), known)
        # a tick with its box: what is left over stands beside it
        parts = [b for b in parts if not any(_centre_in(s, b) for s in squares)]
        if sum(len(p.read.text) for p in own) > SHORT:  # only the ends of its lines
            parts = [b for b in parts if any(_behind(b, p.bbox) for p in own)]
        wanted += [(index, box) for box in _in_lines(parts)]
    usual = median(p.bbox[3] - p.bbox[1] for p in pieces) if pieces else 0.0
    wanted = [(i, row.bbox) for i, b in wanted for row in in_rows(page, Piece(b, cell=i), usual)]
    small = [(i, b) for i, b in wanted if b[3] - b[1] <= TALLEST]
    once = engine.read([page.crop(b, page.bare) for _, b in small])
    twice = engine.read([page.crop(_grown(b, 2.0), page.smooth) for _, b in small])
    answered = any(_ANSWERED.search(p.read.text) for p in pieces)
    found: list[Piece] = []
    unread = [b for i, b in wanted if (i, b) not in small and (i not in held or _counts(held[i]))]
    for (index, box), read, again in zip(small, once, twice, strict=True):
        same = bool(read.text.strip()) and figures(read.text) == figures(again.text)
        if index in held:
            least = min(read.worst(), again.worst())
            between = _between_brackets(page, box, read.text + again.text) if answered else None
            if between is not None:
                found.append(Piece(box, between, index, 0.92))
            elif same and least >= 0.9 and read.text.strip() not in BARS:
                found.append(Piece(box, read, index, 0.92))
            elif same and _certain_word(read) and _certain_word(again):
                found.append(Piece(box, read, index, max(least, TORN)))
            elif _counts(held[index]) or _ends_label(held[index], box, cells[index], squares):
                unread.append(box)
            continue
        sure = TORN
        if same:
            sure = 0.92 if min(read.worst(), again.worst()) >= 0.95 else ALONE
            if read.text.strip() in BARS:
                sure = ALONE
        if read.text.strip():
            piece = Piece(box, read, index)
            piece.sure = lone_stroke(page, piece, cells[index], again.text, sure)
            found.append(piece)
        else:
            unread.append(box)
    return found, unread


def _between_brackets(page: Upright, box: Bbox, said: str) -> Read | None:
    """（√） or （ ） behind an option, by the ink between what looks like brackets; None where
    it is none. The recogniser takes two brackets alone for nearly anything."""
    import numpy as np

    ink = page.ink(box)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows) or not any(c in said for c in "()（）√"):
        return None
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = ink.shape
    side = max(round(0.2 * width), 1)
    tall = all(p.any(axis=1).mean() >= 0.5 for p in (ink[:, :side], ink[:, -side:]))
    if not tall or not 1.1 * height <= width <= 3 * height:
        return None
    filled = float(ink[:, round(0.32 * width) : round(0.68 * width)].any(axis=0).mean())
    if 0.05 < filled < 0.3:
        return None
    if filled < 0.3:
        return Read("（）", (0.1, 0.9), (0.92,) * 2)
    return Read("（√）", (0.1, 0.5, 0.9), (0.92,) * 3)


def _parts(page: Upright, inner: Bbox, ink: Any, known: Sequence[Bbox]) -> list[Bbox]:
    """The boxes of a cell's strokes, without specks and what stands in boxes that are known."""
    import cv2
    import numpy as np

    k = page.per_point
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    boxes = [
        (
            inner[0] + int(s[0]) / k, inner[1] + int(s[1]) / k,
            inner[0] + int(s[0] + s[2]) / k, inner[1] + int(s[1] + s[3]) / k,
        )
        for s in stats[1:count]
        if max(s[2], s[3]) >= 3.2 * k and s[4] >= 2 * k
    ]  # fmt: skip
    left, high, right, low = np.array(boxes).reshape(-1, 4).T[:, :, None]
    x, y = (left + right) / 2, (high + low) / 2
    x0, top, x1, bottom = np.array(known).reshape(-1, 4).T
    held = ((x0 < x) & (x < x1) & (top < y) & (y < bottom)).any(axis=1)
    return [b for b, inside in zip(boxes, held, strict=True) if not inside]


def _around(parts: Sequence[Bbox]) -> Bbox:
    """The box round all of them, with a little space."""
    x0, top = min(p[0] for p in parts), min(p[1] for p in parts)
    x1, bottom = max(p[2] for p in parts), max(p[3] for p in parts)
    return _grown((x0, top, x1, bottom), 2.0)


def _in_lines(parts: Sequence[Bbox]) -> list[Bbox]:
    """Boxes round those that stand at one height."""
    lines: list[list[Bbox]] = []
    for part in sorted(parts, key=lambda p: p[1]):
        if lines and part[1] < max(p[3] for p in lines[-1]) + BROKEN:
            lines[-1].append(part)
        else:
            lines.append([part])
    return [_around(line) for line in lines]


def _counts(own: Sequence[Piece]) -> bool:
    """Whether what was read of a cell is a figure, of which a part may be missing."""
    text = "".join(p.read.text for p in own).strip()
    digits = sum(c.isdigit() for c in text)
    return digits > 0 and 2 * digits >= len(text)


def _certain_word(read: Read) -> bool:
    """Whether an ideograph of a reading is certain, as the words of a crossed box are."""
    return any(c >= "\u3400" and s >= 0.95 for c, s in zip(read.text, read.sures, strict=True))


def _behind(box: Bbox, line: Bbox) -> bool:
    """Whether a box stands at the height of a line, behind its end."""
    return line[1] < (box[1] + box[3]) / 2 < line[3] and box[0] > line[2] - 1


def _ends_label(
    own: Sequence[Piece], box: Bbox, cell: Bbox, squares: Sequence[Bbox]
) -> bool:  # fmt: skip
    """Whether what stands behind a line of words may be the figure they ask for; beside options
    it is a stroke of a pen."""
    if any(_centre_in(s, cell) for s in squares):
        return False
    lines = [p.read.text.strip() for p in own if _behind(box, p.bbox)]
    return any(not any(c.isdigit() for c in t) and t[-1:] not in "，。；、" for t in lines)


def _grown(box: Bbox, by: float) -> Bbox:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _meet(box: Bbox, other: Bbox) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _centre_in(box: Bbox, other: Bbox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] < x < other[2] and other[1] < y < other[3]


def without_dust(page: Upright, pieces: Sequence[Piece]) -> None:
    """Takes specks off the ends of cells' words and figures, in place, that were read as points.

    Before and after words there is no such point. Beside a figure it is one where it stands on
    the line, close to a digit: then it stays, and the figure is doubtful.
    """
    held = Counter(p.cell for p in pieces if p.read.text.strip(SPECKS))
    for piece in pieces:
        _without_ghost(page, piece)
        text = piece.read.text
        if piece.cell < 0 or len(text) > LONGEST_DUSTED or text.strip() == text.strip(SPECKS):
            continue
        if not text.strip(SPECKS):
            piece.read = Read() if held[piece.cell] else piece.read
            continue
        for first in (True, False):
            edge = _beside_dust(page, piece, first)
            if edge is not None:
                _shortened(piece, edge, first)


def _without_ghost(page: Upright, piece: Piece) -> None:
    """Takes a box off a text's beginning that was read where there is nothing but paper: the
    recogniser sees one before a word here and there."""
    read, (left, top, right, bottom) = piece.read, piece.bbox
    if len(read.text) < 2 or read.text[0] not in TICKS + EMPTIES:
        return
    end = left + read.at[0] * (right - left) + 0.3 * (bottom - top)
    if not page.ink((left, top + 1, end, bottom - 1)).any():
        piece.read = Read(read.text[1:], read.at[1:], read.sures[1:])


def _beside_dust(page: Upright, piece: Piece, first: bool) -> float | None:
    """Where a piece's text begins (or ends) beside a speck, in points; None: no speck."""
    import cv2
    import numpy as np

    text = piece.read.text
    kept = text.lstrip(SPECKS) if first else text.rstrip(SPECKS)
    if kept == (text.lstrip() if first else text.rstrip()):
        return None
    ink = page.ink(piece.bbox).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    parts = [tuple(int(v) for v in s[:4]) for s in stats[1:count]]
    high = max((p[3] for p in parts), default=0)
    tall = [p for p in parts if p[3] > 0.6 * high]
    if high < 3 * page.per_point:
        return None
    edge = min(p[0] for p in tall) if first else max(p[0] + p[2] for p in tall)
    if not any(c >= "\u3400" for c in kept):
        base = max(p[1] + p[3] for p in tall)
        gaps = [
            (edge - x - w if first else x - edge, abs(base - y - h))
            for x, y, w, h in parts
            if (x + w <= edge if first else x >= edge) and h <= 0.4 * high
        ]  # fmt: skip
        if not gaps or any(gap <= 0.35 * high and off <= 0.2 * high for gap, off in gaps):
            return None
    return float(piece.bbox[0] + edge / page.per_point)


def _shortened(piece: Piece, edge: float, first: bool) -> None:
    """Takes the specks before (after) an edge off a piece, and keeps the places of the rest."""
    text = piece.read.text
    kept = text.lstrip(SPECKS) if first else text.rstrip(SPECKS)
    n = len(text) - len(kept)
    rest = slice(n, None) if first else slice(None, -n)
    x0, top, x1, bottom = piece.bbox
    new = (max(edge - 1, x0), top, x1, bottom) if first else (x0, top, min(edge + 1, x1), bottom)
    wide = max(new[2] - new[0], 0.1)
    places = (min(max((x0 + a * (x1 - x0) - new[0]) / wide, 0.0), 1.0) for a in piece.read.at[rest])
    piece.read = Read(kept, tuple(places), piece.read.sures[rest])
    piece.bbox = new
