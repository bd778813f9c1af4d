"""Tables told by how their text is set: cells side by side, in columns, with few lines or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.aligned_spans import Taken, alone, fill_out, spread, widen
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import Rule
from extractor.readers.pdf.pieces import (
    HEADING,
    CellOf,
    Piece,
    Strip,
    pieces_of,
    regions_of,
    shades_of,
    strips_of,
    underlines,
)  # fmt: skip
from extractor.readers.pdf.rows import Atom, atoms_of, column_edges, links_of, place_rows, rows_of
from extractor.readers.pdf.tables import Grid, GridCell, joined
from models.types import Bbox

MOST_PIECES = 3000
"""Of one page; beyond it the text is a drawing."""
ROWS = 3
"""Rows with cells side by side that it takes for a table, where the page has no other."""
UNSURE = 0.8
"""How sure it is that what stands in a doubtful row stands in it."""
MANY_BANDS, MANY_COLUMNS = 3, 3
"""Rows between lines drawn across that make a table; of so many columns one is enough."""
MOST_LINES = 25
"""Of one cell that is as wide as such a table."""
LINE = 1.75
"""Ems from one line of a label to the next, at most."""
FLUSH = 1.6
"""Points that the beginnings of a column's lines differ by."""
SNAP = 0.5
"""Row edges nearer than this, in ems, are one."""


def aligned_grids(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], cell_of: CellOf, fills: Sequence[Bbox] = (),
    drawn_tables: Sequence[Bbox] = (),
) -> list[Grid]:  # fmt: skip
    """The tables among glyphs that no drawn table holds. `rules` are the page's lines, `fills`
    its coloured areas: the shade behind a label ends where its row does."""
    shades = shades_of(glyphs, fills)
    pieces = pieces_of(glyphs, cell_of, shades)
    if not 4 <= len(pieces) <= MOST_PIECES:
        return []
    flat = joined([r for r in rules if r.horizontal])
    across = [r for r in flat if r.end - r.start > 40 and not underlines(r, pieces)]
    right = max(p.x1 for p in pieces)
    drawn = list(across)
    across += [Rule(True, y, x0, right) for x0, top, _, bottom in shades for y in (top, bottom)]
    strips = strips_of(pieces)
    grids: list[Grid | None] = []
    for rungs, inside in _ladders(strips, drawn):
        grids.append(_grid(inside, across, rungs))
        strips = [s for s in strips if not any(s is t for t in inside)]
    whole = [p for r in regions_of(strips, across) for p in _apart_from(r, drawn_tables)]
    regions = [(sum(s.beside for s in r), r) for r in whole]
    if grids or any(rows >= ROWS for rows, _ in regions):
        grids += [_grid(strips, across) for rows, strips in regions if rows]
    return [g for g in grids if g is not None]


def _apart_from(strips: list[Strip], tables: Sequence[Bbox]) -> list[list[Strip]]:
    """A region cut where a drawn table stands between its rows."""
    parts = [strips[:1]]
    for upper, lower in pairwise(strips):
        if any(upper.bottom <= (t[1] + t[3]) / 2 <= lower.top for t in tables):
            parts.append([])
        parts[-1].append(lower)
    return parts


# ------------------------------------------------------------------ lines across only


def _ladders(strips: list[Strip], across: list[Rule]) -> list[tuple[list[float], list[Strip]]]:
    """The tables whose rows are parted by lines from the same left to the same right, and by none
    down: the heights of the lines (and of the cut ends of the page), and the strips inside."""
    groups: dict[tuple[int, int], list[float]] = {}
    for rule in across:
        key = next(
            (
                k
                for k in groups
                if abs(k[0] - rule.start) <= FLUSH and abs(k[1] - rule.end) <= FLUSH
            ),
            (round(rule.start), round(rule.end)),
        )
        groups.setdefault(key, []).append(rule.at)
    found: list[tuple[list[float], list[Strip]]] = []
    for (left, right), ats in groups.items():
        runs: list[list[float]] = [[]]
        for at in sorted(ats):
            inside = _between(strips, runs[-1][-1], at) if runs[-1] else []
            if runs[-1] and (not inside or _ends_table(inside)):
                runs.append([])
                below = inside[_last_heading(inside) + 1 :]
                if any(s.beside for s in below):  # the next table's first row, with no line above
                    runs[-1].append(min(s.top for s in below) - 2)
            runs[-1].append(at)
        lines = sorted(ats)
        told = [_ladder(strips, run, left, right, lines) for run in runs]
        if any(told):  # then one row between two lines as long is a table as well
            told = [
                t or _ladder(strips, run, left, right, lines, 1)
                for t, run in zip(told, runs, strict=True)
            ]
        found += [t for t in told if t]
    return found


def _ends_table(band: list[Strip]) -> bool:
    """Whether a section's heading, or running text, stands between two lines."""
    text = len(band) > MOST_LINES and not any(s.beside for s in band)
    return text or _last_heading(band) >= 0


def _last_heading(band: list[Strip]) -> int:
    """Which of the strips is the last section's heading; -1 where none is."""
    heads = [n for n, s in enumerate(band) if not s.beside and HEADING.match(s.pieces[0].text)]
    return max(heads, default=-1)


def _between(strips: Sequence[Strip], top: float, bottom: float) -> list[Strip]:
    """The strips between two heights."""
    return [s for s in strips if top <= (s.top + s.bottom) / 2 < bottom]


def _ladder(
    strips: list[Strip],
    rungs: list[float],
    left: float,
    right: float,
    ats: list[float],
    least: int = MANY_BANDS,
) -> tuple[list[float], list[Strip]] | None:
    bands = [_between(strips, a, b) for a, b in pairwise(rungs)]
    rows = [band for band in bands if any(s.beside for s in band)]
    several = sum(map(_several_rows, bands))
    if not rows or 3 * len(rows) < len(bands) or 2 * several > len(rows):
        return None
    inside = [s for band in bands for s in band]
    if any(p.x0 < left - 2 or p.x1 > right + 2 for s in inside for p in s.pieces):
        return None
    # the row that the page's end cut has no line there
    columns = sorted({p.x0 for band in rows for s in band if s.beside for p in s.pieces})
    first, last = strips.index(inside[0]), strips.index(inside[-1])
    above = _cut_row(strips[:first], columns) if rungs[0] <= ats[0] else []
    below = _cut_row(strips[last + 1 :], columns) if rungs[-1] >= ats[-1] else []
    most = max(len(s.pieces) for band in rows for s in band)
    if len(bands) + bool(above) + bool(below) < (least if most < MANY_COLUMNS else 1):
        return None
    if len(bands) == 1 and most >= MANY_COLUMNS and strips[last + 1 :]:
        return None  # a heading row alone belongs to what is below it, but at the page's end
    top = [min(s.top for s in above) - 2] if above else []
    low = [max(s.bottom for s in below) + 2] if below else []
    return [*top, *rungs, *low], [*above, *inside, *below]


def _several_rows(band: list[Strip]) -> bool:
    """Whether these are rows without a line between: labels that stand apart from one another, or
    figures beside one another in several lines."""
    left = min(p.x0 for s in band for p in s.pieces)
    labels = sorted(
        (p for s in band for p in s.pieces if p.x0 <= left + p.size), key=lambda p: p.base
    )
    if any(b.base - a.base > LINE * b.size for a, b in pairwise(labels)):
        return True
    lines: dict[int, list[Piece]] = {}
    for piece in (p for s in band for p in s.pieces if p.x0 > left + p.size):
        lines.setdefault(piece.line, []).append(piece)
    return (
        sum(
            len(line) > 1 and all(any(c.isdigit() for c in p.text) for p in line)
            for line in lines.values()
        )
        > 1
    )


def _parted(band: list[Strip], across: Sequence[Rule]) -> bool:
    """Whether a line is drawn across a part of the table between two such lines."""
    top, bottom = band[0].top, band[-1].bottom
    return any(top + 2 < r.at < bottom - 2 for r in across)


def _cut_row(strips: list[Strip], columns: list[float]) -> list[Strip]:
    """All of these, where every line of them stands in one of the columns, and not all of them in
    the first; else none."""
    second = next((x for x in columns if x > columns[0] + FLUSH), None)
    if second is None:
        return []
    inner = False
    for piece in (p for s in strips for p in s.pieces):
        if not any(abs(piece.x0 - x) <= FLUSH for x in columns):
            return []
        at_left = piece.x0 <= columns[0] + FLUSH
        if at_left and piece.x1 > second:
            return []
        inner = inner or not at_left
    return strips if inner else []


# ------------------------------------------------------------------ rows and columns


def _grid(strips: list[Strip], across: Sequence[Rule], rungs: Sequence[float] = ()) -> Grid | None:
    """The grid of a region; between two `rungs` there is one row, if there are any."""
    pieces = [p for s in strips for p in s.pieces]
    em = median(p.size for p in pieces)
    links = links_of(pieces, across)
    firsts = [min(s.pieces, key=lambda p: p.x0) for s in strips if s.beside]
    edge = median(p.x1 for p in firsts)
    found: list[tuple[list[Piece], bool]] = []
    for band in [_between(strips, a, b) for a, b in pairwise(rungs)] if rungs else [strips]:
        here = {id(p) for s in band for p in s.pieces}
        own = [k for k in links if id(k.upper) in here and id(k.lower) in here]
        if rungs and not _several_rows(band) and not _parted(band, across):
            for link in own:
                link.said = True
            found.append(([p for s in band for p in s.pieces], True))
        elif band:
            found += rows_of(band, own, edge)
    rows = [atoms_of(row, links, sure) for row, sure in found]
    atoms = [a for row in rows for a in row]
    inner = column_edges(atoms)
    if not inner:
        return None
    edges = _edges(rows, across)
    for row, top, bottom in zip(rows, edges, edges[1:], strict=False):
        place_rows(row, top, bottom, across)
    xs = [min(a.x0 for a in atoms) - 2, *inner, max(a.x1 for a in atoms) + 2]
    ys = _near({y for a in atoms for y in a.rows}, SNAP * em)
    taken: list[Taken] = []
    for atom in sorted(atoms, key=lambda a: (a.rows, a.x0)):
        first, last = (min(range(len(ys)), key=lambda i: abs(ys[i] - y)) for y in atom.rows)
        left = sum(x <= atom.x0 for x in inner)
        right = sum(x < atom.x1 for x in inner)
        _take(taken, first, left, max(last, first + 1), right + 1, atom)
    widen(len(xs) - 1, taken, em)
    fill_out(len(xs) - 1, taken, em)
    spread(ys, taken, links, em, rungs)
    if rungs:
        alone(xs, taken, em)
    top, low = (
        any(abs(r.at - y) < 0.1 for r in across for y in end) for end in (rungs[:1], rungs[-1:])
    )
    return Grid(xs, ys, _filled(xs, ys, taken), closed=(top, low))


def _edges(rows: list[list[Atom]], across: Sequence[Rule]) -> list[float]:
    """The edges of rows: lines drawn between two of them, else the middle of the blank."""
    atoms = [a for row in rows for a in row]
    edges = [min(a.top for a in atoms) - 2]
    for upper, lower in pairwise(rows):
        end, start = max(a.bottom for a in upper), min(a.top for a in lower)
        drawn = [r.at for r in across if end - 2 <= r.at <= start + 2]
        edges.append(drawn[0] if drawn else (end + start) / 2)
    return [*edges, max(a.bottom for a in atoms) + 2]


def _filled(xs: list[float], ys: list[float], taken: list[Taken]) -> list[GridCell]:
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


def _take(taken: list[Taken], top: int, left: int, bottom: int, right: int, atom: Atom) -> None:
    """Adds a cell; cells that it would overlap become one with it."""
    new = Taken(
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
