"""Options whose boxes stand in cells of their own, beside or below the words (是 | √ | 否 | )."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from extractor.locating.labels import fold
from extractor.locating.options import Piece
from extractor.locating.slots import Slot
from models.form import Field
from models.types import BOXES, TICKED, UNTICKED, Mark

SURE = 0.92
"""How sure it is that a blank cell is an option nobody chose, where others hold a tick."""
SIDES = ((0, -1), (0, 1), (1, 0), (-1, 0))
"""Where a box's cell may stand: steps by rows and columns from the words' cell."""


def in_pieces(field: Field, slots: Sequence[Slot]) -> list[Piece]:
    """The cells a question was answered in; where boxes have cells of their own, each is put
    before the words it belongs to, if there is but one way to do so."""
    words = [s for s in slots if s.column and not s.marks and _is_option(field, s.text)]
    boxes = [s for s in slots if s.column and s.marks and not fold(_bare(s.text))]
    blanks = [s for s in slots if s.column and not s.text.strip()]
    if len(words) > 1 and boxes:
        ways = [w for side in SIDES if (w := _paired(words, boxes, blanks, side))]
        if len(ways) == 1:
            used = {id(s) for pair in ways[0] for s in pair}
            rest = [(s.text, s.marks, s.evidence) for s in slots if id(s) not in used]
            return [_piece(w, box) for w, box in ways[0]] + [p for p in rest if p[0].strip()]
    return [(s.text, s.marks, s.evidence) for s in slots]


def _paired(
    words: Sequence[Slot], boxes: Sequence[Slot], blanks: Sequence[Slot], side: tuple[int, int]
) -> list[tuple[Slot, Slot]]:
    """Each option's words with the cell on one side of them; none where one has no such cell."""
    rows, columns = side
    free = [*boxes, *blanks]
    pairs: list[tuple[Slot, Slot]] = []
    for word in words:
        near = [
            s
            for s in (*free, *(w for w in words if w is not word))
            if s.table == word.table
            and (s.row == word.row if columns else s.column == word.column)
            and (s.column - word.column) * columns + (s.row - word.row) * rows > 0
        ]
        if not near:
            return []
        nearest = min(near, key=lambda s: abs(s.column - word.column) + abs(s.row - word.row))
        if not any(nearest is s for s in free):
            return []
        pairs.append((word, nearest))
    used = {id(s) for _, s in pairs}
    if len(used) < len(pairs) or any(id(s) not in used for s in boxes):
        return []
    return pairs


def _piece(words: Slot, box: Slot) -> Piece:
    if box.marks:
        mark = box.marks[0]
    else:
        where = box.evidence
        mark = Mark(False, "glyph", SURE, page=where.page, bbox=where.bbox, place=where.place)
    return (f"{TICKED if mark.ticked else UNTICKED}{words.text}", (mark,), words.evidence)


def _is_option(field: Field, text: str) -> bool:
    said = fold(text)
    return bool(said) and any(
        said == (option := fold(o)) or (len(option) > 4 and fuzz.ratio(said, option) >= 85)
        for o in field.options
    )


def _bare(text: str) -> str:
    return "".join(c for c in text if c not in BOXES)
