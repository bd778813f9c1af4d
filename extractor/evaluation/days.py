"""Which day the words beside a figure speak of: the day asked for, another one, or none."""

from __future__ import annotations

import re
from typing import Literal

from models.writing.folding import normalise

Day = Literal["asked", "other", ""]
"""The day a report's figures are asked for; some other; the words name none."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[二一][〇○零九][〇○零一二三四五六七八九]{2}(?=年)")
_PART = (
    r"(?<!\d)(?:1[01]|0?[1-9])月(?:份|底|末)?|上半年|下半年|[一二三四1-4]季度"
    r"|前[一二三四1-4两].{0,2}季度|[1-9][-~至到].{0,3}月|(?:年)?初"
)
_DAY = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年度?|(?=[./-]\d)|$|(?=[)、,，\s]))"
    rf"(?P<rest>[./-]?(?:12[./-]31|12月(?:31日|底|末)?|年?(?:底|末|终)|{_PART})?)"
)
_PARTIAL = re.compile(_PART)
_NOW = re.compile(r"目前|当前|截[至止](?:目前|当前|现在|填报|上报)|至今|迄今|今年|本年")


def day_of(words: str, asked: str) -> Day:
    """Whether the words name the day asked for (an ISO date at a year's end), or another.

    A year by itself and its end are the year's last day; a part of it is another day. Where both
    days are named, the words name the day asked for only if it comes last, nearest to the figure.

    >>> day_of("截至2021年底", "2021-12-31"), day_of("2022年一季度", "2021-12-31")
    ('asked', 'other')
    """
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", normalise(words))
    text = _CHINESE.sub(lambda m: m.group().translate(_DIGITS), text)
    year = asked[:4]
    found: Day = ""
    last = -1
    for m in _DAY.finditer(text):
        whole = not _PARTIAL.search(m["rest"])
        found = "asked" if m["year"] == year and whole else "other"
        last = m.start()
    now = max((m.start() for m in _NOW.finditer(text)), default=-1)
    return "other" if now > last else found
