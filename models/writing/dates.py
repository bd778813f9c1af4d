"""Dates as they stand on covers and letters → ISO 8601. Refuses rather than guesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.types import State
from models.wording import Bilingual, say
from models.writing.folding import is_blank, is_none_mark, normalise
from models.writing.numerals import spell


@dataclass(frozen=True, slots=True)
class DateReading:
    """`iso` is 2024-04-20, 2024-04 or 2024, only where the state is `given`."""

    state: State
    iso: str | None
    sure: bool
    reason: Bilingual | None


_FIRST, _LAST = 1949, 2099
_DAYS = {spell(n).replace("一十", "十"): n for n in range(1, 32)}
_DAYS |= {"廿": 20} | {"廿" + spell(n): 20 + n for n in range(1, 10)} | {"卅": 30, "卅一": 31}
_FINANCIAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
_FIRST_MONTH = str.maketrans("元正", "一一")
_NUMERAL = "零〇○OoＯ0一二三四五六七八九"

_CHINESE = rf"(?P<year>\d{{2}}|\d{{4}}|[{_NUMERAL}]{{4}}|[{_NUMERAL}]{{2}})年度?"
_MONTH_DAY = (
    r"(?:(?:(?P<month>\d{1,2}|[一二三四五六七八九十元正]{1,3})?月份?)?"
    r"(?:(?P<day>\d{1,2}|[一二三四五六七八九十廿卅]{1,3})?[日号]?)?)?"
)
_FORMS = (
    re.compile(_CHINESE + _MONTH_DAY),
    re.compile(r"(?P<year>\d{4})([-./])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2})[日号]?)?"),
    re.compile(r"(?P<year>\d{2})([-./])(?P<month>\d{1,2})\2(?P<day>\d{1,2})[日号]?"),
    re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)?"),
    re.compile(r"(?P<year>(?:19|20)\d\d)"),
)
_BEFORE = re.compile(r"(?:(?:申报|填报|填表|推荐|编制|报送|上报)?(?:时间|日期)|公元)?:?")
_AFTER = re.compile(
    r"(?:\([^()]*\)|星期[一二三四五六日天]|\d{1,2}:\d\d(?::\d\d)?|[上中下]旬|底|末|填报?)"
)


def read_date(raw: str) -> DateReading:
    """Any text → the one date it states, to the day, the month or the year as written.

    Two digits for the year, or words beside the date, are read but not sure; a date without a
    year, one that does not exist (30 February) or two dates are unreadable.
    """
    text = re.sub(r"[\s_]", "", normalise(raw)).strip("。;,.:").translate(_FINANCIAL)
    text = re.sub(r"^[(\[【]([^()\[\]【】]*)[)\]】]$", r"\1", text)
    rest = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    if is_blank(raw) or re.fullmatch(r"(?:20|202|二[〇零○]|二[〇零○]二|)年?月?日?", rest):
        return DateReading("blank", None, True, None)
    if is_none_mark(raw):
        return DateReading("none", None, True, None)
    doubt = say("a soft hyphen stands in the date") if "\u00ad" in raw else None
    beside = _AFTER.search(rest)
    if beside and beside.end() == len(rest) and beside.start():
        rest = rest[: beside.start()]
        doubt = say("other words stand beside the date")
    for form in _FORMS:
        found = form.fullmatch(rest)
        if found:
            return _dated(found, doubt)
    if re.fullmatch(r"\d{1,2}月(?:\d{1,2}[日号]?)?", rest):
        return _refused(say("the date has no year"))
    if len(re.findall(r"年", rest)) > 1 or re.search(r"[0-9年月日号][-至到~][0-9]", rest):
        return _refused(say("more than one date stands here"))
    return _refused(say("this cannot be read as a date"))


def _refused(reason: Bilingual) -> DateReading:
    return DateReading("unreadable", None, False, reason)


def _dated(found: re.Match[str], doubt: Bilingual | None) -> DateReading:
    parts = found.groupdict()
    digits = parts["year"]
    if re.search(r"[Oo]", digits):
        doubt = say("a letter O stands in the year")
    digits = "".join(
        c if c in "0123456789" else str(max("一二三四五六七八九".find(c) + 1, 0)) for c in digits
    )
    if len(digits) == 2:
        digits, doubt = "20" + digits, say("the year has only two digits")
    year, month, day = int(digits), _small(parts.get("month")), _small(parts.get("day"))
    if day is not None and month is None:
        return _refused(say("this cannot be read as a date"))
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return _refused(say("there is no such date"))
    if not _FIRST <= year <= _LAST:
        return _refused(say("the year cannot be right"))
    iso = "-".join([f"{year:04}", *(f"{n:02}" for n in (month, day) if n is not None)])
    return DateReading("given", iso, doubt is None, doubt)


def _small(written: str | None) -> int | None:
    """A month or a day; -1 (no such date) for numerals that are none."""
    if not written:
        return None
    if written.isdigit():
        return int(written)
    return _DAYS.get(written.translate(_FIRST_MONTH), -1)
