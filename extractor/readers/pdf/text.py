"""Glyphs that belong together (a cell, a stretch of page) → visual lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractor.readers.pdf.glyphs import Glyph
from models.types import Bbox

CJK_GAP = 0.8
"""Blank, in ems, that is a space between CJK characters (Word puts 1/4 em beside Latin)."""
LATIN_GAP = 0.22
"""Blank, in ems, that is a space between two Latin letters or digits."""

FIGURES_GAP = 0.8
"""Blank, in ems, between two figures that are none of one another's groups of digits; it stands
as two spaces."""

MOST_PAIRS = 250_000
"""Glyphs of two rows compared with one another, at most."""


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def is_raised(glyph: Glyph, before: Glyph) -> bool:
    """Whether a character is set smaller and higher right behind another: a footnote's number."""
    size = before.size
    if glyph.size > 0.85 * size or glyph.turn or before.turn:
        return False
    up, gap = before.base - glyph.base, glyph.x0 - before.x1
    return 0.12 * size < up < 0.75 * size and -0.2 * size < gap < 0.4 * size


@dataclass(slots=True)
class TextLine:
    """One visual line; `glyphs[i]` drew text[i], None for a space put in for a gap."""

    text: str
    glyphs: list[Glyph | None]
    page: int
    bbox: Bbox
    base: float
    size: float
    turn: int = 0
    joined: bool = False
    """It belongs to the paragraph of the line before it, wherever it stands."""


def lay_out(glyphs: Iterable[Glyph], page: int) -> list[TextLine]:
    """Visual lines, top to bottom, each left to right; turned text line by line as it is read.

    Lines of blanks only are left out, blanks at a line's end too.
    """
    turns: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        turns.setdefault(glyph.turn, []).append(glyph)
    lines: list[TextLine] = []
    for turn in sorted(turns, key=lambda t: min(g.top for g in turns[t])):
        for row in _rows(turns[turn]):
            line = _line(row, page, turn)
            if line is not None:
                lines.append(line)
    return lines


def _along(glyph: Glyph) -> tuple[float, float]:
    """The glyph's extent in the direction of reading."""
    if glyph.turn == 0:
        return glyph.x0, glyph.x1
    if glyph.turn == 180:
        return -glyph.x1, -glyph.x0
    if glyph.turn == 90:
        return -glyph.bottom, -glyph.top
    return glyph.top, glyph.bottom


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs by baseline, with raised and lowered ones in the line they belong to."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if rows and glyph.base - rows[-1][-1].base <= 0.12 * min(glyph.size, rows[-1][-1].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    merged = rows[:1]
    for row in rows[1:]:
        if _same_line(merged[-1], row):
            merged[-1] = merged[-1] + row
        else:
            merged.append(row)
    return merged


def _same_line(upper: list[Glyph], lower: list[Glyph]) -> bool:
    sizes = [
        max((g.size for g in row if not g.text.isspace()), default=0) for row in (upper, lower)
    ]
    big = max(sizes)
    apart = _middle(lower) - _middle(upper)
    if apart > 0.62 * big:
        return False
    if not min(sizes):  # blanks only
        return apart <= 0.45 * big
    overlap = _overlap(upper, lower)
    if min(sizes) <= 0.8 * big:  # a superscript, a small note beside large type
        return apart <= 0.55 * big and overlap <= 0.3 * min(sizes)
    return apart <= 0.45 * big and overlap <= 0.3 * big


def _middle(row: list[Glyph]) -> float:
    bases = sorted(g.base for g in row)
    return bases[len(bases) // 2]


def _overlap(upper: list[Glyph], lower: list[Glyph]) -> float:
    """How far ink of the two rows lies one above the other."""
    spans = sorted(_along(g) for g in upper if not g.text.isspace())
    total = 0.0
    if len(spans) * len(lower) > MOST_PAIRS:
        return total
    for glyph in lower:
        if glyph.text.isspace():
            continue
        a0, a1 = _along(glyph)
        total += sum(max(0.0, min(a1, b1) - max(a0, b0)) for b0, b1 in spans)
    return total


_NO_START = "，。、；：！？,.;:!?%％）)】]》”’…"
_RUN = re.compile(r"([（(【《“‘]*)([\x21-\x7e]*)")


def room_needed(text: str) -> float:
    """How much of a line, in ems, the unbreakable piece takes up that a text begins with."""
    run = _RUN.match(text)
    opened, latin = run.groups() if run else ("", "")
    room = len(opened) + (0.5 * len(latin) if latin else 1.0)
    if text[1:2] and text[1] in _NO_START:
        room += 1.0  # that mark may not begin a line, and took its neighbour along
    return min(room, 12.0)


def _wide(char: str) -> bool:
    return char >= "\u2e80" or char in "“”‘’…—·"


def _line(row: list[Glyph], page: int, turn: int) -> TextLine | None:
    ordered = sorted(row, key=lambda g: _along(g)[0])
    if all(g.text.isspace() for g in ordered):
        return None
    text: list[str] = []
    owners: list[Glyph | None] = []
    last: Glyph | None = None
    for glyph in ordered:
        start, _ = _along(glyph)
        if last is not None and not glyph.text[0].isspace() and not last.text[-1].isspace():
            gap = start - _along(last)[1]
            em = max(glyph.size, last.size)
            wide = _wide(glyph.text[0]) or _wide(last.text[-1])
            if gap >= (CJK_GAP if wide else LATIN_GAP) * em:
                figures = last.text[-1].isdigit() and glyph.text[0].isdigit()
                blank = "  " if figures and gap >= FIGURES_GAP * em else " "
                text.append(blank)
                owners += [None] * len(blank)
        raised = turn == 0 and last is not None and is_raised(glyph, last)
        power = raised and text[-1][-1:].isascii() and text[-1][-1:].isalpha()  # km2
        text.append(glyph.text.translate(_RAISED) if raised and not power else glyph.text)
        owners += [glyph] * len(glyph.text)
        if last is None or _along(glyph)[1] > _along(last)[1] or not glyph.text.isspace():
            last = replace(glyph, base=last.base, size=last.size) if raised and last else glyph
    whole = "".join(text)
    kept = len(whole.rstrip())
    ink = [g for g in ordered if not g.text.isspace()]
    bbox = (
        min(g.x0 for g in ink), min(g.top for g in ink),
        max(g.x1 for g in ink), max(g.bottom for g in ink),
    )  # fmt: skip
    size = max(g.size for g in ink)
    return TextLine(whole[:kept], owners[:kept], page, bbox, _middle(ink), size, turn)
