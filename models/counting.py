"""How long a text is, as Word's own word count tells it."""

from __future__ import annotations

import re


def count_characters(text: str) -> tuple[int, int]:
    wide = "\u2010-\u2027\u2030-\u205e\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef"
    runs = re.findall(rf"[{wide}\U00020000-\U0003ffff]|[^\s{wide}\U00020000-\U0003ffff]+", text)
    return len(runs), sum(not c.isspace() for c in text)
