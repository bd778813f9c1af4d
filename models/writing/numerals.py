"""One number at one place of a text, Arabic or Chinese, with the digits it is written to.

Works on text that `models.values.normalise` folded and whose white space is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from models.wording import Bilingual, say
from models.writing.units import multiple

MOST_DIGITS = 30
"""No figure of these forms is longer; a longer one is a row of figures run together."""

_RUN = re.compile(r"\.?[0-9][0-9.,]*")
_PLAIN = re.compile(r"[0-9]*(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_EXPONENT = re.compile(r"[eE][+-]?[0-9]{1,2}(?![0-9])")
_MULTIPLE = re.compile(r"个?(万亿|[十百千]?[万亿]|[百千](?!克|分))")
"""千克 and 百分点 are units of their own."""
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_FOLD = str.maketrans(
    "〇○两壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸點", "零零二一二三四五六七八九十百千万亿二三六点"
)
_CHINESE = re.compile(
    r"[零〇○一二两三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖十拾]"
    r"[零〇○一二两三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖十拾百佰千仟万萬亿億点點]*"
)


class NotANumber(ValueError):
    """Digits stand here and are no number that could be told; `reason` says why."""

    def __init__(self, reason: Bilingual) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Number:
    """`step` is one unit of the last digit written: 61.10 → 0.01, 3.5万 → 1000."""

    value: Decimal
    step: Decimal
    end: int
    decimals: int
    multiple: str = ""
    """What it ends with: 万, 亿, 百万 …; empty for a plain number."""
    plain: bool = True
    """Written out in full: neither 万 nor 亿 shortens it."""
    doubt: Bilingual | None = None


def number_at(text: str, start: int) -> Number | None:
    """The number that begins at `start`; None where none does. Raises NotANumber."""
    if _RUN.match(text, start):
        return _arabic(text, start)
    if _CHINESE.match(text, start):
        return _chinese(text, start)
    return None


# ------------------------------------------------------------------ Arabic digits


def _arabic(text: str, start: int) -> Number:
    number = _coefficient(text, start)
    found = _MULTIPLE.match(text, number.end)
    if not found:
        return number
    number = _times(number, found)
    # 3亿2000万, 4亿5千: further terms, each smaller than the one before
    while _RUN.match(text, number.end) or _CHINESE.match(text, number.end):
        further = number_at(text, number.end)
        if further is None or further.decimals or further.value >= number.step:
            raise NotANumber(say("more than one number stands here"))
        if number.decimals:
            raise NotANumber(say("this cannot be read as one number"))
        if not further.multiple and len(str(int(number.step))) - 1 != further.end - number.end:
            # 3万5 is 35 000 in speech and 30 005 by its letters
            raise NotANumber(say("this cannot be read as one number"))
        number = replace(
            further,
            value=number.value + further.value,
            plain=False,
            doubt=number.doubt or further.doubt,
        )
    return number


def _times(number: Number, found: re.Match[str]) -> Number:
    by = multiple(found[1])
    step = number.step * by
    return replace(
        number,
        value=(number.value * by).quantize(min(step, Decimal(1))),
        step=step,
        end=found.end(),
        multiple=found[1],
        plain=False,
    )


def _coefficient(text: str, start: int) -> Number:
    found = _RUN.match(text, start)
    assert found
    run = found[0].rstrip(".,")
    end = start + len(run)
    doubt = None
    if run != found[0]:
        tail = found[0][len(run) :]
        if len(tail) > 1:
            raise NotANumber(say("this cannot be read as one number"))
        doubt = say("a digit may be missing at the end of the number")
        end += 1 if end + 1 == len(text) or tail == "." else 0
    if not (_PLAIN.fullmatch(run) or _GROUPED.fullmatch(run)):
        raise NotANumber(
            say("the points and commas in “{written}” cannot be read for certain", written=run)
        )
    digits = run.replace(",", "")
    whole, _, fraction = digits.partition(".")
    if len(digits) > MOST_DIGITS:
        raise NotANumber(say("the number has too many digits"))
    if not whole or (len(whole) > 1 and whole[0] == "0"):
        doubt = doubt or say("the number begins in an unusual way")
    value, step = Decimal(digits), Decimal(1).scaleb(-len(fraction))
    exponent = _EXPONENT.match(text, end)
    if exponent:
        power = int(exponent[0][1:])
        if abs(power) > MOST_DIGITS // 2:
            raise NotANumber(say("this cannot be read as one number"))
        value, step = (Decimal(format(n.scaleb(power), "f")) for n in (value, step))
        return Number(
            value,
            step,
            exponent.end(),
            max(0, len(fraction) - power),
            doubt=say("the number is written with an exponent"),
        )
    return Number(value, step, end, len(fraction), doubt=doubt)


# ------------------------------------------------------------------ Chinese numerals


def _chinese(text: str, start: int) -> Number:
    found = _CHINESE.match(text, start)
    assert found
    if len(found[0]) > MOST_DIGITS:
        raise NotANumber(say("the number has too many digits"))
    written, end = found[0].translate(_FOLD), found.end()
    if written[-1] == "千" and text.startswith("克", end) and len(written) > 1:
        written, end = written[:-1], end - 1
    whole, point, rest = written.partition("点")
    value, said, doubt = _whole(whole)
    if point:
        decimal = re.fullmatch(r"([零一二三四五六七八九]+)(万亿|[十百千]?[万亿])?", rest)
        if not decimal:
            raise NotANumber(say("this cannot be read as one number"))
        digits = "".join(str(_DIGITS[c]) for c in decimal[1])
        by = multiple(decimal[2] or "")
        value = (value + Decimal("0." + digits)) * by
        step = Decimal(1).scaleb(-len(digits)) * by
        return Number(value, step, end, len(digits), decimal[2] or "", not decimal[2], doubt)
    if text == "一":
        doubt = say("“一” may be the number one or a dash")
    elif found[0] == "○":
        doubt = say("“○” may be a zero or a circle")
    ending = re.search(r"[十百千]?[万亿]+$", said)
    short = bool(re.search(r"[万亿]", said))
    step = Decimal(_place(said) if short else 1)
    return Number(value, step, end, 0, ending[0] if ending else "", not short, doubt)


def _place(said: str) -> int:
    """The place of the last digit spoken: 两万三千 → 1000; 四十亿 is 40 亿, so 亿."""
    short = re.search(r"[万亿]+$", said)
    return multiple(short[0] if short else said[len(said.rstrip("十百千")) :])


def _whole(written: str) -> tuple[Decimal, str, Bilingual | None]:
    """The value, the words it was read from, and a doubt where they are not the standard ones."""
    if not written.strip("零一二三四五六七八九"):
        # 二〇二三 digit by digit; but 三五 is "three to five"
        if len(written) == 2 and "零" not in written:
            raise NotANumber(say("this is a range, not one number"))
        value = Decimal("".join(str(_DIGITS[c]) for c in written))
        usual = len(written) == 1 or ("零" in written and written[0] != "零")
        return value, written, None if usual else say("the number is written digit by digit")
    said = _completed(written)
    total = _lenient(said)
    if total is None:
        raise NotANumber(say("this cannot be read as one number"))
    standard, shown = spell(total).replace("一十", "十"), said.replace("一十", "十")
    if standard.replace("零", "") != shown.replace("零", ""):
        raise NotANumber(say("this cannot be read as one number"))
    usual = standard == shown and said == written
    return Decimal(total), said, None if usual else say("the number is said for short")


def _completed(written: str) -> str:
    """一百二 → 一百二十, 两万三 → 两万三千; others as they are."""
    if re.search(r"[百千万亿][一二三四五六七八九]$", written):
        return written + {"百": "十", "千": "百", "万": "千", "亿": "千万"}[written[-2]]
    return written


def _lenient(written: str) -> int | None:
    for big, size in (("亿", 10**8), ("万", 10**4)):
        left, found, right = written.rpartition(big)
        if found:
            high, low = _lenient(left), _lenient(right) if right else 0
            return None if high is None or low is None or low >= size else high * size + low
    total, digit = 0, None
    for character in written:
        if character == "零":
            continue
        if character in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[character]
        else:
            total += (1 if digit is None else digit) * _PLACES[character]
            digit = None
    total += digit or 0
    return total or None


def spell(number: int) -> str:
    """The standard reading of a positive whole number: 1050 → 一千零五十."""
    for big, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            rest = number % size
            return (
                spell(number // size)
                + big
                + ("零" if 0 < rest < size // 10 else "")
                + (spell(rest) if rest else "")
            )
    out = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            out += "零一二三四五六七八九"[digit] + name
        elif out and out[-1] != "零" and number % place:
            out += "零"
    return out
