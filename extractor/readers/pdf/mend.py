"""Upright lines of a table that are missing in places, told by the text on both sides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extractor.readers.pdf.pieces import Piece
from models.types import BOXES, Bbox

_SPACED = re.compile(f"[{BOXES}□■☒√✓●○◉◯〇_＿]")
"""Options stand apart in one cell."""
LEAST_ROWS = 3
WIDE = 3.0
"""Times its size: text that stands so far from the next in two rows is in another cell."""
ALIGNED = 1.5
MOST_ASIDE = 8
FLUSH = 12.0
OFF_MIDDLE = 5.0
"""How far from the middle of its cell a text may stand; a lost edge is itself a guess."""
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
    none = _centred(rows, upright, xs)
    for i in range(1, len(xs) - 1):
        for j in range(last + 1):
            if upright[i][j] or (i, j) in none or not _apart(rows[j], upright, xs, i, j):
                continue
            upright[i][j] = True
            for step in (-1, 1):
                at = j
                while 0 <= at + step <= last and not upright[i][at + step]:
                    edge = at + (step > 0)
                    aside = rows[at + step] and i in lost
                    if (flat[edge][i - 1] and not aside) or _across(rows[at + step], xs[i]):
                        break
                    if (i, at + step) in none:
                        break
                    at += step
                    upright[i][at] = True


def _centred(
    rows: Sequence[Sequence[Piece]], upright: list[list[bool]], xs: Sequence[float]
) -> set[tuple[int, int]]:
    """Walls added, in place, where texts stand each in the middle of several columns.

    Out: the edges (i, j) that run through such a cell and are no walls in that row.
    """
    none: set[tuple[int, int]] = set()
    for j, row in enumerate(rows[: len(upright[0])]):
        walls = [i for i in range(len(xs)) if i in (0, len(xs) - 1) or upright[i][j]]
        for left, right in pairwise(walls):
            here = sorted((p for p in row if xs[left] <= p.middle <= xs[right]), key=lambda p: p.x0)
            if right - left <= len(here) or not 0 < len(here) <= MOST_ASIDE:
                continue
            one_line = all(abs(p.base - here[0].base) < 0.5 * p.size for p in here)
            if not one_line or any(_SPACED.search(p.text) for p in here):
                continue
            found = _middles(here, xs, left, right)
            begun = _begun(here, xs, left, right)
            if begun and (
                found is None
                or _evenness(xs, left, begun, right) < _evenness(xs, left, found, right)
            ):
                for i in begun:  # set flush: each begins its cell; what else is a wall, who knows
                    upright[i][j] = True
            elif found is not None:
                for i in range(left + 1, right):
                    upright[i][j] = i in found
                none |= {(i, j) for i in range(left + 1, right) if i not in found}
    return none


def _middles(
    pieces: Sequence[Piece], xs: Sequence[float], left: int, right: int
) -> list[int] | None:
    """The edges from left to right between which each piece of text stands in the middle."""
    best: dict[int, tuple[float, list[int]]] = {left: (0.0, [])}
    for piece in pieces:
        ends: dict[int, tuple[float, list[int]]] = {}
        for start, (off, edges) in best.items():
            for end in range(start + 1, right + 1):
                here = abs(piece.middle - (xs[start] + xs[end]) / 2)
                inside = xs[start] <= piece.x0 and piece.x1 <= xs[end]
                if inside and here <= OFF_MIDDLE and (end not in ends or off + here < ends[end][0]):
                    ends[end] = (off + here, [*edges, end])
        best = ends
    return best[right][1][:-1] if right in best else None


def _evenness(xs: Sequence[float], left: int, inner: Sequence[int], right: int) -> float:
    """1 where the columns between these edges are all of one width, more where they are not."""
    widths = [xs[b] - xs[a] for a, b in pairwise([left, *inner, right])]
    return max(widths) / min(widths)


def _begun(pieces: Sequence[Piece], xs: Sequence[float], left: int, right: int) -> list[int]:
    """The edges just before the texts after the first, where each text is so near to one."""
    edges = [bisect_right(xs, p.x0 + 1) - 1 for p in pieces]
    flush = all(p.x0 - xs[i] <= FLUSH for p, i in zip(pieces, edges, strict=True))
    apart = all(
        a.x1 <= xs[i] + 1 and left < i < right for a, i in zip(pieces, edges[1:], strict=False)
    )
    return edges[1:] if flush and apart else []


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
    beside = [a for a in before if any(abs(a.base - b.base) < 1.3 * a.size for b in behind)]
    # 数量：  1个 is one cell
    return any(not a.text.rstrip().endswith((":", "：")) for a in beside)


def lost_edges(
    xs: Sequence[float], ys: Sequence[float], pieces: Sequence[Piece],
    around: Sequence[Piece] = (),
) -> list[float]:  # fmt: skip
    """Where the wall between two columns is not drawn anywhere.

    In three rows and more text stands on both sides of a strip that no row's text is in; two rows
    are enough where the strip is wide, and one where the text behind it begins exactly where
    texts in three lines `around` the table begin.
    """
    found: list[float] = []
    begins = [(p.x0, p.height) for p in around if not ys[0] <= p.height <= ys[-1]]
    for left, right in pairwise(xs):
        gaps: list[tuple[float, float]] = []
        rows: set[int] = set()
        wide = aligned = True
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
                    wide = wide and b.x0 - a.x1 > WIDE * a.size
                    lines = {round(y) for x, y in begins if abs(x - b.x0) < ALIGNED}
                    aligned = aligned and len(lines) >= LEAST_ROWS
        if not gaps or len(rows) < (1 if aligned and wide else 2 if wide else LEAST_ROWS):
            continue
        start, end = max(g[0] for g in gaps), min(g[1] for g in gaps)
        if end - start > 2:
            found.append((start + end) / 2)
    return found
