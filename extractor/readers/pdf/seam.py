"""Is the first row after a page break the rest of the row before it? Told by the texts alone.

Word tags its rows and Chromium leaves the cut edges open; LibreOffice and WPS draw the two
halves like two rows. Then a row is one only where everything speaks for it: two rows made one
would put a figure beside a wrong label, and cost more than one row left in two.
"""

from __future__ import annotations

import re

from extractor.readers.pdf.items import FlowCell
from extractor.readers.pdf.text import room_needed
from models.types import BOXES

PADDING = 12.0
"""Points of a cell's own blank beside its text, at most."""
_OPEN, _CLOSE = "（(【[《“", "）)】]》”"
_SENTENCE_END = "。！？!?；;"
_BOXES = "□☑☒■√✓▢◻☐○●" + BOXES
_BOX_RUN = re.compile(rf"[{_BOXES}][{_BOXES}\s]*")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CJK = re.compile("[\u3400-\u9fff]")


def broken_row(last: list[FlowCell], first: list[FlowCell], floor: float) -> bool:
    """`last` and `first` are the cells of the rows before and after the break, column by column.

    `floor` is how far down the pages are filled: a row is only broken where the page is full.
    """
    going = [(a, b) for a, b in zip(last, first, strict=True) if b.lines]
    begun = [(a, b) for a, b in going if a.lines]
    if not begun or not all(a.lines or _set_low(b) for a, b in going):
        return False
    going = begun
    size = min(a.lines[-1].size for a, _ in going)
    if last[0].boxes[-1][1][3] < floor - 2.2 * size:
        return False
    lowest = max(a.lines[-1].bbox[3] for a in last if a.lines)
    if any(a.lines[-1].bbox[3] < lowest - 0.9 * size for a, _ in going):
        return False  # there was room left for another line of this cell
    (label, rest), others = (last[0], first[0]), [p for p in going if p[0] is not last[0]]
    if not rest.lines:
        return bool(label.lines) and all(
            goes_on_in(a, b, 2) or a.text[-1] in "：:" or _long(a, b) for a, b in going
        )
    if len(last) == 1:
        return goes_on_in(label, rest) and _prose(label)
    if not all(goes_on_in(a, b) for a, b in going):
        return False
    if _closes(label, rest):
        return True
    if any(_listing(a, b) or _prose(a) or _closes(a, b) or _remark(b) for a, b in others):
        return True
    # only labels go on: of a row that is filled in, as a row left blank follows one rarely
    quiet = [(a, b) for a, b in zip(last, first, strict=True) if (a, b) not in going]
    done = sum(bool(a.lines or b.lines) for a, b in quiet)
    return done > 0 and done * 2 >= len(quiet)


def blank_rest(last: list[FlowCell], following: list[FlowCell], floor: float) -> bool:
    """Whether a blank row below the break is what was left of a tall row, not one of a list."""
    written = [c for c in last if c.lines]
    if not written or (following and not any(c.lines for c in following)):
        return False
    return last[0].boxes[-1][1][3] >= floor - 2.2 * written[0].lines[-1].size


def goes_on_in(a: FlowCell, b: FlowCell, options: int = 3) -> bool:
    """Whether the text of `b` looks like the rest of the text of `a`.

    `options`: how many lines make a list of options.
    """
    if _closes(a, b) or _listing(a, b, options) or _remark(b):
        return True
    if not _CJK.search(a.lines[-1].text) and not _CJK.search(b.lines[0].text):
        return False  # two figures are never one
    if not _full(a, b):
        return False
    return a.text[-1] not in _SENTENCE_END or len(a.lines) >= 2


def spans_on(a: FlowCell, b: FlowCell, torn: bool) -> bool:
    """Whether a cell merged over rows goes on below the break, where the row itself does not.

    `torn`: the page break left edges of the table undrawn.
    """
    if not a.lines or (a.row_span == 1 and b.row_span == 1 and not (torn and not b.lines)):
        return False
    if not b.lines or _closes(a, b) or _remark(b):
        return True
    if a.row_span == 1 and a.text.rstrip()[-1] in _CLOSE:
        return False  # a unit ends the label of its row
    line = a.lines[-1]
    filled = a.boxes[-1][1][3] - line.bbox[3] < 0.9 * line.size
    return filled and b.row_span > 1 and _full(a, b)


def _full(a: FlowCell, b: FlowCell) -> bool:
    """Whether the last line of `a` has no room for what `b` begins with."""
    x0, _, x1, _ = a.boxes[-1][1]
    line = a.lines[-1]
    left, right = min(t.bbox[0] for t in a.lines) - x0, x1 - line.bbox[2]
    width = room_needed(b.lines[0].text)
    room = right - min(max(left, 0.0), PADDING)
    if len(a.lines) == 1 and abs(left - right) <= 0.6 * line.size:  # set to the middle
        room = max(room, left + right - PADDING)
    return room < (width + 0.05) * line.size


def running(cell: FlowCell) -> bool:
    """Whether a cell ends in a line of running text, or is a list of options."""
    return _prose(cell) or bool(_BOX_RUN.search(cell.text))


def _remark(cell: FlowCell) -> bool:
    """Whether a cell holds a unit or a remark in brackets, which is no label or value by itself."""
    return bool(_IN_BRACKETS.fullmatch(cell.text.strip()))


def _prose(cell: FlowCell) -> bool:
    line = cell.lines[-1]
    return len(_CJK.findall(line.text)) >= 8


def _long(a: FlowCell, b: FlowCell) -> bool:
    """Paragraphs on both sides, of a kind that fills one cell and has one label."""
    return len(a.lines) >= 4 and len(_CJK.findall(a.text)) >= 80 and len(_CJK.findall(b.text)) >= 20


def _set_low(cell: FlowCell) -> bool:
    """Blank lines stand above the text (年 月 日, a seal): the first of them before the break."""
    _, top, _, bottom = cell.boxes[0][1]
    first, last = cell.lines[0], cell.lines[-1]
    above = first.bbox[1] - top
    return above > 1.5 * first.size and bottom - last.bbox[3] < 0.6 * above


def _closes(a: FlowCell, b: FlowCell) -> bool:
    """A bracket opened in `a` is closed in `b`."""
    depth = sum(a.text.count(c) for c in _OPEN) - sum(a.text.count(c) for c in _CLOSE)
    if depth <= 0:
        return False
    closed = next((i for i, c in enumerate(b.text) if c in _CLOSE), -1)
    opened = next((i for i, c in enumerate(b.text) if c in _OPEN), len(b.text))
    return 0 <= closed < opened


def _listing(a: FlowCell, b: FlowCell, least: int = 3) -> bool:
    """Options, one to a line, before and after the break."""
    boxes = [len(_BOX_RUN.findall(line.text)) for line in a.lines]
    if len(a.lines) + len(b.lines) < least or b.lines[0].text.strip()[0] not in _BOXES:
        return False
    return max(boxes) == 1 and a.lines[boxes.index(1)].text.strip()[0] in _BOXES
