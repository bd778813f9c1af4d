"""The cells of a Word table as one grid with spans, however its merges are written."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from extractor.readers.docx.raw import RawCell, RawRow
from extractor.readers.opening import LIMITS, too_large
from models.wording import say

SNAP = 90
"""Twentieths of a point by which two cell borders of one column may differ (1.6 mm)."""


@dataclass(slots=True)
class Slot:
    """A cell in its place; row and column count from 1."""

    row: int
    column: int
    row_span: int
    column_span: int
    cell: RawCell
    covered: list[RawCell]
    """Cells merged into it, whose content Word does not show."""


@dataclass(slots=True)
class _Placed:
    cell: RawCell
    start: int
    end: int
    covered: list[RawCell]


def lay_grid(rows: list[RawRow]) -> tuple[int, int, list[Slot]]:
    """(rows, columns, cells in reading order). A column is what lies between two borders that
    some cell has; what w:tblGrid says does not count, as it is often wrong."""
    placed = [_merged_across(row) for row in _by_span(rows)]
    totals = {r.before + sum(c.span for c in r.cells) + r.after for r in rows}
    if len(totals) > 1:
        by_width = _by_width(rows)
        placed = [_merged_across(row) for row in by_width] if by_width else placed
    borders = sorted({b for row in placed for p in row for b in (p.start, p.end)})
    column = {border: number for number, border in enumerate(borders, 1)}
    if len(borders) - 1 > LIMITS.columns:
        raise too_large(say("a table has more than {count} columns", count=LIMITS.columns))
    merging: dict[tuple[int, int], Slot] = {}
    slots: list[Slot] = []
    for number, row in enumerate(placed, 1):
        going: dict[tuple[int, int], Slot] = {}
        for p in row:
            at = (p.start, p.end)
            above = merging.get(at)
            if p.cell.vertical == "continue" and above is not None:
                above.row_span = number - above.row + 1
                above.covered += [p.cell, *p.covered]
                going[at] = above
                continue
            # a merge that goes on from nothing is the first cell of one, as in Word itself
            width = column[p.end] - column[p.start]
            slot = Slot(number, column[p.start], 1, width, p.cell, p.covered)
            slots.append(slot)
            if p.cell.vertical:
                going[at] = slot
        merging = going
    return len(placed), max(len(borders) - 1, 0), slots


def _by_span(rows: list[RawRow]) -> list[list[_Placed]]:
    out = []
    for row in rows:
        at, line = row.before, []
        for cell in row.cells:
            line.append(_Placed(cell, at, at + cell.span, []))
            at += cell.span
        out.append(line)
    return out


def _by_width(rows: list[RawRow]) -> list[list[_Placed]] | None:
    """By the widths the cells are drawn with, where the rows' spans contradict one another;
    None where widths are missing or of no use."""
    lines: list[list[tuple[RawCell, int, int]]] = []
    for row in rows:
        at, line = row.before_width, []
        for cell in row.cells:
            if cell.width is None or cell.width <= 0:
                return None
            line.append((cell, at, at + cell.width))
            at += cell.width
        lines.append(line)
    edges: list[int] = []
    for border in sorted({b for line in lines for _, *ends in line for b in ends}):
        if not edges or border - edges[-1] > SNAP:
            edges.append(border)
    out = []
    for line in lines:
        placed = [
            _Placed(cell, bisect_right(edges, a), bisect_right(edges, b), []) for cell, a, b in line
        ]
        if any(p.end <= p.start for p in placed):
            return None
        out.append(placed)
    return out


def _merged_across(row: list[_Placed]) -> list[_Placed]:
    """Cells merged by the old w:hMerge become one."""
    out: list[_Placed] = []
    for placed in row:
        if placed.cell.horizontal == "continue" and out:
            out[-1].end = placed.end
            out[-1].covered.append(placed.cell)
        else:
            out.append(placed)
    return out
