"""Patent and standard numbers: their usual spelling, and whether they can be such numbers at all.

Patents: CNIPA's 专利申请号标准 (ZC 0006-2003): year, kind (1 invention, 2 utility model, 3 design,
8 and 9 by way of the PCT), serial, a point and a check digit; before 2003-10 a year of two digits.
Standards: GB/T 20000.1 and the sector codes: GB, HG/T, T/ABC, DB37/T, Q/…, ISO, IEC, with number
and year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PATENT = re.compile(
    r"(?:ZL|CN)?((?:19|20)\d\d[12389]\d{7}|(?:8[5-9]|9\d|0[0-3])[12389]\d{5})\.?([0-9X])?"
)
_PUBLISHED = re.compile(r"CN\d{7,9}[A-CUSY]\d?")
_OTHER_RIGHTS = re.compile(r"(?:CNA|BS|国审|鲁审|国药|GPD|CN[AT]?\d)[A-Z0-9.\-一-鿿]{4,}")
_STANDARD = re.compile(
    r"(?:GB|GB/[TZ]|GSB|GBZ(?:/T)?|GJB|[A-Z]{2}(?:/[TZ])?|DB\d{2,4}(?:/T)?|T/[A-Z]{2,12}\d*|Q/[A-Z0-9]{2,12}"
    r"|ISO(?:/IEC)?(?:/(?:TS|TR|PAS|IWA))?|IEC(?:/(?:TS|TR))?|ITU-?[TR]?|IEEE|ASTM|EN)"
    r"[A-Z]?\d+(?:\.\d+)*(?:-\d{1,3})*(?:[-:]\d{4}(?:[/(].*)?)?"
)
_PLANNED = re.compile(r"(?:20\d{6}-[TQZ]-\d{3}|20\d\d-\d{4}T-[A-Z]{2})")
_LEVELS = (
    ("international", re.compile(r"ISO|IEC|ITU|IEEE")),
    ("national", re.compile(r"GB|20\d{6}-[TQZ]-")),
    ("association", re.compile(r"T/")),
    ("industry", re.compile(r"(?!DB|EN)[A-Z]{2}(?:/[TZ])?\d|20\d\d-\d{4}T-")),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in its usual spelling; `sound` where it is formed as such numbers are."""

    text: str
    sound: bool
    checked: bool | None = None
    """Whether its check digit is right; None where it has none."""
    invention: bool = True
    """Of patents: not a utility model or a design."""


def folded(text: str) -> str:
    """Capitals, half-width signs, no white space, one kind of dash.

    >>> folded("ｚｌ 2021 1 0123456．7"), folded("GB／T 1234—2020")
    ('ZL202110123456.7', 'GB/T1234-2020')
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    text = re.sub(r"[‐‑‒–—―−─]+|--", "-", text).replace("⁄", "/").replace("。", ".")
    return text.strip("《》<>[]()【】:;,、；，：'\"“”")


def patent_number(raw: str) -> Number | None:
    """The patent number in a cell's text; None where the text holds no digits at all."""
    text = re.sub(r"^(?:专利(?:申请)?号|申请号|授权公告号|NO\.?)[:：]?", "", folded(raw))
    if not re.search(r"\d{3}", text):
        return None
    found = _PATENT.fullmatch(text)
    if found:
        digits, check = found[1], found[2]
        kind = digits[4] if len(digits) == 12 else digits[2]
        right = None if check is None else check == check_digit(digits)
        usual = f"ZL{digits}" + (f".{check}" if check else "")
        return Number(usual, True, right, kind in "189" and not (kind == "9" and len(digits) == 8))
    if _PUBLISHED.fullmatch(text):
        return Number(text, True, None, text[-1] not in "USY" and text[-2] not in "USY")
    return Number(text, bool(_OTHER_RIGHTS.fullmatch(text)))


def check_digit(digits: str) -> str:
    """The check digit of an application number of 8 or 12 digits (weights 2 to 9, modulo 11).

    >>> check_digit("200310100002")
    'X'
    """
    total = sum(int(d) * (2 + i % 8) for i, d in enumerate(digits))
    return "X" if total % 11 == 10 else str(total % 11)


def standard_number(raw: str) -> Number | None:
    """The standard number in a cell's text; None where the text holds no digits at all."""
    text = folded(raw)
    if not re.search(r"\d", text):
        return None
    text = re.sub(r"^标准(?:编?号)?[:：]?", "", text)
    sound = bool(_STANDARD.fullmatch(text) or _PLANNED.fullmatch(text))
    return Number(text, sound)


def standard_level(number: str) -> str | None:
    """international, national, industry or association, by how a standard's number begins."""
    return next((level for level, pattern in _LEVELS if pattern.match(number)), None)


def number_year(number: str) -> str | None:
    """The year at the end of a standard's number.

    >>> number_year("GB/T1234-2020"), number_year("ISO9001:2015"), number_year("T/ABC1")
    ('2020', '2015', None)
    """
    found = re.search(r"[-:]((?:19|20)\d\d)(?:\D.*)?$", number)
    return found[1] if found else None
