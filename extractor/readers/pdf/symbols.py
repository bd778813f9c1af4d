"""Characters of symbol fonts (Wingdings and its like) as the pictures they print."""

from __future__ import annotations

import re

from extractor.locating.marks import glyph_of, symbol_font, without_sentinels
from extractor.readers.pdf.pages import PageContent
from models.types import Mark

_NAMELESS = re.compile(
    r"(?:cid)?(?:font)?\+?(?:[a-z]{1,3}[_\d-]*\d*|font[_\d]*|none|unknown)?", re.I
)


def plain_symbols(content: PageContent) -> None:
    """Pictures of named symbol fonts become plain Unicode; sentinels of the file's own go.

    A private-use character in a font of letters prints as an empty frame: the producer had no
    symbol font, and gave every missing picture the code of the first one. Whether such a box is
    ticked cannot be told. In a font without a proper name it is left as it is, to be guessed at.
    """
    for glyph in content.glyphs:
        glyph.text = without_sentinels(glyph.text)
        if len(glyph.text) != 1:
            continue
        if symbol_font(glyph.font):
            glyph.text = glyph_of(glyph.text, glyph.font)
        elif private(glyph.text) and not _NAMELESS.fullmatch(glyph.font.split("+", 1)[-1]):
            glyph.mark = Mark(None, "glyph", 0.5)
    content.glyphs = [g for g in content.glyphs if g.text]


def private(char: str) -> bool:
    """A private-use character that is a tick or a box in the fonts forms use."""
    return "\uf020" <= char <= "\uf0ff" and glyph_of(char) != char
