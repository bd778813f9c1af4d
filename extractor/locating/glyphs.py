"""Symbol fonts: which picture a character of Wingdings and its like prints."""

from __future__ import annotations

import re
from functools import lru_cache

_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x78: "☒", 0xA1: "○",
    0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA5: "◎", 0xA8: "☐", 0xFB: "✘", 0xFC: "✔", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_WINGDINGS2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●",
    0x99: "○", 0x9A: "○", 0x9B: "○", 0x9D: "◉", 0x9E: "◉", 0xA2: "■", 0xA3: "□", 0xA4: "□",
    0xA7: "▣",
}  # fmt: skip
_WEBDINGS = {0x61: "✔", 0x63: "□", 0x67: "■", 0x72: "✖", 0x6E: "●"}
_DINGBATS = {
    0x33: "✓", 0x34: "✔", 0x35: "✕", 0x36: "✖", 0x37: "✗", 0x38: "✘", 0x6C: "●", 0x6D: "○",
    0x6E: "■", 0x6F: "❏", 0x70: "❐", 0x71: "❑", 0x72: "❒",
}  # fmt: skip
_SYMBOL = {
    0x6D: "μ", 0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD6: "√", 0xD7: "·",
}  # fmt: skip
_MARLETT = {0x61: "✓", 0x62: "✓", 0x72: "✖"}
_SEGOE = {
    0xE001: "✓", 0xE002: "■", 0xE003: "☐", 0xE0A2: "☑", 0xE10B: "✓", 0xE73A: "☑", 0xE73B: "■",
    0xE739: "☐", 0xE73D: "☑", 0xE73E: "✓",
}  # fmt: skip
# A private-use character whose font is unknown: what it is in the fonts that forms use.
_UNKNOWN = {k: v for k, v in _WINGDINGS2.items() if k in (0x50, 0x51, 0x52, 0x53, 0x54, 0xA3)} | {
    k: v for k, v in _WINGDINGS.items() if k in (0x6F, 0xA8, 0xFB, 0xFC, 0xFD, 0xFE)
}
# LibreOffice prints Wingdings and Wingdings 2 with it, and keeps the codes they had there; what
# is ticked under a code in one of them only cannot be told.
_OPENSYMBOL = {k: v for k, v in (_WINGDINGS2 | _WINGDINGS).items() if k not in (0xA2, 0xA4)} | {
    0xA3: "□"
}
_FONTS = {
    "wingdings2": _WINGDINGS2,
    "wingdings3": {},
    "wingdings": _WINGDINGS,
    "webdings": _WEBDINGS,
    "dingbats": _DINGBATS,
    "marlett": _MARLETT,
    "opensymbol": _OPENSYMBOL,
}
_SEGOE_FONTS = ("segoe", "fluent")


def symbol_font(font_name: str) -> bool:
    """Whether letters in this font are pictures (Wingdings and its like)."""
    return bool(_table(font_name))


@lru_cache(maxsize=500)
def _table(font_name: str) -> dict[int, str]:
    name = re.sub(r"[\s_-]", "", font_name.split("+")[-1].lower())
    if name.startswith(("segoeuisymbol", *_SEGOE_FONTS)):
        return {}
    if name.startswith("symbol"):
        return _SYMBOL
    return next((table for key, table in _FONTS.items() if key in name), {})


def glyph_of(char: str, font_name: str = "") -> str:
    """What a character of a symbol font looks like, as plain Unicode: ☑ ☐ ☒ □ ■ √ × ● ○ …

    Takes low code points ("þ") and private-use ones (U+F0FE); the font's name as it stands in
    the file, a PDF subset prefix included, or "" where it is unknown (then only private-use
    characters are mapped). Comes back unchanged where the table knows nothing of it.
    """
    code = ord(char)
    private = 0xF000 <= code <= 0xF0FF
    low = code - 0xF000 if private else code
    if font_name:
        table = _table(font_name)
        if table and low in table:
            return table[low]
        if table or not private:
            return _SEGOE.get(code, char)
    if private:
        return _UNKNOWN.get(low, char)
    return _SEGOE.get(code, char)


def letters(text: str, ascii_font: str, hansi_font: str) -> str:
    """A run's text as printed: what stands in a symbol font as its picture, U+FFFD where the
    picture is none a form means anything by. `hansi_font` is that of characters from U+0080."""
    if not (symbol_font(ascii_font) or symbol_font(hansi_font)):
        return text
    return "".join(_letter(c, ascii_font if c < "\x80" else hansi_font) for c in text)


def _letter(char: str, font: str) -> str:
    code = ord(char)
    if not (0x21 <= code <= 0xFF or 0xF020 <= code <= 0xF0FF):
        return char
    table = _table(font)
    if not table:
        return char
    low = code & 0xFF
    if low in table:
        return table[low]
    if low == 0x20:
        return " "
    return chr(low) if table is _SYMBOL else "\ufffd"
