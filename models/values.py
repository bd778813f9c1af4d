"""Text as people write it → quantity, date, text or none-mark. Refuses rather than guesses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.types import Quantity, State
from models.wording import Bilingual, say


@dataclass(frozen=True, slots=True)
class Reading:
    state: State
    quantity: Quantity | None
    sure: bool
    reason: Bilingual | None


@dataclass(frozen=True, slots=True)
class DateReading:
    state: State
    iso: str | None
    sure: bool
    reason: Bilingual | None


def normalise(raw: str) -> str:
    return unicodedata.normalize("NFKC", raw).translate(
        {ord(c): "-" for c in "−–—―‐‑‒"} | {0x200B: None, 0xFEFF: None}
    )


def is_none_mark(raw: str) -> bool:
    text = re.sub(r"[\s_。]", "", normalise(raw)).lower()
    return bool(re.fullmatch(r"[-/\\]+", text)) or text in {
        "无", "暂无", "没有", "无此项", "不涉及", "不适用", "n/a",
    }  # fmt: skip


def read_text(raw: str) -> tuple[State, str]:
    text = re.sub(r"\s+", " ", raw.strip(" \n\t_\u3000"))
    return ("blank" if not text else "none" if is_none_mark(text) else "given"), text


def written_decimals(raw: str) -> int | None:
    found = re.findall(r"\d+(?:\.(\d+))?", normalise(raw))
    return len(found[0]) if len(found) == 1 else None


def read_number(
    raw: str, unit: str | None, *, integer: bool = False, falling: bool = False
) -> Reading:
    text = re.sub(r"[\s_]", "", normalise(raw))
    if unit:
        text = text.removesuffix(normalise(unit))
    if not text:
        return Reading("blank", None, True, None)
    if is_none_mark(text):
        return Reading("none", None, True, None)
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?|[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return Reading("unreadable", None, False, say("this cannot be read as one number"))
    value = Decimal(text.replace(",", ""))
    half = Decimal(0) if integer else Decimal(5).scaleb(-len(text.partition(".")[2]) - 1)
    return Reading("given", Quantity(value, value - half, value + half, unit or ""), True, None)


def read_date(raw: str) -> DateReading:
    text = re.sub(r"[\s_]", "", normalise(raw))
    if not text.strip("年月日"):
        return DateReading("blank", None, True, None)
    found = re.fullmatch(
        r"(\d{4})(?:[年./-](?:(\d{1,2})(?:[月./-](?:(\d{1,2})日?|日)?)?)?)?", text
    )
    try:
        if found:
            y, m, d = found.groups()
            date(int(y), int(m or 1), int(d or 1))
            iso = "-".join([y] + [p.zfill(2) for p in (m, d) if p])
            return DateReading("given", iso, True, None)
    except ValueError:
        pass
    return DateReading("unreadable", None, False, say("this cannot be read as a date"))
