"""The cells of a Word table as one grid with spans, however its merges are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extractor.opening import LIMITS, too_large
from extractor.readers.ooxml import MC, W, integer, val
from models.wording import say

SNAP = 90
"""Twentieths of a point by which two cell borders of one column may differ (1.6 mm)."""

_WRAPPERS = {f"{W}{n}" for n in ("sdtContent", "customXml", "ins", "moveTo", "smartTag")}


@dataclass(slots=True)
class Slot:
    row: int
    column: int
    row_span: int
    column_span: int
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Grid:
    rows: int
    columns: int
    cells: tuple[Slot, ...]


@dataclass(slots=True)
class _Cell:
    element: etree._Element
    span: int
    width: int | None
    vertical: str
    """restart, continue or nothing."""
    horizontal: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class _Row:
    cells: list[_Cell]
    before: int
    before_width: int
    after: int


def lay_grid(table: etree._Element) -> Grid:
    """The grid of a w:tbl; row and column count from 1. Deleted rows are left out."""
    rows = [_row(r) for r in _children(table, f"{W}tr") if not _deleted(r)]
    if len(rows) > LIMITS.rows:
        raise too_large(say("a table has more than {count} rows", count=LIMITS.rows))
    rows = [r for r in rows if r.cells]
    _place(rows, table)
    open_cells: dict[int, Slot] = {}
    slots: list[Slot] = []
    for number, row in enumerate(rows, 1):
        going: dict[int, Slot] = {}
        for cell in _merged_across(row.cells):
            above = open_cells.get(cell.start)
            if cell.vertical == "continue" and above is not None:
                above.row_span = number - above.row + 1
                going[cell.start] = above
                continue
            slot = Slot(number, cell.start + 1, 1, max(cell.end - cell.start, 1), cell.element)
            slots.append(slot)
            if cell.vertical:
                going[cell.start] = slot
        open_cells = going
    width = max((s.column + s.column_span - 1 for s in slots), default=0)
    if width > LIMITS.columns:
        raise too_large(say("a table has more than {count} columns", count=LIMITS.columns))
    return Grid(len(rows), width, tuple(slots))


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those inside content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from _children(content, tag)
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)
        elif child.tag == f"{MC}AlternateContent" and len(child):
            yield from _children(child[0], tag)


def _deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _row(element: etree._Element) -> _Row:
    properties = element.find(f"{W}trPr")
    before = after = before_width = 0
    if properties is not None:
        before = integer(val(properties.find(f"{W}gridBefore")))
        after = integer(val(properties.find(f"{W}gridAfter")))
        width = properties.find(f"{W}wBefore")
        before_width = integer(None if width is None else width.get(f"{W}w"))
    cells = [_cell(c) for c in _children(element, f"{W}tc")]
    return _Row(cells, max(before, 0), max(before_width, 0), max(after, 0))


def _cell(element: etree._Element) -> _Cell:
    properties = element.find(f"{W}tcPr")
    if properties is None:
        return _Cell(element, 1, None, "", "")
    span = max(integer(val(properties.find(f"{W}gridSpan")), 1), 1)
    width = properties.find(f"{W}tcW")
    points = None
    if width is not None and width.get(f"{W}type", "dxa") == "dxa":
        points = integer(width.get(f"{W}w")) or None
    return _Cell(
        element,
        min(span, LIMITS.columns),
        points,
        _merge(properties.find(f"{W}vMerge")),
        _merge(properties.find(f"{W}hMerge")),
    )


def _merge(element: etree._Element | None) -> str:
    return "" if element is None else val(element, "continue") or "continue"


def _merged_across(cells: list[_Cell]) -> list[_Cell]:
    """Cells merged by the old w:hMerge become one."""
    out: list[_Cell] = []
    for cell in cells:
        if cell.horizontal == "continue" and out:
            out[-1].end = cell.end
        else:
            out.append(cell)
    return out


def _place(rows: list[_Row], table: etree._Element) -> None:
    """Start and end column of every cell: by its span, where all rows agree on the number of
    columns, else by the widths the cells are drawn with."""
    totals = {r.before + sum(c.span for c in r.cells) + r.after for r in rows}
    if len(totals) > 1 and _by_width(rows):
        return
    for row in rows:
        at = row.before
        for cell in row.cells:
            cell.start, cell.end = at, at + cell.span
            at = cell.end


def _by_width(rows: list[_Row]) -> bool:
    """Columns from the cells' borders; False where widths are missing or of no use."""
    borders: set[int] = set()
    for row in rows:
        at = row.before_width
        borders.add(at)
        for cell in row.cells:
            if cell.width is None:
                return False
            at += cell.width
            borders.add(at)
    edges: list[int] = []
    for border in sorted(borders):
        if not edges or border - edges[-1] > SNAP:
            edges.append(border)
    column = {b: max(i for i, e in enumerate(edges) if e <= b) for b in borders}
    for row in rows:
        at = row.before_width
        for cell in row.cells:
            cell.start = column[at]
            at += cell.width or 0
            cell.end = column[at]
            if cell.end <= cell.start:
                return False
    return True
