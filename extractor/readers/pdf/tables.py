"""Ruling lines of one page → tables, each one grid with row and column spans.

All positions where a table has a wall, over its whole height and width, are its row and column
edges; a cell is the rectangle of elementary boxes that no wall divides (the way of Tabula's
lattice mode, with spans). Lines may be doubled, dashed, a little out of line, or missing at the
left and right edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractor.readers.pdf.mend import holds, lost_edges, mend
from extractor.readers.pdf.pages import Rule
from extractor.readers.pdf.pieces import Piece, underlines
from models.types import Bbox

SNAP = 3.2
"""Lines nearer than this are one line (a double border, borders drawn by both neighbours)."""
NARROWEST = 5.5
"""No row or column is narrower; what is, is the gap between two cells' borders."""
REACH = 4.0
"""How far a line may fall short of the line it meets."""
APART = 12.0
"""Frames drawn round the cells of one table stand no further apart."""
COVER = 0.6
"""The part of a box's side that must be drawn for it to be a wall."""
STUB = 3.5
"""Points that walls go on beyond the last line across them, at least, where a row is cut off."""
MOST_BOXES = 40_000
"""Elementary boxes of one table; beyond it the lines are a drawing."""


@dataclass(slots=True)
class GridCell:
    """A cell of one page's grid; row and column count from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    bbox: Bbox
    sure: float = 1.0
    """How sure it is that it is one cell, and stands in its row."""


@dataclass(slots=True)
class Grid:
    """One table, or the part of it on one page."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    open_top: bool = False
    """Nothing is drawn along the top edge: a table cut off at the page's top."""
    open_bottom: bool = False
    inner: list[Grid] = field(default_factory=list)
    """Tables nested in a cell of this one."""
    closed: tuple[bool, bool] = (False, False)
    """What a page's end cut off beyond its top (its bottom) was blank: nothing is drawn down its
    sides, but a line along that edge; or its walls go on beyond that line a little."""

    @property
    def bbox(self) -> Bbox:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def find_grids(
    rules: Sequence[Rule], width: float, height: float, pieces: Sequence[Piece] = ()
) -> list[Grid]:
    """Tables of a page from top to bottom, nested ones in `inner` of the table around them.

    `pieces` are the page's pieces of text: they tell where a line is missing.
    """
    flat = joined([r for r in rules if r.horizontal])
    lines = (
        [r for r in flat if not underlines(r, pieces)],
        joined([r for r in rules if not r.horizontal]),
    )
    grids = _cut_out(*lines)
    for across, down in _components(*lines):
        grid = _grid(across, down, pieces)
        if grid is not None:
            grids.append(grid)
    grids = _frames_apart(grids)
    return _nested(grids, width, height)


# ------------------------------------------------------------------ lines


def _clusters(values: Iterable[float], near: float = SNAP) -> list[float]:
    """Sorted positions with those that are near one another made one."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near and value - groups[-1][0] <= near * 1.5:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def _nearest(value: float, positions: Sequence[float]) -> int:
    from bisect import bisect_left

    i = bisect_left(positions, value)
    if i and (i == len(positions) or value - positions[i - 1] <= positions[i] - value):
        return i - 1
    return i


def joined(rules: list[Rule]) -> list[Rule]:
    """Collinear pieces as one line each: dashes, borders drawn cell by cell, doubled ones."""
    if not rules:
        return []
    positions = _clusters({round(r.at, 2) for r in rules})
    by_line: dict[int, list[Rule]] = {}
    for rule in rules:
        by_line.setdefault(_nearest(rule.at, positions), []).append(rule)
    out: list[Rule] = []
    for index, pieces in by_line.items():
        pieces.sort(key=lambda r: r.start)
        lengths = sorted(p.end - p.start for p in pieces)
        dashes = len(pieces) >= 6 and lengths[len(lengths) // 2] <= 6
        gap = 6.5 if dashes else SNAP
        current = Rule(pieces[0].horizontal, positions[index], pieces[0].start, pieces[0].end)
        for piece in pieces[1:]:
            if piece.start - current.end <= gap:
                current.end = max(current.end, piece.end)
            else:
                out.append(current)
                current = Rule(piece.horizontal, positions[index], piece.start, piece.end)
        out.append(current)
    return [r for r in out if r.end - r.start > SNAP]


def _meet(across: Rule, down: Rule) -> bool:
    return (
        across.start - REACH <= down.at <= across.end + REACH
        and down.start - REACH <= across.at <= down.end + REACH
    )


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that hang together by crossing or touching; lone ones (underlines) are left out."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    met = [0] * len(parent)
    order = sorted(range(len(down)), key=lambda j: down[j].at)
    ats = [down[j].at for j in order]
    from bisect import bisect_left, bisect_right

    for i, a in enumerate(across):
        for k in range(bisect_left(ats, a.start - REACH), bisect_right(ats, a.end + REACH)):
            j = order[k]
            if _meet(a, down[j]):
                parent[root(i)] = root(len(across) + j)
                met[i] += 1
                met[len(across) + j] += 1
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        if met[i]:
            group = groups.setdefault(root(i), ([], []))
            group[0 if rule.horizontal else 1].append(rule)
    return list(groups.values())


def _cut_out(across: list[Rule], down: list[Rule]) -> list[Grid]:
    """The middle of a row that fills a whole page: upright lines of one height and nothing else."""
    lone = [d for d in down if not any(_meet(a, d) for a in across)]
    spans: dict[tuple[int, int], list[Rule]] = {}
    for rule in lone:
        key = next(
            (k for k in spans if abs(k[0] - rule.start) <= REACH and abs(k[1] - rule.end) <= REACH),
            (round(rule.start), round(rule.end)),
        )
        spans.setdefault(key, []).append(rule)
    grids: list[Grid] = []
    for (top, bottom), rules in spans.items():
        xs = _clusters(r.at for r in rules)
        if len(xs) > 1 and bottom - top > 60:
            cells = [
                GridCell(0, i, 1, 1, (xs[i], top, xs[i + 1], bottom)) for i in range(len(xs) - 1)
            ]
            grids.append(Grid(xs, [top, bottom], cells, True, True))
    return grids


def _edge(
    lines: list[Rule], at_start: bool, inner: float, beside: Sequence[Piece] = ()
) -> float | None:
    """Where most of these parallel lines end beyond the outermost line across them.

    One of them is enough where text stands `beside` it, on both sides of one that goes down.
    """
    ends = [r.start if at_start else r.end for r in lines]
    sign = -1 if at_start else 1
    beyond = [(e, r) for e, r in zip(ends, lines, strict=True) if (e - inner) * sign > 8]
    if len(beyond) == 1:
        (end, line) = beyond[0]
        near = [
            p
            for p in beside
            if ((at := p.middle if line.horizontal else p.height) - inner) * sign > 0
            and (end - at) * sign > 0
        ]
        both = {p.middle > line.at for p in near if not p.x0 < line.at < p.x1}
        if near and (line.horizontal or len(both) > 1):
            return end
    beyond_ends = [e for e, _ in beyond]
    if len(beyond_ends) < 2:
        return None
    far = min(beyond_ends) if at_start else max(beyond_ends)
    same = [e for e in beyond_ends if abs(e - far) <= REACH]
    if len(same) >= 2:
        return far if len(same) * 2 >= len(beyond_ends) else None
    if lines[0].horizontal:
        return None
    return sorted(beyond_ends, reverse=not at_start)[1]  # so far two of them reach


def _stub(down: list[Rule], at_start: bool, inner: float) -> bool:
    """Whether a table begins (ends) with the last points of a row on the page before (the first
    of one on the next): the outermost walls and one more go on beyond the line across them."""
    sign = -1 if at_start else 1
    over = {d.at: ((d.start if at_start else d.end) - inner) * sign for d in down}
    far = [x for x in over.values() if x > STUB]
    outer = [any(over[x] > STUB for x in over if abs(x - end) <= SNAP)
             for end in (min(over), max(over))]  # fmt: skip
    return len(far) > 2 and all(outer) and max(far) - min(far) <= REACH


# ------------------------------------------------------------------ one grid


def _grid(across: list[Rule], down: list[Rule], pieces: Sequence[Piece] = ()) -> Grid | None:
    if not across or not down:
        return None
    left, right = min(d.at for d in down), max(d.at for d in down)
    top, bottom = min(a.at for a in across), max(a.at for a in across)
    beside = [p for p in pieces if top < p.height < bottom]
    far = [_edge(across, at, x, beside) for at, x in ((True, left), (False, right))]
    reach_x = min(a.start for a in across), max(a.end for a in across)
    within = [p for p in pieces if reach_x[0] < p.middle < reach_x[1]]
    high, low = _edge(down, True, top, within), _edge(down, False, bottom, within)
    reach = [v for v in (top, bottom, high, low) if v is not None]
    wide = [v for v in (left, right, *far) if v is not None]
    down = down + [Rule(False, x, min(reach), max(reach)) for x in far if x is not None]
    across = across + [Rule(True, y, min(wide), max(wide)) for y in (high, low) if y is not None]
    if len(across) < 2 or len(down) < 2:
        return None
    xs = _clusters((d.at for d in down), NARROWEST)
    ys = _clusters((a.at for a in across), NARROWEST)
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > MOST_BOXES:
        return None
    here = [p for p in pieces if xs[0] <= p.middle <= xs[-1] and ys[0] <= p.height <= ys[-1]]
    lost = lost_edges(xs, ys, here, pieces)
    xs = sorted([*xs, *lost])
    columns = [xs.index(x) for x in lost]
    cells = _cells(xs, ys, across, down, here, columns)
    if not cells:
        return None
    stubs = (
        high is None and _stub(down, True, top), low is None and _stub(down, False, bottom)
    )  # fmt: skip
    grid = Grid(xs, ys, cells, high is not None, low is not None, closed=stubs)
    grid = _without_idle_edges(grid)
    if grid.xs[-1] - grid.xs[0] < 20 or grid.ys[-1] - grid.ys[0] < 8:
        return None
    return grid


def _walls(lines: list[Rule], ats: list[float], stops: list[float]) -> list[list[bool]]:
    """walls[i][j]: whether the line at ats[i] is drawn between stops[j] and stops[j + 1]."""
    drawn = [[0.0] * (len(stops) - 1) for _ in ats]
    for rule in lines:
        row = drawn[_nearest(rule.at, ats)]
        for j in range(len(stops) - 1):
            a, b = stops[j], stops[j + 1]
            row[j] += max(0.0, min(b, rule.end) - max(a, rule.start)) / (b - a)
    return [[part >= COVER for part in row] for row in drawn]


def _cells(
    xs: list[float], ys: list[float], across: list[Rule], down: list[Rule],
    pieces: Sequence[Piece], lost: Sequence[int],
) -> list[GridCell]:  # fmt: skip
    columns, rows = len(xs) - 1, len(ys) - 1
    flat, upright = _walls(across, ys, xs), _walls(down, xs, ys)
    mend(upright, flat, xs, ys, pieces, lost)
    seen = [[False] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    for r in range(rows):
        for c in range(columns):
            if seen[r][c]:
                continue
            right = c
            while right + 1 < columns and not upright[right + 1][r] and not seen[r][right + 1]:
                right += 1
            low = r
            while low + 1 < rows and _goes_on(c, right, low, flat, upright, seen):
                low += 1
            for i in range(r, low + 1):
                for j in range(c, right + 1):
                    seen[i][j] = True
            sides = (
                any(upright[c][i] for i in range(r, low + 1)),
                any(upright[right + 1][i] for i in range(r, low + 1)),
                any(flat[r][j] for j in range(c, right + 1)),
                any(flat[low + 1][j] for j in range(c, right + 1)),
            )
            bbox = (xs[c], ys[r], xs[right + 1], ys[low + 1])
            outside = sum(sides) < 3 and _at_rim(c, right, r, low, columns, rows, sides)
            if outside and (sum(sides) < 2 or not any(holds(bbox, p) for p in pieces)):
                continue  # of a table that is no rectangle
            cells.append(GridCell(r, c, low - r + 1, right - c + 1, bbox))
    return cells


def _goes_on(
    left: int, right: int, row: int,
    flat: list[list[bool]], upright: list[list[bool]], seen: list[list[bool]],
) -> bool:  # fmt: skip
    """Whether the boxes left..right of the next row belong to the same cell."""
    below = row + 1
    if any(flat[below][c] or seen[below][c] for c in range(left, right + 1)):
        return False
    if any(upright[c][below] for c in range(left + 1, right + 1)):
        return False
    # the next row must end where this one ends
    last = len(upright) - 1
    if left > 0 and not upright[left][below] and upright[left][row]:
        return False
    return not (right + 1 < last and not upright[right + 1][below])


def _at_rim(
    left: int, right: int, top: int, low: int, columns: int, rows: int,
    sides: tuple[bool, bool, bool, bool],
) -> bool:  # fmt: skip
    at = (left == 0, right + 1 == columns, top == 0, low + 1 == rows)
    return any(rim and not wall for rim, wall in zip(at, sides, strict=True))


def _without_idle_edges(grid: Grid) -> Grid:
    """Only the row and column edges at which some cell begins or ends."""
    columns = sorted({e for c in grid.cells for e in (c.column, c.column + c.column_span)})
    rows = sorted({e for c in grid.cells for e in (c.row, c.row + c.row_span)})
    at_column = {old: new for new, old in enumerate(columns)}
    at_row = {old: new for new, old in enumerate(rows)}
    cells = [
        GridCell(
            at_row[c.row], at_column[c.column],
            at_row[c.row + c.row_span] - at_row[c.row],
            at_column[c.column + c.column_span] - at_column[c.column],
            c.bbox,
        )
        for c in grid.cells
    ]  # fmt: skip
    xs, ys = [grid.xs[i] for i in columns], [grid.ys[i] for i in rows]
    return Grid(xs, ys, cells, grid.open_top, grid.open_bottom, closed=grid.closed)


def _frames_apart(grids: list[Grid]) -> list[Grid]:
    """Cells drawn as frames of their own, some points apart, put together as one table."""
    frames = [g for g in grids if len(g.cells) == 1 and not g.open_top]
    if not 4 <= len(frames) <= 2000:
        return grids
    gaps: list[float] = []
    for a in frames:
        _, ay0, ax1, ay1 = a.bbox
        for b in frames:
            bx0, by0, _, by1 = b.bbox
            if 0 < bx0 - ax1 <= APART and abs(ay0 - by0) <= 2 and abs(ay1 - by1) <= 2:
                gaps.append(bx0 - ax1)
    if len(gaps) < 2:
        return grids
    half = sorted(gaps)[len(gaps) // 2] / 2
    rules: list[Rule] = []
    for x0, y0, x1, y1 in (f.bbox for f in frames):
        x0, y0, x1, y1 = x0 - half, y0 - half, x1 + half, y1 + half
        rules += [Rule(True, y0, x0, x1), Rule(True, y1, x0, x1)]
        rules += [Rule(False, x0, y0, y1), Rule(False, x1, y0, y1)]
    lines = (
        joined([r for r in rules if r.horizontal]),
        joined([r for r in rules if not r.horizontal]),
    )
    whole = [g for g in (_grid(a, d) for a, d in _components(*lines)) if g is not None]
    return [g for g in grids if g not in frames] + whole


# ------------------------------------------------------------------ tables in tables


def _nested(grids: list[Grid], width: float, height: float) -> list[Grid]:
    """Frames around a page dropped, tables in a cell of another put into it, the rest sorted."""
    grids.sort(key=lambda g: -(g.xs[-1] - g.xs[0]) * (g.ys[-1] - g.ys[0]))
    outer: list[Grid] = []
    for i, grid in enumerate(grids):
        x0, top, x1, bottom = grid.bbox
        holds = any(_inside(g.bbox, grid.bbox) for g in grids[i + 1 :])
        page_wide = x1 - x0 > 0.8 * width and bottom - top > 0.8 * height
        if len(grid.cells) == 1 and page_wide and holds:
            continue
        home = next((g for g in reversed(outer) if _cell_around(grid, g)), None)
        if home is None:
            outer.append(grid)
        else:
            home.inner.append(grid)
    for grid in outer:
        grid.inner.sort(key=lambda g: (g.ys[0], g.xs[0]))
    return sorted(outer, key=lambda g: (g.ys[0], g.xs[0]))


def _inside(inner: Bbox, outer: Bbox) -> bool:
    return (
        inner[0] >= outer[0] - 1
        and inner[1] >= outer[1] - 1
        and inner[2] <= outer[2] + 1
        and inner[3] <= outer[3] + 1
    )


def _cell_around(grid: Grid, other: Grid) -> bool:
    return any(_inside(grid.bbox, cell.bbox) for cell in other.cells)
