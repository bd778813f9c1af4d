"""Tables told by how their text is set: cells side by side, in columns, with few lines or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import Rule
from extractor.readers.pdf.pieces import (
    CellOf,
    Piece,
    Strip,
    pieces_of,
    regions_of,
    shades_of,
    strips_of,
    underlines,
)  # fmt: skip
from extractor.readers.pdf.rows import LIST, Atom, Link, atoms_of, links_of, rows_of
from extractor.readers.pdf.tables import Grid, GridCell
from models.types import Bbox

MOST_PIECES = 3000
"""Of one page; beyond it the text is a drawing."""
ROWS = 3
"""Rows with cells side by side that it takes for a table, where the page has no other."""
LONGEST = 16
"""Letters of a heading over columns."""
UNSURE = 0.8
"""How sure it is that what stands in a doubtful row stands in it."""
SNAP = 0.5
"""Row edges nearer than this, in ems, are one."""

_ENTRY = re.compile("[：:□☐☑☒■√]")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?!\d)")
_CJK = re.compile("[\u3400-\u9fff]")
WORDS = re.compile("[A-Za-z\u3400-\u9fff]{2}")


@dataclass(slots=True)
class _Taken:
    """The rows top..bottom and columns left..right of a cell, and what stands in it."""

    top: int
    left: int
    bottom: int
    right: int
    x0: float
    x1: float
    y0: float
    y1: float
    text: str
    pieces: list[Piece]
    sure: bool = True


def aligned_grids(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], cell_of: CellOf, fills: Sequence[Bbox] = ()
) -> list[Grid]:
    """The tables among glyphs that no drawn table holds. `rules` are the page's lines, `fills`
    its coloured areas: the shade behind a label ends where its row does."""
    shades = shades_of(glyphs, fills)
    pieces = pieces_of(glyphs, cell_of, shades)
    if not 4 <= len(pieces) <= MOST_PIECES:
        return []
    across = [
        r for r in rules if r.horizontal and r.end - r.start > 40 and not underlines(r, pieces)
    ]
    right = max(p.x1 for p in pieces)
    across += [Rule(True, y, x0, right) for x0, top, _, bottom in shades for y in (top, bottom)]
    regions = [(sum(s.beside for s in r), r) for r in regions_of(strips_of(pieces), across)]
    if not any(rows >= ROWS for rows, _ in regions):
        return []
    grids = (_grid(strips, across) for rows, strips in regions if rows)
    return [g for g in grids if g is not None]


# ------------------------------------------------------------------ rows and columns


def _bands(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """Atoms by height, those that overlap together."""
    bands: list[list[Atom]] = []
    low = 0.0
    for atom in sorted(atoms, key=lambda a: a.top):
        if bands and atom.top < low - 1.0:
            bands[-1].append(atom)
            low = max(low, atom.bottom)
        else:
            bands.append([atom])
            low = atom.bottom
    return bands


def _rivers(atoms: Iterable[Atom]) -> list[tuple[float, float]]:
    """Blank strips between atoms, through all of them."""
    found: list[tuple[float, float]] = []
    right: float | None = None
    for atom in sorted(atoms, key=lambda a: a.x0):
        if right is not None and atom.x0 > right:
            found.append((right, atom.x0))
        right = atom.x1 if right is None else max(right, atom.x1)
    return found


def _place_rows(atoms: list[Atom], top: float, bottom: float, across: Sequence[Rule]) -> None:
    """Gives each atom the edges of its rows, by cutting across where all allow it, else down."""
    bands = _bands(atoms)
    if len(bands) > 1:
        edge = top
        for band, following in zip(bands, [*bands[1:], None], strict=True):
            low = bottom
            if following is not None:
                end, start = max(a.bottom for a in band), min(a.top for a in following)
                ruled = [r.at for r in across if end - 2 <= r.at <= start + 2]
                low = ruled[0] if ruled else (end + start) / 2
            _place_rows(band, edge, low, across)
            edge = low
        return
    best: tuple[int, float] | None = None
    for x0, x1 in _rivers(atoms):
        parts = [a for a in atoms if a.x1 <= x0], [a for a in atoms if a.x0 >= x1]
        cut = sum(len(_rivers(p)) + 1 for p in parts if len(_bands(p)) > 1)
        if best is None or cut > best[0]:
            best = (cut, x0)
    if best is None or not best[0]:
        for atom in atoms:
            atom.rows = (top, bottom)
        return
    _place_rows([a for a in atoms if a.x1 <= best[1]], top, bottom, across)
    _place_rows([a for a in atoms if a.x1 > best[1]], top, bottom, across)


def _column_edges(atoms: list[Atom]) -> list[float]:
    """The fewest upright lines that part all neighbours, each in the middle of its strip."""
    gaps: list[tuple[float, float]] = []
    for a in atoms:
        right = [
            b for b in atoms
            if b.x0 >= a.x1 and b.top < a.bottom - 1 and a.top < b.bottom - 1
        ]  # fmt: skip
        if right:
            gaps.append((a.x1, min(b.x0 for b in right)))
    edges: list[float] = []
    left = sorted(gaps, key=lambda g: g[1])
    while left:
        at = left[0][1]
        hit = [g for g in left if g[0] <= at]
        edges.append((max(g[0] for g in hit) + at) / 2)
        left = [g for g in left if g[0] > at]
    return edges


def _grid(strips: list[Strip], across: Sequence[Rule]) -> Grid | None:
    pieces = [p for s in strips for p in s.pieces]
    em = median(p.size for p in pieces)
    links = links_of(pieces, across)
    firsts = [min(s.pieces, key=lambda p: p.x0) for s in strips if s.beside]
    found = rows_of(strips, links, median(p.x1 for p in firsts))
    rows = [atoms_of(row, links, sure) for row, sure in found]
    atoms = [a for row in rows for a in row]
    inner = _column_edges(atoms)
    if not inner:
        return None
    edges = [min(a.top for a in atoms) - 2]
    for upper, lower in pairwise(rows):
        end, start = max(a.bottom for a in upper), min(a.top for a in lower)
        ruled = [r.at for r in across if end - 2 <= r.at <= start + 2]
        edges.append(ruled[0] if ruled else (end + start) / 2)
    edges.append(max(a.bottom for a in atoms) + 2)
    for row, top, bottom in zip(rows, edges, edges[1:], strict=False):
        _place_rows(row, top, bottom, across)
    xs = [min(a.x0 for a in atoms) - 2, *inner, max(a.x1 for a in atoms) + 2]
    ys = _near({y for a in atoms for y in a.rows}, SNAP * em)
    taken: list[_Taken] = []
    for atom in sorted(atoms, key=lambda a: (a.rows, a.x0)):
        first, last = (min(range(len(ys)), key=lambda i: abs(ys[i] - y)) for y in atom.rows)
        left = sum(x <= atom.x0 for x in inner)
        right = sum(x < atom.x1 for x in inner)
        _take(taken, first, left, max(last, first + 1), right + 1, atom)
    _widen(len(xs) - 1, taken, em)
    _fill_out(len(xs) - 1, taken)
    return Grid(xs, ys, _filled(xs, ys, _spread(ys, taken, links, em)))


def _fill_out(columns: int, taken: list[_Taken]) -> None:
    """The one value of a row, set to the middle of the room behind its label, is all of it.

    Below headings of years it may be one year's as well, and stays where it is.
    """
    rows: dict[tuple[int, int], list[_Taken]] = {}
    for t in taken:
        rows.setdefault((t.top, t.bottom), []).append(t)
    for (top, bottom), row in rows.items():
        row.sort(key=lambda t: t.left)
        if len(row) != 2 or bottom - top > 1 or row[0].left or row[1].left == row[0].right:
            continue
        label, value = row
        spans = [t for t in taken if t not in row and t.top < bottom and top < t.bottom]
        if spans or any(_YEAR.search(t.text[:LONGEST]) for t in taken if t.top < top):
            continue
        value.left, value.right = label.right, columns


def _widen(columns: int, taken: list[_Taken], em: float) -> None:
    """Headings over the columns below that have none of their own: set to their middle."""
    rows: dict[tuple[int, int], list[_Taken]] = {}
    for t in taken:
        rows.setdefault((t.top, t.bottom), []).append(t)
    held = [[t for t in taken if t.left == c and t.right == c + 1] for c in range(columns)]
    for row in rows.values():
        row.sort(key=lambda t: t.left)
        if len(row) < 2 or not all(_is_heading(t.text) for t in row):
            continue
        if len(row) > 2 and _share_out(row[1:], row[0].right, held, em):
            continue
        for n, heading in enumerate(row[1:], 1):
            first = row[n - 1].right
            last = row[n + 1].left if n + 1 < len(row) else columns
            _widen_one(heading, first, last, taken, em)


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST and bool(_CJK.search(text)) and not _ENTRY.search(text)


def _share_out(headings: list[_Taken], first: int, held: list[list[_Taken]], em: float) -> bool:
    """Headings at even distances (years) over the columns that are theirs; whether they are so.

    `held` are the texts of each column. The headings begin where their first columns do, or
    stand in the middle of all of them.
    """
    steps = [b.x0 - a.x0 for a, b in pairwise(headings)]
    if max(steps) - min(steps) > 0.15 * max(steps):
        return False
    step = sum(steps) / len(steps)
    others = [[t for t in column if t not in headings] for column in held]
    starts = [median(t.x0 for t in column) if column else None for column in others]
    flush = all(
        any(x is not None and abs(x - h.x0) <= 0.35 * em for x in starts[first:]) for h in headings
    )
    for by_start in (False, True) if flush else (False,):
        reach: list[tuple[int, int]] = []
        for heading in headings:
            low = heading.x0 - 0.6 * em if by_start else (heading.x0 + heading.x1 - step) / 2
            own = [
                c
                for c, column in enumerate(others)
                if c >= first and column and low <= _where(column, by_start) < low + step
            ]
            if own:
                reach.append((min(own), max(own) + 1))
        if len(reach) < len(headings) or any(b[0] < a[1] for a, b in pairwise(reach)):
            continue
        if not by_start and flush and len({b - a for a, b in reach}) > 1:
            continue
        for heading, (left, right) in zip(headings, reach, strict=True):
            heading.left, heading.right = left, right
        return True
    return False


def _where(column: list[_Taken], by_start: bool) -> float:
    return median(t.x0 if by_start else (t.x0 + t.x1) / 2 for t in column)


def _widen_one(heading: _Taken, first: int, last: int, taken: list[_Taken], em: float) -> None:
    """Over the most columns of first..last in whose middle it stands: of all that is below, or
    of what is right below."""
    spans = [
        (a, b) for a in range(first, heading.left + 1) for b in range(heading.right, last + 1)
    ]  # fmt: skip
    for nearest in (False, True):
        fits: list[tuple[int, int, int]] = []
        for a, b in spans:
            below = [t for t in taken if t.top >= heading.bottom and a <= t.left and t.right <= b]
            if nearest:
                top = min((t.top for t in below), default=0)
                below = [t for t in below if t.top == top]
            if below:
                middle = (min(t.x0 for t in below) + max(t.x1 for t in below)) / 2
                if abs(middle - (heading.x0 + heading.x1) / 2) <= 0.8 * em:
                    fits.append((b - a, a, b))
        if fits and max(fits)[0] > heading.right - heading.left:
            _, heading.left, heading.right = max(fits)
            return


def _spread(ys: list[float], taken: list[_Taken], links: list[Link], em: float) -> list[_Taken]:
    """Labels of the first column over the rows beside them that have none of their own.

    A label is set to the middle of its rows, or to their top; one that wraps may have been taken
    for two. Rows that hold nothing but such labels are left out of `ys`, in place.
    """
    wraps = {(id(k.upper), id(k.lower)) for k in links if k.full and not LIST.match(k.lower.text)}
    labels = sorted((t for t in taken if t.left == 0), key=lambda t: t.top)
    others = [t for t in taken if t.left]
    n = 0
    while n < len(labels):
        label = labels[n]
        first = labels[n - 1].bottom if n else 0
        best: tuple[int, int, int] | None = None
        for m in range(n, min(n + 4, len(labels))):
            if m > n and not any(
                (id(p), id(q)) in wraps
                for p in labels[m - 1].pieces for q in labels[m].pieces
            ):  # fmt: skip
                break
            if m > n and all(
                _apart(others, t, t.top, t.bottom) <= 0.5 * em for t in labels[n : m + 1]
            ):
                continue
            last = labels[m + 1].top if m + 1 < len(labels) else len(ys) - 1
            whole = replace(label, y1=labels[m].y1)
            fits = [
                (b - a, a, b) for a in range(first, label.top + 1)
                for b in range(labels[m].bottom, last + 1)
                if _apart(others, whole, a, b) <= 0.7 * em
            ]  # fmt: skip
            if fits and (best is None or m > n):
                best = (m, *max(fits)[1:])
        if best is not None and WORDS.search(label.text):
            m, label.top, label.bottom = best
            for t in labels[n + 1 : m + 1]:
                label.y1, label.text = t.y1, label.text + t.text
                label.pieces = [*label.pieces, *t.pieces]
                taken.remove(t)
            del labels[n + 1 : m + 1]
        n += 1
    for r in reversed(range(len(ys) - 1)):
        begun = [t for t in taken if t.top <= r < t.bottom]
        if len(ys) > 3 and begun and all(t.bottom - t.top > 1 for t in begun):
            ys[r : r + 2] = [(ys[r] + ys[r + 1]) / 2]
            for t in taken:
                t.top -= t.top > r
                t.bottom -= t.bottom > r
    return taken


def _apart(others: list[_Taken], label: _Taken, top: int, bottom: int) -> float:
    """How far a label stands from the middle of what is beside it in these rows."""
    beside = [t for t in others if top <= t.top and t.bottom <= bottom]
    if not beside:
        return 0.0
    middle = (min(t.y0 for t in beside) + max(t.y1 for t in beside)) / 2
    return abs(middle - (label.y0 + label.y1) / 2)


def _filled(xs: list[float], ys: list[float], taken: list[_Taken]) -> list[GridCell]:
    """The cells, with a blank one wherever none is."""
    held = {(r, c) for t in taken for r in range(t.top, t.bottom) for c in range(t.left, t.right)}
    spans = [(t.top, t.left, t.bottom, t.right, 1.0 if t.sure else UNSURE) for t in taken]
    spans += [
        (r, c, r + 1, c + 1, 1.0)
        for r in range(len(ys) - 1) for c in range(len(xs) - 1) if (r, c) not in held
    ]  # fmt: skip
    return [
        GridCell(r0, c0, r1 - r0, c1 - c0, (xs[c0], ys[r0], xs[c1], ys[r1]), sure)
        for r0, c0, r1, c1, sure in sorted(spans)
    ]


def _near(values: Iterable[float], near: float) -> list[float]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def _take(taken: list[_Taken], top: int, left: int, bottom: int, right: int, atom: Atom) -> None:
    """Adds a cell; cells that it would overlap become one with it."""
    new = _Taken(
        top, left, bottom, right, atom.x0, atom.x1, atom.top, atom.bottom,
        atom.text, atom.pieces, atom.sure,
    )  # fmt: skip
    while True:
        hit = next(
            (t for t in taken if t.top < new.bottom and new.top < t.bottom
             and t.left < new.right and new.left < t.right), None,
        )  # fmt: skip
        if hit is None:
            break
        taken.remove(hit)
        new.top, new.left = min(new.top, hit.top), min(new.left, hit.left)
        new.bottom, new.right = max(new.bottom, hit.bottom), max(new.right, hit.right)
        new.x0, new.x1 = min(new.x0, hit.x0), max(new.x1, hit.x1)
        new.y0, new.y1 = min(new.y0, hit.y0), max(new.y1, hit.y1)
        new.sure = new.sure and hit.sure
        new.text, new.pieces = hit.text + new.text, [*hit.pieces, *new.pieces]
    taken.append(new)
