"""A scanned page as it was read, and its blocks put where they stand on the paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import Rule
from models.types import Bbox, Block, Cell, Line, Mark, Paragraph

UNWALLED = 0.8
"""How sure it is what a cell holds whose walls are not drawn: which row and column a figure
belongs to, its place alone says."""
FEW_WALLS = 2.5
MANY_OPEN, MOST_OPEN = 0.03, 0.3
"""Walls that are not drawn, at least, and as a part of a table's cells, from which the cells
beside them are doubtful too; the part of cells without a wall from which all are."""
BORDER, STRAIGHT = 4.0, 6.0
"""Points that a cell's side is away from its table's, and figures of a column from one another,
at most."""
CLEARLY = 0.9
"""How sure the recogniser must be of a tick that stands for itself."""
UNREAD = 0.3
"""How sure it is what a cell says that has unreadable ink in it."""


_FIGURE = re.compile(r"[0-9０-９][0-9０-９.,，．%％]*")
_NUMBERS = re.compile(r"[0-9０-９][0-9０-９.,，．]*")
_VALUE = re.compile(
    r"[+\-－]?[0-9０-９][0-9０-９.,，．]*\s*[%％]?[^\W\d]{0,6}(/[^\W\d]{1,4})?|[无—/／-]+"
)
_SEVERAL = re.compile(r"[0-9０-９.,，．%％\s]+")


@dataclass(slots=True)
class ScannedPage:
    """What stands on a scanned page, in points of the page put upright."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    sures: list[float] = field(default_factory=list)
    """How sure each glyph is, 0 to 1."""
    rules: list[Rule] = field(default_factory=list)
    unread: list[Bbox] = field(default_factory=list)
    """Places in cells with ink on them that could not be read."""
    back: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    """x, y, 1 of the upright page → those of the page as it is shown (three rows of three)."""
    shown: tuple[float, float] = (0.0, 0.0)
    """Width and height of the page as it is shown."""


def on_paper(blocks: Sequence[Block], pages: Sequence[ScannedPage]) -> list[Block]:
    """The blocks with their certainty, and with every box where the page as shown has it."""
    by_number = {p.number: p for p in pages}
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines = _lines(block.lines, by_number)
            out.append(
                replace(
                    block, lines=lines, marks=_marks(block.marks, by_number),
                    bbox=_shown(block.bbox, block.page, by_number), sure=_least(lines),
                )
            )  # fmt: skip
        else:
            cells = tuple(_cell(c, by_number) for c in _doubted(block.cells, by_number))
            bbox = _shown(block.bbox, block.page, by_number)
            out.append(replace(block, cells=cells, bbox=bbox))
    return out


def _cell(cell: Cell, pages: dict[int, ScannedPage]) -> Cell:
    lines = _lines(cell.lines, pages)
    sure = _least(lines)
    page = pages.get(cell.page or 0)
    if page is not None and cell.bbox is not None:
        sure = min(sure, cell.sure)
        said = [cell.text[line.start : line.end].strip() for line in lines]
        if len(said) > 1 and all(_FIGURE.fullmatch(t) for t in said):
            sure = min(sure, UNREAD)  # figures of two rows, where no line parts them
        for box in page.unread:
            if _centre_in(box, cell.bbox):
                sure = min(sure, UNREAD)
    return replace(
        cell, lines=lines, marks=_marks(cell.marks, pages), sure=sure,
        bbox=_shown(cell.bbox, cell.page, pages),
    )  # fmt: skip


def _doubted(cells: Sequence[Cell], pages: dict[int, ScannedPage]) -> list[Cell]:
    """The cells, those doubtful of which it is not certain in which row and column they stand.

    A wall that is not drawn makes the cell doubtful. Where a table has lost several, others may
    be lost without a trace: then only a cell is sure that is closed on all sides, no larger than
    one row and one column, and stands beside labels that are closed too. A figure is sure all the
    same that stands level with the words of its row and with no others, and below the figures of
    its column.
    """
    edges: dict[int, list[float]] = {}
    sides: dict[int, list[float]] = {}
    for cell in cells:
        if cell.page in pages and cell.bbox is not None:
            edges.setdefault(cell.page, []).extend((cell.bbox[1], cell.bbox[3]))
            sides.setdefault(cell.page, []).extend((cell.bbox[0], cell.bbox[2]))
    lost = {}
    for cell in cells:
        page = pages.get(cell.page or 0)
        if page is not None and cell.bbox is not None:
            ends = min(edges[page.number]), max(edges[page.number])
            beside = min(sides[page.number]), max(sides[page.number])
            lost[id(cell)] = _lost_walls(cell.bbox, page.rules, ends, beside)
    open_cells = [c for c in cells if lost.get(id(c))]
    walls = sum(lost.values()) / 2  # most stand between two cells
    broken = walls >= max(FEW_WALLS, MANY_OPEN * len(lost))
    bare = len(open_cells) > MOST_OPEN * len(lost)
    rows = {r for c in open_cells for r in range(c.row, c.row + c.row_span)}
    level = _level(cells) if bare or open_cells else set()

    def sure(cell: Cell) -> bool:
        if id(cell) not in lost or id(cell) in level:
            return True
        if lost[id(cell)]:
            return False
        if not broken:
            return True
        return not bare and cell.row_span == cell.column_span == 1 and cell.row not in rows

    return [c if sure(c) else replace(c, sure=min(c.sure, UNWALLED)) for c in cells]


def _level(cells: Sequence[Cell]) -> set[int]:
    """The cells with one figure whose place tells their row and column without walls (by id).

    A cell with several figures has lost a wall: nothing in its rows and columns is certain.
    """
    torn_rows: set[int] = set()
    torn_columns: set[int] = set()
    figures: list[tuple[Cell, Bbox]] = []
    labels: list[tuple[Cell, Bbox]] = []
    for cell in cells:
        if not cell.lines or cell.bbox is None:
            continue
        boxes = [line.bbox for line in cell.lines]
        box = (
            min(b[0] for b in boxes), min(b[1] for b in boxes),
            max(b[2] for b in boxes), max(b[3] for b in boxes),
        )  # fmt: skip
        value = _VALUE.fullmatch(cell.text.strip())
        if not value or cell.text.strip().endswith("年"):
            labels.append((cell, box))
        if value and len(boxes) == 1:
            figures.append((cell, box))
        if len(_NUMBERS.findall(cell.text)) > 1 and (
            all(_VALUE.fullmatch(t.strip()) for t in cell.text.split("\n"))
            or _SEVERAL.fullmatch(cell.text.strip())
        ):
            torn_rows |= set(range(cell.row, cell.row + cell.row_span))
            torn_columns |= set(range(cell.column, cell.column + cell.column_span))
    out: set[int] = set()
    for cell, box in figures:
        own = [
            (c, b) for c, b in labels
            if c.page == cell.page and c.column < cell.column
            and c.row <= cell.row < c.row + c.row_span
        ]  # fmt: skip
        if not own or cell.row in torn_rows or cell.column in torn_columns or cell.row_span > 1:
            continue
        label, words = max(own, key=lambda o: o[0].column)
        middle = (box[1] + box[3]) / 2
        others = [
            b for c, b in labels
            if c.page == cell.page and c.column == label.column and c is not label
        ]  # fmt: skip
        beside = [b for c, b in figures if c.page == cell.page and c.column == cell.column]
        if (
            words[1] - 1 <= middle <= words[3] + 1
            and not any(b[1] - 2 <= middle <= b[3] + 2 for b in others)
            and sum(_in_line(box, b) for b in beside) >= 0.8 * len(beside)
        ):
            out.add(id(cell))
    return out


def _in_line(box: Bbox, other: Bbox) -> bool:
    """Whether two lines of text begin, end or have their middle at one place."""
    middles = (box[0] + box[2]) / 2 - (other[0] + other[2]) / 2
    return min(abs(middles), abs(box[0] - other[0]), abs(box[2] - other[2])) <= STRAIGHT


def _lost_walls(
    box: Bbox, rules: Sequence[Rule], ends: tuple[float, float], sides: tuple[float, float]
) -> int:
    """How many sides of a cell are not drawn for at least half of their length; where a table
    goes over the page's end it need not be closed, nor at its left and right."""
    x0, top, x1, bottom = box
    lost = 0
    for horizontal, at, start, end in (
        (True, top, x0, x1), (True, bottom, x0, x1),
        (False, x0, top, bottom), (False, x1, top, bottom),
    ):  # fmt: skip
        if horizontal and at in ends:
            continue
        if not horizontal and any(abs(at - side) <= BORDER for side in sides):
            continue
        own = [
            min(r.end, end) - max(r.start, start)
            for r in rules
            if r.horizontal == horizontal and abs(r.at - at) <= 4
        ]
        lost += sum(n for n in own if n > 0) < 0.5 * (end - start)
    return lost


def _least(lines: Sequence[Line]) -> float:
    return min((line.sure for line in lines), default=1.0)


def _lines(lines: Sequence[Line], pages: dict[int, ScannedPage]) -> tuple[Line, ...]:
    out = []
    for line in lines:
        page = pages[line.page]
        sure = min(
            (
                s
                for g, s in zip(page.glyphs, page.sures, strict=True)
                if _centre_in(g.bbox, line.bbox)
            ),
            default=0.5,
        )
        shown = _shown(line.bbox, line.page, pages) or line.bbox
        out.append(replace(line, bbox=shown, sure=sure))
    return tuple(out)


def _marks(marks: Sequence[Mark], pages: dict[int, ScannedPage]) -> tuple[Mark, ...]:
    """Marks where they stand; those that only the recogniser saw, and not for certain, need a
    look."""
    out = []
    for mark in marks:
        sure = mark.confidence
        if mark.how not in ("ink", "drawing"):
            sure = min(sure, 0.95 if _clearly_read(mark, pages) else 0.85)
        out.append(replace(mark, bbox=_shown(mark.bbox, mark.page, pages), confidence=sure))
    return tuple(out)


def _clearly_read(mark: Mark, pages: dict[int, ScannedPage]) -> bool:
    """Whether the recogniser was certain of each character that makes a mark."""
    page, box = pages.get(mark.page or 0), mark.bbox
    if page is None or box is None:
        return False
    pairs = zip(page.glyphs, page.sures, strict=True)
    own = [s for g, s in pairs if _centre_in(g.bbox, box)]
    return bool(own) and min(own) >= CLEARLY


def _centre_in(box: Bbox, other: Bbox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] - 0.5 <= x <= other[2] + 0.5 and other[1] - 0.5 <= y <= other[3] + 0.5


def _shown(box: Bbox | None, number: int | None, pages: dict[int, ScannedPage]) -> Bbox | None:
    """A box of the upright page as the upright box round it on the page as shown."""
    page = pages.get(number or 0)
    if box is None or page is None:
        return box
    a, b, c, d, e, f, g, h, i = page.back
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [(a * x + b * y + c) / (g * x + h * y + i) for x, y in corners]
    ys = [(d * x + e * y + f) / (g * x + h * y + i) for x, y in corners]
    width, height = page.shown
    return (
        round(min(max(min(xs), 0.0), width), 2), round(min(max(min(ys), 0.0), height), 2),
        round(max(min(max(xs), width), 0.0), 2), round(max(min(max(ys), height), 0.0), 2),
    )  # fmt: skip
