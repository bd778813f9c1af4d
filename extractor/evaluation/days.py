"""Which day the words beside a figure speak of: the day asked for, another one, or none."""

from __future__ import annotations

import re
from typing import Literal

from extractor.prose.times import times
from models.writing.folding import normalise

Day = Literal["asked", "other", ""]
"""The day a report's figures are asked for; some other; the words name none."""

_BARE = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?=$|[)、,])")
"""A year by itself, as headings write it."""
_START = re.compile(r"年?初")


def day_of(words: str, asked: str) -> Day:
    """Whether the words name the day asked for (an ISO date at a year's end), or another.

    A year by itself and its end are the year's last day; a part of it is another day. Where both
    days are named, the words name the day asked for only if it comes last, nearest to the figure.

    >>> day_of("截至2021年底", "2021-12-31"), day_of("2022年一季度", "2021-12-31")
    ('asked', 'other')
    """
    text = re.sub(r"\s", "", normalise(words))
    said: list[tuple[int, Day]] = []
    for time in times(text, 0, len(text)):
        at, now = time.start, time.kind == "now" and not re.match(r"现(?!阶)", text[time.start :])
        if time.kind in ("years", "range", "since") and not _START.match(text, time.end):
            said.append((at, "asked" if time.years[-1:] == (asked[:4],) else "other"))
        elif time.years or now or time.kind == "part":
            said.append((at, "other"))
    for m in _BARE.finditer(text):
        said.append((m.start(), "asked" if m[1] == asked[:4] else "other"))
    return max(said)[1] if said else ""
