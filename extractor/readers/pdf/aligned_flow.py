"""Tables without lines over a page break: their edges are those of the text, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.readers.pdf.items import FlowCell, FlowTable, Item
from extractor.readers.pdf.text import TextLine

INDENT = 20.0
"""Points from the edge of a column to its text, at most."""
FAR = 2.6
"""Ems between the lines of one cell, at most."""
_HEADING = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}、|附件)")


def fitted(upper: FlowTable, lower: FlowTable) -> bool:
    """Whether two parts may be one table; then their edges are made the same, in place.

    An edge that text alone tells lies anywhere between its columns: it is moved to where the
    other part has one, if no line of text stands across it there.
    """
    wide = min(upper.xs[-1], lower.xs[-1]) - max(upper.xs[0], lower.xs[0])
    if wide < 0.5 * min(upper.xs[-1] - upper.xs[0], lower.xs[-1] - lower.xs[0]):
        return False
    if lower.aligned:
        _indent(lower, upper.xs)
        _move(lower, upper.xs)
    if upper.aligned:
        _move(upper, lower.xs)
    left, right = min(upper.xs[0], lower.xs[0]), max(upper.xs[-1], lower.xs[-1])
    for table in (upper, lower):
        if table.aligned:
            table.xs[0], table.xs[-1] = left, right
    return True


def _indent(table: FlowTable, edges: Sequence[float]) -> None:
    """Gives a part that begins where an inner column of the other part does the blank column
    before it: the label there stands on the page before."""
    at = max((x for x in edges[1:-1] if x <= table.xs[0] + 2), default=None)
    if at is None or table.xs[0] - at > INDENT:
        return
    tops = {c.row: c.boxes[0][1] for c in table.cells}
    page = table.boxes[0][0]
    for cell in table.cells:
        cell.column += 1
    table.cells += [
        FlowCell(row, 0, 1, 1, [], [(page, (edges[0], top, at, bottom))])
        for row, (_, top, _, bottom) in tops.items()
    ]
    table.xs = [edges[0], at, *table.xs[1:]]


def _move(table: FlowTable, edges: Sequence[float]) -> None:
    for i in range(1, len(table.xs) - 1):
        near = sorted(edges[1:-1], key=lambda x: abs(x - table.xs[i]))
        for x in near:
            between = table.xs[i - 1] < x < table.xs[i + 1]
            if between and all(_beside(c, i, x) for c in table.cells):
                table.xs[i] = x
                break


def _beside(cell: FlowCell, edge: int, x: float) -> bool:
    """Whether a cell's text is on its own side of an edge that is moved to x."""
    if cell.column + cell.column_span <= edge:
        return all(line.bbox[2] <= x for line in cell.lines)
    return cell.column < edge or all(line.bbox[0] >= x for line in cell.lines)


def rest_below(upper: FlowTable, items: Sequence[Item], floor: float) -> list[Item]:
    """The items of the next page; lines at its top that stand in the columns of the table's last
    row, and nowhere else, are the first of them, as a row of that table."""
    if upper.boxes[-1][1][3] < floor - 60:
        return list(items)
    last = [c for c in upper.cells if c.row + c.row_span == upper.rows]
    held: dict[int, list[TextLine]] = {}
    taken = 0
    for item in items:
        if not isinstance(item, TextLine) or item.turn or _HEADING.match(item.text):
            break
        home = [i for i, c in enumerate(last) if _within(item, c, upper.xs)]
        low = max((line.base for lines in held.values() for line in lines), default=item.base)
        if len(home) != 1 or item.base - low > FAR * item.size:
            break
        if not last[home[0]].lines:
            break
        held.setdefault(home[0], []).append(item)
        taken += 1
    if not taken:
        return list(items)
    lines = [line for rows in held.values() for line in rows]
    page, top = lines[0].page, min(line.bbox[1] for line in lines) - 2
    bottom = max(line.bbox[3] for line in lines) + 2
    cells = [
        FlowCell(
            0, c.column, 1, c.column_span, held.get(i, []),
            [(page, (upper.xs[c.column], top, upper.xs[c.column + c.column_span], bottom))],
        )
        for i, c in enumerate(last)
    ]  # fmt: skip
    box = (upper.xs[0], top, upper.xs[-1], bottom)
    row = FlowTable(list(upper.xs), 1, cells, [(page, box)], aligned=True)
    return [row, *items[taken:]]


def _within(line: TextLine, cell: FlowCell, xs: Sequence[float]) -> bool:
    x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
    return x0 - 2 <= line.bbox[0] and line.bbox[2] <= x1 + 2
