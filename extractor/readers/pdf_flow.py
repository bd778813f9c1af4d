"""Pages → one flow: free lines and tables in reading order, tables joined over page breaks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.readers.pdf_glyphs import Glyph
from extractor.readers.pdf_pages import PageContent
from extractor.readers.pdf_tables import Grid, find_grids
from extractor.readers.pdf_text import TextLine, lay_out
from models.types import Bbox

SAME_X = 4.0
"""Column edges of one table on two pages may differ by so much."""


@dataclass(slots=True)
class FlowCell:
    """A cell of a table over any number of pages; row and column count from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    lines: list[TextLine]
    boxes: list[tuple[int, Bbox]]
    """Page and box of each part of the cell."""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(slots=True)
class FlowTable:
    xs: list[float]
    rows: int
    cells: list[FlowCell]
    boxes: list[tuple[int, Bbox]]
    open_top: bool = False
    open_bottom: bool = False
    inner: list[FlowTable] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return len(self.xs) - 1


Item = TextLine | FlowTable
SameRow = Callable[[list[TextLine], list[TextLine]], bool | None]
"""Whether text before and after a page break is of one table row, as far as the file says."""


# ------------------------------------------------------------------ one page


def page_items(content: PageContent) -> list[Item]:
    """Tables and free lines of a page from top to bottom."""
    grids = find_grids(content.rules, content.width, content.height)
    free = list(content.glyphs)
    tables: list[FlowTable] = []
    for grid in grids:
        inside = [g for g in free if _holds(grid.bbox, g)]
        table = _table(grid, inside, content.number)
        if not any(c.lines for c in table.cells):
            continue  # a drawing, or boxes without words
        tables.append(table)
        taken = {id(g) for g in inside}
        free = [g for g in free if id(g) not in taken]
    items: list[Item] = [*lay_out(free, content.number), *tables]
    return sorted(items, key=_top)


def _top(item: Item) -> tuple[float, float]:
    box = item.bbox if isinstance(item, TextLine) else item.boxes[0][1]
    # lines side by side count as one height: by their middle, in steps finer than a line
    if isinstance(item, TextLine):
        return (item.base - 0.38 * item.size if item.turn == 0 else box[1], box[0])
    return (box[1], box[0])


def _centre(glyph: Glyph) -> tuple[float, float]:
    return (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2


def _holds(box: Bbox, glyph: Glyph) -> bool:
    x, y = _centre(glyph)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _table(grid: Grid, glyphs: list[Glyph], page: int) -> FlowTable:
    owner: dict[tuple[int, int], int] = {}
    for index, cell in enumerate(grid.cells):
        for r in range(cell.row, cell.row + cell.row_span):
            for c in range(cell.column, cell.column + cell.column_span):
                owner[r, c] = index
    held: list[list[Glyph]] = [[] for _ in grid.cells]
    for glyph in glyphs:
        x, y = _centre(glyph)
        row = min(max(bisect_right(grid.ys, y) - 1, 0), len(grid.ys) - 2)
        column = min(max(bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)
        index = owner.get((row, column), -1)
        if index >= 0:
            held[index].append(glyph)
    cells = [
        FlowCell(
            c.row, c.column, c.row_span, c.column_span,
            lay_out(held[i], page), [(page, c.bbox)],
        )
        for i, c in enumerate(grid.cells)
    ]  # fmt: skip
    inner = [_table(g, [c for c in glyphs if _holds(g.bbox, c)], page) for g in grid.inner]
    inner = [t for t in inner if any(c.lines for c in t.cells)]
    return FlowTable(
        grid.xs, len(grid.ys) - 1, cells, [(page, grid.bbox)],
        grid.open_top, grid.open_bottom, inner,
    )  # fmt: skip


_CONTINUED = re.compile(r"^[（(]?\s*(?:续上?表|接上[页表]|续前?页|上接.{0,6}页|续)\s*[）)]?$")


# ------------------------------------------------------------------ over page breaks


def flow(pages: list[list[Item]], same_row: SameRow) -> list[Item]:
    """All items in order; a table that goes on at the top of the next page is one table."""
    out: list[Item] = []
    for items in pages:
        rest = list(items)
        if len(rest) > 1 and isinstance(rest[1], FlowTable) and _says_continued(rest[0]):
            rest.pop(0)
        if out and rest:
            upper, lower = out[-1], rest[0]
            if isinstance(upper, FlowTable) and isinstance(lower, FlowTable):
                joined = _goes_on(upper, lower)
                if joined:
                    out[-1] = _joined(upper, lower, same_row)
                    del rest[0]
        out += rest
    return out


def _says_continued(item: Item) -> bool:
    return isinstance(item, TextLine) and bool(_CONTINUED.match(item.text))


def _goes_on(upper: FlowTable, lower: FlowTable) -> bool:
    """Whether the lower part's outer edges are the upper part's, and inner ones agree."""
    if upper.boxes[-1][0] >= lower.boxes[0][0]:
        return False
    if abs((upper.xs[-1] - upper.xs[0]) - (lower.xs[-1] - lower.xs[0])) > 2 * SAME_X:
        return False
    shift = upper.xs[0] - lower.xs[0]
    if abs(shift) > 60:  # mirrored margins at most
        return False
    if upper.open_bottom or lower.open_top:
        return True
    inner = [x + shift for x in lower.xs[1:-1]]
    shared = sum(any(abs(x - o) <= SAME_X for o in upper.xs[1:-1]) for x in inner)
    return shared > 0 or not inner or len(upper.xs) == 2


def _joined(upper: FlowTable, lower: FlowTable, same_row: SameRow) -> FlowTable:
    """The lower part's rows below the upper's, on one set of column edges."""
    shift = upper.xs[0] - lower.xs[0]
    xs = list(upper.xs)
    for x in lower.xs:
        if not any(abs(x + shift - o) <= SAME_X for o in xs):
            xs.append(x + shift)
    xs.sort()
    above = _on_edges(upper.cells, upper.xs, xs, 0.0)
    below = _on_edges(lower.cells, lower.xs, xs, shift)
    repeated = _repeated_rows(above, below)
    below = [c for c in below if c.row >= repeated]
    rows = lower.rows - repeated
    offset = upper.rows
    if below and _broken_row(upper, lower, above, below, repeated, same_row):
        offset -= 1
    for cell in below:
        cell.row += offset - repeated
    cells = _merged(above, below, upper.rows, joined=offset < upper.rows)
    return FlowTable(
        xs, offset + rows, cells, [*upper.boxes, *lower.boxes],
        upper.open_top, lower.open_bottom, [*upper.inner, *lower.inner],
    )  # fmt: skip


def _on_edges(
    cells: list[FlowCell], old: list[float], new: list[float], shift: float
) -> list[FlowCell]:
    """The cells with their columns counted on another set of edges."""
    at = [min(range(len(new)), key=lambda i: abs(new[i] - x - shift)) for x in old]
    return [
        FlowCell(
            c.row, at[c.column], c.row_span,
            at[c.column + c.column_span] - at[c.column], c.lines, c.boxes,
        )
        for c in cells
    ]  # fmt: skip


def _row(cells: list[FlowCell], row: int) -> list[tuple[int, int, int, str]]:
    return [
        (c.column, c.column_span, c.row_span, re.sub(r"\s+", "", c.text))
        for c in cells
        if c.row == row
    ]


def _repeated_rows(above: list[FlowCell], below: list[FlowCell]) -> int:
    """How many rows at the top of `below` repeat the table's own first rows."""
    count = 0
    height = max(c.row + c.row_span for c in below)
    while count < min(height - 1, 6):
        first, again = _row(above, count), _row(below, count)
        if first != again or not first:
            break
        count += 1
    while count:  # no cell may reach out of the heading, and it must say something
        whole = all(
            c.row + c.row_span <= count for cells in (above, below) for c in cells if c.row < count
        )
        words = [c.text for c in below if c.row < count and c.text.strip()]
        if whole and words and (len(words) > 1 or len(words[0]) > 1):
            return count
        count -= 1
    return 0


def _broken_row(
    upper: FlowTable, lower: FlowTable, above: list[FlowCell], below: list[FlowCell],
    repeated: int, same_row: SameRow,
) -> bool:  # fmt: skip
    """Whether the first row of `below` is the rest of the last row of `above`."""
    last = [c for c in above if c.row + c.row_span == upper.rows]
    first = [c for c in below if c.row == repeated]
    if [(c.column, c.column_span) for c in sorted(last, key=lambda c: c.column)] != [
        (c.column, c.column_span) for c in sorted(first, key=lambda c: c.column)
    ]:
        return False
    said = same_row(
        [line for c in last for line in c.lines[-1:]], [line for c in first for line in c.lines[:1]]
    )
    if said is not None:
        return said
    return not repeated and (upper.open_bottom or lower.open_top)


def _merged(
    above: list[FlowCell], below: list[FlowCell], seam: int, joined: bool
) -> list[FlowCell]:
    """Both parts' cells, those that a page break cut in two as one."""
    if not joined:
        return [*above, *below]
    at = {(c.column, c.column_span): c for c in above if c.row + c.row_span == seam}
    out = list(above)
    for cell in below:
        upper = at.get((cell.column, cell.column_span)) if cell.row == seam - 1 else None
        if upper is None:
            out.append(cell)
            continue
        upper.lines = [*upper.lines, *cell.lines]
        upper.boxes = [*upper.boxes, *cell.boxes]
        upper.row_span = max(upper.row_span, cell.row + cell.row_span - upper.row)
    return sorted(out, key=lambda c: (c.row, c.column))
