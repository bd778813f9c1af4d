"""Word's two counts from their definition (contract), apart from the tool's own counting."""

from __future__ import annotations

import re

# ideographs, kana, full-width forms and CJK punctuation, and the quotation marks, dashes and dots
# that Chinese text shares with others
_WIDE = r"\u2010-\u2027\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+")


def characters(text: str) -> int:
    """Each CJK character or full-width mark is one, any other unbroken run is one."""
    return sum(1 for _ in _TOKEN.finditer(text.replace("\u3000", " ")))


def characters_no_spaces(text: str) -> int:
    return sum(1 for char in text if not char.isspace())
