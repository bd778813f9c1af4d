"""One page → free lines and tables in reading order, each glyph in its cell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from extractor.readers.pdf.aligned import aligned_grids
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import PageContent
from extractor.readers.pdf.pieces import pieces_of
from extractor.readers.pdf.tables import Grid, find_grids
from extractor.readers.pdf.tags import Tags
from extractor.readers.pdf.text import TextLine, lay_out
from models.types import Bbox

MOST_OVER = 4
"""Characters of one run that lie beyond its cell's edge."""
SLIVER = 7.0
"""A column narrower than this holds no letters."""


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
    sure: float = 1.0
    """How sure it is that it is one cell, and stands in its row."""

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
    """Cut off by the page break: no line along that edge."""
    cut_top: bool = False
    cut_bottom: bool = False
    """Likewise, and the break goes through a row's text, not just between two rows."""
    inner: list[FlowTable] = field(default_factory=list)
    aligned: bool = False
    """No line is drawn down its sides: its edges are those of its text."""
    whole_top: bool = False
    whole_bottom: bool = False
    """What the break cut off beyond that edge was blank: the row there is all of its row."""

    @property
    def columns(self) -> int:
        return len(self.xs) - 1


Item = TextLine | FlowTable


def page_grids(content: PageContent, tags: Tags | None = None) -> tuple[list[Grid], list[Grid]]:
    """The page's tables: those that lines draw, and those that only the set of their text tells."""

    def said(glyph: Glyph) -> int | None:
        return tags.cell(content.number, glyph.mcid) if tags is not None else None

    pieces = pieces_of(content.glyphs, said) if content.rules else []
    grids = find_grids(content.rules, content.width, content.height, pieces)
    in_grids = {id(g) for grid in grids for g in content.glyphs if _holds(grid.bbox, g)}
    loose = [g for g in content.glyphs if id(g) not in in_grids]
    tables = [g.bbox for g in grids if len(g.cells) > 1]
    return grids, aligned_grids(loose, content.rules, said, content.fills, tables)


def page_items(content: PageContent, tags: Tags | None = None) -> list[Item]:
    """Tables and free lines of a page from top to bottom."""

    grids, aligned = page_grids(content, tags)
    free = list(content.glyphs)
    tables: list[FlowTable] = []
    drawn = {id(g) for g in grids}
    for grid in [*grids, *aligned]:
        inside = [g for g in free if _holds(grid.bbox, g)]
        table = _table(grid, inside, content.number)
        lines = [line for cell in table.cells for line in cell.lines]
        table.aligned = id(grid) not in drawn
        if not lines or (len(table.cells) == 1 and len(lines) == 1):
            continue  # a drawing, or a frame round one line (a form field, a boxed heading)
        if len(table.cells) == 1 and _is_frame(table):
            tables += table.inner
        else:
            tables.append(table)
        taken = {id(g) for line in lines for g in line.glyphs}
        free = [g for g in free if id(g) not in taken]
    items: list[Item] = [*lay_out(free, content.number), *tables]
    return sorted(items, key=_top)


def drawn_cells(items: list[Item], content: PageContent) -> int:
    """How many cells hold no character, but shapes or pictures as large as letters."""
    if not content.letters:
        return 0
    return sum(
        any(x0 <= (a + c) / 2 <= x1 and y0 <= (b + d) / 2 <= y1 for a, b, c, d in content.letters)
        for item in items
        if isinstance(item, FlowTable)
        for cell in item.cells
        if not cell.lines
        for x0, y0, x1, y1 in [cell.boxes[0][1]]
    )


def slim(items: list[Item]) -> None:
    """Lets go of the glyphs that nobody will ask for, for a document of very many pages."""
    for item in items:
        cells = [] if isinstance(item, TextLine) else item.cells
        lines = [item] if isinstance(item, TextLine) else [n for c in cells for n in c.lines]
        for line in lines:
            line.glyphs = [
                g if g is not None and (g.mark or not g.text.isalnum()) else None
                for g in line.glyphs
            ]


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
    at: list[int] = []
    for glyph in glyphs:
        x, y = _centre(glyph)
        row = min(max(bisect_right(grid.ys, y) - 1, 0), len(grid.ys) - 2)
        column = min(max(bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)
        at.append(owner.get((row, column), -1))
    _take_back(grid, glyphs, at)
    held: list[list[Glyph]] = [[] for _ in grid.cells]
    for glyph, index in zip(glyphs, at, strict=True):
        if index >= 0:
            held[index].append(glyph)
    cells = [
        FlowCell(
            c.row, c.column, c.row_span, c.column_span,
            lay_out(held[i], page), [(page, c.bbox)], c.sure,
        )
        for i, c in enumerate(grid.cells)
    ]  # fmt: skip
    inner = [_table(g, [c for c in glyphs if _holds(g.bbox, c)], page) for g in grid.inner]
    inner = [t for t in inner if any(c.lines for c in t.cells)]
    table = FlowTable(
        grid.xs, len(grid.ys) - 1, cells, [(page, grid.bbox)],
        grid.open_top, grid.open_bottom, grid.open_top, grid.open_bottom, inner,
        whole_top=grid.closed[0], whole_bottom=grid.closed[1],
    )  # fmt: skip
    _drop_slivers(table)
    if table.open_bottom and _only_spans(table, table.rows - 1):
        table.cut_bottom, table.whole_bottom = False, True
        _drop_row(table, table.rows - 1)
    if table.open_top and _only_spans(table, 0):
        table.cut_top, table.whole_top = False, True
        _drop_row(table, 0)
    return table


def _take_back(grid: Grid, glyphs: list[Glyph], at: list[int]) -> None:
    """Characters that run over their cell's edge go back into the cell; `at` is changed in place.

    Only where one of them lies across the edge, and fewer lie beyond it than before it.
    """
    start = 0
    for i in range(1, len(glyphs) + 1):
        if i < len(glyphs) and _one_run(grid, glyphs, at, i):
            continue
        cells = at[start:i]
        if len(set(cells)) > 1:
            home = max(dict.fromkeys(cells), key=cells.count)
            if 2 * cells.count(home) > len(cells) and len(cells) - cells.count(home) <= MOST_OVER:
                at[start:i] = [home] * len(cells)
        start = i


def _one_run(grid: Grid, glyphs: list[Glyph], at: list[int], i: int) -> bool:
    """Whether a glyph was set in one go with the one painted before it, across an edge or not."""
    before, glyph = glyphs[i - 1], glyphs[i]
    em = glyph.size
    if glyph.turn or before.turn or glyph.mark or before.mark or glyph.text.isspace():
        return False
    if abs(glyph.size - before.size) > 0.1 or abs(glyph.base - before.base) > 0.05 * em:
        return False
    if abs(glyph.x0 - before.x1) > 0.12 * em:
        return False
    if at[i] == at[i - 1] or at[i] < 0 or at[i - 1] < 0:
        return at[i] == at[i - 1]
    edge = grid.cells[at[i]].bbox[0]
    if abs(grid.cells[at[i - 1]].bbox[2] - edge) > 1:
        return False
    return before.x1 > edge + 0.08 * em or glyph.x0 < edge - 0.08 * em


def _is_frame(table: FlowTable) -> bool:
    """Whether a single cell is but a frame round the tables in it."""
    inside = sum(len(line.text) for t in table.inner for c in t.cells for line in c.lines)
    return bool(inside) and inside >= len(table.cells[0].text.replace(" ", "").replace("\n", ""))


def _drop_slivers(table: FlowTable) -> None:
    """Without columns too narrow for any letter: the margin beside a table set into a cell."""
    for column in range(table.columns - 1, -1, -1):
        if table.columns < 2 or table.xs[column + 1] - table.xs[column] >= SLIVER:
            continue
        if any(c.lines and c.column == column and c.column_span == 1 for c in table.cells):
            continue
        kept: list[FlowCell] = []
        for cell in table.cells:
            if cell.column <= column < cell.column + cell.column_span:
                cell.column_span -= 1
            elif cell.column > column:
                cell.column -= 1
            if cell.column_span:
                kept.append(cell)
        table.cells = kept
        table.xs = [x for i, x in enumerate(table.xs) if i != (column or 1)]


def _only_spans(table: FlowTable, row: int) -> bool:
    """Whether nothing but merged cells and the table's own border runs through a row."""
    if table.rows < 2:
        return False
    here = [c for c in table.cells if c.row <= row < c.row + c.row_span]
    return not any(c.lines for c in here if c.row_span == 1)


def _drop_row(table: FlowTable, row: int) -> None:
    kept: list[FlowCell] = []
    for cell in table.cells:
        if cell.row <= row < cell.row + cell.row_span:
            cell.row_span -= 1
        elif cell.row > row:
            cell.row -= 1
        if cell.row_span:
            kept.append(cell)
    table.cells = kept
    table.rows -= 1
