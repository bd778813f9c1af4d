"""The numbers that a regulation's own words demand, and whether they include the number itself.

Civil Code, article 1259: 以上, 以下, 以内 and 届满 include the number; 不满, 超过 and 以外 do not.

>>> thresholds("年营业收入70亿以上", "亿元")
(Threshold(operator='at_least', number=Decimal('70'), words='70亿以上'),)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from models.writing.numerals import NotANumber, number_at

_BEFORE = {
    "不低于": "at_least",
    "不少于": "at_least",
    "不小于": "at_least",
    "至少": "at_least",
    "不超过": "at_most",
    "不高于": "at_most",
    "不多于": "at_most",
    "不大于": "at_most",
    "至多": "at_most",
    "高于": "more_than",
    "超过": "more_than",
    "大于": "more_than",
    "多于": "more_than",
    "低于": "less_than",
    "少于": "less_than",
    "小于": "less_than",
    "不满": "less_than",
    "不足": "less_than",
}
_AFTER = {"以上": "at_least", "以内": "at_most", "以下": "at_most"}

_WORD_BEFORE = re.compile("|".join(sorted(_BEFORE, key=len, reverse=True)))
_WORD_AFTER = re.compile(r"[^\d,，。;；、]{0,6}?(以上|以内|以下)")
_DIGIT = re.compile(r"[0-9〇零一二两三四五六七八九十百千]")
_MULTIPLES = {"亿": Decimal(10**8), "万": Decimal(10**4)}


@dataclass(frozen=True, slots=True)
class Threshold:
    operator: str
    number: Decimal
    """In the unit of the field."""
    words: str


def thresholds(quote: str, unit: str = "") -> tuple[Threshold, ...]:
    """Every number that the words set a bound with, as the operators of the programme files."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", quote))
    asked = _MULTIPLES.get(unit[:1], Decimal(1)) if unit.endswith("元") else Decimal(1)
    found: list[Threshold] = []
    place = 0
    while place < len(text):
        number = _number(text, place)
        if number is None:
            place += 1
            continue
        value, end = number
        before = next((m for m in _WORD_BEFORE.finditer(text[:place]) if m.end() == place), None)
        after = _WORD_AFTER.match(text, end)
        shown = (value / asked).normalize()
        plain = shown.quantize(Decimal(1)) if shown == shown.to_integral() else shown
        if before:
            found.append(
                Threshold(_BEFORE[before.group()], plain, before.group() + text[place:end])
            )
        elif after:
            found.append(Threshold(_AFTER[after.group(1)], plain, text[place : after.end()]))
        place = max(end, place + 1)
    return tuple(found)


def _number(text: str, place: int) -> tuple[Decimal, int] | None:
    if not _DIGIT.match(text, place):
        return None
    try:
        number = number_at(text, place)
    except NotANumber:
        return None
    return (number.value, number.end) if number else None


def dates(quote: str, dated: str = "") -> tuple[str, ...]:
    """Every day named in the words, as ISO 8601; one without a year is of the year of `dated`.

    >>> dates("自2021年5月10日起，至2026年5月9日止")
    ('2021-05-10', '2026-05-09')
    >>> dates("请于6月20日前", "2022年5月26日")
    ('2022-06-20',)
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", quote))
    year = re.match(r"\s*(\d{4})", dated)
    found = re.findall(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日", text)
    years = [y or (year.group(1) if year else "") for y, _, _ in found]
    return tuple(
        f"{y}-{int(m):02}-{int(d):02}" for y, (_, m, d) in zip(years, found, strict=True) if y
    )
