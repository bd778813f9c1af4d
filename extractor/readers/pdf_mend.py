"""Upright lines of a table that are missing in places, told by the text on both sides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extractor.readers.pdf_pieces import Piece
from models.types import BOXES, Bbox

_SPACED = re.compile(f"[{BOXES}□■☒√✓●○◉◯〇_＿]")
"""Options stand apart in one cell."""
LEAST_ROWS = 3
_DATE = re.compile(r"(?=.*[月日])[\d\s年月日.]*")


def holds(box: Bbox, piece: Piece) -> bool:
    """Whether a piece of text stands in a box."""
    return box[0] <= piece.middle <= box[2] and box[1] <= piece.height <= box[3]


def mend(
    upright: list[list[bool]], flat: list[list[bool]], xs: Sequence[float], ys: Sequence[float],
    pieces: Sequence[Piece], lost: Sequence[int] = (),
) -> None:  # fmt: skip
    """Adds walls, in place, where text stands on both sides of a column's edge and none across it.

    upright[i][j] is the wall at xs[i] in row j, flat[j][i] the one at ys[j] in column i. A wall
    goes on along the cell that it closes off; at the edges `lost`, of which no line is drawn at
    all, also beside rows with text on one side only.
    """
    rows: list[list[Piece]] = [[] for _ in ys]
    for piece in pieces:
        rows[bisect_right(ys, piece.height) - 1].append(piece)
    last = len(ys) - 2
    for i in range(1, len(xs) - 1):
        for j in range(last + 1):
            if upright[i][j] or not _apart(rows[j], upright, xs, i, j):
                continue
            upright[i][j] = True
            for step in (-1, 1):
                at = j
                while 0 <= at + step <= last and not upright[i][at + step]:
                    edge = at + (step > 0)
                    aside = rows[at + step] and i in lost
                    if (flat[edge][i - 1] and not aside) or _across(rows[at + step], xs[i]):
                        break
                    at += step
                    upright[i][at] = True


def _across(pieces: Sequence[Piece], x: float) -> bool:
    return any(p.x0 < x - 1 and p.x1 > x + 1 for p in pieces)


def _apart(
    pieces: Sequence[Piece], upright: list[list[bool]], xs: Sequence[float], i: int, j: int
) -> bool:
    """Whether two pieces side by side in row j are parted by the edge xs[i]."""
    if _across(pieces, xs[i]):
        return False
    left = max(n for n in range(i) if n == 0 or upright[n][j])
    right = min(n for n in range(i + 1, len(xs)) if n == len(xs) - 1 or upright[n][j])
    here = [p for p in pieces if xs[left] <= p.middle <= xs[right]]
    whole = "".join(p.text for p in here)
    if _SPACED.search(whole) or _DATE.fullmatch(whole):
        return False
    before = [p for p in here if p.x1 <= xs[i] + 1]
    behind = [p for p in here if p.x0 >= xs[i] - 1]
    return any(abs(a.base - b.base) < 1.3 * a.size for a in before for b in behind)


def lost_edges(xs: Sequence[float], ys: Sequence[float], pieces: Sequence[Piece]) -> list[float]:
    """Where the wall between two columns is not drawn anywhere: in three rows and more text stands
    on both sides of a strip that no row's text is in."""
    found: list[float] = []
    for left, right in pairwise(xs):
        gaps: list[tuple[float, float]] = []
        rows: set[int] = set()
        inside = [p for p in pieces if left <= p.x0 and p.x1 <= right]
        for a in inside:
            if _SPACED.search(a.text):
                continue
            near = [p for p in inside if p.x0 > a.x1 and abs(p.base - a.base) < 0.5 * a.size]
            if near:
                b = min(near, key=lambda p: p.x0)
                if not _SPACED.search(b.text) and b.x0 - a.x1 > a.size:
                    gaps.append((a.x1, b.x0))
                    rows.add(bisect_right(ys, a.height))
        if len(rows) < LEAST_ROWS:
            continue
        start, end = max(g[0] for g in gaps), min(g[1] for g in gaps)
        if end - start > 2:
            found.append((start + end) / 2)
    return found
