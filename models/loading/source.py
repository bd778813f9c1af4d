"""What a programme file says against the text of its regulation."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.loading.thresholds import dates, thresholds
from models.wording import Bilingual, say

_ARTICLE = re.compile(r"^(?:第[一二三四五六七八九十百]+条)(?=[\s　])")
_CHAPTER = re.compile(r"^第[一二三四五六七八九十百]+章")
_SECTION = re.compile(r"^([一二三四五六七八九十]+)、")
_ITEM = re.compile(r"^[-\s]*[（(]([一二三四五六七八九十]+)[）)]")
_REFERENCE = re.compile(
    r"(第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+)(?:（([一二三四五六七八九十]+)）)?"
)


def squeezed(text: str) -> str:
    """Without white space: the sources are hard-wrapped."""
    return re.sub(r"\s", "", text)


def article_text(source: str, reference: str) -> str | None:
    """The words of an article, without white space: 第四条, 第四条（一）; 二 of a notice.

    None where the source has no such article or the reference is not of that form.
    """
    parsed = _REFERENCE.fullmatch(unicodedata.normalize("NFKC", reference).translate(_WIDE))
    if not parsed:
        return None
    article, item = parsed.groups()
    lines = _article(source.splitlines(), article)
    if lines is not None and item:
        lines = _item(lines, item)
    return None if lines is None else squeezed("".join(lines))


def quote_fault(source: str, article: Any, quote: Any) -> tuple[str, Bilingual] | None:
    """Why a citation is refused, with the key at fault; None where it stands to the letter."""
    if not isinstance(article, str) or not isinstance(quote, str):
        return "quote", say("article and quote must be text")
    if squeezed(quote) not in squeezed(source):
        return "quote", say("“{quote}” does not stand in source.txt", quote=quote)
    words = article_text(source, article)
    if words is None:
        return "article", say("source.txt has no {article}", article=article)
    if squeezed(quote) not in words:
        return "article", say("“{quote}” does not stand in {article}", quote=quote, article=article)
    return None


def date_fault(value: Any, quote: str, dated: str = "") -> Bilingual | None:
    """Why a date is refused; None where the quoted words name it.

    `dated` is the notice's own date (2022年5月26日), whose year a day without one lies in.
    """
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return say("“{value}” is no date (YYYY-MM-DD)", value=value)
    if str(value) not in dates(quote, dated):
        return say("the quoted words do not name {value}", value=value)
    return None


def threshold_fault(operator: str, number: Any, unit: str, quote: str) -> Bilingual | None:
    """Why a bound is refused; None where it is read back out of the quoted words."""
    try:
        value = Decimal(str(number))
    except InvalidOperation:
        return say("“{value}” is no number", value=number)
    found = thresholds(quote, unit)
    if any(t.operator == operator and t.number == value for t in found):
        return None
    same = next((t for t in found if t.number == value), None)
    if same:
        return say(
            "the words “{words}” mean {right}, not {wrong}",
            words=same.words,
            right=same.operator,
            wrong=operator,
        )
    words_say = ", ".join(f"{t.operator}: {t.number}" for t in found) or "–"
    return say(
        "{number} cannot be read out of the quoted words (they say {words})",
        number=number,
        words=words_say,
    )


_WIDE = str.maketrans("()", "（）")


def _article(lines: list[str], article: str) -> list[str] | None:
    pattern = _ARTICLE if article.endswith("条") else _SECTION
    found: list[str] | None = None
    for line in lines:
        stripped = line.strip()
        start = pattern.match(stripped)
        if start and (start.group() == article or start.group(0).rstrip("、") == article):
            found = found or []
        elif found is not None and (start or _CHAPTER.match(stripped)):
            break
        if found is not None:
            found.append(line)
    return found


def _item(lines: list[str], item: str) -> list[str] | None:
    found: list[str] | None = None
    for line in lines:
        start = _ITEM.match(line.strip())
        if start and start.group(1) == item:
            found = []
        elif start and found is not None:
            break
        if found is not None:
            found.append(line)
    return found
