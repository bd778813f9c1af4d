"""Rows that were read as one: where no line is drawn between two rows of a page, or where a clerk
typed several rows into one, the cells hold a line for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from models.types import Cell, Table

MOST = 60
"""Lines of a cell that may be rows of their own."""


def split_rows(table: Table, leads: Callable[[str], bool]) -> Table:
    """The table with a row for each line where a cell's lines are all such as lead a row
    (`leads`: a serial number, a label), and with the lines of a cell that goes on over as many
    rows in these rows. The table itself where there is nothing to split."""
    parts: dict[int, int] = {}
    for cell in table.cells:
        lines = _lines(cell)
        if cell.row_span == 1 and 1 < len(lines) <= MOST and all(map(leads, lines)):
            parts[cell.row] = max(parts.get(cell.row, 1), len(lines))
    for row, count in list(parts.items()):
        said = [len(_lines(c)) for c in table.cells if c.row == row and c.row_span == 1]
        if said.count(count) < 2:  # nothing beside them has as many lines
            del parts[row]
    if not parts and not any(_listed(c) for c in table.cells):
        return table
    starts, at = {}, 1
    for row in range(1, table.rows + 2):
        starts[row] = at
        at += parts.get(row, 1)
    cells: list[Cell] = []
    for cell in table.cells:
        row = starts[cell.row]
        span = starts[min(cell.row + cell.row_span, table.rows + 1)] - row
        moved = replace(cell, row=row, row_span=span)
        lines = _lines(cell)
        if _listed(cell) or (cell.row in parts and cell.row_span == 1 and len(lines) == span):
            cells += (replace(moved, row=row + n, row_span=1, text=t) for n, t in enumerate(lines))
        else:
            cells.append(moved)
    return replace(table, rows=starts[table.rows + 1] - 1, cells=tuple(cells))


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in cell.text.split("\n") if line.strip()]


def _listed(cell: Cell) -> bool:
    """Whether a cell over several rows holds a line for each, and not one text that was broken
    to its width: then all lines but the last were as long."""
    lines = _lines(cell)
    if cell.row_span < 2 or len(lines) != cell.row_span:
        return False
    broken = len({len(line) for line in lines[:-1]}) == 1 and len(lines[-1]) <= len(lines[0])
    return not broken or len(set(lines)) < len(lines) - 1
