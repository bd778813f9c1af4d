"""Lines of text by pdfium alone, a few calls a line: for papers of which only the words matter."""

from __future__ import annotations

import ctypes
import re
from typing import Any

from extractor.readers.pdf.text import TextLine

_ODD = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x01-\x08\x0e-\x1f\x7f-\x9f]")
_BOXES = re.compile("[□☐☑☒■√✓✔✗✘〇○●◯]")
MOST = 60_000
"""Characters of a page."""
LETTERS = 40
"""A page with fewer may be a scan, which is told glyph by glyph."""


def plain_lines(page: Any, number: int, loaded: Any = None) -> list[TextLine] | None:
    """The visible lines of a pypdfium2 page in the order of the file, with their boxes.

    None where the page must be read glyph by glyph: it is turned, has little text, tick boxes,
    invisible letters, or letters that are not what they seem. `loaded` is its text page, where
    there is one already.
    """
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    if page.get_rotation():
        return None
    text = loaded or page.get_textpage()
    try:
        count = text.count_chars()
        if not LETTERS <= count <= MOST:
            return None
        whole = text.get_text_range(errors="replace")
        if len(whole) != count or _ODD.search(whole) or _BOXES.search(whole):
            return None  # characters beyond the 16th bit shift the indices
        left, _, _, top = page.get_bbox()
        lines: list[TextLine] = []
        for match in re.finditer(r"[^\r\n]+", whole):
            at = match.start(), match.end()
            line = _line(raw, text.raw, *at, match[0], number, left, top)
            if line is None:
                return None
            if line.text:
                lines.append(line)
        return sorted(lines, key=lambda one: (round(one.base), one.bbox[0]))
    finally:
        if text is not loaded:
            text.close()


def _line(
    raw: Any, text: Any, start: int, end: int, said: str, number: int, left: float, top: float
) -> TextLine | None:
    while end > start and said[end - start - 1].isspace():
        end -= 1
    said = said[: end - start]
    box, y = raw.FS_RECTF(), ctypes.c_double()
    first, last = start, end - 1
    if not said.strip():
        return TextLine("", [], number, (0, 0, 0, 0), 0, 0)
    item = raw.FPDFText_GetTextObject(text, first)
    mode = raw.FPDFTextObj_GetTextRenderMode(item)
    if mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP):
        return None
    if abs(raw.FPDFText_GetCharAngle(text, first)) > 0.01:
        return None
    raw.FPDFText_GetLooseCharBox(text, first, box)
    x0, upper, lower = box.left - left, top - box.top, top - box.bottom
    raw.FPDFText_GetLooseCharBox(text, last, box)
    x1 = box.right - left
    raw.FPDFText_GetCharOrigin(text, first, ctypes.c_double(), y)
    size = raw.FPDFText_GetFontSize(text, first)
    tall = lower - upper
    if not 0.6 * tall <= size <= 1.6 * tall:  # scaled by the text matrix
        size = tall
    if x1 <= x0 or size < 0.5:
        return None
    base = top - y.value
    frame = (x0, base - 0.88 * size, x1, base + 0.12 * size)
    return TextLine(said, [None] * len(said), number, frame, base, size)
