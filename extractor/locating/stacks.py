"""Rows that stand as one in the grid though they hold several labels, each with its own values.

Where the line between two rows is not drawn, is lost at a page's end, or was never typed, the
labels stand in one cell, and so do their values. What is on the same height belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.locating.labels import CLEAR, Heading, Vocabulary, core
from models.types import BOXES, Cell, Line, Table

MOST_LINES = 12
LABEL_LINES = 4
"""Lines of one label, at most."""

Group = tuple[int, int]
"""First line, and the one after the last."""


def stacked_labels(text: str, vocabulary: Vocabulary) -> list[Group]:
    """The lines of each label in a cell that holds nothing but two labels or more; else none.

    >>> from extractor.locating.labels import vocabulary
    >>> stacked_labels("集群总产值\\n企业上云比例", vocabulary("shandong-2024"))
    [(0, 1), (1, 2)]
    """
    lines = text.split("\n")
    if not 2 <= len(lines) <= MOST_LINES or any(line.rstrip()[-1:] in ":：" for line in lines):
        return []
    if any(c in text for c in BOXES) or _names(text, vocabulary):
        return []
    ways: list[list[Group] | None] = [[]]
    for end in range(1, len(lines) + 1):
        found: list[Group] | None = None
        for start in range(end - 1, max(end - LABEL_LINES, 0) - 1, -1):
            before = ways[start]
            if before is None or not _names("\n".join(lines[start:end]), vocabulary):
                continue
            if found is None or len(before) + 1 < len(found):
                found = [*before, (start, end)]
        ways.append(found)
    groups = ways[-1] or []
    named = {core("\n".join(lines[a:b])) for a, b in groups}
    return groups if len(groups) > 1 and len(named) == len(groups) else []


def labels_in(text: str, vocabulary: Vocabulary) -> list[Heading]:
    """The labels that stand in a text on lines or between tabs of their own, or that it is."""
    heading = vocabulary.read(text)
    if heading is not None:
        return [heading] if heading.names_field else []
    lines = re.split(r"[\n\t]+", text)
    if not 1 < len(lines) <= MOST_LINES:
        return []
    spans = ((a, b) for a in range(len(lines)) for b in range(a + 1, a + 1 + LABEL_LINES))
    read = [vocabulary.read("\n".join(lines[a:b])) for a, b in spans if b <= len(lines)]
    return [h for h in read if h is not None and h.names_field]


def _names(text: str, vocabulary: Vocabulary) -> bool:
    heading = vocabulary.read(text)
    return heading is not None and heading.names_field and heading.labels[0][1] >= CLEAR


def unstacked(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with each such row made as many as it holds labels."""
    cells = list(table.cells)
    rows = table.rows
    for label in sorted(table.cells, key=lambda c: (-c.row, c.column)):
        if label.marks or "\n" not in label.text.strip():
            continue
        groups = stacked_labels(label.text, vocabulary)
        if not groups:
            continue
        if label.row_span == len(groups):
            at = next(i for i, c in enumerate(cells) if c is label)
            cells[at : at + 1] = [
                replace(part, row=label.row + n) for n, part in enumerate(_parts(label, groups))
            ]
        elif label.row_span == 1:
            parted = _parted(cells, label, groups)
            if parted is not None:
                cells, rows = parted, rows + len(groups) - 1
    if len(cells) == len(table.cells):
        return table
    cells.sort(key=lambda c: (c.row, c.column))
    return replace(table, rows=rows, cells=tuple(cells))


def _parted(cells: list[Cell], label: Cell, groups: list[Group]) -> list[Cell] | None:
    """The cells with the label's row made several; None where the values do not say which."""
    more = len(groups) - 1
    own: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.row != label.row or cell.row_span > 1 or cell is label:
            continue
        if not cell.text.strip():
            own[id(cell)] = [cell] + [replace(cell)] * more
        elif cell.column < label.column:
            continue  # a heading of several rows, whichever they are
        elif (lines := _beside(cell, label, groups)) is not None:
            own[id(cell)] = _parts(cell, lines)
        else:
            return None
    if not any(part.text.strip() for parts in own.values() for part in parts):
        return None
    own[id(label)] = _parts(label, groups)
    out: list[Cell] = []
    for cell in cells:
        if id(cell) in own:
            out += [replace(part, row=label.row + n) for n, part in enumerate(own[id(cell)])]
        elif cell.row > label.row:
            out.append(replace(cell, row=cell.row + more))
        elif cell.row + cell.row_span > label.row:
            out.append(replace(cell, row_span=cell.row_span + more))
        else:
            out.append(cell)
    return out


def _beside(cell: Cell, label: Cell, groups: list[Group]) -> list[Group] | None:
    """Which lines of a value's cell stand beside each of the labels."""
    lines = cell.text.split("\n")
    if len(cell.lines) == len(lines) and len(label.lines) == len(label.text.split("\n")):
        middles = [_middle(label.lines[a:b]) for a, b in groups]
        heights = [_middle([line]) for line in cell.lines]
        nearest = [min(range(len(groups)), key=lambda n: abs(middles[n] - y)) for y in heights]
        if nearest == sorted(nearest) and len({x.page for x in (*cell.lines, *label.lines)}) == 1:
            ends = [sum(n <= k for n in nearest) for k in range(len(groups))]
            return list(zip([0, *ends], ends, strict=False))
    if len(lines) == len(groups) and all(line.strip() for line in lines):
        return [(n, n + 1) for n in range(len(groups))]
    return None


def _middle(lines: Sequence[Line]) -> float:
    return (min(x.bbox[1] for x in lines) + max(x.bbox[3] for x in lines)) / 2


def _parts(cell: Cell, groups: Sequence[Group]) -> list[Cell]:
    """A cell's groups of lines, each as a cell of one row."""
    starts = [0]
    for line in cell.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    parts: list[Cell] = []
    for a, b in groups:
        start, end = starts[a], max(starts[b] - 1, starts[a])
        boxes = [i for i, c in enumerate(cell.text) if c in BOXES]
        marks = [m for i, m in zip(boxes, cell.marks, strict=False) if start <= i < end]
        lines = [
            replace(x, start=x.start - start, end=x.end - start)
            for x in cell.lines
            if start <= x.start and x.end <= end and x.end > x.start
        ]
        place = lines[0] if lines else None
        parts.append(
            replace(
                cell,
                row_span=1,
                text=cell.text[start:end],
                marks=tuple(marks),
                lines=tuple(lines),
                bbox=place.bbox if place else cell.bbox,
                page=place.page if place else cell.page,
                numbering=(),
            )
        )
    return parts
