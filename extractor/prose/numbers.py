"""Numbers in sentences: digits, unit and the words that make them approximate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from models.form import Field
from models.types import Quantity
from models.values import read_number
from models.writing.units import unit_at

_CHINESE = "零〇一二两三四五六七八九十百千"
_NUMBER = re.compile(
    r"(?P<parts>[二三四五六七八九十]分之[一二三四五六七八九])|(?P<half>一半|半数|(?<=[过近超逾])半(?=[数,。;、]|以上|$))|"
    r"(?P<share>百分之(?=[0-9一二三四五六七八九十两百零]))?(?P<minus>(?<![0-9一-鿿%)])-|负)?"
    r"(?P<digits>[0-9]+亿[0-9]{1,4}(?=万)|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
    rf"|[一二两三四五六七八九十][{_CHINESE}]*(?:[万亿][{_CHINESE}]+)*(?:点[零〇一二三四五六七八九]+)?"
    r"|(?<!每)(?P<vague>数十|几十|十几|数百|几百|上百|百|数千|几千|上千|千|上万|数万|万)(?=[余多]?[家户个件项人名亿]))"
    r"(?P<over>[余多](?=[万亿家户个件项人名种元平台处位%座支])|来(?=[万亿家户个件项人名])|几(?=[家户个件项人名]))?"
    r"(?:个(?=[万亿](?!元)))?(?P<multiple>万亿|[十百千]?[万亿](?!元以上企业)|[百千](?=[余多来]?[家户个件项人名]))?"
    r"(?P<over2>(?:[余多]|还多)(?!了)(?:一?点儿?)?)?"
)
_POINTS = re.compile(r"个?百分点")
_OTHER = re.compile(r"倍|折")
_TENTHS = re.compile(
    r"成(?:半|(?P<more>[一二三四五六七八九]))?(?![立为员果效品本熟长就功绩交型分])"
)
_UNFIT = re.compile(r"(?:第|[A-Za-z][./_-]?|[0-9]_?|\.|_)$")
"""Before digits that are no number of their own: 第5, ISO9001, GB/T 2."""
_AFTER = re.compile(
    r"左右|上下|以上|及以上|以下|以内|余|(?:还|出头)?多(?:一?点儿?)?(?![元样年种个项家了])|出头|还?不到|\+"
)
_RANGE = re.compile(r"[-~至到]")
_KINDS = re.compile("[类项大个]{1,2}(?:企业|指标|数据|数字)")
"""Behind a number that counts the subjects themselves: 小巨人、高企两类企业分别有6家、71家."""
_RISES = re.compile(r"(?:[由自]|从(?!业)).{0,14}$")
_FORBIDDEN_AFTER = re.compile(r"[A-Za-z0-9.]|[年月日号期批届强级代度轴小时分钟天周倍∶:]")
_VAGUE = {
    "数十": (20, 99), "几十": (20, 99), "十几": (11, 19), "数百": (200, 999), "几百": (200, 999),
    "数千": (2000, 9999), "几千": (2000, 9999), "数万": (20000, 99999),
    "上百": (100, 999), "上千": (1000, 9999), "上万": (10000, 99999),
    "百": (100, 100), "千": (1000, 1000), "万": (10000, 10000),
}  # fmt: skip

HEDGES = {
    "about": "约 约合 折合约 大约 约为 约有 大概 大致 差不多 大约摸 左右 上下 约占 约达 共约",
    "near": "近 将近 接近 逼近 几乎 几近 近乎 直逼",
    "above": "超过 超 逾 突破 高于 大于 多于 超出 过 已超 超越 跨越 跃上 首破 冲破 越过 迈过 跃过",
    "least": "不低于 不少于 不小于 至少 最少 以上 及以上",
    "below": "不足 不到 低于 少于 小于 未达",
    "most": "不超过 不高于 不多于 至多 最多 以下 以内",
    "more": "余 多 来 几 出头 +",
}
"""What the words before and behind a number make of it."""
HEDGE_OF = {word: kind for kind, words in HEDGES.items() for word in words.split()}


def _hedge(words: str) -> str:
    """What the words behind a number make of it: 多一点, 还多 as 多."""
    known = (w for w in (words, words.removeprefix("还"), words[0], "多") if w in HEDGE_OF)
    return HEDGE_OF[next(known)]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands: `digits` and `tail` (multiple and unit), characters start to end."""

    start: int
    end: int
    digits: str
    tail: str
    hedges: tuple[str, ...] = ()
    negative: bool = False
    upto: str = ""
    """The digits of the upper end of a range."""
    vague: tuple[int, int] | None = None
    share: bool = False
    rough: bool = False
    """In tenths, so about what it says where nothing else is said."""
    change: bool = False
    """In percentage points, or as a multiple: never a figure itself."""

    @property
    def percent(self) -> bool:
        return self.share or self.tail == "%"

    @property
    def unit(self) -> str:
        """Its unit without the multiple: 家 of 三万家."""
        return self.tail.lstrip("十百千万亿")

    @property
    def chinese_one(self) -> bool:
        return self.digits == "一"


def amounts(text: str, start: int, end: int) -> Iterator[Amount]:
    """Every number in text[start:end] that has a unit or may share the one of another."""
    at = start
    while at < end:
        found = _NUMBER.search(text, at, end)
        if not found:
            return
        amount = _amount(text, found, end)
        if amount is None:
            at = found.end()
            continue
        amount = _with_range(text, amount, end)
        if amount.tail or amount.change or amount.digits[0].isdigit():
            yield amount
        at = amount.end


def _amount(text: str, found: re.Match[str], limit: int) -> Amount | None:
    digits = found["digits"]
    if _UNFIT.search(text[max(0, found.start() - 3) : found.start()]):
        return None
    if found["parts"] or found["half"]:
        return _fraction(text, found, limit)
    if found["share"]:
        end = found.end("digits")
        after = _AFTER.match(text[:limit], end)
        hedged = (_hedge(after[0]),) if after else ()
        words = text[found.start() : end]
        end = after.end() if after else end
        return Amount(found.start(), end, words, "%", hedged, share=True)
    place = found.end()
    hedges = tuple(_hedge(w) for w in (found["over"], found["over2"]) if w)
    rest = text[place:limit]
    points = _POINTS.match(rest)
    if points or _OTHER.match(rest):
        end = place + (points.end() if points else 1)
        return Amount(found.start(), end, digits, "", hedges, change=True)
    if rest.startswith("位数") or _KINDS.match(rest):
        return None
    tenths = _TENTHS.match(rest)
    if tenths and re.fullmatch("[1-9一二三四五六七八九]", digits) and not found["multiple"]:
        return _tenths(text, found, place, tenths, limit)
    unit = unit_at(text[:limit], place)
    written = not re.match(r"[0-9]", digits)
    vague = _VAGUE.get(found["vague"] or "")
    spoken = bool(found["multiple"]) or re.search(r".[万亿]$", digits)
    if unit is None and written and spoken and not vague and not _FORBIDDEN_AFTER.match(rest):
        return _done(text, found, place, hedges, limit)  # 三百六十万，三百多亿
    if unit is None:
        ranged = written and re.match(rf"[-~至到][一二两三四五六七八九十0-9][{_CHINESE}0-9]*", rest)
        if (written and not ranged) or _FORBIDDEN_AFTER.match(rest) or vague:
            return None
        # 2021、2022 may be years; 45.6、52.3和61.07亿元 share the unit of the last
        if ranged:
            return Amount(found.start(), place, digits, "", hedges)
        if found["multiple"] or not re.match(r"$|[、和及与,;。()/~至到|\n-]|万|亿", rest):
            return None if not found["multiple"] else _done(text, found, place, hedges, limit)
        return Amount(found.start(), place, digits, "", hedges, bool(found["minus"]))
    return _done(text, found, unit[1], hedges, limit)


def _fraction(text: str, found: re.Match[str], limit: int) -> Amount:
    """三分之一 is about 33.33%, 过半 more than 50%."""
    spoken = "零一二三四五六七八九十"
    below, above = (found["parts"] or "二分之一").split("分之")
    value = Decimal(100 * spoken.index(above)) / spoken.index(below)
    after = _AFTER.match(text[:limit], found.end())
    hedges = (_hedge(after[0]),) if after else ()
    end = after.end() if after else found.end()
    digits = str(round(value, 2).normalize())
    return Amount(found.start(), end, digits, "%", hedges, rough=True)


def _tenths(
    text: str, found: re.Match[str], place: int, tenths: re.Match[str], limit: int
) -> Amount:
    """七成 is about 70%, 七成五 is 75%."""
    spoken = "零一二三四五六七八九"
    whole = int(found["digits"]) if found["digits"].isdigit() else spoken.index(found["digits"])
    rest = 5 if "半" in tenths[0] else spoken.index(tenths["more"] or "零")
    end = place + tenths.end()
    after = _AFTER.match(text[:limit], end)
    hedges = (_hedge(after[0]),) if after else ()
    return Amount(
        found.start(), after.end() if after else end, str(whole * 10 + rest), "%", hedges,
        rough=True,
    )  # fmt: skip


def _done(text: str, found: re.Match[str], end: int, hedges: tuple[str, ...], limit: int) -> Amount:
    tail = (found["multiple"] or "") + text[found.end() : end]
    after = _AFTER.match(text[:limit], end)
    if after:
        hedges = (*hedges, _hedge(after[0]))
        end = after.end()
    return Amount(
        found.start(),
        end,
        found["digits"],
        tail,
        hedges,
        bool(found["minus"]),
        vague=_VAGUE.get(found["vague"] or ""),
    )


def _with_range(text: str, low: Amount, limit: int) -> Amount:
    """80至90家, 80家-90家 as one amount; 由45亿元到61亿元 are two."""
    sign = _RANGE.match(text, low.end, limit)
    if not sign or low.vague or low.change or _RISES.search(text[: low.start]):
        return low
    found = _NUMBER.match(text, sign.end(), limit)
    high = _amount(text, found, limit) if found else None
    if high is None or not high.tail or high.vague or low.tail not in ("", high.tail):
        return low
    if not low.tail and len(low.digits) == 4 == len(high.digits):
        return low
    return replace(low, end=high.end, upto=high.digits, tail=high.tail, hedges=high.hedges)


def quantity(
    amount: Amount, field: Field, hedges: tuple[str, ...] = (), *, negative: bool = False
) -> tuple[Quantity, bool] | None:
    """The amount in the field's unit with everything its wording can mean, and whether its unit
    is written; None where it is no quantity of the field."""
    unit = field.unit or ""
    hedges = tuple(dict.fromkeys((*hedges, *amount.hedges)))
    if amount.rough and not hedges:
        hedges = ("about",)
    if amount.change:
        return None
    if amount.vague:
        one = read_number("1" + amount.tail, field.unit).quantity
        if one is None:
            return None
        low, high = (n * one.value for n in amount.vague)
        exact = Quantity(low, low, high, unit, True)
        return (_hedged(exact, hedges, field) if low == high else exact), True
    text = amount.digits if amount.share else amount.digits + amount.tail
    reading = read_number(text, field.unit, integer=field.integer)
    if reading.state != "given" or reading.quantity is None:
        return None
    result = reading.quantity
    if amount.upto:
        upper = read_number(amount.upto + amount.tail, field.unit, integer=field.integer).quantity
        if upper is None or upper.value < result.value:
            return None
        middle = (result.value + upper.value) / 2
        return Quantity(middle, result.low, upper.high, unit, True), True
    if negative or amount.negative:
        result = Quantity(-result.value, -result.high, -result.low, unit, result.approximate)
    result = _hedged(result, hedges, field, amount.digits)
    return result, amount.share or bool(amount.tail.lstrip("万亿千百十"))


def _hedged(exact: Quantity, hedges: tuple[str, ...], field: Field, digits: str = "") -> Quantity:
    """Everything that 约, 近, 超过, 不足, 余 … before or behind the number can mean."""
    low, high, value = exact.low, exact.high, exact.value
    if not hedges or value <= 0:
        return exact
    place = _last_place(value)
    spread = max(min(place / 2, value / 5), value / 20, Decimal(1 if field.integer else 0))
    least = Decimal(1 if field.integer else 0)
    # 约1200余, 近200以上: the later word narrows the former; both are kept as a hull
    meant = {
        "about": (value - spread, value + spread),
        "near": (value - spread, value),
        "above": (low + least, value * 10),
        "least": (low, value * 10),
        "more": (low, value + max(place, spread)),
        "below": (Decimal(0), high - least),
        "most": (Decimal(0), high),
    }
    lows, highs = zip(*(meant[hedge] for hedge in hedges), strict=True)
    return Quantity(value, min(lows), max(highs), exact.unit, True)


def _last_place(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 1200 → 100, 61.07 → 1 (the whole)."""
    if value != value.to_integral_value():
        return Decimal(1)
    number, place = int(value), 1
    while number and number % 10 == 0:
        number, place = number // 10, place * 10
    return Decimal(place)
