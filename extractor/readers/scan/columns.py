"""Tick boxes that must be there: under one another before their options, one of them too crossed
or too faint to be found by its border."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from extractor.readers.scan.frames import DRAWN, square_at
from extractor.readers.scan.pieces import Piece
from extractor.readers.scan.setting import Line, set_lines
from extractor.readers.scan.ticks import LEAST, Square, alike
from models.types import Bbox

ENOUGH = 3
"""Boxes that make a column, at least."""
ALIGNED = 0.2
"""How far a box may be out of its column, in parts of its side."""
SURE_LETTER = 0.9
"""How sure the recogniser is, from which on a character it saw is no box."""


def in_columns(
    pieces: Sequence[Piece], squares: list[Square], boxes: Sequence[Bbox], even: Any, k: float
) -> None:
    """Says of the squares, in place, which stand in a column of the page's `boxes`, and adds those
    that must stand there and were not found; `k` are pixels to a point."""
    columns = [b for b in boxes if sum(_aligned(b, o) for o in boxes) >= ENOUGH]
    if not columns:
        return
    for square in squares:
        square.aligned = square.bbox in columns
    lines = set_lines(pieces)
    rise = median(_middle(b) - line.base for b in columns for line in lines if _in(b, line))
    asked = {n.piece.cell for n in lines if any(_in(b, n) and _beside(b, n) for b in boxes)}
    for line in lines:
        if line.piece.cell not in asked - {-1}:
            continue  # no options
        near = _missing(line, columns, boxes)
        if near is None:
            continue
        side, y = near[2] - near[0], line.base + rise
        there = [
            s for s in squares
            if _aligned(near, s.bbox) and alike(s.side, [side]) and _in(s.bbox, line)
            and s.edges >= DRAWN
        ]  # fmt: skip
        first = line.spans()[0]
        if there:
            best = max(there, key=lambda s: s.edges)
            best.expected = best.aligned = True
        elif first[0] - first[1] > near[2] - 0.35 * line.size:
            made = square_at(even, k, (near[0], y - side / 2, near[2], y + side / 2))
            if made is not None:
                squares.append(made)


def _missing(line: Line, columns: Sequence[Bbox], boxes: Sequence[Bbox]) -> Bbox | None:
    """The next box of a column before which this line's words begin, if it has none."""
    first, piece = line.spans()[:1], line.piece
    if not first:
        return None
    x, half = first[0]
    beside = [
        b for b in columns
        if piece.bbox[0] - line.size < b[0] and LEAST * line.size <= b[2] - b[0] <= 1.45 * line.size
        and b[0] - 0.2 * line.size < x - half < b[2] + 1.5 * line.size
    ]  # fmt: skip
    if not beside or any(_in(b, line) and b[0] < x + half for b in boxes):
        return None
    near = min(beside, key=lambda b: abs(_middle(b) - line.base))
    sures = zip(piece.read.text, piece.read.sures, strict=True)
    sure = next(s for c, s in sures if not c.isspace())
    return near if x > near[2] + 0.2 * (near[2] - near[0]) or sure < SURE_LETTER else None


def _aligned(box: Bbox, other: Bbox) -> bool:
    return abs(box[0] - other[0]) <= ALIGNED * (box[2] - box[0])


def _beside(box: Bbox, line: Line) -> bool:
    """Whether a box stands in a line's cell, by its distance from the line."""
    reach = 1.5 * line.size
    return line.piece.bbox[0] - reach < box[0] and box[2] < line.piece.bbox[2] + reach


def _middle(box: Bbox) -> float:
    return (box[1] + box[3]) / 2


def _in(box: Bbox, line: Line) -> bool:
    """Whether a box is at the height of a line."""
    return line.piece.bbox[1] < _middle(box) < line.piece.bbox[3]
