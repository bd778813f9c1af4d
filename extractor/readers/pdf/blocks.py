"""The flow of lines and tables → the blocks of a Document, with tick boxes and places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from statistics import median

from extractor.locating.marks import PLACED, find_marks, normalise_marks
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.items import FlowTable, Item
from extractor.readers.pdf.text import TextLine, room_needed
from models.types import BOXES, Bbox, Block, Cell, Line, Mark, Paragraph, Table

_FORM_LINE = re.compile(r"_{3,}|＿{2,}|\.{6,}|…{3,}")
LAST_LETTERS = 4
"""Of a value that runs over its line, at most, where the next line begins where its own does."""
_OTHER_BOX = re.compile(f"[{PLACED}{BOXES}□▢■☒○●◉√]")
_NEW = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]\D)"
)


def blocks_of(items: Sequence[Item], sizes: Sequence[tuple[float, float]]) -> list[Block]:
    """Paragraphs and tables in reading order; `sizes` are the pages' widths and heights."""
    blocks: list[Block] = []
    paragraphs = tables = 0
    left, right = _text_area(items, sizes)
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if isinstance(item, TextLine):
            paragraphs += 1
            group = [item]
            while at < len(items):
                following = items[at]
                if not isinstance(following, TextLine):
                    break
                if not _wraps(group, following, left, right):
                    break
                group.append(following)
                at += 1
            place = f"第{item.page}页 段落{paragraphs}"
            text, marks, lines = compose(group, place)
            box = _around([t.bbox for t in group if t.page == item.page])
            blocks.append(Paragraph(text, marks, item.page, _rounded(box), place, lines))
            continue
        for table, nested in [(item, False), *((t, True) for t in item.inner)]:
            tables += 1
            blocks.append(_table(table, tables, nested))
    return blocks


def _text_area(items: Sequence[Item], sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The left and right edge of the running text, over all pages (of the first page's width)."""
    boxes = [i.bbox if isinstance(i, TextLine) else i.boxes[0][1] for i in items]
    if not boxes:
        return 0.0, 0.0
    left = min(b[0] for b in boxes)
    width = median(w for w, _ in sizes)
    furthest = max((b[2] for b in boxes if b[2] <= width + 1), default=width)
    return left, max(furthest, width - max(left, 0.12 * width))


def _wraps(group: list[TextLine], following: TextLine, left: float, right: float) -> bool:
    """Whether a line is the next visual line of the same paragraph."""
    if following.joined:
        return True
    line = group[-1]
    size = line.size
    if line.joined or line.turn or following.turn or abs(following.size - size) > 0.12 * size:
        return False
    if line.page == following.page:
        gap = following.base - line.base
        if not 0.8 * size < gap < 3.2 * size:
            return False
        if len(group) > 1 and group[-2].page == line.page:
            usual = line.base - group[-2].base
            if abs(gap - usual) > 0.35 * size:
                return False
    if right - line.bbox[2] > (
        1.2 + room_needed(following.text.strip())
    ) * size or _FORM_LINE.search(line.text):
        return False  # the line has room left
    if _NEW.match(following.text) and line.text[-1] in "。；;！？!?:：)）":
        return False
    if group[0].bbox[0] > left + 6 * size:
        return False  # set to the middle or to the right
    start = group[1].bbox[0] if len(group) > 1 else min(left + 0.5 * size, group[0].bbox[0])
    if following.bbox[0] <= start + 1.2 * size:
        return True
    # 主管部门：某县工业和信息化 / 局: set in a block of its own, the rest of a value
    own = abs(following.bbox[0] - group[0].bbox[0]) <= 0.4 * size
    labelled, parted = (any(c in t.text for c in ":：") for t in (line, following))
    return own and labelled and not parted and len(following.text.strip()) <= LAST_LETTERS


def _table(table: FlowTable, number: int, nested: bool) -> Table:
    cells: list[Cell] = []
    for cell in table.cells:
        page, box = cell.boxes[0]
        if cell.lines and cell.lines[0].page != page:
            page, box = next((b for b in cell.boxes if b[0] == cell.lines[0].page), (page, box))
        place = f"第{page}页 表{number} 行{cell.row + 1} 列{cell.column + 1}"
        text, marks, lines = compose(cell.lines, place)
        cells.append(
            Cell(
                cell.row + 1, cell.column + 1, cell.row_span, cell.column_span,
                text, marks, page, _rounded(box), place, lines, cell.sure,
            )
        )  # fmt: skip
    page, box = table.boxes[0]
    place = f"第{page}页 表{number}"
    cells.sort(key=lambda c: (c.row, c.column))
    return Table(table.rows, table.columns, tuple(cells), page, _rounded(box), place, nested)


def _rounded(box: Bbox) -> Bbox:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def _around(boxes: Sequence[Bbox]) -> Bbox:
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))


def compose(lines: list[TextLine], place: str) -> tuple[str, tuple[Mark, ...], tuple[Line, ...]]:
    """Text of visual lines with its tick boxes as ☑ and ☐, the marks, and where each line is."""
    if not any(any(line.glyphs) for line in lines):  # read line by line, and mostly without boxes
        words = "\n".join(line.text for line in lines)
        if not find_marks(words, [], wrapped=True):
            ends = list(accumulate(len(line.text) + 1 for line in lines))
            placed = zip(lines, [0, *ends], ends, strict=False)
            seen = (Line(a, b - 1, line.page, _rounded(line.bbox)) for line, a, b in placed)
            return words, (), tuple(seen)
    raw: list[str] = []
    owners: list[tuple[Glyph | None, int]] = []
    given: list[Mark] = []
    for i, line in enumerate(lines):
        if i:
            raw.append("\n")
            owners.append((None, line.page))
        for char, glyph in zip(line.text, line.glyphs, strict=True):
            if glyph is not None and glyph.mark is not None:
                char = PLACED
                given.append(glyph.mark)
            raw.append(char)
            owners.append((glyph, line.page))
    before = "".join(raw)
    found = find_marks(before, given, wrapped=True)
    text = before
    shift = list(range(len(before) + 1))
    marks: list[Mark] = []
    if found:
        text, _ = normalise_marks(before, given, wrapped=True)
        width = [1] * len(before)
        for f in found:
            width[f.start : f.end] = [1] + [0] * (f.end - f.start - 1)
            for a, b in f.dropped:
                width[a:b] = [0] * (b - a)
            glyph, page = owners[f.start]
            box = glyph.bbox if glyph is not None else f.mark.bbox
            label = _OTHER_BOX.split(f.mark.label)[0].strip()
            if glyph is not None and glyph.mark is not None and glyph.mark.label:
                label = glyph.mark.label  # the words a ring is drawn round
            marks.append(
                replace(
                    f.mark, label=label, page=page, place=place,
                    bbox=_rounded(box) if box else None,
                )
            )  # fmt: skip
        at = 0
        for i, w in enumerate(width):
            shift[i] = at
            at += w
        shift[len(before)] = at
    spans: list[Line] = []
    at = 0
    for line in lines:
        end = at + len(line.text)
        spans.append(Line(shift[at], shift[end], line.page, _rounded(line.bbox)))
        at = end + 1
    return text, tuple(marks), tuple(spans)
