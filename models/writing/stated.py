"""The one figure a text states: its number, sign, unit, and whatever is said about it.

Words round the number are read off a list, before and behind it; whatever is not on the list
is description: harmless (then the figure is offered, not sure) or telling (then it is refused).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.wording import Bilingual, say
from models.writing.dates import read_date
from models.writing.folding import normalise
from models.writing.numerals import NotANumber, Number, number_at
from models.writing.units import Unit, asked, multiple, unit_at

LONGEST = 120
"""A cell with more characters than this is prose, not a figure."""

# ------------------------------------------------------------------ gaps between digits

_GAP = re.compile(r"[0-9.,][0-9.,\s]*[0-9.,]")
_APART = "|"
"""Stands where a gap separates two numbers."""


def _join(text: str) -> tuple[str, Bilingual | None]:
    """The text without white space, and a doubt where a gap between digits was closed."""
    doubts: list[Bilingual] = []

    def close(found: re.Match[str]) -> str:
        run = found[0]
        pieces, gaps = re.split(r"\s+", run), re.findall(r"\s+", run)
        joined = "".join(pieces)
        whole = re.fullmatch(r"\d+(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?", joined)
        year = any(re.fullmatch(r"(19|20)\d\d", p) for p in pieces)
        if not gaps:
            return run
        if not whole or year:
            return _APART.join(pieces)
        if "." in joined and all(len(p) == 1 for p in pieces):
            return joined  # letter-spaced: 4 5 . 6
        spaced = re.fullmatch(r"[1-9]\d{0,2}( \d{3})+(\.\d+)?", run)
        if spaced or all(_one_number(*gap) for gap in zip(pieces, gaps, pieces[1:], strict=False)):
            return joined
        if any(len(g) > 1 and "\n" not in g for g in gaps):
            return _APART.join(pieces)
        doubts.append(say("there is a gap between the digits"))
        return joined

    text = _GAP.sub(close, text)
    return re.sub(r"\s", "", text), doubts[0] if doubts else None


def _one_number(left: str, gap: str, right: str) -> bool:
    """Whether what stands either side of a gap cannot be two numbers: 45.⏎60, 1,2⏎34."""
    if left == "." or right.startswith("."):
        return True
    if left.endswith("."):
        return "\n" in gap or len(left) > 2  # "1. 45" may be item 1 of a list
    if left.endswith(",") or right.startswith(","):
        return "\n" in gap
    return bool(re.search(r",\d{1,2}$", left)) and len(left) + len(right) > 4


# ------------------------------------------------------------------ the one figure of a text

_YEAR = r"(?:截至|截止到?|至|到)?(?:19|20)\d\d年"
_BEFORE: tuple[tuple[str, str], ...] = (
    ("dash", _YEAR + r"(?:度|末|底|全年)?(?=-)"),
    ("month", _YEAR + r"(?:0?[1-9]|1[0-2])月(?:份|底|末)?[:,]?"),
    ("", _YEAR + r"(?:度|末|底|全年)?[:,]?"),
    ("span", r"近?[三3两2]年(?:来)?(?:年均|平均|累计|合计)?"),
    ("", r"(?:主持|参与)?(?:数量|总数|总量|金额|数值|总额)[:为]?"),
    ("", r"(?:同比|环比|[比较](?:上年|去年)(?:同期)?|年均)"),
    ("level", r"(?:下降|降低|减少|降|增长|增加|提高|上升|提升|增)[至到为]"),
    ("bound", r"(?:不足|不到|不?低于|不?少于|小于|至少|不超过|最多|高于|大于|多于|[<>≤≥~]=?)"),
    ("forecast", r"(?:预计|预期|预测|计划|力争|目标值?)"),
    ("about", r"(?:大约|约为|约|接近|将近|近|超过|超|逾|突破)"),
    ("count", r"(?:共计|共有|总共|合计|总计|共)[:为]?"),
    ("", r"(?:实现|已?达到?|高达|为|是)"),
    ("down", r"(?:负增长|下降|减少|降低|下滑|回落|缩减|减|降)(?:率|幅度?|了)?[:为]?"),
    ("up", r"(?:增长|上升|提高|增加(?!值)|提升|上涨|增速|增幅|增)(?:率|幅度?|了)?[:为]?"),
    ("loss", r"亏损"),
    ("minus", r"[-负↓]"),
    ("plus", r"[+正↑]"),
    ("share 100", r"百分之"),
    ("share 1000", r"千分之"),
    ("share 10000", r"万分之"),
    ("currency", r"(?:人民币|RMB|CNY|¥):?"),
)  # fmt: skip
_BEFORE_RE = [(what, re.compile(pattern)) for what, pattern in _BEFORE]
_UNIT_HEAD = re.compile(r"(?:\((?:单位:)?([^()]+)\):?|单位:([^():,\d]+)|([^():,\d]+)[:,])")
_UNIT_BRACKET = re.compile(r"\(([^()]*)\)")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*\d[^()\[\]【】]*)[)\]】](\D{0,8})")
_PER_HEAD = re.compile(r"每([百千万]?)人(?:口)?(?:拥有|有)?")
_AFTER: tuple[tuple[str, str], ...] = (
    ("about", r"余|多|来(?=[家户个件项人亿万])|左右|上下|以上"),
    ("bound", r"\+|以下|以内"),
    ("points", r"个?百分点"),
    ("times", r"倍"),
    ("tenths", r"成"),
    ("note", r"[\u2460-\u249b\u00b9\u00b2\u00b3\u2074-\u2079*※†‡]|\[\d{1,2}\]|\[?注\d?\]?"),
    ("", r"[。;]$"),
)
_AFTER_RE = [(what, re.compile(pattern)) for what, pattern in _AFTER]
_ASIDE = re.compile(r"\([^()]*\)|〔[^〕]*〕|\[[^\]]*\]|【[^】]*】")
_WORDS = re.compile(r"(?:[\u4e00-\u9fff、，。,;:()“”\"《》]|[A-Za-z]{2,})*")
_TELLING = re.compile(
    r"[不未非无没否减降跌负亏增升涨超近约倍差缺第前元吨年强月日附见表详时分点〇零一二两三四五六七八九十百千万亿]"
)
"""Words beside a number that may change what it says; with one of them it is refused."""
_MULTIPLE = re.compile(r"万亿|[十百千]?[万亿]")
_DOUBTS: dict[str, Callable[[], Bilingual]] = {
    "month": lambda: say("a date stands before the number"),
    "dash": lambda: say("it is not certain whether the number is negative"),
    "span": lambda: say("other words stand beside the number"),
    "count": lambda: say("other words stand beside the number"),
    "level": lambda: say("it is not certain whether this is a level or a change"),
    "bound": lambda: say("the number is stated as a bound"),
    "forecast": lambda: say("the number is stated as a plan or an estimate"),
    "loss": lambda: say("the number is stated as a loss"),
    "note": lambda: say("a footnote mark stands beside the number"),
    "points": lambda: say("the number is stated in percentage points"),
    "times": lambda: say("the number is stated as a multiple"),
    "tenths": lambda: say("the number is stated in tenths"),
}


@dataclass(slots=True)
class Figure:
    """What a text states: a number and what its words say of it."""

    number: Number
    doubt: Bilingual | None = None
    approximate: bool = False
    unit: Unit | None = None
    by: int = 1
    """A multiple that stands apart from the digits: 60余|万|元, 45.6（亿元）."""
    sign: str = ""
    """plus or minus, where one is written."""
    way: str = ""
    """up or down, where a word says so."""
    share: int = 0
    """100 behind 百分之."""
    per: int = 0
    """10 000 behind 每万人."""
    money: bool = False
    """A currency sign stands before it."""

    def suspect(self, doubt: Bilingual | None) -> None:
        self.doubt = self.doubt or doubt


def figure_of(raw: str, unit: str | None = None) -> Figure:
    """Any text → the one figure it states. `unit` is the form's, for one no list knows.

    Raises NotANumber with the reason where there is none, more than one, or none for certain.
    """
    text, gap = _join(normalise(raw[: 10 * LONGEST]).replace("_", " "))
    if len(text) > LONGEST or len(raw) > 10 * LONGEST:
        raise NotANumber(say("this is prose, not a figure"))
    dated = re.fullmatch(r"(19|20)\d\d([-/.])\d{1,2}\2\d{1,2}", text)
    if dated or ("年" in text and read_date(raw).iso):
        raise NotANumber(say("this is a date, not a number"))
    pointed = re.sub(r"(?<=\d)[。·•‧・∙⋅](?=\d)", ".", text)
    if pointed != text:
        gap = gap or say("the decimal point is written with another sign")
    bracketed = _BRACKETED.fullmatch(pointed)
    if bracketed:
        pointed = bracketed[1] + bracketed[2]
        gap = gap or say("the number stands in brackets")
    if "\u00ad" in raw:
        gap = gap or say("a soft hyphen may be a minus sign")
    if unit and asked(normalise(unit)) is None:
        own = re.escape(re.sub(r"\s", "", normalise(unit)))
        pointed = re.sub(rf"(?<=[0-9一二三四五六七八九十百千万亿余多]){own}", "", pointed)
    figure, start, end = _scan(pointed)
    figure.suspect(gap)
    _beside(figure, pointed[:start], pointed[end:])
    return figure


def _scan(text: str) -> tuple[Figure, int, int]:
    """The figure, and where in the text it begins and ends."""
    arabic = bool(re.search(r"[0-9]", text))
    for start in range(len(text)):
        if start and text[start] in "0123456789.," and text[start - 1] in "0123456789.,":
            continue
        figure = _open(text, start, arabic)
        if figure is None:
            continue
        end = _close(figure, text)
        if not arabic and figure.unit is None and (start or end < len(text)):
            continue  # 一般: a numeral that is part of a word
        return figure, start, end
    raise NotANumber(say("there is no number here"))


def _open(text: str, start: int, arabic: bool) -> Figure | None:
    """The known words from `start` and the number behind them; None where no number follows."""
    figure = Figure(Number(Decimal(0), Decimal(1), start, 0))
    place, before = start, -1
    while place != before:
        before = place
        place = _word_before(figure, text, place)
    if arabic and not re.match(r"\.?[0-9]", text[place:]):
        return None
    if figure.share and text.startswith("百", place):
        number: Number | None = Number(Decimal(100), Decimal(1), place + 1, 0)
    else:
        number = number_at(text, place)
    if number is None:
        return None
    figure.number = number
    figure.suspect(number.doubt)
    return figure


def _word_before(figure: Figure, text: str, place: int) -> int:
    """Takes one known word at `place`; returns where it ends, `place` itself where none is."""
    per = _PER_HEAD.match(text, place)
    if per:
        figure.per = multiple(per[1])
        return per.end()
    leading = _UNIT_HEAD.match(text, place)
    unit = asked(leading[1] or leading[2] or leading[3]) if leading else None
    if leading and unit:
        figure.unit, figure.by = unit
        return leading.end()
    for what, pattern in _BEFORE_RE:
        if figure.sign and what != "currency" and "share" not in what:
            continue  # behind a sign comes the number
        found = pattern.match(text, place)
        if found and found.end() < len(text):
            _take(figure, what)
            return found.end()
    return place


def _take(figure: Figure, what: str) -> None:
    """What a word before or behind the number says of it."""
    if what in _DOUBTS:
        figure.suspect(_DOUBTS[what]())
    if what in ("about", "bound", "forecast"):
        figure.approximate = True
    elif what in ("down", "up"):
        if figure.way or figure.sign:
            raise NotANumber(say("it is not certain whether the number is negative"))
        figure.way = what
    elif what in ("minus", "plus", "loss"):
        if figure.sign:
            raise NotANumber(say("it is not certain whether the number is negative"))
        figure.sign = "plus" if what == "plus" else "minus"
    elif what.startswith("share "):
        figure.share = int(what.split()[1])
        figure.unit = Unit("share", Fraction(100, figure.share))
    elif what == "currency":
        figure.money = True
    elif what in ("points", "times", "tenths"):
        figure.unit = Unit("share", Fraction({"points": 1, "times": 100, "tenths": 10}[what]))


def _close(figure: Figure, text: str) -> int:
    """Reads the unit and the known words behind the number; returns where they end."""
    number, leading = figure.number, figure.by
    place = _words_after(figure, text, number.end)
    if place > number.end and not number.multiple:
        apart = _MULTIPLE.match(text, place)
        if apart:
            figure.by, place = multiple(apart[0]), apart.end()
    elif number.multiple:
        figure.by = 1
        if leading not in (1, multiple(number.multiple)):
            raise NotANumber(say("two units stand here"))
    bracket = _UNIT_BRACKET.match(text, place)
    inside = asked(bracket[1]) if bracket else None
    at = unit_at(text, place)
    if at:
        if figure.unit not in (None, at[0]) or (leading != 1 and figure.by == leading):
            raise NotANumber(say("two units stand here"))
        figure.unit, place = at
    elif bracket and inside and (figure.by == 1 or inside[1] == 1) and figure.unit is None:
        if number.multiple and inside[1] not in (1, multiple(number.multiple)):
            raise NotANumber(say("two units stand here"))
        figure.unit = inside[0]
        figure.by = figure.by if number.multiple else figure.by * inside[1]
        place = bracket.end()
    return _words_after(figure, text, place)


def _words_after(figure: Figure, text: str, place: int) -> int:
    before = -1
    while place != before:
        before = place
        for what, pattern in _AFTER_RE:
            found = pattern.match(text, place)
            if found:
                _take(figure, what)
                place = found.end()
                break
    return place


def _beside(figure: Figure, before: str, after: str) -> None:
    """Judges what is left on either side of the figure. Raises where it may change it."""
    if before[-1:].isascii() and before[-1:].isalpha():
        raise NotANumber(say("letters stand against the digits"))
    if after[:1].isascii() and after[:1].isalpha():
        raise NotANumber(say("letters stand against the digits"))
    for text in (before, after):
        words = _ASIDE.sub("", text)
        if words != text:
            figure.suspect(say("other words stand beside the number"))
        printed = asked(words) if text is after else None
        if printed and figure.unit:
            # the applicant's unit, and the blank form's behind it
            own = figure.by * (multiple(figure.number.multiple) if figure.number.multiple else 1)
            if printed != (figure.unit, own):
                figure.suspect(say("two units stand here"))
            continue
        if re.search(r"[0-9]", words):
            if re.match(r"\D{0,3}(?:[-~至到])\D{0,3}\d", words):
                raise NotANumber(say("this is a range, not one number"))
            raise NotANumber(say("more than one number stands here"))
        if not words:
            continue
        if not _WORDS.fullmatch(words) or _TELLING.search(words.replace("增加值", "")):
            raise NotANumber(say("the words beside the number may change what it says"))
        figure.suspect(say("other words stand beside the number"))
