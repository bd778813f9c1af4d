"""The glyphs of a page as pieces of lines, and which of them may be a table without lines.

Pieces of text that stand beside one another make a table; running text has no blank strip down
its lines, and stays text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import Rule
from extractor.readers.pdf.text import is_raised
from models.types import Bbox

GAP = 1.0
"""Blank, in ems, that parts two cells; where blanks are typed, it is the writer's own spacing."""
APART = 7.0
"""Rows of one table are not further apart, in ems."""

FLUSH = 0.8
"""Points that the beginnings of a column's lines differ by."""
BOXLIKE = "□☐☑☒■"
TALLEST = 300.0
"""Of a coloured area behind one cell."""
FEWEST = 3
"""Coloured areas of a page that make a table of labels."""
PROSE = 14.0
"""Ems of a line of running text set in columns, at least."""

HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+[章节部]|附件)"
)
_NUMBER = re.compile(r"^[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）).、．]$|^[●•·◆-]$")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.、．]\s*\D|[（(][一二三四五六七八九十\d]{1,2}[）)])")
_ENTRY = re.compile(r"[^：:]*[：:]$|(?!其中|注|[（(])[^：:]{3,25}[：:]\s*[^\s\d]")
"""A label that ends with a colon, what is filled in behind it or apart from it."""
WIDE = 3
"""Rows of three texts and more that make a table of labels that end with a colon."""

CellOf = Callable[[Glyph], int | None]
"""The table cell that the file itself says a glyph belongs to; None where it does not say."""


@dataclass(slots=True)
class Piece:
    """A stretch of one line without a gap in it."""

    x0: float
    x1: float
    base: float
    size: float
    glyphs: list[Glyph]
    cell: int | None = None
    line: int = 0
    """Pieces with one baseline have one number."""

    @property
    def top(self) -> float:
        return self.base - 0.85 * self.size

    @property
    def bottom(self) -> float:
        return self.base + 0.12 * self.size

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """Of its middle, from the page's top."""
        return self.base - 0.38 * self.size

    @property
    def text(self) -> str:
        return "".join(g.text for g in self.glyphs)


@dataclass(slots=True)
class Strip:
    """Pieces that overlap in height: a row, or a part of one."""

    pieces: list[Piece] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    @property
    def beside(self) -> bool:
        """Whether some of them stand side by side."""
        spans = sorted((p.x0, p.x1) for p in self.pieces)
        return any(b[0] > a[1] for a, b in pairwise(spans))


# ------------------------------------------------------------------ pieces and regions


def pieces_of(glyphs: Sequence[Glyph], cell_of: CellOf, fills: Sequence[Bbox] = ()) -> list[Piece]:
    """The glyphs as pieces of lines; `fills` are the coloured areas of the page."""
    lines: list[list[Glyph]] = []
    raised: dict[int, Glyph] = {}
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and is_raised(glyph, home := raised.get(id(before), before)):
            raised[id(glyph)] = replace(home, x1=glyph.x1)  # it stands on the other's line
        before = glyph

    def base(glyph: Glyph) -> float:
        return raised.get(id(glyph), glyph).base

    for glyph in sorted((g for g in glyphs if not g.turn), key=base):
        last = lines[-1][-1] if lines else None
        if last is not None and base(glyph) - base(last) <= 0.12 * min(glyph.size, last.size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    rows = [_split(sorted(line, key=lambda g: g.x0), cell_of, fills) for line in lines]
    for number, row in enumerate(rows):
        for piece in row:
            piece.line = number
    starts = sorted(p.x0 for row in rows for p in row[1:])
    edges = [x for i, x in enumerate(starts[2:]) if x - starts[i] <= 2 * FLUSH]
    return [q for row in rows for p in row for q in _at_edges(p, edges)]


def _at_edges(piece: Piece, edges: list[float]) -> list[Piece]:
    """A piece cut where a column begins, flush with it, though the label before it leaves little
    room; `edges` are where several pieces begin beside others."""
    glyphs = sorted(piece.glyphs, key=lambda g: g.x0)
    for i in range(1, len(glyphs)):
        before, glyph = glyphs[i - 1], glyphs[i]
        at = bisect_left(edges, glyph.x0 - FLUSH)
        if at == len(edges) or edges[at] > glyph.x0 + FLUSH or glyph.x0 - piece.x0 < piece.size:
            continue
        narrow = before.text.isascii() != glyph.text.isascii() and glyph.text not in BOXLIKE
        if glyph.x0 - before.x1 >= (0.5 if narrow else 0.2) * piece.size:
            parts = glyphs[:i], glyphs[i:]
            first, rest = (
                Piece(
                    p[0].x0, max(g.x1 for g in p), piece.base, piece.size, p, piece.cell, piece.line
                )
                for p in parts
            )
            return [first, *_at_edges(rest, edges)]
    return [piece]


def fill_of(glyph: Glyph, fills: Sequence[Bbox]) -> Bbox | None:
    """The smallest coloured area that a glyph stands in."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    around = [f for f in fills if f[0] <= x <= f[2] and f[1] <= y <= f[3]]
    return min(around, key=lambda f: (f[2] - f[0]) * (f[3] - f[1]), default=None)


def shades_of(glyphs: Sequence[Glyph], fills: Sequence[Bbox]) -> list[Bbox]:
    """The coloured areas behind labels: of the size of a cell, with text in them."""
    sized = [f for f in fills if f[2] - f[0] > 20 and 8 < f[3] - f[1] < TALLEST]
    if not sized:
        return []
    held = {fill_of(g, sized) for g in glyphs if not g.turn and not g.text.isspace()}
    found = [f for f in dict.fromkeys(sized) if f in held]
    return found if len(found) >= FEWEST else []


def _split(line: list[Glyph], cell_of: CellOf, fills: Sequence[Bbox]) -> list[Piece]:
    """The line at its gaps; a number before the words it counts stays with them."""
    groups: list[list[Glyph]] = []
    cells: list[int | None] = []
    end = 0.0
    for glyph, cell in zip(line, _cells_of(line, cell_of), strict=True):
        if groups:
            far = glyph.x0 - end > GAP * max(glyph.size, groups[-1][-1].size)
            if cell is not None and cells[-1] is not None:
                far = cell != cells[-1]
            elif fills and not far and glyph.x0 > end:
                left, right = fill_of(groups[-1][-1], fills), fill_of(glyph, fills)
                edges = [f[2] for f in (left,) if f] + [f[0] for f in (right,) if f]
                far = left != right and all(end - 1 <= x <= glyph.x0 + 1 for x in edges)
        if not groups or far:
            groups.append([])
            cells.append(cell)
        groups[-1].append(glyph)
        cells[-1] = cells[-1] if cells[-1] is not None else cell
        end = max(end, glyph.x1)
    out: list[Piece] = []
    for group, cell in zip(groups, cells, strict=True):
        ink = [g for g in group if not g.text.isspace()]
        if not ink:
            continue
        size = max(g.size for g in ink)
        piece = Piece(ink[0].x0, max(g.x1 for g in ink), ink[0].base, size, ink, cell)
        near = out and piece.x0 - out[-1].x1 <= 2.5 * size
        if near and out[-1].cell == cell and _NUMBER.match(out[-1].text):
            out[-1].x1 = piece.x1
            out[-1].glyphs += ink
        else:
            out.append(piece)
    return out


def _cells_of(line: list[Glyph], cell_of: CellOf) -> list[int | None]:
    """The cell of each glyph; what no cell is said of (a drawn box) goes with what it touches."""
    cells = [cell_of(g) for g in line]
    if None not in cells or not any(c is not None for c in cells):
        return cells
    told = list(cells)
    for i, glyph in enumerate(line):
        if cells[i] is not None or glyph.text.isspace():
            continue
        near = [
            (line[j].x0 - glyph.x1 if j > i else glyph.x0 - line[j].x1, cells[j])
            for j in (i - 1, i + 1)
            if 0 <= j < len(line) and cells[j] is not None
        ]
        gap, cell = min(near, key=lambda n: n[0], default=(glyph.size, None))
        told[i] = cell if gap < 0.6 * glyph.size else None
    return told


def strips_of(pieces: list[Piece]) -> list[Strip]:
    strips: list[Strip] = []
    for piece in sorted(pieces, key=lambda p: p.top):
        if strips and piece.top < strips[-1].bottom - 0.1 * piece.size:
            strips[-1].pieces.append(piece)
            strips[-1].bottom = max(strips[-1].bottom, piece.bottom)
        else:
            strips.append(Strip([piece], piece.top, piece.bottom))
    return strips


def regions_of(strips: list[Strip], across: Sequence[Rule]) -> list[list[Strip]]:
    """Runs of strips that may be a table; lines that go across its columns end one."""
    if not strips:
        return []
    usual = median(p.size for s in strips for p in s.pieces)
    anchors = [i for i, s in enumerate(strips) if s.beside]
    runs: list[list[int]] = [[]]
    for i, strip in enumerate(strips):
        if not strip.beside and _ends(strips, anchors, i, usual):
            runs.append([])
            continue
        if runs[-1] and strip.top - strips[runs[-1][-1]].bottom > APART * usual:
            runs.append([])
        runs[-1].append(i)
    out: list[list[Strip]] = []
    for run in runs:
        run = _trimmed(run, strips, usual, across)
        firsts = [min(strips[i].pieces, key=lambda p: p.x0) for i in run if strips[i].beside]
        entries = sum(bool(_ENTRY.match(p.text)) for p in firsts)
        prose = sum(_prose(strips[i].pieces) for i in run if strips[i].beside)
        wide = sum(len(strips[i].pieces) > 2 for i in run) >= WIDE
        if (
            firsts
            and (2 * entries <= len(firsts) or wide)
            and (prose < 6 or 2 * prose <= len(firsts))
        ):
            out.append([strips[i] for i in run])
    return out


def _ends(strips: list[Strip], anchors: list[int], at: int, usual: float) -> bool:
    """Whether a single line is no part of a table: a heading, or a line of running text."""
    piece = strips[at].pieces[0]
    above = next((i for i in reversed(anchors) if i < at), None)
    below = next((i for i in anchors if i > at), None)
    near = [strips[i].pieces for i in (above, below) if i is not None]
    largest = max([usual, *(p.size for pieces in near for p in pieces)])
    if HEADING.match(piece.text) or piece.size > 1.15 * largest:
        return True
    return not near or all(_crosses(piece, pieces) for pieces in near)


def _prose(pieces: list[Piece]) -> bool:
    """Whether long lines stand side by side: columns of running text."""
    widths = [p.x1 - p.x0 for p in pieces]
    return min(widths) > max(PROSE * pieces[0].size, 0.75 * max(widths))


def _crosses(piece: Piece, pieces: list[Piece]) -> bool:
    """Whether a line runs from the first of the columns on into the others."""
    first = min(pieces, key=lambda p: p.x0)
    others = [p for p in pieces if p.x0 > first.x1]
    if not others:
        return False
    second = min(p.x0 for p in others)
    return piece.x0 < first.x1 - 0.5 * piece.size and piece.x1 > second + 0.5 * piece.size


def _trimmed(
    run: list[int], strips: list[Strip], usual: float, across: Sequence[Rule]
) -> list[int]:
    """Without the single lines at both ends that stand apart from the rows."""

    def far(i: int, j: int) -> bool:
        upper, lower = strips[min(i, j)], strips[max(i, j)]
        if ruled(upper.bottom, lower.top, lower.pieces[0], across):
            return False
        return lower.top - upper.bottom > 1.0 * usual

    anchors = [n for n, i in enumerate(run) if strips[i].beside]
    if not anchors:
        return []
    first, last = anchors[0], anchors[-1]
    rows = [min(strips[run[n]].pieces, key=lambda p: p.x0).text for n in anchors]
    numbered = any(_NUMBERED.match(text) for text in rows)
    while first and not far(run[first - 1], run[first]):
        if not numbered and _NUMBERED.match(strips[run[first - 1]].pieces[0].text):
            break  # a heading: the table's own rows have no numbers
        first -= 1
    while last + 1 < len(run) and not far(run[last], run[last + 1]):
        last += 1
    reach = strips[run[last]].bottom + 1.6 * usual
    closed = max((r.at for r in across if r.at < reach), default=0.0)
    while (
        last > anchors[-1] and strips[run[last - 1]].bottom - 2 <= closed <= strips[run[last]].top
    ):
        last -= 1  # below the table's last line
    for n in range(anchors[-1] + 1, last + 1):
        if _NUMBERED.match(strips[run[n]].pieces[0].text):
            last = n - 1  # a heading of the text that follows
            break
    return run[first : last + 1]


def underlines(rule: Rule, pieces: Sequence[Piece]) -> bool:
    """Whether a line underlines words."""
    return any(
        0 <= rule.at - p.base <= 0.35 * p.size and p.x0 - 1.5 <= rule.start < p.x1 for p in pieces
    )


def ruled(top: float, bottom: float, piece: Piece, across: Sequence[Rule]) -> bool:
    middle = (piece.x0 + piece.x1) / 2
    return any(top - 2 <= r.at <= bottom + 2 and r.start <= middle <= r.end for r in across)
